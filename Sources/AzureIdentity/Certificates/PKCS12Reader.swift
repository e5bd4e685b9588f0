// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import SwiftASN1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads PKCS#12 files (RFC 7292) that are protected by a password or not at all, in DER or BER.
struct PKCS12Reader {
    private static let what = "the PKCS#12 file"

    private let passphrase: Passphrase
    private var budget: IterationBudget
    private var contents = CertificateContents()

    /// The certificates and private keys of a file, decrypted.
    static func contents(
        of bytes: [UInt8],
        password: Secret?,
        budget: inout IterationBudget
    ) throws(CertificateProblem) -> CertificateContents {
        guard let root = try? BER.parse(bytes), case .constructed(let nodes) = root.content, root.identifier == .sequence else {
            throw CertificateProblem(UnreadableFile.reason(bytes))
        }
        guard nodes.first(where: { _ in true })?.identifier == .integer else {
            throw CertificateProblem(UnreadableFile.reason(bytes))
        }
        var file = try ASN1Members(of: root, what: Self.what)
        guard try file.count() == 3 else { throw CertificateProblem(UnreadableFile.reason(bytes)) }
        var info = try file.members()
        let type = try info.objectIdentifier()
        guard type == ContentType.data else {
            throw CertificateProblem(
                type == ContentType.signedData
                    ? "it is protected by a signature, which is not supported; a password is"
                    : "its content, \(type), is not supported"
            )
        }
        let safes = try Self.explicitOctets(of: &info)
        let check = try file.nextIfPresent(.sequence).map { node throws(CertificateProblem) in
            try PKCS12Integrity(node, budget: &budget)
        }
        try file.end()
        var problem = CertificateProblem.wrongPassword
        for passphrase in Self.passphrases(password) where try check?.holds(safes, passphrase: passphrase) ?? true {
            do throws(CertificateProblem) {
                var reader = PKCS12Reader(passphrase: passphrase, budget: budget)
                try reader.readSafes(safes)
                return reader.contents
            } catch {
                problem = error
            }
        }
        guard problem == .wrongPassword, password?.revealed.isEmpty != false else { throw problem }
        throw .missingPassword
    }

    private init(passphrase: Passphrase, budget: IterationBudget) {
        self.passphrase = passphrase
        self.budget = budget
    }

    /// What to try: programs do not agree on what no password is.
    private static func passphrases(_ password: Secret?) -> [Passphrase] {
        guard let password, !password.revealed.isEmpty else { return [Passphrase(""), .none] }
        return [Passphrase(password.revealed)]
    }

    private static func explicitOctets(of members: inout ASN1Members) throws(CertificateProblem) -> ArraySlice<UInt8> {
        var content = try members.members(of: .context(0))
        return try content.octets()
    }

    private mutating func readSafes(_ bytes: ArraySlice<UInt8>) throws(CertificateProblem) {
        var safes = try ASN1Members(parsing: bytes, what: Self.what)
        while let safe = safes.next() {
            var info = try ASN1Members(of: safe, what: Self.what)
            switch try info.objectIdentifier() {
            case ContentType.data: try self.readBags(parsing: Self.explicitOctets(of: &info))
            case ContentType.encryptedData:
                var content = try info.members(of: .context(0))
                var encrypted = try content.members()
                _ = try encrypted.integerBytes()
                try self.readBags(parsing: self.decrypted(encrypted.members())[...])
            case ContentType.envelopedData:
                throw CertificateProblem("it is encrypted for a public key, which is not supported; a password is")
            case let type: throw CertificateProblem("its content, \(type), is not supported")
            }
        }
    }

    /// Decrypts an `EncryptedContentInfo`.
    private mutating func decrypted(_ members: ASN1Members) throws(CertificateProblem) -> [UInt8] {
        var members = members
        guard try members.objectIdentifier() == ContentType.data else { throw members.problem }
        let encryption = try PasswordBasedEncryption(members.next(.sequence), budget: &self.budget)
        let plain = try encryption.decrypt(members.octets(.context(0)), passphrase: self.passphrase)
        // With a wrong password, the padding is right now and then, but never the rest.
        guard (try? BER.parse(plain)) != nil else { throw .wrongPassword }
        return plain
    }

    private mutating func readBags(parsing bytes: ArraySlice<UInt8>) throws(CertificateProblem) {
        try self.readBags(ASN1Members(parsing: bytes, what: Self.what), depth: 1)
    }

    private mutating func readBags(_ bags: ASN1Members, depth: Int) throws(CertificateProblem) {
        guard depth <= CertificateLimits.bagDepth else {
            throw CertificateProblem("its bags lie more than \(CertificateLimits.bagDepth) deep in one another")
        }
        var bags = bags
        while let bag = bags.next() {
            var members = try ASN1Members(of: bag, what: Self.what)
            let type = try members.objectIdentifier()
            var value = try members.members(of: .context(0))
            switch type {
            case BagType.key:
                try self.contents.add(key: .pkcs8(Array(value.next(.sequence).encodedBytes)))
            case BagType.shroudedKey:
                let encrypted = try value.next(.sequence).encodedBytes
                let plain = try PrivateKeySource.decrypted(encrypted, passphrase: self.passphrase, budget: &self.budget)
                try self.contents.add(key: .pkcs8(plain))
            case BagType.certificate:
                var certificate = try value.members()
                guard try certificate.objectIdentifier() == BagType.x509 else { continue }
                try self.contents.add(certificate: Array(Self.explicitOctets(of: &certificate)))
            case BagType.safeContents: try self.readBags(value.members(), depth: depth + 1)
            default: break
            }
        }
    }
}

/// The object identifiers of contents (PKCS#7).
private enum ContentType {
    static let data = "1.2.840.113549.1.7.1"
    static let signedData = "1.2.840.113549.1.7.2"
    static let envelopedData = "1.2.840.113549.1.7.3"
    static let encryptedData = "1.2.840.113549.1.7.6"
}

/// The object identifiers of what is in a file (PKCS#12).
private enum BagType {
    static let key = "1.2.840.113549.1.12.10.1.1"
    static let shroudedKey = "1.2.840.113549.1.12.10.1.2"
    static let certificate = "1.2.840.113549.1.12.10.1.3"
    static let safeContents = "1.2.840.113549.1.12.10.1.6"
    static let x509 = "1.2.840.113549.1.9.22.1"
}

/// Says what a file that is neither PEM nor PKCS#12 seems to be. Pure.
enum UnreadableFile {
    static func reason(_ bytes: [UInt8]) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return "it is text in UTF-16; save it as UTF-8"
        }
        if (try? CertificateSummary(der: bytes)) != nil { return "it holds a certificate (DER), but no private key" }
        if let length = Self.declaredLength(bytes), length > bytes.count {
            return "it is cut off: \(bytes.count) of \(length) bytes are there"
        }
        if let data = Data(base64Encoded: Data(bytes.filter { $0 > 0x20 })), data.first == 0x30 {
            return "it is base64 without a PEM label; decode it first"
        }
        return bytes.first == 0x30 ? "it is damaged, or no PKCS#12 file" : "it is neither a PEM nor a PKCS#12 file"
    }

    /// How long a file in DER says it is.
    private static func declaredLength(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 6, bytes[0] == 0x30, 0x81...0x84 ~= bytes[1] else { return nil }
        let size = Int(bytes[1] & 0x7F)
        return bytes[2..<2 + size].reduce(0) { $0 << 8 | Int($1) } + 2 + size
    }
}
#endif
