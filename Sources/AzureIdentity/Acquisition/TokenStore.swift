// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// A cache with a lock around it, and the requests under way for it. Holds no lock while anything waits.
package final class TokenStore: Sendable {
    private let state: Locked<TokenCacheState>
    package let flights = SingleFlight<FlightKey, AccessToken>()

    package init(capacity: Int) { self.state = Locked(TokenCacheState(capacity: capacity)) }

    package var count: Int { self.state.withLock { $0.count } }

    var generation: UInt64 { self.state.withLock { $0.generation } }

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

    func store(_ stored: TokenCacheState.Stored, for key: TokenKey, sequence: UInt64, generation: UInt64) {
        self.state.withLock { $0.store(stored, for: key, sequence: sequence, generation: generation) }
    }

    func hold(_ key: TokenKey, error: AuthenticationError, until end: MonotonicTime, generation: UInt64) {
        self.state.withLock { $0.hold(key, error: error, until: end, generation: generation) }
    }

    package func remove(_ partition: PartitionID) { self.state.withLock { $0.remove(partition) } }

    package func removeAll() { self.state.withLock { $0.removeAll() } }
}
