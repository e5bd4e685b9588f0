// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import Crypto
import CryptoExtras
import SwiftASN1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A password in the two encodings that files use.
struct Passphrase {
    /// For PBES2 and PBMAC1.
    let utf8: [UInt8]
    /// For the key derivation of PKCS#12: UTF-16, big endian, with two null bytes at the end.
    let bmp: [UInt8]

    init(_ text: String) {
        self.utf8 = Array(text.utf8)
        self.bmp = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } + [0, 0]
    }

    private init() {
        self.utf8 = []
        self.bmp = []
    }

    /// What some programs derive keys from when there is no password: nothing, not even the null bytes.
    static let none = Passphrase()
}

/// PBKDF2 with what a file says about it. The rounds are within the budget.
struct PBKDF2Parameters {
    private let salt: [UInt8]
    private let iterations: Int
    private let hash: KDF.Insecure.PBKDF2.HashFunction
    /// The key's length in bytes, if it is given.
    let keyLength: Int?

    /// Reads an algorithm identifier that must be PBKDF2's.
    init(_ node: ASN1Node, what: String, budget: inout IterationBudget) throws(CertificateProblem) {
        var members = try ASN1Members(of: node, what: what)
        let identifier = try members.objectIdentifier()
        guard identifier == "1.2.840.113549.1.5.12" else {
            throw CertificateProblem(
                identifier == "1.3.6.1.4.1.11591.4.11"
                    ? "its password is strengthened with scrypt; PBKDF2 is supported"
                    : "its key derivation, \(identifier), is not supported"
            )
        }
        var parameters = try members.members()
        self.salt = try Array(parameters.octets())
        guard 1...CertificateLimits.saltSize ~= self.salt.count else { throw members.problem }
        self.iterations = try parameters.count()
        self.keyLength = try parameters.countIfPresent()
        var function = "1.2.840.113549.2.7"
        if let node = parameters.nextIfPresent(.sequence) {
            var algorithm = try ASN1Members(of: node, what: what)
            function = try algorithm.objectIdentifier()
        }
        switch function {
        case "1.2.840.113549.2.7": self.hash = .insecureSHA1
        case "1.2.840.113549.2.9": self.hash = .sha256
        case "1.2.840.113549.2.10": self.hash = .sha384
        case "1.2.840.113549.2.11": self.hash = .sha512
        default: throw CertificateProblem("the hash function of its key derivation, \(function), is not supported")
        }
        try budget.spend(self.iterations)
    }

    /// A key of some bytes, of which there is at least one.
    func key(_ passphrase: Passphrase, byteCount: Int) throws(CertificateProblem) -> SymmetricKey {
        // HMAC pads a key with null bytes, so that one of them is as good as none.
        let password = passphrase.utf8.isEmpty ? [0] : passphrase.utf8
        let key = try? KDF.Insecure.PBKDF2.deriveKey(
            from: password, salt: self.salt, using: self.hash, outputByteCount: byteCount, unsafeUncheckedRounds: self.iterations)
        guard let key else { throw .wrongPassword }
        return key
    }
}

/// A way of encrypting with a password, as PKCS#8 and PKCS#12 files name it. The rounds are within the budget.
struct PasswordBasedEncryption {
    private enum Scheme {
        case pbes2(PBKDF2Parameters, cipher: CBCCipher, initialVector: [UInt8])
        case pkcs12(cipher: CBCCipher, salt: [UInt8], iterations: Int)
    }

    private let scheme: Scheme

    /// Reads an algorithm identifier.
    init(_ node: ASN1Node, budget: inout IterationBudget) throws(CertificateProblem) {
        let what = "the encryption"
        var members = try ASN1Members(of: node, what: what)
        let identifier = try members.objectIdentifier()
        if identifier == "1.2.840.113549.1.5.13" {
            var parameters = try members.members()
            let derivation = try PBKDF2Parameters(parameters.next(.sequence), what: what, budget: &budget)
            var encryption = try parameters.members()
            let name = try encryption.objectIdentifier()
            guard let cipher = Self.ciphers[name] else {
                throw CertificateProblem("its cipher, \(name), is not supported; AES-CBC is")
            }
            let initialVector = try Array(encryption.octets())
            guard initialVector.count == cipher.blockSize, derivation.keyLength ?? cipher.keySize == cipher.keySize else {
                throw members.problem
            }
            self.scheme = .pbes2(derivation, cipher: cipher, initialVector: initialVector)
        } else if let cipher = Self.legacyCiphers[identifier] {
            var parameters = try members.members()
            let salt = try Array(parameters.octets())
            guard salt.count <= CertificateLimits.saltSize else { throw members.problem }
            let iterations = try parameters.count()
            try budget.spend(iterations)
            self.scheme = .pkcs12(cipher: cipher, salt: salt, iterations: iterations)
        } else {
            throw CertificateProblem("its encryption, \(identifier), is not supported; AES with PBES2 is")
        }
    }

