// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Signs tokens with RS256, by an RSA key of 2048 bits that is made when it is first needed and then kept.
package final class DefaultTokenSigner: TokenSigner {
    private struct KeyPair: Sendable {
        var privateKey: _RSA.Signing.PrivateKey
        var keyID: String
        var publicKey: EmulatorJSON
    }

    /// The signer of all emulators in the process, unless they are given another: a key takes its time to make.
    package static let shared = DefaultTokenSigner()

    private let keyPair = Locked<KeyPair?>(nil)

    package let algorithm = "RS256"

    package init() {}

    package func keyID() throws -> String? { try self.key().keyID }

    package func sign(_ input: [UInt8]) throws -> [UInt8] {
        Array(try self.key().privateKey.signature(for: input, padding: .insecurePKCS1v1_5).rawRepresentation)
    }

    package func publicKeys() throws -> [EmulatorJSON] { [try self.key().publicKey] }

    /// Callers wait for each other while the key is made, so that there is one.
    private func key() throws -> KeyPair {
        try self.keyPair.withLock { keyPair in
            if let keyPair { return keyPair }
            let made = try Self.makeKeyPair()
            keyPair = made
            return made
        }
    }

    /// The key's id is its thumbprint (RFC 7638).
    private static func makeKeyPair() throws -> KeyPair {
        let privateKey = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let primitives = try privateKey.publicKey.getKeyPrimitives()
        let exponent = Base64URL.encode(primitives.publicExponent.drop { $0 == 0 })
        let modulus = Base64URL.encode(primitives.modulus.drop { $0 == 0 })
        let essentials = EmulatorJSON.object(["e": .string(exponent), "kty": "RSA", "n": .string(modulus)])
        let keyID = Base64URL.encode(SHA256.hash(data: essentials.bytes))
        let publicKey = EmulatorJSON.object([
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": .string(keyID),
            "n": .string(modulus),
            "e": .string(exponent),
        ])
        return KeyPair(privateKey: privateKey, keyID: keyID, publicKey: publicKey)
    }
}
#endif
