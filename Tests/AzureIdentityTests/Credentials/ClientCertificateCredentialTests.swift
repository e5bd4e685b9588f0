// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `ClientCertificateCredential` signs, sends, and does when it is refused.
@Suite struct ClientCertificateCredentialTests {
    private let clock = VirtualClock.inTheFixturesTime

    private func credential(
        _ certificate: ClientCertificate,
        on emulator: EntraEmulator,
        tenantID: String = Sample.tenantID,
        sendsChain: Bool = false,
        environment: EnvironmentVariables = [:]
    ) -> ClientCertificateCredential {
        ClientCertificateCredential(
            tenantID: tenantID,
            clientID: Sample.clientID,
            certificate: certificate,
            sendsCertificateChain: sendsChain,
            options: emulator.credentialOptions(environment: environment)
        )
    }

    /// The parts of the assertion in a recorded request.
    private func assertion(_ request: RecordedRequest?) throws -> (header: JSONValue, claims: JSONValue, text: String) {
        let text = try #require(request?.form["client_assertion"])
        let parts = try text.split(separator: ".").prefix(2).map { part in
            let bytes = try #require(Base64URL.decode(part))
            return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        }
        return (parts[0], parts[1], text)
    }

    @Test(arguments: [("pkcs8.pem", "PS256"), ("rsa3072.pem", "PS256"), ("rsa4096.pem", "PS256")])
    func signsForMicrosoftEntraID(file: String, algorithm: String) async throws {
        let emulator = Subject.emulator(clock: self.clock)
        let registration = try EmulatorConfiguration.ClientCertificateRegistration(pem: SampleCertificate.text(file))
        emulator.update { $0.tenants[0].applications[0].certificates = [registration] }
        let credential = self.credential(try ClientCertificate(SampleCertificate.contents(file)), on: emulator)
        let token = try await credential.token(forScopes: vaultScope)
        #expect(token.source == .network && token.provenance?.credential == "ClientCertificateCredential")
        let (header, claims, text) = try self.assertion(emulator.requests.last)
        guard case .object(let header) = header, case .object(let claims) = claims else { throw UnexpectedSuccess() }
        #expect(header["alg"] == .string(algorithm) && header["typ"] == .string("JWT"))
        #expect(header["x5t"] == nil && header["x5t#S256"] != nil && header["x5c"] == nil && !text.contains("="))
        let now = Int64(self.clock.date.timeIntervalSince1970)
        #expect(claims["nbf"] == .integer(now) && claims["exp"] == .integer(now + 600))
        #expect(claims["iss"] == .string(Sample.clientID) && claims["sub"] == .string(Sample.clientID))
        let audience = "https://login.microsoftonline.com/\(Sample.tenantID)/oauth2/v2.0/token"
        #expect(claims["aud"] == .string(audience))
    }

