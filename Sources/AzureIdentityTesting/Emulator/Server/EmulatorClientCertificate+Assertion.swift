// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import CryptoExtras

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension EmulatorClientCertificate {
    /// The public key, for an issuer whose assertions an application is trusted with.
    ///
    /// - Returns: The key.
    /// - Throws: An error of the cryptographic library.
    public func publicKey() throws -> EmulatorConfiguration.FederatedCredential.PublicKey {
        let numbers = try self.privateKey.publicKey.getKeyPrimitives()
        return .init(modulus: Array(numbers.modulus), exponent: Array(numbers.publicExponent))
    }

    /// A token signed with the key (RS256), as an issuer elsewhere would give it: to try `ClientAssertionCredential` with.
    ///
    /// - Parameters:
    ///   - issuer: The `iss`.
    ///   - subject: The `sub`.
    ///   - audience: The `aud`.
    ///   - date: From when it is valid, for ten minutes.
    /// - Returns: The token.
    /// - Throws: An error of the cryptographic library.
    public func assertion(
        issuer: String,
        subject: String,
        audience: String = EmulatorConfiguration.FederatedCredential.defaultAudience,
        date: Date
    ) throws -> String {
        let now = Int(exactly: date.timeIntervalSince1970.rounded(.down)) ?? 0
        let header: EmulatorJSON = .object(["alg": "RS256", "typ": "JWT"])
        let claims: EmulatorJSON = .object([
            "iss": .string(issuer),
            "sub": .string(subject),
            "aud": .string(audience),
            "jti": .string(UUID().uuidString.lowercased()),
            "nbf": .integer(now),
            "iat": .integer(now),
            "exp": .integer(now + 600),
        ])
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(claims.bytes)
        let signature = try self.privateKey.signature(for: Array(input.utf8), padding: .insecurePKCS1v1_5)
        return input + "." + Base64URL.encode(signature.rawRepresentation)
    }
}
#endif
