// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.Date
#else
package import struct Foundation.Date
#endif

/// The ids of assertions that were used, each until its assertion has expired. Bounded: when it is full of assertions that are
/// still valid, all are forgotten.
package final class AssertionLedger: Sendable {
    private static let limit = 100_000

    private let entries = Locked<[String: Date]>([:])

    package init() {}

    /// Enters an id.
    ///
    /// - Returns: Whether it was new.
    package func enter(_ id: String, until expiry: Date, now: Date) -> Bool {
        self.entries.withLock { entries in
            if let known = entries[id], known > now { return false }
            if entries.count >= Self.limit {
                entries = entries.filter { $0.value > now }
                if entries.count >= Self.limit { entries = [:] }
            }
            entries[id] = expiry
            return true
        }
    }
}