    private static let ciphers: [String: CBCCipher] = [
        "2.16.840.1.101.3.4.1.2": .aes128, "2.16.840.1.101.3.4.1.22": .aes192, "2.16.840.1.101.3.4.1.42": .aes256,
        "1.2.840.113549.3.7": .tripleDES,
    ]
    private static let legacyCiphers: [String: CBCCipher] = [
        "1.2.840.113549.1.12.1.3": .tripleDES, "1.2.840.113549.1.12.1.4": .tripleDESTwoKeys, "1.2.840.113549.1.12.1.5": .rc2128,
        "1.2.840.113549.1.12.1.6": .rc240,
    ]

    /// What was encrypted; `CertificateProblem.wrongPassword` if that isn't to be had with the password.
    func decrypt(_ bytes: ArraySlice<UInt8>, passphrase: Passphrase) throws(CertificateProblem) -> [UInt8] {
        let plain: [UInt8]?
        switch self.scheme {
        case .pbes2(let derivation, let cipher, let initialVector):
            let key = try derivation.key(passphrase, byteCount: cipher.keySize)
            plain = cipher.decrypt(bytes, key: key.withUnsafeBytes { Array($0) }, initialVector: initialVector)
        case .pkcs12(let cipher, let salt, let iterations):
            let derivation = PKCS12KeyDerivation(passphrase: passphrase, salt: salt, iterations: iterations)
            plain = cipher.decrypt(
                bytes,
                key: derivation.bytes(Insecure.SHA1.self, purpose: .encryptionKey, count: cipher.keySize),
                initialVector: derivation.bytes(Insecure.SHA1.self, purpose: .initialVector, count: cipher.blockSize)
            )
        }
        guard let plain else { throw .wrongPassword }
        return plain
    }
}

/// The encryption that `Proc-Type: 4,ENCRYPTED` stands for: a key from one round of MD5, a cipher that `DEK-Info` names.
struct PEMEncryption {
    private let cipher: CBCCipher
    private let initialVector: [UInt8]

    /// Reads the value of `DEK-Info`, such as `AES-256-CBC,` and hexadecimal digits.
    init(_ value: String) throws(CertificateProblem) {
        let parts = value.split(separator: ",", omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard !name.isEmpty else { throw CertificateProblem("the private key is damaged") }
        guard let cipher = Self.ciphers[name] else {
            throw CertificateProblem(
                "its private key is encrypted with \(HostileText.sanitized(name, limit: 40)), which is not supported")
        }
        let digits = parts.count == 2 ? parts[1].compactMap(\.hexDigitValue) : []
        guard parts.count == 2, digits.count == parts[1].count, digits.count == 2 * cipher.blockSize else {
            throw CertificateProblem("the private key is damaged")
        }
        self.cipher = cipher
        self.initialVector = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    private static let ciphers: [String: CBCCipher] = [
        "AES-128-CBC": .aes128, "AES-192-CBC": .aes192, "AES-256-CBC": .aes256, "DES-EDE3-CBC": .tripleDES,
    ]

    /// What was encrypted; `CertificateProblem.wrongPassword` if that isn't to be had with the password.
    func decrypt(_ bytes: [UInt8], password: Secret) throws(CertificateProblem) -> [UInt8] {
        var key: [UInt8] = []
        var last: [UInt8] = []
        while key.count < self.cipher.keySize {
            last = Array(Insecure.MD5.hash(data: last + Array(password.revealed.utf8) + self.initialVector.prefix(8)))
            key += last
        }
        let plain = self.cipher.decrypt(
            bytes[...], key: Array(key.prefix(self.cipher.keySize)), initialVector: self.initialVector)
        guard let plain else { throw .wrongPassword }
        return plain
    }
}
#endif
