// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A key and its certificate from the fixtures.
enum SampleCertificate {
    static func path(_ name: String) -> String {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).map(String.init)
        parts += ["Fixtures", "certificates", name]
        return parts.joined(separator: "/")
    }

    static func contents(_ name: String) -> [UInt8] {
        (try? Data(contentsOf: URL(filePath: Self.path(name)))).map(Array.init) ?? []
    }

    static func text(_ name: String) -> String { String(decoding: Self.contents(name), as: UTF8.self) }

    /// The certificate registered with the sample application.
    static let registration = try? EmulatorConfiguration.ClientCertificateRegistration(pem: Self.text("pkcs8.pem"))

    /// An assertion with the given claims, signed by the key of `pkcs8.pem` with PS256.
    static func assertion(header: [String: String] = [:], claims: [String: any Sendable]) throws -> String {
        let key = try _RSA.Signing.PrivateKey(pemRepresentation: Self.text("pkcs8.pem"))
        let thumbprint = Base64URL.encode(SHA256.hash(data: Self.registration?.der ?? []))
        let header = ["alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint].merging(header) { $1 }
        let members = claims.sorted { $0.key < $1.key }.map { name, value in
            value is Int ? "\"\(name)\":\(value)" : "\"\(name)\":\"\(value)\""
        }
        let input =
            Base64URL.encode(try JSONEncoder().encode(header)) + "."
            + Base64URL.encode("{\(members.joined(separator: ","))}".utf8)
        let signature = try key.signature(for: Array(input.utf8), padding: .PSS)
        return input + "." + Base64URL.encode(signature.rawRepresentation)
    }

    /// The claims that an assertion has to have.
    static func claims(_ context: ClientAssertionContext) -> [String: any Sendable] {
        let now = Int(context.date.timeIntervalSince1970)
        return [
            "aud": context.tokenEndpoint, "iss": context.clientID, "sub": context.clientID, "nbf": now, "exp": now + 600,
            "jti": UUID().uuidString,
        ]
    }
}

extension Subject {
    static let signed: [Subject] = [.clientCertificate, .clientAssertion]
    /// What is registered with the sample application.
    static let registrations = [SampleCertificate.registration].compactMap(\.self)
    /// A line of the key's file.
    static let keyExcerpt = String(SampleCertificate.text("pkcs8.pem").split(separator: "\n").dropFirst(3).first ?? "")

    func makeSigned(tenantID: String, options: CredentialOptions) -> any TokenCredential {
        guard self == .clientCertificate, let certificate = try? ClientCertificate(SampleCertificate.contents("pkcs8.pem")) else {
            return ClientAssertionCredential(tenantID: tenantID, clientID: Sample.clientID, options: options) {
                try SampleCertificate.assertion(claims: SampleCertificate.claims($0))
            }
        }
        return ClientCertificateCredential(
            tenantID: tenantID,
            clientID: Sample.clientID,
            certificate: certificate,
            options: options
        )
    }
}
#endif
