// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Decides whether a request is sent again, and after how long. Pure.
package struct RetryPlan: Sendable {
    /// What came of a request.
    package enum Outcome: Sendable {
        case response(status: Int, retryAfter: Duration?)
        case failure(isRetryable: Bool)
    }

    /// A wish for less than this is none: it would undo the delays that keep a service in trouble from being asked all the time.
    static let shortestWish = Duration.milliseconds(50)

    /// What to do next.
    package enum Decision: Sendable, Hashable {
        case stop
        case retry(after: Duration)
    }

    private let rules: RetryRules
    private let deadline: MonotonicTime?
    private var counts: [RetryRules.Place: Int] = [:]
    /// How many times the request was sent again so far.
    package private(set) var retryCount = 0

    /// - Parameters:
    ///   - rules: Which failures are retried, and how.
    ///   - deadline: When the caller stops waiting; no wait reaches past it.
    package init(rules: RetryRules, deadline: MonotonicTime?) {
        self.rules = rules
        self.deadline = deadline
    }

    /// - Parameters:
    ///   - options: The only table.
    ///   - deadline: When the caller stops waiting; no wait reaches past it.
    package init(options: RetryOptions, deadline: MonotonicTime?) {
        self.init(rules: RetryRules(base: options), deadline: deadline)
    }

    /// - Parameters:
    ///   - outcome: What came of the request just sent.
    ///   - now: The time.
    ///   - jitter: A random number from 0 to 1.
    package mutating func next(after outcome: Outcome, now: MonotonicTime, jitter: Double) -> Decision {
        guard let (place, options) = self.rules.table(for: outcome), self.retryCount < self.rules.limit else { return .stop }
        let count = self.counts[place] ?? 0
        guard count < options.maximumRetries else { return .stop }
        var delay = Self.backoff(options, count: count, jitter: jitter)
        if case .response(_, let retryAfter?) = outcome {
            guard retryAfter <= options.maximumDelay else { return .stop }
            // "At once" is no wish: a service that says so is retried as one that says nothing.
            if retryAfter >= Self.shortestWish { delay = retryAfter }
        }
        if let deadline = self.deadline, now + delay >= deadline { return .stop }
        self.counts[place] = count + 1
        self.retryCount += 1
        return .retry(after: delay)
    }

    private static func backoff(_ options: RetryOptions, count: Int, jitter: Double) -> Duration {
        let doubling = Double(1 << min(count, 30))
        let factor = doubling * (0.8 + 0.5 * jitter)
        let ceiling = options.maximumDelay.inSeconds
        return .seconds(min(max(options.baseDelay.inSeconds, 0) * factor, max(ceiling, 0)))
    }
}
