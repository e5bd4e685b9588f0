// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A block cipher in CBC mode with the padding of PKCS#7, for decryption alone.
///
/// The old ones are here because files in use are encrypted with them, not because they are any good.
enum CBCCipher: Sendable {
    case aes128
    case aes192
    case aes256
    case tripleDES
    case tripleDESTwoKeys
    case rc240
    case rc2128

    /// The bytes of a key.
    var keySize: Int {
        switch self {
        case .aes128, .tripleDESTwoKeys, .rc2128: 16
        case .aes192, .tripleDES: 24
        case .aes256: 32
        case .rc240: 5
        }
    }

    /// The bytes of a block, and of the initial vector.
    var blockSize: Int {
        switch self {
        case .aes128, .aes192, .aes256: 16
        case .tripleDES, .tripleDESTwoKeys, .rc240, .rc2128: 8
        }
    }

    /// What was encrypted, or `nil` if the length or the padding is wrong, as it mostly is with a wrong key.
    func decrypt(_ bytes: ArraySlice<UInt8>, key: [UInt8], initialVector: [UInt8]) -> [UInt8]? {
        guard !bytes.isEmpty, bytes.count % self.blockSize == 0, key.count == self.keySize, initialVector.count == self.blockSize
        else { return nil }
        switch self {
        case .aes128, .aes192, .aes256:
            guard let vector = try? AES._CBC.IV(ivBytes: initialVector),
                let plain = try? AES._CBC.decrypt(Array(bytes), using: SymmetricKey(data: key), iv: vector)
            else { return nil }
            return Array(plain)
        case .tripleDES: return Self.chained(bytes, initialVector, cipher: TripleDES(key: key))
        case .tripleDESTwoKeys: return Self.chained(bytes, initialVector, cipher: TripleDES(key: key + key.prefix(8)))
        case .rc240: return Self.chained(bytes, initialVector, cipher: RC2(key: key, effectiveBits: 40))
        case .rc2128: return Self.chained(bytes, initialVector, cipher: RC2(key: key, effectiveBits: 128))
        }
    }

    private static func chained(_ bytes: ArraySlice<UInt8>, _ initialVector: [UInt8], cipher: some LegacyCipher) -> [UInt8]? {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var last = UInt64(bigEndianBytes: initialVector[...])
        for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 8) {
            let block = UInt64(bigEndianBytes: bytes[start..<start + 8])
            withUnsafeBytes(of: (cipher.decrypt(block) ^ last).bigEndian) { plain.append(contentsOf: $0) }
            last = block
        }
        guard let padding = plain.last, 1...8 ~= padding, plain.suffix(Int(padding)).allSatisfy({ $0 == padding }) else {
            return nil
        }
        return plain.dropLast(Int(padding))
    }
}

/// A cipher of 64-bit blocks.
protocol LegacyCipher {
    /// Decrypts a block; its first byte is the most significant one.
    func decrypt(_ block: UInt64) -> UInt64
}

extension UInt64 {
    /// A number from at most eight bytes.
    init(bigEndianBytes bytes: ArraySlice<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
#endif
