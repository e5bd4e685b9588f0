// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import AzureIdentityTesting
import Crypto
import CryptoExtras
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Client certificates that are good at the date of the emulator's tests, as far as they are. Each is made once.
enum TestCertificates {
    private static let beginning = EmulatorTests.date.addingTimeInterval(-30 * 86_400)
    private static let end = EmulatorTests.date.addingTimeInterval(30 * 86_400)

    static let registered = Result { try EmulatorClientCertificate.make(validFrom: beginning, validUntil: end) }
    static let second = Result { try EmulatorClientCertificate.make(validFrom: beginning, validUntil: end) }
    static let unknown = Result { try EmulatorClientCertificate.make(validFrom: beginning, validUntil: end) }
    static let expired = Result {
        try EmulatorClientCertificate.make(validFrom: beginning, validUntil: EmulatorTests.date.addingTimeInterval(-60))
    }
    static let early = Result {
        try EmulatorClientCertificate.make(validFrom: EmulatorTests.date.addingTimeInterval(60), validUntil: end)
    }
    static let authority = Result { try make("Test authority", issuer: nil, isAuthority: true) }
    static let otherAuthority = Result { try make("Test authority", issuer: nil, isAuthority: true) }
    static let intermediate = Result { try make("Test intermediate", issuer: authority.get(), isAuthority: true) }
    static let direct = Result { try make("job.contoso.example", issuer: authority.get()) }
    static let indirect = Result { try make("job.contoso.example", issuer: intermediate.get()) }
    static let foreign = Result { try make("job.contoso.example", issuer: otherAuthority.get()) }
    static let misnamed = Result { try make("other.contoso.example", issuer: authority.get()) }

    /// The authority's key has signed it, but in another name.
    static let renamed = Result { try make("job.contoso.example", issuer: authority.get(), issuerName: "Another authority") }

    private static func make(
        _ subject: String,
        issuer: EmulatorClientCertificate?,
        issuerName: String? = nil,
        isAuthority: Bool = false
    ) throws -> EmulatorClientCertificate {
        try EmulatorClientCertificate.make(
            subject: subject,
            issuer: issuer,
            issuerName: issuerName,
            isAuthority: isAuthority,
            validFrom: self.beginning,
            validUntil: self.end
        )
    }
}

/// An assertion that is good as it is, for the sample's application; each test spoils one thing.
struct AssertionRecipe: Sendable {
    typealias Sample = EmulatorConfiguration.Sample

    /// How the header names the certificate.
    enum Thumbprint: Sendable { case sha1, sha256, both, none, padded, plain }

    static let endpoint = "https://localhost:8443/\(Sample.tenantID)/oauth2/v2.0/token"
    static let now = Int(EmulatorTests.date.timeIntervalSince1970)

    var certificate = TestCertificates.registered
    /// Signs in place of the certificate's key.
    var signer: Result<EmulatorClientCertificate, any Error>?
    var algorithm = "PS256"
    var thumbprint = Thumbprint.sha256
    /// Sent as `x5c`.
    var chain: [Result<EmulatorClientCertificate, any Error>] = []
    /// Members of the header to add, to change, or with `.some(nil)` to leave out.
    var header: [String: EmulatorJSON?] = [:]
    /// Claims to add, to change, or with `.some(nil)` to leave out.
    var claims: [String: EmulatorJSON?] = [:]
    /// Whether all segments are padded, before the first two are signed.
    var isPadded = false
    /// Changes the finished assertion.
    var spoil: (@Sendable (String) -> String)?

    /// The assertion.
    func text() throws -> String {
        let der = try self.certificate.get().der
        var header: [String: EmulatorJSON] = ["typ": "JWT", "alg": .string(self.algorithm)]
        if [.sha1, .both].contains(self.thumbprint) {
            header["x5t"] = .string(Base64URL.encode(Insecure.SHA1.hash(data: der)))
        }
        if [.sha256, .both].contains(self.thumbprint) {
            header["x5t#S256"] = .string(Base64URL.encode(SHA256.hash(data: der)))
        }
        let plain = Data(Insecure.SHA1.hash(data: der)).base64EncodedString()
        if self.thumbprint == .plain { header["x5t"] = .string(plain) }
        if self.thumbprint == .padded {
            header["x5t"] = .string(plain.replacing("+", with: "-").replacing("/", with: "_"))
        }
        if !self.chain.isEmpty {
            header["x5c"] = .array(try self.chain.map { .string(Data(try $0.get().der).base64EncodedString()) })
        }
        for (name, value) in self.header { header[name] = value }
        var claims: [String: EmulatorJSON] = [
            "aud": .string(Self.endpoint), "iss": .string(Sample.clientID), "sub": .string(Sample.clientID),
            "jti": .string(UUID().uuidString), "nbf": .integer(Self.now), "exp": .integer(Self.now + 600),
        ]
        for (name, value) in self.claims { claims[name] = value }
        let input = self.segment(Self.json(header)) + "." + self.segment(Self.json(claims))
        let assertion = input + "." + self.segment(try self.signature(of: Array(input.utf8)))
        return self.spoil?(assertion) ?? assertion
    }

