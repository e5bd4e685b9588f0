// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What distinguishes one credential's tokens from another's: 128 bits of a keyed digest over its configuration, secrets included.
package struct PartitionID: Hashable, Sendable {
    let high: UInt64
    let low: UInt64
}

/// What distinguishes one kept token from another.
package struct TokenKey: Hashable, Sendable {
    let partition: PartitionID
    let tenantID: String
    /// Sorted, so that the order in a request doesn't matter.
    let scopes: [String]
    let isCAEEnabled: Bool
    /// The request that the token is bound to, as one text; such tokens aren't kept, but requests for them are told apart.
    let proof: String?

    package init(partition: PartitionID, tenantID: String, scopes: [String], isCAEEnabled: Bool, proof: String? = nil) {
        self.partition = partition
        self.tenantID = tenantID
        self.scopes = scopes.count > 1 ? scopes.sorted() : scopes
        self.isCAEEnabled = isCAEEnabled
        self.proof = proof
    }

    /// One word for half of the digest, the tenant and the scopes: a polynomial with a random base, which costs a fraction of hashing
    /// the texts and lets nobody who doesn't know the base make keys collide. Comparing decides.
    package func hash(into hasher: inout Hasher) {
        var word = self.partition.low
        Self.mix(self.tenantID, into: &word)
        for scope in self.scopes { Self.mix(scope, into: &word) }
        hasher.combine(word)
    }

    private static let base = UInt64.random(in: .min ... .max) | 1

    private static func mix(_ text: String, into word: inout UInt64) {
        var text = text
        let base = Self.base
        word = text.withUTF8 { bytes in
            let buffer = UnsafeRawBufferPointer(bytes)
            var mixed = word ^ UInt64(truncatingIfNeeded: buffer.count)
            var offset = 0
            while offset + 8 <= buffer.count {
                mixed = Self.step(mixed ^ buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self), base)
                offset += 8
            }
            while offset < buffer.count {
                mixed = Self.step(mixed ^ UInt64(buffer[offset]), base)
                offset += 1
            }
            return mixed
        }
    }

    /// Both halves of the product, so that high bits reach low ones.
    private static func step(_ word: UInt64, _ base: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: base)
        return product.high ^ product.low
    }
}

/// What distinguishes one request under way from another.
package struct FlightKey: Hashable, Sendable {
    let token: TokenKey
    let claims: String?
    /// The last removal that concerns the credential: who asks after a removal doesn't join a request from before it.
    let removal: UInt64
    /// Whether whoever asks has a person sign in, who may be another one than other callers expect: those don't join.
    let isForPerson: Bool
}
