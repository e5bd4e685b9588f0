// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
/// Turns a credential's configuration into a `PartitionID` with two keyed SipHash digests, where the trait `Cryptography` is off.
package enum KeyedDigest {
    private static let keys = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))

    /// The digest of the parts; each is preceded by its length, so that no two lists of parts are alike.
    package static func partition(_ parts: [String]) -> PartitionID {
        PartitionID(high: Self.digest(parts, key: Self.keys.0), low: Self.digest(parts, key: Self.keys.1))
    }

    private static func digest(_ parts: [String], key: UInt64) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(key)
        for part in parts {
            hasher.combine(part.utf8.count)
            // Bytes, not the text: equal secrets are those with equal bytes.
            for byte in part.utf8 { hasher.combine(byte) }
        }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
#endif
