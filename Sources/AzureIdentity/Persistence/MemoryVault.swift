// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Documents in this process's memory, at most so many; of more, the ones not used for longest are dropped.
package final class MemoryVault: TokenVault {
    private let documents: Locked<RecentlyUsed<VaultPart, CacheDocument>>

    /// - Parameter capacity: How many documents it holds at most; at least one.
    package init(capacity: Int) { self.documents = Locked(RecentlyUsed(capacity: capacity)) }

    package var isPersistent: Bool { false }
    package var isRequired: Bool { false }

    /// How many documents it holds.
    package var count: Int { self.documents.withLock { $0.count } }

    package func document(_ part: VaultPart) async throws -> CacheDocument {
        self.documents.withLock { $0.value(for: part) } ?? CacheDocument()
    }

    package func update(_ part: VaultPart, _ change: @escaping @Sendable (inout CacheDocument) -> Void) async throws {
        let isFull = self.documents.withLock { documents in
            var isFull = false
            documents.update(part) { document in
                var changed = document ?? CacheDocument()
                // Not held twice, so that the change is made in place.
                document = nil
                change(&changed)
                isFull = changed.takeOverflow()
                document = changed.isEmpty ? nil : changed
            }
            return isFull
        }
        if isFull { throw CacheDocument.overflow }
    }

    package func remove(_ removal: VaultRemoval, from part: VaultPart) async throws {
        try await self.update(part) { removal.apply(to: &$0) }
    }

    /// Removes all of an account in all parts: those of sessions too, which aren't listed.
    package func signOut(homeAccountID: String?, environments: [String]?) async throws {
        let removal = VaultRemoval.signOut(homeAccountID: homeAccountID, environments: environments)
        // Each part counts as used now; from the last one on, their order stays.
        let parts = self.documents.withLock { $0.keys }.reversed().filter { $0.mayHold(homeAccountID) }
        try await self.remove(removal, from: parts)
    }

    package func parts() async throws -> [VaultPart] { self.documents.withLock { $0.keys }.filter(\.isListed) }
}

/// Values by key, at most so many; of more, the ones not used for longest are dropped.
struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var order: LeastRecentlyUsed<Key>
    private var values: [Value?] = []

    init(capacity: Int) { self.order = LeastRecentlyUsed(capacity: capacity) }

    var count: Int { self.order.count }

    /// The keys, the most recently used first.
    var keys: [Key] { self.order.keys }

    /// The value, as used now.
    mutating func value(for key: Key) -> Value? {
        guard let position = self.order.position(of: key) else { return nil }
        self.order.touch(position)
        return self.values[position]
    }

    /// Changes a value, as used now; `nil` removes it.
    mutating func update(_ key: Key, _ change: (inout Value?) -> Void) {
        guard let position = self.order.position(of: key) else {
            var value: Value?
            change(&value)
            guard let value else { return }
            let position = self.order.add(key)
            if position == self.values.count { self.values.append(value) } else { self.values[position] = value }
            return
        }
        change(&self.values[position])
        if self.values[position] == nil { self.order.remove(position) } else { self.order.touch(position) }
    }
}
