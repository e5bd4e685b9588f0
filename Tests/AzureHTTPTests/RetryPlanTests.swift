// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

@Suite struct RetryPlanTests {
    private static let start = MonotonicTime(nanoseconds: 0)

    /// The delays in milliseconds until the plan stops.
    private func delays(
        _ outcome: RetryPlan.Outcome,
        options: RetryOptions = .default,
        deadline: Duration? = nil,
        jitter: Double = 0.4
    ) -> [Int] {
        var plan = RetryPlan(options: options, deadline: deadline.map { Self.start + $0 })
        var now = Self.start
        var result: [Int] = []
        while case .retry(let delay) = plan.next(after: outcome, now: now, jitter: jitter), result.count < 100 {
            result.append(Int((delay / .milliseconds(1)).rounded()))
            now = now + delay
        }
        return result
    }

    @Test(arguments: [
        (408, [800, 1600, 3200]), (429, [800, 1600, 3200]), (500, [800, 1600, 3200]), (502, [800, 1600, 3200]),
        (503, [800, 1600, 3200]), (504, [800, 1600, 3200]), (200, []), (302, []), (400, []), (401, []), (404, []), (501, []),
    ])
    func retriesOnlyTheListedStatusCodes(status: Int, expected: [Int]) {
        #expect(self.delays(.response(status: status, retryAfter: nil)) == expected)
    }

    @Test func variesTheDelay() {
        #expect(self.delays(.failure(isRetryable: true), jitter: 0) == [640, 1280, 2560])
        #expect(self.delays(.failure(isRetryable: true), jitter: 1) == [1040, 2080, 4160])
        #expect(self.delays(.failure(isRetryable: false)) == [])
    }

    @Test func heedsRetryAfterUpToTheBound() {
        #expect(self.delays(.response(status: 429, retryAfter: .seconds(7))) == [7000, 7000, 7000])
        #expect(self.delays(.response(status: 429, retryAfter: .seconds(60))) == [60_000, 60_000, 60_000])
        #expect(self.delays(.response(status: 429, retryAfter: .seconds(61))) == [])
        #expect(self.delays(.response(status: 400, retryAfter: .seconds(1))) == [])
        #expect(self.delays(.response(status: 503, retryAfter: .zero)) == [800, 1600, 3200])
    }

    @Test func neverWaitsPastTheDeadline() {
        #expect(self.delays(.failure(isRetryable: true), deadline: .seconds(2)) == [800])
        #expect(self.delays(.failure(isRetryable: true), deadline: .milliseconds(800)) == [])
        #expect(self.delays(.response(status: 503, retryAfter: .seconds(5)), deadline: .seconds(12)) == [5000, 5000])
    }

    @Test func survivesAbsurdOptions() {
        var options = RetryOptions(maximumRetries: 100, baseDelay: .seconds(-5), maximumDelay: .seconds(-5))
        #expect(self.delays(.failure(isRetryable: true), options: options) == Array(repeating: 0, count: 100))
        options = RetryOptions(maximumRetries: 70, baseDelay: .seconds(1_000_000), maximumDelay: .seconds(3))
        #expect(self.delays(.failure(isRetryable: true), options: options) == Array(repeating: 3000, count: 70))
        #expect(self.delays(.failure(isRetryable: true), options: .none) == [])
    }
}
