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

/// Derives keys as PKCS#12 does it (RFC 7292, appendix B.2). The rounds were counted before.
struct PKCS12KeyDerivation {
    let passphrase: Passphrase
    let salt: [UInt8]
    let iterations: Int

    /// What derived bytes are for.
    enum Purpose: UInt8 {
        case encryptionKey = 1
        case initialVector = 2
        case integrityKey = 3
    }

    /// Derives bytes with a hash function.
    func bytes<Hash: HashFunction>(_: Hash.Type, purpose: Purpose, count: Int) -> [UInt8] {
        let size = Hash.blockByteCount
        let prefix = [UInt8](repeating: purpose.rawValue, count: size)
        var blocks = Self.repeated(self.salt, size: size) + Self.repeated(self.passphrase.bmp, size: size)
        var result: [UInt8] = []
        while true {
            var hash = Hash()
            hash.update(data: prefix)
            hash.update(data: blocks)
            var digest = hash.finalize()
            for _ in 1..<max(1, self.iterations) {
                var hash = Hash()
                digest.withUnsafeBytes { hash.update(bufferPointer: $0) }
                digest = hash.finalize()
            }
            result += Array(digest)
            guard result.count < count else { return Array(result.prefix(count)) }
            Self.add(Self.repeated(Array(digest), size: size), to: &blocks)
        }
    }

    /// The bytes again and again, up to a multiple of `size`; nothing for nothing.
    private static func repeated(_ bytes: [UInt8], size: Int) -> [UInt8] {
        let count = (bytes.count + size - 1) / size * size
        return (0..<count).map { bytes[$0 % bytes.count] }
    }

    /// Adds a number, and one, to each block of its size; what doesn't fit is dropped.
    private static func add(_ number: [UInt8], to blocks: inout [UInt8]) {
        for start in stride(from: 0, to: blocks.count, by: number.count) {
            var carry = 1
            for index in number.indices.reversed() {
                carry += Int(blocks[start + index]) + Int(number[index])
                blocks[start + index] = UInt8(carry & 0xFF)
                carry >>= 8
            }
        }
    }
}
#endif
