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
        self.documents.withLock { documents in
            documents.update(part) { document in
                var changed = document ?? CacheDocument()
                // Not held twice, so that the change is made in place.
                document = nil
                change(&changed)
                document = changed.isEmpty ? nil : changed
            }
        }
    }

    /// All but the users of services, of whom there may be many and who aren't asked by name.
    package func parts() async throws -> [VaultPart] {
        self.documents.withLock { $0.keys }.filter { part in
            if case .session = part.subject { return false }
            return true
        }
    }
}

/// Values by key, at most so many; of more, the ones not used for longest are dropped. A dictionary into slots that form a list from the
/// most to the least recently used, so that all but ``keys`` is O(1).
struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var key: Key
        var value: Value?
        var newer = -1
        var older = -1
    }

    private let capacity: Int
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var index: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { self.index.count }

    /// The keys, the most recently used first.
    var keys: [Key] {
        var keys: [Key] = []
        var position = self.newest
        while position >= 0 {
            keys.append(self.slots[position].key)
            position = self.slots[position].older
        }
        return keys
    }

    /// The value, as used now.
    mutating func value(for key: Key) -> Value? {
        guard let position = self.index[key] else { return nil }
        self.touch(position)
        return self.slots[position].value
    }

    /// Changes a value, as used now; `nil` removes it.
    mutating func update(_ key: Key, _ change: (inout Value?) -> Void) {
        guard let position = self.index[key] else {
            var value: Value?
            change(&value)
            if let value { self.add(value, for: key) }
            return
        }
        change(&self.slots[position].value)
        if self.slots[position].value == nil { self.free(position) } else { self.touch(position) }
    }

    private mutating func add(_ value: Value, for key: Key) {
        if self.index.count >= self.capacity, self.oldest >= 0 { self.free(self.oldest) }
        let slot = Slot(key: key, value: value)
        let position = self.freeSlots.popLast() ?? self.slots.count
        if position == self.slots.count { self.slots.append(slot) } else { self.slots[position] = slot }
        self.index[key] = position
        self.link(position)
    }

    private mutating func touch(_ position: Int) {
        guard position != self.newest else { return }
        self.unlink(position)
        self.link(position)
    }

    private mutating func link(_ position: Int) {
        self.slots[position].newer = -1
        self.slots[position].older = self.newest
        if self.newest >= 0 { self.slots[self.newest].newer = position }
        self.newest = position
        if self.oldest < 0 { self.oldest = position }
    }

    private mutating func unlink(_ position: Int) {
        let (newer, older) = (self.slots[position].newer, self.slots[position].older)
        if newer >= 0 { self.slots[newer].older = older } else { self.newest = older }
        if older >= 0 { self.slots[older].newer = newer } else { self.oldest = newer }
    }

    private mutating func free(_ position: Int) {
        self.unlink(position)
        self.index[self.slots[position].key] = nil
        self.slots[position].value = nil
        self.freeSlots.append(position)
    }
}
