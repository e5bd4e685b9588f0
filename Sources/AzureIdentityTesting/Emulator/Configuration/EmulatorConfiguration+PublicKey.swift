// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

extension EmulatorConfiguration.FederatedCredential {
    /// An RSA key that an issuer's signatures are checked with.
    public struct PublicKey: Sendable, Hashable {
        /// The modulus, big-endian, without leading zeros.
        public let modulus: [UInt8]
        /// The public exponent, big-endian, without leading zeros.
        public let exponent: [UInt8]
        /// The `kid` of the assertions that the key signs. `nil`: it may have signed any.
        public var keyID: String?

        /// Creates a key from its numbers.
        ///
        /// - Parameters:
        ///   - modulus: The modulus, big-endian.
        ///   - exponent: The public exponent, big-endian.
        ///   - keyID: The `kid` of the assertions that the key signs. `nil`: it may have signed any.
        public init(modulus: [UInt8], exponent: [UInt8], keyID: String? = nil) {
            self.modulus = Array(modulus.drop { $0 == 0 })
            self.exponent = Array(exponent.drop { $0 == 0 })
            self.keyID = keyID
        }

        /// Creates a key from PEM text with a block `PUBLIC KEY`.
        ///
        /// - Parameters:
        ///   - pem: The text.
        ///   - keyID: The `kid` of the assertions that the key signs. `nil`: it may have signed any.
        /// - Throws: ``EmulatorConfigurationError`` if the text has no RSA key in this form.
        public init(pem: String, keyID: String? = nil) throws(EmulatorConfigurationError) {
            guard let der = PEMText.blocks("PUBLIC KEY", in: pem)?.first, let key = Self(der: der, keyID: keyID) else {
                throw EmulatorConfigurationError(message: "An RSA public key in PEM (PUBLIC KEY) is expected.")
            }
            self = key
        }

        /// Creates a key from a `SubjectPublicKeyInfo` in DER.
        package init?(der: [UInt8], keyID: String? = nil) {
            var info = DERReader.sequence(der)
            var algorithm = info?.next(0x30)?.reader
            guard algorithm?.next(0x06)?.content.elementsEqual(Self.rsaEncryption) == true,
                let bits = info?.next(0x03)?.content, bits.first == 0,
                var numbers = DERReader.sequence(Array(bits.dropFirst())),
                let modulus = numbers.next(0x02)?.content, let exponent = numbers.next(0x02)?.content
            else { return nil }
            self.init(modulus: Array(modulus), exponent: Array(exponent), keyID: keyID)
        }

        /// The key as a `SubjectPublicKeyInfo` in DER.
        package var der: [UInt8] {
            func integer(_ bytes: [UInt8]) -> [UInt8] {
                DERWriter.element(0x02, bytes.first.map { $0 >= 0x80 } ?? true ? [0] + bytes : bytes)
            }
            return DERWriter.sequence([
                DERWriter.sequence([DERWriter.element(0x06, Self.rsaEncryption), DERWriter.element(0x05, [])]),
                DERWriter.bitString(DERWriter.sequence([integer(self.modulus), integer(self.exponent)])),
            ])
        }

        /// The object identifier of RSA keys.
        private static let rsaEncryption: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    }
}

extension EmulatorConfiguration.FederatedCredential.PublicKey: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case keyType = "kty"
        case modulus = "n"
        case exponent = "e"
        case keyID = "kid"
        case use
        case algorithm = "alg"
    }

    /// Reads the JSON form: a JSON Web Key, or a string with PEM text.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        if let pem = try? decoder.singleValueContainer().decode(String.self) {
            do {
                try self.init(pem: pem)
            } catch {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: error.message))
            }
            return
        }
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        func bytes(_ key: CodingKeys) throws -> [UInt8] {
            let text = try container.decode(String.self, forKey: key)
            guard let bytes = Base64URL.decodeExactly(text), !bytes.isEmpty else {
                throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "Base64url is expected.")
            }
            return bytes
        }
        guard try container.decode(String.self, forKey: .keyType) == "RSA" else {
            throw DecodingError.dataCorruptedError(forKey: .keyType, in: container, debugDescription: "\"RSA\" is expected.")
        }
        self.init(
            modulus: try bytes(.modulus),
            exponent: try bytes(.exponent),
            keyID: try container.decodeIfPresent(String.self, forKey: .keyID)
        )
    }

    /// Writes the JSON form, a JSON Web Key.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("RSA", forKey: .keyType)
        try container.encodeIfPresent(self.keyID, forKey: .keyID)
        try container.encode(Base64URL.encode(self.modulus), forKey: .modulus)
        try container.encode(Base64URL.encode(self.exponent), forKey: .exponent)
    }
}
