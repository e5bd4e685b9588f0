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

    package init(partition: PartitionID, tenantID: String, scopes: [String], isCAEEnabled: Bool) {
        self.partition = partition
        self.tenantID = tenantID
        self.scopes = scopes.count > 1 ? scopes.sorted() : scopes
        self.isCAEEnabled = isCAEEnabled
    }

    /// The key of nothing, for slots that are free.
    static let none = TokenKey(partition: PartitionID(high: 0, low: 0), tenantID: "", scopes: [], isCAEEnabled: false)

    /// Half of the digest, the tenant and the scopes tell keys apart well enough; comparing decides.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.partition.low)
        hasher.combine(self.tenantID)
        for scope in self.scopes { hasher.combine(scope) }
    }
}

/// What distinguishes one request under way from another.
package struct FlightKey: Hashable, Sendable {
    let token: TokenKey
    let claims: String?
    /// The last removal that concerns the credential: who asks after a removal doesn't join a request from before it.
    let removal: UInt64
}
