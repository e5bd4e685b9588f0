// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The clock that tests move by hand.
@Suite struct VirtualClockTests {
    private let clock = VirtualClock(date: Date(timeIntervalSince1970: 1000))

    @Test func movesByHand() {
        self.clock.advance(by: .seconds(90))
        self.clock.advance(by: .seconds(-5))
        #expect(self.clock.date == Date(timeIntervalSince1970: 1090))
        #expect(self.clock.elapsed == .seconds(90))
        self.clock.shiftDate(by: .seconds(-100))
        #expect(self.clock.date == Date(timeIntervalSince1970: 990))
        #expect(self.clock.elapsed == .seconds(90))
    }

    @Test func wakesWhenTheTimeHasCome() async throws {
        let woken = Locked<[Int]>([])
        let sleepers = [30, 10, 20].map { seconds in
            Task { [clock = self.clock] in
                try await clock.sleep(for: .seconds(seconds))
                woken.withLock { $0.append(seconds) }
            }
        }
        await self.clock.waitForSleepers(3)
        self.clock.advance(by: .seconds(10))
        try await sleepers[1].value
        #expect(woken.withLock { $0 } == [10])
        #expect(self.clock.sleeperCount == 2)
        self.clock.shiftDate(by: .seconds(1000))
        #expect(self.clock.sleeperCount == 2)
        self.clock.advance(by: .seconds(20))
        for sleeper in sleepers { try await sleeper.value }
        #expect(self.clock.sleeperCount == 0)
    }

    @Test func sleepingForNothingReturnsAtOnce() async throws {
        try await self.clock.sleep(for: .zero)
        try await self.clock.sleep(for: .seconds(-1))
    }

    @Test func cancellationWakesAtOnce() async throws {
        let sleeper = Task { [clock = self.clock] in try await clock.sleep(for: .seconds(1)) }
        await self.clock.waitForSleepers(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(self.clock.sleeperCount == 0)
        self.clock.advance(by: .seconds(2))
    }

    /// Cancels before, while and after the sleepers register; none may stay behind.
    @Test func cancellationRacesWithRegistration() async {
        for _ in 0..<200 {
            let sleeper = Task { [clock = self.clock] in try await clock.sleep(for: .seconds(1)) }
            sleeper.cancel()
            await #expect(throws: CancellationError.self) { try await sleeper.value }
        }
        #expect(self.clock.sleeperCount == 0)
    }

    @Test func cancellationRacesWithWaking() async {
        for _ in 0..<200 {
            let sleeper = Task { [clock = self.clock] in try await clock.sleep(for: .seconds(1)) }
            await self.clock.waitForSleepers(1)
            async let advanced: Void = self.clock.advance(by: .seconds(1))
            sleeper.cancel()
            await advanced
            _ = await sleeper.result
            #expect(self.clock.sleeperCount == 0)
        }
    }

    @Test func waitingForSleepersEndsWithTheTask() async {
        let waiter = Task { [clock = self.clock] in await clock.waitForSleepers(5) }
        waiter.cancel()
        await waiter.value
        await self.clock.waitForSleepers(0)
    }

    @Test func timesOutByTheVirtualClock() async throws {
        let clock = self.clock
        let task = Task {
            try await withTimeout(
                .seconds(5),
                clock: clock,
                onTimeout: { TransportError(.timeout, message: "late") },
                operation: { try await clock.sleep(for: .seconds(60)) }
            )
        }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(5))
        await #expect(throws: TransportError.self) { try await task.value }
        #expect(clock.sleeperCount == 0)
    }
}
