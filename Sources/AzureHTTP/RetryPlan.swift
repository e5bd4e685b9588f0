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

    /// What to do next.
    package enum Decision: Sendable, Hashable {
        case stop
        case retry(after: Duration)
    }

    private let options: RetryOptions
    private let deadline: MonotonicTime?
    /// How many times the request was sent again so far.
    package private(set) var retryCount = 0

    /// - Parameters:
    ///   - options: The options.
    ///   - deadline: When the caller stops waiting; no wait reaches past it.
    package init(options: RetryOptions, deadline: MonotonicTime?) {
        self.options = options
        self.deadline = deadline
    }

    /// - Parameters:
    ///   - outcome: What came of the request just sent.
    ///   - now: The time.
    ///   - jitter: A random number from 0 to 1.
    package mutating func next(after outcome: Outcome, now: MonotonicTime, jitter: Double) -> Decision {
        guard self.retryCount < self.options.maximumRetries else { return .stop }
        var delay = self.backoff(jitter: jitter)
        switch outcome {
        case .response(let status, let retryAfter):
            guard self.options.statusCodes.contains(status) else { return .stop }
            if let retryAfter {
                guard retryAfter <= self.options.maximumDelay else { return .stop }
                // "At once" is no wish: a service that says so is retried as one that says nothing.
                if retryAfter > .zero { delay = retryAfter }
            }
        case .failure(let isRetryable):
            guard isRetryable else { return .stop }
        }
        if let deadline = self.deadline, now + delay >= deadline { return .stop }
        self.retryCount += 1
        return .retry(after: delay)
    }

    private func backoff(jitter: Double) -> Duration {
        let doubling = Double(1 << min(self.retryCount, 30))
        let factor = doubling * (0.8 + 0.5 * jitter)
        let ceiling = self.options.maximumDelay.inSeconds
        return .seconds(min(max(self.options.baseDelay.inSeconds, 0) * factor, max(ceiling, 0)))
    }
}
