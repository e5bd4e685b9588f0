// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials
package import AzureHTTP

/// The kept tokens, and what to do with them at a given time. Pure.
///
/// A dictionary into slots that form a list from the most to the least recently used, so that look-up, storing and dropping are O(1)
/// whatever the number of tokens.
package struct TokenCacheState: Sendable {
    /// A token as it is stored.
    package struct Stored: Sendable {
        package var token: AccessToken
        /// When it expires.
        package var expiry: MonotonicTime
        /// From when on it is renewed behind its callers' backs.
        package var refreshTime: MonotonicTime

        package init(token: AccessToken, expiry: MonotonicTime, refreshTime: MonotonicTime) {
            self.token = token
            self.expiry = expiry
            self.refreshTime = refreshTime
        }
    }

    /// What the cache has to say about a key.
    package enum Answer: Sendable {
        /// Nothing that would do.
        case miss
        /// A token that would do; the caller starts a renewal if `isRefreshDue`, and no other caller is told so for 30 seconds.
        case hit(AccessToken, isRefreshDue: Bool, remaining: Duration?)
        /// The service asked to be left alone: the error it gave, with what is left of the wait.
        indirect case held(AuthenticationError)
    }

    /// The token service's wish to be left alone.
    private final class Hold: Sendable {
        let error: AuthenticationError
        let end: MonotonicTime
        init(error: AuthenticationError, end: MonotonicTime) {
            self.error = error
            self.end = end
        }
    }

    private struct Slot: Sendable {
        var key: TokenKey
        var stored: Stored?
        /// The number of the request that brought the token: an older request's answer doesn't replace a newer one's.
        var sequence: UInt64 = 0
        var lastAttempt: MonotonicTime?
        var hold: Hold?
        var nextGaugeTime = MonotonicTime(nanoseconds: .min)
        var newer = -1
        var older = -1
    }

    /// How often at most a hit on one key reports how long its token lives.
    private static let gaugeInterval = Duration.seconds(10)

    private let capacity: Int
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var index: [TokenKey: Int] = [:]
    private var newest = -1
    private var oldest = -1
    /// Grows with each removal: a request from before a removal stores nothing.
    package private(set) var generation: UInt64 = 0

    package init(capacity: Int) { self.capacity = capacity }

    /// How many keys have a token or a hold.
    package var count: Int { self.index.count }

    /// Looks a key up, as used now.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - now: The time.
    ///   - minimumRemaining: The least remaining lifetime that would do.
    ///   - acceptsToken: Whether a kept token would do at all; not for a request with claims.
    package mutating func lookUp(
        _ key: TokenKey,
        now: MonotonicTime,
        minimumRemaining: Duration? = nil,
        acceptsToken: Bool = true
    ) -> Answer {
        guard let position = self.index[key] else { return .miss }
        if acceptsToken, let stored = self.slots[position].stored, now < stored.expiry,
            minimumRemaining.map({ stored.expiry - now >= $0 }) ?? true
        {
            self.touch(position)
            return self.hit(position, stored, now: now)
        }
        guard let hold = self.slots[position].hold, now < hold.end else { return .miss }
        var error = hold.error
        error.retryAfter = hold.end - now
        return .held(error)
    }

    private mutating func hit(_ position: Int, _ stored: Stored, now: MonotonicTime) -> Answer {
        var remaining: Duration?
        if now >= self.slots[position].nextGaugeTime {
            remaining = stored.expiry - now
            self.slots[position].nextGaugeTime = now + Self.gaugeInterval
        }
        guard now >= stored.refreshTime else { return .hit(stored.token, isRefreshDue: false, remaining: remaining) }
        if let hold = self.slots[position].hold, now < hold.end {
            return .hit(stored.token, isRefreshDue: false, remaining: remaining)
        }
        if let last = self.slots[position].lastAttempt, now - last < RefreshSchedule.attemptInterval {
            return .hit(stored.token, isRefreshDue: false, remaining: remaining)
        }
        self.slots[position].lastAttempt = now
        return .hit(stored.token, isRefreshDue: true, remaining: remaining)
    }

    /// Stores a token, unless a newer request has stored one or tokens were removed since the request began.
    ///
    /// - Parameters:
    ///   - stored: The token.
    ///   - key: The key.
    ///   - sequence: The number of the request; later requests have higher ones.
    ///   - generation: The cache's generation when the request began.
    package mutating func store(_ stored: Stored, for key: TokenKey, sequence: UInt64, generation: UInt64) {
        guard generation == self.generation else { return }
        let position = self.position(for: key)
        guard sequence >= self.slots[position].sequence else { return }
        self.slots[position].stored = stored
        self.slots[position].sequence = sequence
        self.slots[position].hold = nil
        self.slots[position].lastAttempt = nil
        self.touch(position)
    }

    /// Keeps requests for a key back for a while, because the service asked for it.
    package mutating func hold(_ key: TokenKey, error: AuthenticationError, until end: MonotonicTime, generation: UInt64) {
        guard generation == self.generation else { return }
        let position = self.position(for: key)
        self.slots[position].hold = Hold(error: error, end: end)
        self.touch(position)
    }

    /// Drops the tokens of one credential.
    package mutating func remove(_ partition: PartitionID) {
        self.generation &+= 1
        for (key, position) in self.index where key.partition == partition { self.free(position) }
    }

    /// Drops all tokens.
    package mutating func removeAll() {
        let generation = self.generation &+ 1
        self = TokenCacheState(capacity: self.capacity)
        self.generation = generation
    }
}

// The list, from the most to the least recently used.
extension TokenCacheState {
    private mutating func position(for key: TokenKey) -> Int {
        if let position = self.index[key] { return position }
        if self.index.count >= self.capacity, self.oldest >= 0 { self.free(self.oldest) }
        let position: Int
        if let free = self.freeSlots.popLast() {
            self.slots[free] = Slot(key: key)
            position = free
        } else {
            self.slots.append(Slot(key: key))
            position = self.slots.count - 1
        }
        self.index[key] = position
        self.link(position)
        return position
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
        self.slots[position].stored = nil
        self.slots[position].hold = nil
        self.freeSlots.append(position)
    }
}
