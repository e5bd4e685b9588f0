// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// When a device asks whether the person has signed in (RFC 8628, section 3.5), and when it gives up. Pure.
///
/// It never asks at once, never sooner than the service wants, and never after the code has expired.
struct DeviceCodeSchedule: Sendable {
    /// By how much the interval grows when the service wants it slower, or can't be reached.
    static let slowdown = Duration.seconds(5)
    /// How far it grows where nobody answers.
    static let patience = Duration.seconds(30)

    private(set) var interval: Duration
    /// How long the service wants to be left alone, this once.
    private var pause = Duration.zero
    private let expiry: MonotonicTime
    /// When the caller's own time is up.
    private let limit: MonotonicTime?

    /// What to do next.
    enum Step: Equatable {
        case ask(after: Duration)
        /// The caller's own time is up, or will be before the service may be asked again.
        case timedOut
        /// The code is no good any more.
        case expired
    }

    /// What an answer other than a token comes to.
    enum Outcome: Equatable {
        /// The person hasn't signed in yet.
        case pending
        case declined
        case expired
        case failed
    }

    /// - Parameters:
    ///   - interval: How long to wait between questions.
    ///   - expiry: When the code is no good any more.
    ///   - limit: When the caller's own time is up.
    init(interval: Duration, expiry: MonotonicTime, limit: MonotonicTime?) {
        self.interval = interval
        self.expiry = expiry
        self.limit = limit
    }

    /// What to do after an answer, or after the person was told. Nobody waits for a time at which it would be too late to ask.
    func next(now: MonotonicTime) -> Step {
        let delay = max(self.interval, self.pause)
        let next = now + delay
        if let limit = self.limit, limit < self.expiry, next > limit { return .timedOut }
        if next > self.expiry { return .expired }
        return .ask(after: delay)
    }

    /// Takes note of an answer.
    mutating func note(_ error: AuthenticationError) -> Outcome {
        self.pause = .zero
        switch error.serviceError?.error {
        case "authorization_pending": return .pending
        case "slow_down":
            self.interval += Self.slowdown
            return .pending
        case "authorization_declined", "access_denied": return .declined
        case "expired_token", "code_expired": return .expired
        default:
            // A network that is away for a minute must not end what a person is in the middle of.
            guard error.isRetryable else { return .failed }
            if self.interval < Self.patience { self.interval += Self.slowdown }
            self.pause = min(error.retryAfter ?? .zero, TokenAcquirer.maximumHold)
            return .pending
        }
    }
}
