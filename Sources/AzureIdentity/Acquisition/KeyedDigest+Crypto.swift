// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import Crypto

/// Turns a credential's configuration into a `PartitionID` with HMAC-SHA-256 under a random key of this process, so that secrets
/// neither stay in memory as keys nor can be guessed from them.
package enum KeyedDigest {
    private static let key = SymmetricKey(size: .bits256)

    /// The digest of the parts; each is preceded by its length, so that no two lists of parts are alike.
    package static func partition(_ parts: [String]) -> PartitionID {
        var code = HMAC<SHA256>(key: Self.key)
        for part in parts {
            withUnsafeBytes(of: UInt64(part.utf8.count).littleEndian) { code.update(data: $0) }
            code.update(data: Array(part.utf8))
        }
        return code.finalize().withUnsafeBytes { bytes in
            PartitionID(
                high: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                low: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            )
        }
    }
}
#endif
