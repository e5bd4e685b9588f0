// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Retries by more than one table.
@Suite struct RetryRulesTests {
    private static let gone = RetryOptions(maximumRetries: 4, baseDelay: .seconds(6))
    private static let metadata = RetryOptions(maximumRetries: 5, baseDelay: .milliseconds(800))
    private static let rules = RetryRules(
        base: RetryOptions(maximumRetries: 3, statusCodes: [429, 500, 503]), byStatus: [404: metadata, 410: gone],
        onFailure: RetryOptions(maximumRetries: 2, baseDelay: .milliseconds(100)))

    private func status(_ status: Int, retryAfter: Duration? = nil) -> RetryPlan.Outcome {
        .response(status: status, retryAfter: retryAfter)
    }

    /// The delays in milliseconds for these outcomes, until the plan stops.
    private func delays(_ outcomes: [RetryPlan.Outcome], rules: RetryRules = rules, jitter: Double = 0.4) -> [Int] {
        var plan = RetryPlan(rules: rules, deadline: nil)
        var now = MonotonicTime(nanoseconds: 0)
        var result: [Int] = []
        for outcome in outcomes {
            guard case .retry(let delay) = plan.next(after: outcome, now: now, jitter: jitter) else { break }
            result.append(Int((delay / .milliseconds(1)).rounded()))
            now = now + delay
        }
        #expect(plan.retryCount == result.count)
        return result
    }

    /// An identity service that is being updated needs up to 70 seconds.
    @Test(arguments: [0, 0.25, 0.5, 0.75, 1])
    func goneIsWaitedForAtLeast70Seconds(jitter: Double) {
        let delays = self.delays(Array(repeating: self.status(410), count: 10), jitter: jitter)
        #expect(delays.count == 4 && delays.reduce(0, +) >= 70_000, "\(delays)")
    }

    @Test func notFoundFiveTimesThenFound() {
        let outcomes = Array(repeating: self.status(404), count: 5) + [self.status(200)]
        #expect(self.delays(outcomes) == [800, 1600, 3200, 6400, 12_800])
        #expect(self.delays(Array(repeating: self.status(404), count: 9)).count == 5)
    }

    @Test(arguments: [0.0, 0.5, 1.0], [Self.gone, Self.metadata])
    func noDelayIsShorterThanFourFifths(jitter: Double, options: RetryOptions) {
        let rules = RetryRules(base: .none, byStatus: [418: options])
        let delays = self.delays(Array(repeating: self.status(418), count: 9), rules: rules, jitter: jitter)
        for (number, delay) in delays.enumerated() {
            let full = min(options.baseDelay.inSeconds * Double(1 << number) * 1000, 60_000)
            #expect(Double(delay) >= 0.8 * full - 1 && Double(delay) <= 1.3 * full + 1)
        }
    }

    @Test func eachTableCountsItsOwn() {
        let outcomes = [
            self.status(404), self.status(500), .failure(isRetryable: true), self.status(404), self.status(503), self.status(410),
            .failure(isRetryable: true), self.status(404), self.status(429), self.status(410),
        ]
        #expect(self.delays(outcomes) == [800, 800, 100, 1600, 1600, 6000, 200, 3200, 3200, 12_000])
        #expect(self.delays(outcomes + [self.status(500)]).count == 10)
        #expect(self.delays(outcomes + [.failure(isRetryable: true)]).count == 10)
        #expect(self.delays(outcomes + [self.status(404), self.status(404)]).count == 12)
    }

    @Test func twelveRetriesAreAllThereAre() {
        let many = RetryOptions(maximumRetries: 100, baseDelay: .milliseconds(1))
        let rules = RetryRules(base: many, byStatus: [404: many])
        #expect(self.delays((0..<50).map { self.status($0 % 2 == 0 ? 404 : 500) }, rules: rules).count == 12)
        #expect(self.delays(Array(repeating: .failure(isRetryable: true), count: 50), rules: rules).count == 12)
        // A caller's only table has its own limit.
        #expect(self.delays(Array(repeating: self.status(500), count: 50), rules: RetryRules(base: many)).count == 50)
    }

    @Test func whatNoTableListsIsNotRetried() {
        for status in [200, 302, 400, 401, 403, 408, 502] {
            #expect(self.delays([self.status(status)]).isEmpty)
            #expect(self.delays([self.status(status, retryAfter: .seconds(1))]).isEmpty)
        }
        #expect(self.delays([.failure(isRetryable: false)]).isEmpty)
    }

    @Test func heedsRetryAfterOfListedStatusesUpToTheTablesBound() {
        #expect(
            self.delays([self.status(404, retryAfter: .seconds(7)), self.status(410, retryAfter: .seconds(60))]) == [
                7000, 60_000,
            ])
        #expect(self.delays([self.status(410, retryAfter: .seconds(61))]).isEmpty)
        #expect(self.delays([self.status(404, retryAfter: .zero), self.status(404)]) == [800, 1600])
        let short = RetryRules(base: .none, byStatus: [404: RetryOptions(maximumDelay: .seconds(2))])
        #expect(self.delays([self.status(404, retryAfter: .seconds(3))], rules: short).isEmpty)
    }

    @Test func failuresWithoutATableAreTheBases() {
        let rules = RetryRules(base: RetryOptions(maximumRetries: 2), byStatus: [404: Self.metadata])
        #expect(self.delays([.failure(isRetryable: true), self.status(500), self.status(500)], rules: rules) == [800, 1600])
        #expect(
            self.delays([.failure(isRetryable: true)], rules: RetryRules(base: RetryOptions(), onFailure: RetryOptions.none))
                .isEmpty)
    }

    @Test func aPipelineGoesByItsRules() async throws {
        let clock = VirtualClock()
        let answers = Locked([404, 404, 500, 200])
        struct Script: HTTPTransport {
            let answers: Locked<[Int]>
            func send(_ request: TransportRequest) async throws -> TransportResponse {
                TransportResponse(status: self.answers.withLock { $0.removeFirst() })
            }
        }
        let pipeline = HTTPPipeline(
            transport: Script(answers: answers), clock: clock, rules: Self.rules, logging: .init(), userAgent: "a")
        let request = TransportRequest(url: try #require(URL(string: "http://h.example/")))
        let task = Task { try await pipeline.send(request, context: TokenRequestContext(scopes: ["s"]), deadline: nil) }
        for delay in [1.05, 2.1, 1.05] {
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(delay))
        }
        #expect(try await task.value.response.status == 200)
        #expect(answers.withLock { $0.isEmpty })
    }
}
