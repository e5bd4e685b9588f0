// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// How often, how fast and for which failures a request is sent again.
///
/// Besides the status codes, failures of the transport are retried: refused and reset connections, time-outs, truncated responses.
/// A refused certificate is not. No wait reaches past the caller's time-out.
public struct RetryOptions: Sendable, Hashable {
    /// How many times a request is sent again. 0: never.
    public var maximumRetries: Int
    /// The delay before the first retry; doubled for each further one, and varied by −20 % to +30 %.
    public var baseDelay: Duration
    /// The longest delay, also of one that the service asks for: where it asks for more, the request isn't sent again and the
    /// error says how long the service wants to be left alone.
    public var maximumDelay: Duration
    /// The status codes that are retried.
    public var statusCodes: Set<Int>

    /// Three retries after about 0.8, 1.6 and 3.2 seconds, for 408, 429, 500, 502, 503 and 504.
    public static let `default` = RetryOptions()

    /// Each request is sent once.
    public static let none = RetryOptions(maximumRetries: 0)

    /// Creates options.
    ///
    /// - Parameters:
    ///   - maximumRetries: How many times a request is sent again.
    ///   - baseDelay: The delay before the first retry.
    ///   - maximumDelay: The longest delay.
    ///   - statusCodes: The status codes that are retried.
    public init(
        maximumRetries: Int = 3,
        baseDelay: Duration = .milliseconds(800),
        maximumDelay: Duration = .seconds(60),
        statusCodes: Set<Int> = [408, 429, 500, 502, 503, 504]
    ) {
        self.maximumRetries = maximumRetries
        self.baseDelay = baseDelay
        self.maximumDelay = maximumDelay
        self.statusCodes = statusCodes
    }
}
