// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct SingleFlightTests {
    private struct TimeIsUp: Error {}
    private typealias Flights = SingleFlight<String, Int>

    private func limit(_ clock: VirtualClock, _ duration: Duration = .seconds(100)) -> Flights.Limit {
        .init(duration, clock: clock) { TimeIsUp() }
    }

    @Test func anOperationThatIgnoresItsCancellationHoldsNobody() async throws {
        let clock = VirtualClock()
        let flights = Flights()
        let stuck = Locked<CheckedContinuation<Int, any Error>?>(nil)
        let limit = self.limit(clock)
        let waiter = Task {
            try await flights.value(for: "k", patience: nil, limit: limit) {
                try await withCheckedThrowingContinuation { continuation in stuck.withLock { $0 = continuation } }
            }
        }
        while stuck.withLock({ $0 == nil }) { await Task.yield() }
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(100))
        await #expect(throws: TimeIsUp.self) { try await waiter.value }
        #expect(flights.count == 0)
        let next = try await flights.value(for: "k", patience: nil, limit: limit) { 2 }
        #expect(next == 2)
        stuck.withLock { $0 }?.resume(returning: 1)
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .nanoseconds(1)])
    func aWaiterWithoutPatienceLeavesAtOnce(patience: Duration) async throws {
        let clock = VirtualClock()
        let flights = Flights()
        let limit = self.limit(clock)
        let waiter = Task {
            try await flights.value(for: "k", patience: self.limit(clock, patience), limit: limit) {
                try await clock.sleep(for: .seconds(50))
                return 1
            }
        }
        if patience > .zero {
            await clock.waitForSleepers(3)
            clock.advance(by: patience)
        }
        await #expect(throws: TimeIsUp.self) { try await waiter.value }
        #expect(flights.count == 0)
    }

    @Test func keysDoNotWaitForEachOther() async throws {
        let clock = VirtualClock()
        let flights = Flights()
        let limit = self.limit(clock)
        let slow = Task {
            try await flights.value(for: "slow", patience: nil, limit: limit) {
                try await clock.sleep(for: .seconds(50))
                return 1
            }
        }
        await clock.waitForSleepers(2)
        #expect(try await flights.value(for: "fast", patience: nil, limit: limit) { 2 } == 2)
        clock.advance(by: .seconds(50))
        #expect(try await slow.value == 1)
    }

    @Test func aFlightBegunForNobodyGoesOnWithoutWaiters() async throws {
        let clock = VirtualClock()
        let flights = Flights()
        let limit = self.limit(clock)
        flights.begin(for: "k", limit: limit) {
            try await clock.sleep(for: .seconds(1))
            return 7
        }
        flights.begin(for: "k", limit: limit) { 8 }
        await clock.waitForSleepers(2)
        let leaving = Task { try await flights.value(for: "k", patience: nil, limit: limit) { 9 } }
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        #expect(flights.count == 1)
        let staying = Task { try await flights.value(for: "k", patience: nil, limit: limit) { 9 } }
        await Task.yield()
        clock.advance(by: .seconds(1))
        let value = try await staying.value
        #expect(value == 7 || value == 9)
    }

    @Test func nobodyIsLeftBehindWhenManyComeAndGo() async throws {
        let clock = VirtualClock()
        let flights = Flights()
        let limit = self.limit(clock)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<4000 {
                group.addTask {
                    let task = Task {
                        try await flights.value(for: "k\(index % 7)", patience: nil, limit: limit) {
                            await Task.yield()
                            return index
                        }
                    }
                    if index % 3 == 0 { task.cancel() }
                    switch await task.result {
                    case .success: return true
                    case .failure(let error): return error is CancellationError && index % 3 == 0
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count == 4000 && outcomes.allSatisfy { $0 })
        #expect(flights.count == 0)
    }
}
