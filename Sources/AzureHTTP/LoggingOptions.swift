// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
public import struct Logging.Logger

/// What is logged of HTTP exchanges, and where.
///
/// One line at info for each exchange: method, URL, status, duration, and the headers and query parameters of the allow-lists; the
/// values of all others are shown as `REDACTED`. Bodies and unredacted headers only when asked for. Nothing above info.
///
/// Ids of tenants, applications and objects are logged; names of users, home account ids and login hints aren't, unless
/// ``isAccountIdentifierLoggingEnabled`` is set.
public struct LoggingOptions: Sendable {
    /// The logger. `nil`: the caller's task-local `Logger.current`.
    public var logger: Logger?
    /// Whether bodies and unredacted headers are logged, at debug level.
    ///
    /// > Warning: The log then holds secrets and tokens.
    public var isContentLoggingEnabled: Bool
    /// Whether what tells of a person may be logged: user names, home account ids and login hints, where services and URLs show them.
    ///
    /// Without it they are left out of every line but those of content logging, by their form: what looks like `ada@contoso.example` is shown
    /// as `<account>`. What was sent as a secret is never shown, with it or without.
    public var isAccountIdentifierLoggingEnabled: Bool
    /// Names of headers whose values are shown besides the usual ones, in any case.
    public var additionalAllowedHeaders: Set<String>
    /// Names of query parameters whose values are shown besides `api-version`, in any case.
    public var additionalAllowedQueryParameters: Set<String>

    /// Creates options.
    ///
    /// - Parameters:
    ///   - logger: The logger; `nil` for the caller's task-local one.
    ///   - isContentLoggingEnabled: Whether bodies and unredacted headers are logged.
    ///   - isAccountIdentifierLoggingEnabled: Whether what tells of a person may be logged.
    ///   - additionalAllowedHeaders: Names of headers whose values are shown.
    ///   - additionalAllowedQueryParameters: Names of query parameters whose values are shown.
    public init(
        logger: Logger? = nil,
        isContentLoggingEnabled: Bool = false,
        isAccountIdentifierLoggingEnabled: Bool = false,
        additionalAllowedHeaders: Set<String> = [],
        additionalAllowedQueryParameters: Set<String> = []
    ) {
        self.logger = logger
        self.isContentLoggingEnabled = isContentLoggingEnabled
        self.isAccountIdentifierLoggingEnabled = isAccountIdentifierLoggingEnabled
        self.additionalAllowedHeaders = additionalAllowedHeaders
        self.additionalAllowedQueryParameters = additionalAllowedQueryParameters
    }
}

extension LoggingOptions {
    /// The logger to write to now.
    package var currentLogger: Logger { self.logger ?? Logger.current }

    /// A text as the log may show it.
    package func shown(_ text: String) -> String {
        self.isAccountIdentifierLoggingEnabled ? text : AccountText.redacted(text)
    }
}
