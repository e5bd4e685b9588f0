// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A number that only grows, and that tests wait for instead of asking again and again.
package final class Milestones: Sendable {
    private struct State: Sendable {
        var count = 0
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Locked(State())

    package init() {}

    /// The number as it is now.
    package var count: Int { self.state.withLock { $0.count } }

    /// Adds one, and wakes who waited for it.
    package func advance() {
        let reached = self.state.withLock { state in
            state.count += 1
            let count = state.count
            defer { state.waiters = state.waiters.filter { $0.count > count } }
            return state.waiters.filter { $0.count <= count }
        }
        for waiter in reached { waiter.continuation.resume() }
    }

    /// Waits until the number is at least this.
    package func reached(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = self.state.withLock { state in
                if state.count < count { state.waiters.append((count, continuation)) }
                return state.count >= count
            }
            if isReached { continuation.resume() }
        }
    }
}
