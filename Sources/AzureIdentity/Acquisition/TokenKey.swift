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
}

/// What distinguishes one request under way from another.
package struct FlightKey: Hashable, Sendable {
    let token: TokenKey
    let claims: String?
    /// Grows when tokens are removed: who asks after a removal doesn't join a request from before it.
    let generation: UInt64
}
