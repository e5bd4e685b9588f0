// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// One sign-in after the other: whose time is counted, and who is told what came of another one's.
@Suite(.timeLimit(.minutes(1))) struct SignInTurnsTests {
    private struct Overdue: Error {}

    private let clock = VirtualClock()
    private let turns: SignInTurns

    init() { self.turns = SignInTurns(clock: self.clock) }

    private func take(
        since arrival: Int? = nil,
        isForAll: Bool = false,
        _ operation: @escaping @Sendable () async throws -> AcquiredToken
    ) async throws -> AcquiredToken {
        let come = self.turns.come()
        defer { self.turns.go() }
        return try await self.turns.take(
            since: arrival ?? come,
            limit: .seconds(100),
            onTimeout: { Overdue() },
            isForAll: { _ in isForAll },
            operation: operation
        )
    }

    private func waiters(_ count: Int) async {
        while self.turns.waiterCount < count { await Task.yield() }
    }

    private static let token = AcquiredToken(token: "t", lifetime: .seconds(3600))
    private static let refusal = AuthenticationError(.authenticationFailed, credential: "X", message: "refused")

    @Test func aTurnsTimeBeginsWithIt() async throws {
        let (first, second) = (Held(), Held())
        defer { second.end() }
        let one = Task {
            try await self.take {
                await first.wait()
                throw Self.refusal
            }
        }
        await self.clock.waitForSleepers(1)
        let other = Task {
            try await self.take {
                await second.wait()
                return Self.token
            }
        }
        await self.waiters(1)
        self.clock.advance(by: .seconds(90))
        first.end()
        await #expect(throws: AuthenticationError.self) { try await one.value }
        while second.count == 0 { await Task.yield() }
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: .seconds(90))
        second.end()
        #expect(try await other.value.token == "t")
    }

    @Test func whatGoesOnBeyondItsTimeIsLeftBehind() async throws {
        let held = Held()
        defer { held.end() }
        let one = Task {
            try await self.take {
                await held.wait()
                return Self.token
            }
        }
        await self.clock.waitForSleepers(1)
        let other = Task { try await self.take { Self.token } }
        await self.waiters(1)
        self.clock.advance(by: .seconds(100))
        await #expect(throws: Overdue.self) { try await one.value }
        // It had some time to tidy up; then it is the next one's turn.
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: SignInTurns.grace)
        #expect(try await other.value.token == "t")
    }

    @Test func whoeverLeavesDoesNotHoldTheOthersUp() async throws {
        let held = Held()
        defer { held.end() }
        let one = Task {
            try await self.take {
                await held.wait()
                return Self.token
            }
        }
        while held.count == 0 { await Task.yield() }
        one.cancel()
        await #expect(throws: CancellationError.self) { try await one.value }
        let other = Task { try await self.take { Self.token } }
        await self.waiters(1)
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: SignInTurns.grace)
        #expect(try await other.value.token == "t")
    }

    @Test(arguments: [true, false])
    func aRefusalForAllIsToldToAllWhoHaveWaited(isForAll: Bool) async throws {
        let held = Held()
        let attempts = Locked(0)
        let tasks = (0..<5).map { _ in
            Task {
                try await self.take(isForAll: isForAll) {
                    attempts.withLock { $0 += 1 }
                    await held.wait()
                    throw Self.refusal
                }
            }
        }
        await self.waiters(4)
        held.end()
        for task in tasks { await #expect(throws: AuthenticationError.self) { try await task.value } }
        #expect(attempts.withLock { $0 } == (isForAll ? 1 : 5))
        // Nothing sticks: who comes later tries again.
        #expect(try await self.take(isForAll: isForAll) { Self.token }.token == "t")
    }
}
