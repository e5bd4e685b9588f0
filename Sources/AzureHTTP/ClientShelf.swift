// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Clients that are made for a while: at most so many, but for those in use. The least recently used ones go first. Pure.
///
/// Who takes a client gives it back; until then it stays.
struct ClientShelf<Key: Hashable & Sendable, Client: Sendable>: Sendable {
    private struct Entry: Sendable {
        let client: Client
        var uses: Int
        var lastUse: UInt64
    }

    let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var time: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    /// How many clients there are.
    var count: Int { self.entries.count }

    /// Takes the client for a key; `nil` if there is none.
    mutating func take(_ key: Key) -> Client? {
        guard var entry = self.entries[key] else { return nil }
        self.time += 1
        entry.uses += 1
        entry.lastUse = self.time
        self.entries[key] = entry
        return entry.client
    }

    /// Takes the client for a key, made now if there is none.
    mutating func take(_ key: Key, orMake make: () -> Client) -> Client {
        if let client = self.take(key) { return client }
        self.time += 1
        let client = make()
        self.entries[key] = Entry(client: client, uses: 1, lastUse: self.time)
        return client
    }

    /// Gives the client for a key back.
    mutating func giveBack(_ key: Key) { self.entries[key]?.uses -= 1 }

    /// Removes the clients that are too many and not in use.
    ///
    /// - Returns: The clients, which are the caller's to shut down.
    mutating func removeOverflow() -> [Client] {
        guard self.entries.count > self.capacity else { return [] }
        let idle = self.entries.filter { $0.value.uses == 0 }.sorted { $0.value.lastUse < $1.value.lastUse }
        return idle.prefix(self.entries.count - self.capacity).compactMap { self.entries.removeValue(forKey: $0.key)?.client }
    }
}
