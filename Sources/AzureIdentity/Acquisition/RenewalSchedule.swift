// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
package import AzureHTTP

/// Decides when ``TokenRenewals`` asks again for the token it has handed on. Pure. Between two attempts there is always a second or more.
package struct RenewalSchedule: Sendable, Hashable {
    /// The least wait, which only tokens that live for seconds come to.
    static let shortestDelay = Duration.seconds(1)
    /// The first wait after a setback while the token is valid, and the longest.
    private static let validDelays = (first: Duration.seconds(30), longest: Duration.seconds(300))
    /// The same once it has expired: there is nothing left to lose, and somebody waits.
    private static let expiredDelays = (first: Duration.seconds(2), longest: Duration.seconds(60))

    /// When the token that was handed on expires.
    package private(set) var expiry: MonotonicTime
    /// When to ask next.
    package private(set) var nextAttempt: MonotonicTime
    /// Attempts in a row that brought nothing, while the token was valid.
    private var validSetbacks = 0
    /// Attempts in a row that brought nothing since it has expired, or that brought an expired one.
    private var expiredSetbacks = 0

    /// The schedule of a token that is handed on now.
    ///
    /// - Parameters:
    ///   - remaining: How long the token lives from now on.
    ///   - refreshIn: In how long it is due for renewal, if the token says so; negative if it is due already.
    ///   - now: The time.
    ///   - chance: A random number from 0 to 1.
    package init(remaining: Duration, refreshIn: Duration?, now: MonotonicTime, chance: Double) {
        self.expiry = now
        self.nextAttempt = now
        self.renewed(remaining: remaining, refreshIn: refreshIn, now: now, chance: chance)
    }

    /// Another token is handed on.
    package mutating func renewed(remaining: Duration, refreshIn: Duration?, now: MonotonicTime, chance: Double) {
        self.expiry = now + remaining
        self.validSetbacks = 0
        guard remaining > .zero else {
            self.expiredSetbacks += 1
            self.nextAttempt = now + self.delayAfterSetback(remaining: remaining, chance: chance)
            return
        }
        self.expiredSetbacks = 0
        self.nextAttempt = now + Self.firstDelay(remaining: remaining, refreshIn: refreshIn, chance: chance)
    }

    /// The answer was the same token again.
    ///
    /// - Parameter remaining: How long it lives from now on, by the answer.
    package mutating func unchanged(remaining: Duration, now: MonotonicTime, chance: Double) {
        self.expiry = now + remaining
        self.setBack(retryAfter: nil, now: now, chance: chance)
    }

    /// There was no answer, or a refusal.
    ///
    /// - Parameters:
    ///   - isRetryable: Whether the same request may succeed later.
    ///   - retryAfter: How long the service wants to be left alone.
    /// - Returns: Whether to go on. Not to, once the token has expired and asking again can't help.
    package mutating func failed(isRetryable: Bool, retryAfter: Duration?, now: MonotonicTime, chance: Double) -> Bool {
        guard isRetryable || now < self.expiry else { return false }
        self.setBack(retryAfter: retryAfter, now: now, chance: chance)
        return true
    }

    /// What a kept token has to live at least, so that it isn't the one that was handed on.
    package func minimumRemaining(_ wanted: Duration?, now: MonotonicTime) -> Duration? {
        guard now < self.expiry else { return wanted }
        return max(wanted ?? .zero, (self.expiry - now) + .seconds(1))
    }

    private mutating func setBack(retryAfter: Duration?, now: MonotonicTime, chance: Double) {
        let remaining = self.expiry - now
        if remaining > .zero { self.validSetbacks += 1 } else { self.expiredSetbacks += 1 }
        let delay = self.delayAfterSetback(remaining: remaining, chance: chance)
        self.nextAttempt = now + max(delay, min(retryAfter ?? .zero, Self.validDelays.longest))
    }

    /// Doubled with each setback. While the token is valid, no more than half of what it still lives, so that a last attempt isn't late.
    private func delayAfterSetback(remaining: Duration, chance: Double) -> Duration {
        let isValid = remaining > .zero
        let (first, longest) = isValid ? Self.validDelays : Self.expiredDelays
        let count = isValid ? self.validSetbacks : self.expiredSetbacks
        let doubled = min(longest, first * (1 << min(max(count - 1, 0), 10)))
        let delay = doubled * (0.8 + 0.4 * chance)
        return isValid ? min(delay, max(remaining / 2, Self.shortestDelay)) : delay
    }

    /// When the token says, else five minutes before it expires, each with a share of chance. One that is due as it is handed on is being
    /// renewed by its credential meanwhile: that takes a moment, so it isn't asked at once.
    private static func firstDelay(remaining: Duration, refreshIn: Duration?, chance: Double) -> Duration {
        let isSensible = refreshIn.map { $0 < remaining } ?? false
        let due = isSensible ? max(refreshIn ?? .zero, .zero) : max(remaining - RefreshSchedule.margin, remaining / 2)
        let least = min(RefreshSchedule.attemptInterval, max(remaining / 2, Self.shortestDelay))
        return max(RefreshSchedule.jittered(due, lifetime: remaining, chance: chance), least)
    }
}
