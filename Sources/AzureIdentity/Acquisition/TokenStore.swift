// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// A cache with a lock around it, and the requests under way for it. Holds no lock while anything waits.
package final class TokenStore: Sendable {
    private let state: TokenCacheLock
    /// Where those whose tokens are here tell what happens to them.
    package let events = TokenEventHub()
    package let flights = SingleFlight<FlightKey, AccessToken>()
    /// Which of the tokens of sessions count.
    let sessions: Locked<SessionEpochs>

    /// What was in the way of requests that are being sent again.
    private let setbacks = Locked<[FlightKey: (number: UInt64, error: AuthenticationError)]>([:])

    package init(capacity: Int) {
        self.state = TokenCacheLock(TokenCacheState(capacity: capacity))
        self.sessions = Locked(SessionEpochs(capacity: capacity))
    }

    package var count: Int { self.state.withLock { $0.count } }

    func nextNumber() -> UInt64 { self.state.withLock { $0.nextNumber() } }

    func removal(of partition: PartitionID) -> UInt64 { self.state.withLock { $0.removal(of: partition) } }

    func lookUp(
        _ key: TokenKey,
        now: MonotonicTime,
        minimumRemaining: Duration?,
        acceptsToken: Bool
    ) -> TokenCacheState.Answer {
        self.state.withLock {
            $0.lookUp(key, now: now, minimumRemaining: minimumRemaining, acceptsToken: acceptsToken)
        }
    }

    /// The token that is kept for a key, if it has not expired. Nobody has asked for it.
    func keptToken(for key: TokenKey, now: MonotonicTime) -> AccessToken? {
        self.state.withLock { $0.keptToken(for: key, now: now) }
    }

    func store(
        _ stored: TokenCacheState.Stored,
        for key: TokenKey,
        number: UInt64,
        now: MonotonicTime,
        overrides: Bool
    ) {
        self.state.withLock { $0.store(stored, for: key, number: number, now: now, overrides: overrides) }
    }

    func hold(_ key: TokenKey, error: AuthenticationError, until end: MonotonicTime, number: UInt64) {
        self.state.withLock { $0.hold(key, error: error, until: end, number: number) }
    }

    /// Notes what was in the way of a request.
    func note(_ setback: AuthenticationError, for key: FlightKey, number: UInt64) {
        self.setbacks.withLock { $0[key] = (number, setback) }
    }

    /// Forgets what was in the way of a request that is over; not what is in the way of its successor.
    func forgetSetback(of key: FlightKey, number: UInt64) {
        self.setbacks.withLock { setbacks in
            if setbacks[key]?.number == number { setbacks[key] = nil }
        }
    }

    func setback(of key: FlightKey) -> AuthenticationError? { self.setbacks.withLock { $0[key]?.error } }

    package func remove(_ partition: PartitionID) { self.state.withLock { $0.remove(partition) } }

    package func removeAll() {
        // The old tokens are let go outside the lock.
        _ = self.state.withLock { state in
            let old = state
            state.removeAll()
            return old
        }
        self.events.forget()
    }
}
