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

/// The format of encrypted files: a line that says what it is, eight bytes that tell keys apart, then AES-GCM with its nonce
/// before and its tag after. What stands before, and the cache's name, are authenticated too. Pure, but for the random nonce.
enum EncryptedFileFormat {
    static let isSupported = true

    private static let title = Array("Azure Identity for Swift, token cache 1\n".utf8)
    private static let idCount = 8

    static func sealed(_ bytes: [UInt8], with key: TokenCacheKey, name: String) throws(StorageProblem) -> [UInt8] {
        let header = Self.title + Self.id(of: key)
        guard
            let box = try? AES.GCM.seal(bytes, using: SymmetricKey(data: key.bytes), authenticating: header + Array(name.utf8)),
            let combined = box.combined
        else { throw StorageProblem(.failed, "the tokens can't be encrypted") }
        return header + Array(combined)
    }

    /// - Throws: `StorageProblem`: `damaged`; if another key is needed, `keyLost` if it was one of those that don't last, else `otherKey`.
    static func opened(
        _ bytes: [UInt8],
        with key: TokenCacheKey,
        name: String,
        isKeyShortLived: Bool
    ) throws(StorageProblem) -> [UInt8] {
        let count = Self.title.count + Self.idCount
        guard bytes.count > count, bytes.starts(with: Self.title) else {
            throw StorageProblem(.damaged, "it is no encrypted token cache")
        }
        let header = Array(bytes[..<count])
        try Self.checkKey(of: bytes, key, isKeyShortLived: isKeyShortLived)
        guard let box = try? AES.GCM.SealedBox(combined: bytes[count...]),
            let opened = try? AES.GCM.open(box, using: SymmetricKey(data: key.bytes), authenticating: header + Array(name.utf8))
        else { throw StorageProblem(.damaged, "it was changed after it was encrypted") }
        return Array(opened)
    }

    /// Whether bytes, if they are of this format, were encrypted with a key.
    ///
    /// - Throws: `StorageProblem`: `keyLost` or `otherKey` if not.
    static func checkKey(of bytes: [UInt8], _ key: TokenCacheKey, isKeyShortLived: Bool) throws(StorageProblem) {
        guard bytes.count > Self.title.count + Self.idCount, bytes.starts(with: Self.title) else { return }
        guard bytes[Self.title.count...].starts(with: Self.id(of: key)) else {
            let advice = isKeyShortLived ? "" : "; delete it if nobody has that key any more, or use another name"
            throw StorageProblem(isKeyShortLived ? .keyLost : .otherKey, "it was encrypted with another key\(advice)")
        }
    }

    /// Tells keys apart, and nothing more of them.
    private static func id(of key: TokenCacheKey) -> [UInt8] {
        var code = HMAC<SHA256>(key: SymmetricKey(data: key.bytes))
        code.update(data: Self.title)
        return Array(code.finalize().prefix(Self.idCount))
    }
}
#endif
