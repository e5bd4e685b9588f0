// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Client assertions signed with a certificate's key: PS256 and `x5t#S256` for Microsoft Entra ID, RS256 and `x5t` for AD FS
/// (learn.microsoft.com/entra/identity-platform/certificate-credentials; RFC 7523, section 3; RFC 7515).
enum ClientAssertion {
    /// How long an assertion is valid: ten minutes, the longest that Microsoft's page advises.
    static let lifetime = 600

    private struct Header: Encodable {
        let alg: String
        let typ = "JWT"
        let x5t: String?
        let x5tS256: String?
        let x5c: [String]?

        enum CodingKeys: String, CodingKey {
            case alg, typ, x5t, x5c
            case x5tS256 = "x5t#S256"
        }
    }

    private struct Claims: Encodable {
        let aud: String
        let exp: Int
        let iat: Int
        let iss: String
        let jti: String
        let nbf: Int
        let sub: String
    }

    /// A new assertion.
    ///
    /// - Parameters:
    ///   - certificate: The certificate, with whatever signs for it.
    ///   - clientID: The application: issuer and subject.
    ///   - context: The endpoint it is made out to, and the time by the service's clock.
    ///   - sendsChain: Whether the certificate and those above it go along.
    /// - Throws: What signing throws.
    static func signed(
        by certificate: SigningCertificate,
        clientID: String,
        context: GrantContext,
        sendsChain: Bool
    ) async throws -> String {
        let isADFS = context.endpoint.isADFS
        let leaf = certificate.chain.first?.der ?? []
        let header = Header(
            alg: isADFS ? "RS256" : "PS256",
            x5t: isADFS ? Base64URL.encode(Insecure.SHA1.hash(data: leaf)) : nil,
            x5tS256: isADFS ? nil : Base64URL.encode(SHA256.hash(data: leaf)),
            x5c: sendsChain ? certificate.chain.map { Data($0.der).base64EncodedString() } : nil
        )
        let now = Int(context.date.timeIntervalSince1970.rounded(.down))
        let claims = Claims(
            aud: context.endpoint.audience,
            exp: now + Self.lifetime,
            iat: now,
            iss: clientID,
            jti: UUID().uuidString.lowercased(),
            nbf: now,
            sub: clientID
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let input = Base64URL.encode(try encoder.encode(header)) + "." + Base64URL.encode(try encoder.encode(claims))
        let signature = try await certificate.sign(Array(input.utf8), algorithm: isADFS ? .rs256 : .ps256)
        return input + "." + Base64URL.encode(signature)
    }
}
#endif
