// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import struct Logging.Logger

/// What is logged of HTTP exchanges, and where.
///
/// One line at info for each exchange: method, URL, status, duration, and the headers and query parameters of the allow-lists; the
/// values of all others are shown as `REDACTED`. Bodies and unredacted headers only when asked for. Nothing above info.
public struct LoggingOptions: Sendable {
    /// The logger. `nil`: the caller's task-local `Logger.current`.
    public var logger: Logger?
    /// Whether bodies and unredacted headers are logged, at debug level.
    ///
    /// > Warning: The log then holds secrets and tokens.
    public var isContentLoggingEnabled: Bool
    /// Names of headers whose values are shown besides the usual ones, in any case.
    public var additionalAllowedHeaders: Set<String>
    /// Names of query parameters whose values are shown besides `api-version`, in any case.
    public var additionalAllowedQueryParameters: Set<String>

    /// Creates options.
    ///
    /// - Parameters:
    ///   - logger: The logger; `nil` for the caller's task-local one.
    ///   - isContentLoggingEnabled: Whether bodies and unredacted headers are logged.
    ///   - additionalAllowedHeaders: Names of headers whose values are shown.
    ///   - additionalAllowedQueryParameters: Names of query parameters whose values are shown.
    public init(
        logger: Logger? = nil,
        isContentLoggingEnabled: Bool = false,
        additionalAllowedHeaders: Set<String> = [],
        additionalAllowedQueryParameters: Set<String> = []
    ) {
        self.logger = logger
        self.isContentLoggingEnabled = isContentLoggingEnabled
        self.additionalAllowedHeaders = additionalAllowedHeaders
        self.additionalAllowedQueryParameters = additionalAllowedQueryParameters
    }
}
