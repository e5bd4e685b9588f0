// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials
package import AzureHTTP

/// The kept tokens, and what to do with them at a given time. Pure.
///
/// Slots by the positions of ``LeastRecentlyUsed``, so that look-up, storing and dropping are O(1) whatever the number of tokens.
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

    /// What a look-up reads; what it seldom needs is in ``Aside``, so that slots are small.
    private struct Slot: Sendable {
        var stored: Stored?
        var nextGaugeTime = MonotonicTime(nanoseconds: .min)
    }

    private struct Aside: Sendable {
        /// The number of the request that brought the token: an older request's answer doesn't replace a newer one's.
        var sequence: UInt64 = 0
        var lastAttempt: MonotonicTime?
        var hold: Hold?
    }

    /// How often at most a hit on one key reports how long its token lives.
    private static let gaugeInterval = Duration.seconds(10)
    /// How many credentials' removals are remembered one by one.
    private static let rememberedRemovals = 1024

    private let capacity: Int
    private var slots: [Slot] = []
    private var asides: [Aside] = []
    private var keys: LeastRecentlyUsed<TokenKey>
    /// Numbers requests and removals in the order of their beginning.
    private var lastNumber: UInt64 = 0
    private var removals: [PartitionID: UInt64] = [:]
    private var lastRemovalOfAll: UInt64 = 0

    package init(capacity: Int) {
        self.capacity = capacity
        self.keys = LeastRecentlyUsed(capacity: capacity)
    }

    /// How many keys have a token or a hold.
    package var count: Int { self.keys.count }

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
        guard let position = self.keys.position(of: key) else { return .miss }
        if acceptsToken, let stored = self.slots[position].stored, now < stored.expiry,
            minimumRemaining.map({ stored.expiry - now >= $0 }) ?? true
        {
            self.keys.touch(position)
            return self.hit(position, stored, now: now)
        }
        if let stored = self.slots[position].stored, now >= stored.expiry { self.slots[position].stored = nil }
        guard let hold = self.asides[position].hold, now < hold.end else { return .miss }
        var error = hold.error
        error.retryAfter = hold.end - now
        return .held(error)
    }

    /// The token that is kept for a key, if it has not expired. Changes nothing.
    package func keptToken(for key: TokenKey, now: MonotonicTime) -> AccessToken? {
        guard let position = self.keys.position(of: key), let stored = self.slots[position].stored, now < stored.expiry else {
            return nil
        }
        return stored.token
    }

    private mutating func hit(_ position: Int, _ stored: Stored, now: MonotonicTime) -> Answer {
        var remaining: Duration?
        if now >= self.slots[position].nextGaugeTime {
            remaining = stored.expiry - now
            self.slots[position].nextGaugeTime = now + Self.gaugeInterval
        }
        let isRefreshDue = now >= stored.refreshTime && self.beginsAttempt(position, now: now)
        return .hit(stored.token, isRefreshDue: isRefreshDue, remaining: remaining)
    }

    /// Whether a renewal may be tried now; if so, it counts as tried.
    private mutating func beginsAttempt(_ position: Int, now: MonotonicTime) -> Bool {
        if let hold = self.asides[position].hold, now < hold.end { return false }
        if let last = self.asides[position].lastAttempt, now - last < RefreshSchedule.attemptInterval { return false }
        self.asides[position].lastAttempt = now
        return true
    }

    /// A number for a request that begins now. Later requests and removals have higher ones.
    package mutating func nextNumber() -> UInt64 {
        self.lastNumber += 1
        return self.lastNumber
    }

    /// The number of the last removal that concerns a credential: requests that began before it store nothing.
    package func removal(of partition: PartitionID) -> UInt64 {
        max(self.removals[partition] ?? 0, self.lastRemovalOfAll)
    }

    /// Stores a token, unless a newer request has stored one or the credential's tokens were removed since the request began.
    ///
    /// - Parameters:
    ///   - stored: The token.
    ///   - key: The key.
    ///   - number: The number of the request.
    ///   - now: The time.
    ///   - overrides: Whether it counts as newer than every request under way: the answer to a claims challenge.
    package mutating func store(
        _ stored: Stored,
        for key: TokenKey,
        number: UInt64,
        now: MonotonicTime,
        overrides: Bool = false
    ) {
        guard number > self.removal(of: key.partition) else { return }
        let position = self.position(for: key)
        guard overrides || number >= self.asides[position].sequence else { return }
        self.slots[position].stored = stored
        self.asides[position] = Aside(sequence: overrides ? self.nextNumber() : number, lastAttempt: now, hold: nil)
        self.keys.touch(position)
    }

    /// Keeps requests for a key back for a while, because the service asked a request for it.
    package mutating func hold(_ key: TokenKey, error: AuthenticationError, until end: MonotonicTime, number: UInt64) {
        guard number > self.removal(of: key.partition) else { return }
        let position = self.position(for: key)
        guard number >= self.asides[position].sequence else { return }
        self.asides[position].hold = Hold(error: error, end: end)
        self.keys.touch(position)
    }

    /// Drops the tokens of one credential.
    package mutating func remove(_ partition: PartitionID) {
        if self.removals.count >= Self.rememberedRemovals {
            // Forgets which credentials they concerned: what is under way for any is not kept.
            self.lastRemovalOfAll = self.lastNumber
            self.removals = [:]
        }
        self.removals[partition] = self.nextNumber()
        for position in self.keys.positions(where: { $0.partition == partition }) { self.free(position) }
    }

    /// Drops all tokens.
    package mutating func removeAll() {
        let number = self.nextNumber()
        self = TokenCacheState(capacity: self.capacity)
        self.lastNumber = number
        self.lastRemovalOfAll = number
    }
}

// Slots.
extension TokenCacheState {
    private mutating func position(for key: TokenKey) -> Int {
        if let position = self.keys.position(of: key) { return position }
        let position = self.keys.add(key)
        if position == self.slots.count {
            self.slots.append(Slot())
            self.asides.append(Aside())
        } else {
            self.slots[position] = Slot()
            self.asides[position] = Aside()
        }
        return position
    }

    private mutating func free(_ position: Int) {
        self.keys.remove(position)
        self.slots[position] = Slot()
        self.asides[position] = Aside()
    }
}
