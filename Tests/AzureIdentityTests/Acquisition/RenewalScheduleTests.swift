// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import Testing

@Suite struct RenewalScheduleTests {
    private static let start = MonotonicTime(nanoseconds: 7_000_000_000)

    private func first(_ remaining: Double, _ refreshIn: Double?, chance: Double) -> Double {
        let schedule = RenewalSchedule(
            remaining: .seconds(remaining),
            refreshIn: refreshIn.map { .seconds($0) },
            now: Self.start,
            chance: chance
        )
        return (schedule.nextAttempt - Self.start) / .seconds(1)
    }

    /// Seconds the token lives and seconds until it is due, and the least and the longest wait.
    private static let firstWaits: [(remaining: Double, refreshIn: Double?, waits: ClosedRange<Double>)] = [
        (3600, 1800, 1800...1860), (3600, nil, 3300...3360), (86_400, 43_200, 43_200...43_260), (400, nil, 200...240),
        (3600, 3600, 3300...3360), (3600, 9999, 3300...3360),
        // Due already: its credential is renewing it.
        (3000, 0, 30...60), (3000, -500, 30...60), (20, -1, 10...10),
        // Lives for seconds, or not even that.
        (60, nil, 30...36), (4, nil, 2...2.4), (0.5, nil, 1...1), (0, nil, 1.6...2.4), (-1000, -2000, 1.6...2.4),
    ]

    @Test(arguments: firstWaits)
    func asksAgainInTime(remaining: Double, refreshIn: Double?, waits: ClosedRange<Double>) {
        #expect(abs(self.first(remaining, refreshIn, chance: 0) - waits.lowerBound) < 0.001)
        #expect(abs(self.first(remaining, refreshIn, chance: 1) - waits.upperBound) < 0.001)
    }

    private func schedule(remaining: Double) -> RenewalSchedule {
        RenewalSchedule(remaining: .seconds(remaining), refreshIn: nil, now: Self.start, chance: 0)
    }

    @Test func setbacksWhileTheTokenIsValidGrowApart() {
        var schedule = self.schedule(remaining: 100_000)
        var now = Self.start + .seconds(90_000)
        var waits: [Double] = []
        for isFailure in [true, false, true, true, false, true] {
            if isFailure {
                let goesOn = schedule.failed(isRetryable: false, retryAfter: nil, now: now, chance: 0.5)
                #expect(goesOn)
            } else {
                schedule.unchanged(remaining: schedule.expiry - now, now: now, chance: 0.5)
            }
            waits.append((schedule.nextAttempt - now) / .seconds(1))
            now = schedule.nextAttempt
        }
        #expect(waits == [30, 60, 120, 240, 300, 300])
        schedule.renewed(remaining: .seconds(3600), refreshIn: nil, now: now, chance: 0)
        now = schedule.nextAttempt
        let goesOn = schedule.failed(isRetryable: true, retryAfter: nil, now: now, chance: 0.5)
        #expect(goesOn)
        #expect(schedule.nextAttempt - now == .seconds(30))
    }

    @Test func theyComeCloserAsItsEndDoes() {
        var schedule = self.schedule(remaining: 600)
        var now = Self.start + .seconds(500)
        var waits: [Duration] = []
        while now < schedule.expiry {
            let goesOn = schedule.failed(isRetryable: false, retryAfter: nil, now: now, chance: 0.5)
            #expect(goesOn)
            waits.append(schedule.nextAttempt - now)
            now = schedule.nextAttempt
        }
        #expect(waits.prefix(3) == [.seconds(30), .seconds(35), .seconds(17.5)] && waits.last == .seconds(1))
        #expect(now - schedule.expiry <= .seconds(1) && waits.count < 10)
        let goesOn = schedule.failed(isRetryable: false, retryAfter: nil, now: now, chance: 0.5)
        #expect(!goesOn)
    }

    @Test func onceItHasExpiredOnlyWhatMayPassIsTriedAgain() {
        var schedule = self.schedule(remaining: 600)
        var now = schedule.expiry
        var waits: [Duration] = []
        for _ in 0..<7 {
            let goesOn = schedule.failed(isRetryable: true, retryAfter: nil, now: now, chance: 0.5)
            #expect(goesOn)
            waits.append(schedule.nextAttempt - now)
            now = schedule.nextAttempt
        }
        #expect(waits == [2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        let goesOn = schedule.failed(isRetryable: false, retryAfter: nil, now: now, chance: 0.5)
        #expect(!goesOn)
    }

    @Test(arguments: [(10, 30), (90, 90), (3600, 300), (-5, 30)] as [(Int, Int)])
    func aServicesWishIsHeededUpToAPoint(wish: Int, wait: Int) {
        var schedule = self.schedule(remaining: 3600)
        let goesOn = schedule.failed(isRetryable: true, retryAfter: .seconds(wish), now: Self.start, chance: 0.5)
        #expect(goesOn)
        #expect(schedule.nextAttempt - Self.start == .seconds(wait))
    }

    @Test func aKeptTokenHasToOutliveTheLast() {
        let schedule = self.schedule(remaining: 600)
        let late = Self.start + .seconds(500)
        #expect(schedule.minimumRemaining(nil, now: late) == .seconds(101))
        #expect(schedule.minimumRemaining(.seconds(900), now: late) == .seconds(900))
        #expect(schedule.minimumRemaining(nil, now: schedule.expiry) == nil)
        #expect(schedule.minimumRemaining(.seconds(9), now: schedule.expiry) == .seconds(9))
    }

    @Test func neverAsksTwiceWithinASecond() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var now = Self.start
            var schedule = self.schedule(remaining: .random(in: -10...1000, using: &generator))
            for _ in 0..<20 {
                #expect(schedule.nextAttempt - now >= .seconds(1))
                now = schedule.nextAttempt
                let chance = Double.random(in: 0..<1, using: &generator)
                let remaining = Duration.seconds(Double.random(in: -100...100, using: &generator))
                switch Int.random(in: 0..<3, using: &generator) {
                case 0:
                    let refreshIn = Duration.seconds(Double.random(in: -100...100, using: &generator))
                    schedule.renewed(remaining: remaining, refreshIn: refreshIn, now: now, chance: chance)
                case 1: schedule.unchanged(remaining: remaining, now: now, chance: chance)
                default: _ = schedule.failed(isRetryable: true, retryAfter: remaining, now: now, chance: chance)
                }
            }
        }
    }

    @Test(arguments: [1e9, 9e18, -1e9] as [Double]) func noLifetimeOverflows(seconds: Double) {
        let schedule = self.schedule(remaining: seconds)
        #expect(schedule.nextAttempt > Self.start)
    }
}
