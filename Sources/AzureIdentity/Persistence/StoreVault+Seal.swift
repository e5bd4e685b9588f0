// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Encrypts documents for a store, and names them. Both by keys of their own that are made of one.
///
/// Names are made with the key, so that nobody can find out by trying whose partition it is, and so that a new key starts with new names:
/// processes with the old one and with the new one don't overwrite each other.
struct CacheSeal: Sendable {
    /// What bytes of this format begin with.
    private static let mark = Array("AIS1".utf8)

    private let encryptionKey: SymmetricKey
    private let nameKey: SymmetricKey

    init(_ key: TokenCacheKey) {
        let key = SymmetricKey(data: key.bytes)
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("azure-identity-swift \(purpose)".utf8), outputByteCount: 32)
        }
        self.encryptionKey = derived("encryption")
        self.nameKey = derived("names")
    }

    /// The name of a part in a store: 64 hexadecimal digits.
    func name(of part: VaultPart) -> String {
        var code = HMAC<SHA256>(key: self.nameKey)
        for word in part.words {
            withUnsafeBytes(of: UInt64(word.utf8.count).littleEndian) { code.update(data: $0) }
            code.update(data: Array(word.utf8))
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: code.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }

    /// Encrypts bytes for a name; under another name they can't be decrypted.
    func seal(_ bytes: [UInt8], as name: String) throws(CacheProblem) -> [UInt8] {
        guard let box = try? AES.GCM.seal(bytes, using: self.encryptionKey, authenticating: self.bound(to: name)),
            let combined = box.combined
        else { throw CacheProblem("it can't be encrypted") }
        return Self.mark + Array(combined)
    }

    /// Decrypts bytes; `nil` if they are of another key or name, or damaged.
    func open(_ bytes: [UInt8], as name: String) -> [UInt8]? {
        guard bytes.starts(with: Self.mark), let box = try? AES.GCM.SealedBox(combined: bytes.dropFirst(Self.mark.count)),
            let opened = try? AES.GCM.open(box, using: self.encryptionKey, authenticating: self.bound(to: name))
        else { return nil }
        return Array(opened)
    }

    private func bound(to name: String) -> [UInt8] { Self.mark + Array(name.utf8) }
}
#endif
