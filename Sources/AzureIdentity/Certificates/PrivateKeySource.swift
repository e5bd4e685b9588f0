// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import CryptoExtras
import SwiftASN1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An RSA key of a size in `CertificateLimits.keyBits`.
struct RSAPrivateKey: Sendable {
    /// The algorithm of RSA keys that may do anything.
    static let algorithm = "1.2.840.113549.1.1.1"

    let key: _RSA.Signing.PrivateKey
    /// The public key as a certificate holds it.
    let subjectPublicKeyInfo: [UInt8]

    /// Reads an `RSAPrivateKey` of PKCS#1 in DER.
    init(pkcs1 bytes: ArraySlice<UInt8>) throws(CertificateProblem) {
        var members = try ASN1Members(parsing: bytes, what: "the private key")
        _ = try members.integerBytes()
        // Looked at first: no work is done for a key that is too large.
        let modulus = try members.integerBytes().drop { $0 == 0 }
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard CertificateLimits.keyBits.contains(bits) else {
            let limits = CertificateLimits.keyBits
            throw CertificateProblem("its RSA key has \(bits) bits; \(limits.lowerBound) to \(limits.upperBound) are accepted")
        }
        guard let key = try? _RSA.Signing.PrivateKey(derRepresentation: Array(bytes)) else { throw members.problem }
        self.key = key
        self.subjectPublicKeyInfo = Array(key.publicKey.derRepresentation)
    }

    /// Reads a `PrivateKeyInfo` of PKCS#8 in DER.
    init(pkcs8 bytes: ArraySlice<UInt8>) throws(CertificateProblem) {
        var members = try ASN1Members(parsing: bytes, what: "the private key")
        _ = try members.integerBytes()
        var algorithm = try members.members()
        let identifier = try algorithm.objectIdentifier()
        guard identifier == Self.algorithm else { throw Self.refusal(of: Self.names[identifier] ?? identifier) }
        try self.init(pkcs1: members.octets())
    }

    private static let names = [
        "1.2.840.10045.2.1": "EC", "1.2.840.10040.4.1": "DSA", "1.2.840.113549.1.1.10": "RSASSA-PSS", "1.3.101.112": "Ed25519",
        "1.3.101.113": "Ed448",
    ]

    /// What is said of a key of another kind.
    static func refusal(of kind: String) -> CertificateProblem {
        let article = kind.first.map { "AER".contains($0) } == true ? "an" : "a"
        return CertificateProblem("its private key is \(article) \(kind) key; Microsoft Entra ID takes plain RSA keys alone")
    }
}

/// A private key as it stands in a file, not decrypted yet.
enum PrivateKeySource {
    case pkcs1([UInt8])
    case pkcs8([UInt8])
    case encryptedPKCS8([UInt8])
    case encryptedPKCS1(PEMEncryption, [UInt8])
    case refused(CertificateProblem)

    /// A PEM block whose label ends with `PRIVATE KEY`.
    init(_ block: PEMBlock) {
        switch block.label {
        case "RSA PRIVATE KEY" where block.headers["Proc-Type"]?.hasSuffix("ENCRYPTED") == true:
            do throws(CertificateProblem) {
                self = .encryptedPKCS1(try PEMEncryption(block.headers["DEK-Info"] ?? ""), block.bytes)
            } catch {
                self = .refused(error)
            }
        case "RSA PRIVATE KEY": self = .pkcs1(block.bytes)
        case "PRIVATE KEY": self = .pkcs8(block.bytes)
        case "ENCRYPTED PRIVATE KEY": self = .encryptedPKCS8(block.bytes)
        case "EC PRIVATE KEY": self = .refused(RSAPrivateKey.refusal(of: "EC"))
        case "DSA PRIVATE KEY": self = .refused(RSAPrivateKey.refusal(of: "DSA"))
        case "OPENSSH PRIVATE KEY":
            self = .refused(CertificateProblem("its private key is in OpenSSH's format; `ssh-keygen -p -m PEM` converts it"))
        default: self = .refused(CertificateProblem("its private key is of an unknown kind, \(block.label)"))
        }
    }

    /// The key, decrypted where it has to be.
    func key(password: Secret?, budget: inout IterationBudget) throws(CertificateProblem) -> RSAPrivateKey {
        switch self {
        case .refused(let problem): throw problem
        case .pkcs1(let bytes): return try RSAPrivateKey(pkcs1: bytes[...])
        case .pkcs8(let bytes): return try RSAPrivateKey(pkcs8: bytes[...])
        case .encryptedPKCS8(let bytes):
            guard let password else { throw .missingPassword }
            return try RSAPrivateKey(
                pkcs8: Self.decrypted(bytes[...], passphrase: Passphrase(password.revealed), budget: &budget)[...])
        case .encryptedPKCS1(let encryption, let bytes):
            guard let password else { throw .missingPassword }
            let plain = try encryption.decrypt(bytes, password: password)
            guard (try? DER.parse(plain)) != nil else { throw .wrongPassword }
            return try RSAPrivateKey(pkcs1: plain[...])
        }
    }

    /// The `PrivateKeyInfo` in an `EncryptedPrivateKeyInfo` of PKCS#8.
    static func decrypted(
        _ bytes: ArraySlice<UInt8>,
        passphrase: Passphrase,
        budget: inout IterationBudget
    ) throws(CertificateProblem) -> [UInt8] {
        var members = try ASN1Members(parsing: bytes, what: "the private key")
        let algorithm = try members.next(.sequence)
        let encrypted = try members.octets()
        try members.end()
        let encryption = try PasswordBasedEncryption(algorithm, budget: &budget)
        let plain = try encryption.decrypt(encrypted, passphrase: passphrase)
        // With a wrong password, the padding is right now and then, but never the rest.
        guard (try? BER.parse(plain)) != nil else { throw .wrongPassword }
        return plain
    }
}

extension CertificateProblem {
    static let missingPassword = CertificateProblem("it is protected by a password, and none was given")
    static let wrongPassword = CertificateProblem("the password is wrong, or the file is damaged")
}
#endif