    private func segment(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes)
        return self.isPadded ? text + String(repeating: "=", count: (4 - text.count % 4) % 4) : text
    }

    private static func json(_ members: [String: EmulatorJSON]) -> [UInt8] {
        let names = members.keys.sorted()
        return EmulatorJSON.object(names.compactMap { name in members[name].map { .init(name: name, value: $0) } }).bytes
    }

    private func signature(of input: [UInt8]) throws -> [UInt8] {
        let key = try (self.signer ?? self.certificate).get().privateKey
        switch self.algorithm {
        case "PS256": return Array(try key.signature(for: SHA256.hash(data: input), padding: .PSS).rawRepresentation)
        case "RS256":
            return Array(try key.signature(for: SHA256.hash(data: input), padding: .insecurePKCS1v1_5).rawRepresentation)
        case "HS256": return Array(HMAC<SHA256>.authenticationCode(for: input, using: SymmetricKey(data: Array("secret".utf8))))
        default: return [1, 2, 3]
        }
    }

    /// The response of an emulator with the sample and these keys.
    func response(
        _ core: EmulatorCore,
        tenant: String = Sample.tenantID,
        path: String? = nil,
        host: String = "localhost:8443",
        at date: Date = EmulatorTests.date
    ) throws -> EmulatorResponse {
        try Self.response(
            to: self.text(),
            core,
            path: path ?? "/\(tenant)/oauth2/v2.0/token",
            host: host,
            at: date
        )
    }

    /// The response to an assertion.
    static func response(
        to assertion: String,
        _ core: EmulatorCore,
        path: String = "/\(Sample.tenantID)/oauth2/v2.0/token",
        host: String = "localhost:8443",
        at date: Date = EmulatorTests.date
    ) -> EmulatorResponse {
        let type = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        let escaped = assertion.replacing("=", with: "%3D").replacing("\n", with: "%0A")
        let body = EmulatorTests.TokenRequest.form([
            "client_secret": nil, "client_assertion": escaped, "client_assertion_type": type,
        ])
        return core.response(
            to: EmulatorRequest(
                method: "POST",
                path: path,
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array(body.utf8),
                host: host
            ),
            at: date
        )
    }

    /// An emulator that knows the certificates, with the strict rules unless told otherwise.
    static func core(
        rules: EmulatorConfiguration.AssertionRules = .strict,
        _ change: (inout EmulatorConfiguration.Application) throws -> Void = { _ in }
    ) throws -> EmulatorCore {
        var configuration = EmulatorConfiguration.sample
        configuration.assertionRules = rules
        var application = configuration.tenants[0].applications[0]
        application.certificates = [
            .init(der: try TestCertificates.second.get().der), .init(der: try TestCertificates.registered.get().der),
            .init(der: try TestCertificates.expired.get().der), .init(der: try TestCertificates.early.get().der),
        ]
        try change(&application)
        configuration.tenants[0].applications[0] = application
        try configuration.validate()
        return EmulatorCore(configuration: configuration, signer: EmulatorTests.StubSigner())
    }
}

/// What a refusal has to be.
struct ExpectedRefusal: Sendable {
    var code: Int
    var status = 401
    var error = "invalid_client"
    /// What the message contains.
    var part = ""

    init(_ code: Int, _ part: String = "", status: Int = 401, error: String = "invalid_client") {
        (self.code, self.part, self.status, self.error) = (code, part, status, error)
    }

    func check(_ response: EmulatorResponse, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let json = try EmulatorTests.json(response)
        let description = json["error_description"]?.string ?? ""
        #expect(response.status == self.status, "\(description)", sourceLocation: sourceLocation)
        #expect(json["error"]?.string == self.error, "\(description)", sourceLocation: sourceLocation)
        #expect(json["error_codes"]?.elements == [.integer(self.code)], "\(description)", sourceLocation: sourceLocation)
        #expect(description.contains(self.part), "\(description)", sourceLocation: sourceLocation)
    }
}
#endif
