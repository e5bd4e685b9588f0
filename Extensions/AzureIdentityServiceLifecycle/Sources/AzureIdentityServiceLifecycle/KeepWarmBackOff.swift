// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// Decides how long to wait before a token that nobody has is asked for again. Pure.
struct KeepWarmBackOff: Sendable, Hashable {
    /// The first wait and the longest, where the same request may succeed later by itself.
    private static let passing = (first: Duration.seconds(1), longest: Duration.seconds(60))
    /// The same where somebody has to mend something.
    private static let lasting = (first: Duration.seconds(15), longest: Duration.seconds(300))

    /// Failures in a row.
    private var failures = 0

    /// Whether a retry can't help. Errors of unknown types can pass, for all that is known.
    static func isLasting(_ error: any Error) -> Bool { (error as? AuthenticationError).map { !$0.isRetryable } ?? false }

    /// There is a token again.
    mutating func reset() { self.failures = 0 }

    /// There is none.
    ///
    /// - Parameters:
    ///   - error: Why.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: How long to wait: doubled with each failure, a fifth more or less by chance, and as long as the service wants to be left alone,
    ///   up to the longest wait of all.
    mutating func failed(_ error: any Error, chance: Double) -> Duration {
        self.failures += 1
        let (first, longest) = Self.isLasting(error) ? Self.lasting : Self.passing
        let doubled = min(longest, first * (1 << min(self.failures - 1, 10)))
        let retryAfter = (error as? AuthenticationError)?.retryAfter ?? .zero
        return max(doubled * (0.8 + 0.4 * chance), min(retryAfter, Self.lasting.longest))
    }
}