    @Test func signsAnewForEachRequest() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        let credential = self.credential(try ClientCertificate(SampleCertificate.contents("pkcs8.pem")), on: emulator)
        for scope in ["https://a.example/.default", "https://b.example/.default"] {
            _ = try await credential.token(forScopes: scope)
        }
        let texts = try emulator.requests.map { try self.assertion($0).text }
        #expect(Set(texts).count == 2)
    }

    @Test(arguments: ["chain.pem", "chain-reversed.pem", "chain-unrelated.pem"])
    func sendsTheChainLeafFirst(file: String) async throws {
        let emulator = Subject.emulator(clock: self.clock)
        let certificate = try ClientCertificate(SampleCertificate.contents(file))
        let chain = certificate.current().chain
        #expect(chain.count >= 2)
        emulator.update {
            $0.tenants[0].applications[0].certificates = []
            $0.tenants[0].applications[0].subjectNameIssuer = chain.last.map {
                .init(subjectName: chain[0].subjectName, authorities: [$0.der])
            }
        }
        let alone = try await authenticationError {
            try await self.credential(certificate, on: emulator).token(forScopes: vaultScope)
        }
        #expect(alone.serviceError?.codes == [700_027])
        _ = try await self.credential(certificate, on: emulator, sendsChain: true).token(forScopes: vaultScope)
        guard case .object(let header) = try self.assertion(emulator.requests.last).header else { throw UnexpectedSuccess() }
        #expect(header["x5c"] == .array(chain.map { .string(Data($0.der).base64EncodedString()) }))
    }

    @Test func aSignerElsewhereSigns() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        let inner = try ClientCertificate(SampleCertificate.contents("pkcs8.pem")).current()
        let certificate = try ClientCertificate(certificates: inner.chain.map(\.der)) { input, algorithm in
            #expect(algorithm == .ps256)
            return try await inner.sign(input, algorithm: algorithm)
        }
        _ = try await self.credential(certificate, on: emulator).token(forScopes: vaultScope)
        struct Locked: Error {}
        let failing = try ClientCertificate(certificates: inner.chain.map(\.der)) { _, _ in throw Locked() }
        let error = try await authenticationError {
            try await self.credential(failing, on: emulator).token(forScopes: vaultScope)
        }
        #expect(error.code == .authenticationFailed && error.credential == "ClientCertificateCredential")
        #expect(error.underlyingError is Locked)
        let wrong = try ClientCertificate(certificates: inner.chain.map(\.der)) { _, _ in [1, 2, 3] }
        let misfit = try await authenticationError {
            try await self.credential(wrong, on: emulator).token(forScopes: vaultScope)
        }
        #expect(misfit.code == .authenticationFailed && misfit.message.contains("doesn't fit the certificate"), "\(misfit)")
        #expect(emulator.tokenRequestCount == 1)
    }

    @Test func activeDirectoryFederationServicesGetOlderSignatures() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        emulator.update {
            var tenant = $0.tenants[0]
            tenant.id = "adfs"
            tenant.domains = []
            tenant.isADFS = true
            $0.tenants.append(tenant)
        }
        let environment: EnvironmentVariables = ["AZURE_AUTHORITY_HOST": "https://adfs.contoso.example"]
        let certificate = try ClientCertificate(SampleCertificate.contents("pkcs8.pem"))
        let credential = self.credential(certificate, on: emulator, tenantID: "adfs", environment: environment)
        _ = try await credential.token(forScopes: vaultScope)
        #expect(emulator.requests.map(\.path) == ["/adfs/oauth2/token"])
        guard case .object(let header) = try self.assertion(emulator.requests.last).header else { throw UnexpectedSuccess() }
        #expect(header["alg"] == .string("RS256") && header["x5t"] != nil && header["x5t#S256"] == nil)
    }

    @Test func aRegionGetsAssertionsForTheCentralEndpoint() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        let certificate = try ClientCertificate(SampleCertificate.contents("pkcs8.pem"))
        let variables: EnvironmentVariables = ["AZURE_REGIONAL_AUTHORITY_NAME": "westeurope"]
        _ = try await self.credential(certificate, on: emulator, environment: variables).token(forScopes: vaultScope)
        #expect(emulator.requests.last?.host == "westeurope.login.microsoft.com")
    }

    // MARK: A wrong clock

    @Test(arguments: [16 * 60, -7 * 60, 86_400])
    func aWrongClockIsCorrectedAfterOneRefusal(seconds: Int) async throws {
        let emulator = Subject.emulator(clock: self.clock)
        emulator.update { $0.clockOffset = .seconds(seconds) }
        let credential = self.credential(try ClientCertificate(SampleCertificate.contents("pkcs8.pem")), on: emulator)
        _ = try await credential.token(forScopes: "https://a.example/.default")
        #expect(emulator.tokenRequestCount == 2)
        _ = try await credential.token(forScopes: "https://b.example/.default")
        #expect(emulator.tokenRequestCount == 3)
    }

    @Test func aClockThatIsRightIsNotCorrected() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        emulator.update { $0.clockOffset = .seconds(30) }
        let credential = self.credential(try ClientCertificate(SampleCertificate.contents("pkcs8.pem")), on: emulator)
        _ = try await credential.token(forScopes: "https://a.example/.default")
        #expect(emulator.tokenRequestCount == 1)
    }

    // MARK: Rotation

    /// A file that holds a fixture, for a test to change.
    private func withFile(_ name: String, _ body: (String) async throws -> Void) async throws {
        let path = URL.temporaryDirectory.appending(path: "certificate-\(UUID().uuidString).pem").path()
        try self.write(name, to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func write(_ name: String, to path: String) throws {
        try Data(SampleCertificate.contents(name)).write(to: URL(filePath: path), options: .atomic)
    }

    @Test func aRotatedFileNeedsNoRestart() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        let second = try EmulatorConfiguration.ClientCertificateRegistration(pem: SampleCertificate.text("rsa3072.pem"))
        try await self.withFile("pkcs8.pem") { path in
            let credential = self.credential(try ClientCertificate(contentsOf: path), on: emulator)
            _ = try await credential.token(forScopes: "https://a.example/.default")
            emulator.update { $0.tenants[0].applications[0].certificates = [second] }
            try self.write("rsa3072.pem", to: path)
            _ = try await credential.token(forScopes: "https://b.example/.default")
            #expect(emulator.tokenRequestCount == 2)
            // Half a file: the certificate in use stays.
            try Data(SampleCertificate.contents("rsa3072.pem").prefix(900)).write(to: URL(filePath: path), options: .atomic)
            _ = try await credential.token(forScopes: "https://c.example/.default")
            #expect(emulator.tokenRequestCount == 3)
        }
    }

    @Test func aRefusedCertificateThatIsTheSameIsNotTriedAgain() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        emulator.update { $0.tenants[0].applications[0].certificates = [] }
        try await self.withFile("pkcs8.pem") { path in
            let credential = self.credential(try ClientCertificate(contentsOf: path), on: emulator)
            for count in 1...2 {
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.remedy?.guide == "G12" && emulator.tokenRequestCount == count)
            }
        }
    }

    @Test func aFileThatIsReplacedWhileARequestIsUnderWayIsTriedOnce() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        let gate = GatedTransport(emulator.transport)
        let second = try EmulatorConfiguration.ClientCertificateRegistration(pem: SampleCertificate.text("rsa3072.pem"))
        emulator.update { $0.tenants[0].applications[0].certificates = [second] }
        try await self.withFile("pkcs8.pem") { path in
            let credential = ClientCertificateCredential(
                tenantID: Sample.tenantID,
                clientID: Sample.clientID,
                certificate: try ClientCertificate(contentsOf: path),
                options: emulator.credentialOptions(transport: gate)
            )
            gate.close()
            async let token = credential.token(forScopes: vaultScope)
            await gate.waitForArrivals(1)
            try self.write("rsa3072.pem", to: path)
            gate.open()
            _ = try await token
            #expect(emulator.tokenRequestCount == 2)
        }
    }

    // MARK: The environment

    private func environment(_ path: String, _ more: [String: String] = [:]) -> EnvironmentVariables {
        EnvironmentVariables(
            [
                "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_CERTIFICATE_PATH": path,
            ].merging(more) { $1 }
        )
    }

    @Test(arguments: [("false", false), ("0", false), ("", false), ("true", true), ("1", true)])
    func falseMeansFalse(value: String, isSent: Bool) async throws {
        let emulator = Subject.emulator(clock: self.clock)
        let variables = self.environment(
            SampleCertificate.path("default.pfx"),
            ["AZURE_CLIENT_CERTIFICATE_PASSWORD": "fixture-password", "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN": value])
        let leaf = try ClientCertificate(contentsOf: SampleCertificate.path("default.pfx"), password: "fixture-password")
        let der = try #require(leaf.current().chain.first?.der)
        emulator.update { $0.tenants[0].applications[0].certificates = [.init(der: der)] }
        let credential = EnvironmentCredential(options: emulator.credentialOptions(environment: variables))
        try credential.validate()
        _ = try await credential.token(forScopes: vaultScope)
        guard case .object(let header) = try self.assertion(emulator.requests.last).header else { throw UnexpectedSuccess() }
        #expect((header["x5c"] != nil) == isSent)
    }

    @Test func aFileThatComesLateIsFound() async throws {
        let emulator = Subject.emulator(clock: self.clock)
        try await self.withFile("pkcs8.pem") { path in
            try FileManager.default.removeItem(atPath: path)
            let credential = EnvironmentCredential(options: emulator.credentialOptions(environment: self.environment(path)))
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.code == .invalidConfiguration && error.credential == "EnvironmentCredential")
            #expect(error.message.contains("can't be found") && error.remedy?.guide == "G08", "\(error)")
            try self.write("pkcs8.pem", to: path)
            _ = try await credential.token(forScopes: vaultScope)
            #expect(emulator.tokenRequestCount == 1)
        }
    }

    @Test func theAssertionIsNeverShown() async throws {
        let sent = Locked("")
        let transport = ScriptedTransport { request in
            let body = String(decoding: request.body, as: UTF8.self)
            let assertion = body.split(separator: "&").first { $0.hasPrefix("client_assertion=") }?.dropFirst(17) ?? ""
            sent.withLock { $0 = String(assertion) }
            return ScriptedTransport.json(#"{"error":"invalid_client","error_description":"bad \#(assertion) bad"}"#, status: 401)
        }
        let credential = ClientCertificateCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            certificate: try ClientCertificate(SampleCertificate.contents("pkcs8.pem")),
            options: transport.options()
        )
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        let assertion = sent.withLock { $0 }
        #expect(assertion.count > 300 && !"\(error)".contains(assertion.suffix(100)) && error.message.contains("<redacted>"))
    }
}
#endif
