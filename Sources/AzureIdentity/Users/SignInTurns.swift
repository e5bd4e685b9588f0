// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// Lets people sign in one after the other, each with a time of their own that begins when it is their turn.
///
/// A turn that takes too long, or that nobody waits for any more, is over even if it goes on. A refusal that would come again, such as
/// that of a password, is told to those who have waited through it: each further attempt would count towards the account's being locked.
/// Who comes later makes an attempt of their own.
final class SignInTurns: Sendable {
    private struct State: Sendable {
        /// How often all who waited were refused.
        var refusals = 0
        /// The last refusal, as long as there is somebody who may have waited through it.
        var refusal: AuthenticationError?
        var visitors = 0
    }

    /// How long a sign-in that was given up may tidy up before the next one begins.
    static let grace = Duration.seconds(5)

    private let gate = TurnGate(places: 1)
    private let clock: any MachineClock
    private let state = Locked(State())

    init(clock: any MachineClock) { self.clock = clock }

    /// How many wait for their turn.
    var waiterCount: Int { self.gate.waiterCount }

    /// Somebody comes, and may want a turn. To be followed by one ``go()``.
    ///
    /// - Returns: The number of refusals up to now.
    func come() -> Int {
        self.state.withLock { state in
            state.visitors += 1
            return state.refusals
        }
    }

    /// Somebody has no more use for a turn.
    func go() {
        self.state.withLock { state in
            state.visitors -= 1
            if state.visitors == 0 { state.refusal = nil }
        }
    }

    /// Waits for a turn and signs in.
    ///
    /// - Parameters:
    ///   - arrival: What ``come()`` returned.
    ///   - limit: How long the turn may take.
    ///   - onTimeout: Makes the error of a turn that took too long.
    ///   - isForAll: Whether a refusal is one for all who wait.
    ///   - operation: Signs in.
    func take(
        since arrival: Int,
        limit: Duration,
        onTimeout: @escaping @Sendable () -> any Error,
        isForAll: @escaping @Sendable (AuthenticationError) -> Bool,
        operation: @escaping @Sendable () async throws -> AcquiredToken
    ) async throws -> AcquiredToken {
        try await self.gate.enter()
        let turn = Turn(self.gate)
        if let refusal = self.state.withLock({ $0.refusals == arrival ? nil : $0.refusal }) {
            turn.end()
            throw refusal
        }
        do {
            return try await leavingBehind(after: limit, clock: self.clock, onTimeout: onTimeout) {
                defer { turn.end() }
                do {
                    return try await operation()
                } catch let error as AuthenticationError where isForAll(error) {
                    self.state.withLock { state in
                        state.refusals += 1
                        state.refusal = error
                    }
                    throw error
                }
            }
        } catch let error {
            self.end(turn)
            throw error
        }
    }

    /// Ends a turn; one that goes on although it was given up, a little later.
    private func end(_ turn: Turn) {
        guard !turn.isOver else { return }
        let clock = self.clock
        Task {
            try? await clock.sleep(for: Self.grace)
            turn.end()
        }
    }
}

/// A place at the gate, which is given back once.
private final class Turn: Sendable {
    private let gate: TurnGate
    private let over = Locked(false)

    init(_ gate: TurnGate) { self.gate = gate }

    var isOver: Bool { self.over.withLock { $0 } }

    func end() {
        let isFirst = self.over.withLock { over in
            defer { over = true }
            return !over
        }
        if isFirst { self.gate.leave() }
    }
}
