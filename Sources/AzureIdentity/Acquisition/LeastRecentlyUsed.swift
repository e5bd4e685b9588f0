// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Keys, at most so many, in the order in which they were last used; of more, the one not used for longest is dropped. Pure.
///
/// Each key has a position, which stays its own until it is removed or dropped; who uses this keeps what belongs to a key in an array of
/// their own, by that position. A dictionary into slots that form a list, so that all but ``keys`` and ``positions(where:)`` is O(1).
struct LeastRecentlyUsed<Key: Hashable & Sendable>: Sendable {
    private struct Slot: Sendable {
        /// `nil` in a slot that is free.
        var key: Key?
        var newer = -1
        var older = -1
    }

    private let capacity: Int
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var index: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1

    /// - Parameter capacity: How many keys it holds at most; at least one.
    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { self.index.count }

    /// The keys, the most recently used first.
    var keys: [Key] {
        var keys: [Key] = []
        keys.reserveCapacity(self.count)
        var position = self.newest
        while position >= 0 {
            if let key = self.slots[position].key { keys.append(key) }
            position = self.slots[position].older
        }
        return keys
    }

    /// Where a key is; that isn't a use.
    @inline(__always)
    func position(of key: Key) -> Int? { self.index[key] }

    /// Where the keys are for which a condition holds.
    func positions(where condition: (Key) -> Bool) -> [Int] { self.index.compactMap { condition($0.key) ? $0.value : nil } }

    /// Counts a position as used now.
    @inline(__always)
    mutating func touch(_ position: Int) {
        guard position != self.newest else { return }
        self.unlink(position)
        self.link(position)
    }

    /// Adds a key that isn't there, as used now, and drops another if there are too many.
    ///
    /// - Returns: Its position: one that was free, the dropped key's, or the next one after all.
    mutating func add(_ key: Key) -> Int {
        if self.count >= self.capacity, self.oldest >= 0 { self.remove(self.oldest) }
        let position: Int
        if let free = self.freeSlots.popLast() {
            self.slots[free].key = key
            position = free
        } else {
            self.slots.append(Slot(key: key))
            position = self.slots.count - 1
        }
        self.index[key] = position
        self.link(position)
        return position
    }

    /// Removes the key that is at a position.
    mutating func remove(_ position: Int) {
        guard let key = self.slots[position].key else { return }
        self.unlink(position)
        self.index[key] = nil
        self.slots[position].key = nil
        self.freeSlots.append(position)
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
}
