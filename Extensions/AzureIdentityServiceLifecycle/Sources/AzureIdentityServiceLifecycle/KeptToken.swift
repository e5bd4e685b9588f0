// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureIdentity

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Date
#else
public import struct Foundation.Date
#endif

/// What a ``TokenKeepWarmService`` knows of the token of one request. The token itself isn't in it.
public struct KeptToken: Sendable {
    /// The request, as the service was given it.
    public let request: TokenRequestContext
    /// When the last token expires. `nil`: there has been none.
    public internal(set) var expiresOn: Date?
    /// When the credential gave a token last.
    public internal(set) var renewedOn: Date?
    /// How often the credential gave a token, the same one again included.
    public internal(set) var successes = 0
    /// How many attempts have failed since it gave one last.
    public internal(set) var failures = 0
    /// The error of the last attempt. `nil`: it went well, or there was none. `AuthenticationError`, or what a credential of your own throws.
    /// Its text may name a user; `AuthenticationError.summaryWithoutAccounts` doesn't, and the code tells nothing private at all.
    public internal(set) var lastError: (any Error)?

    init(request: TokenRequestContext) { self.request = request }

    /// Whether there is a token that hasn't expired.
    ///
    /// - Parameter date: The time.
    /// - Returns: Whether it is valid then.
    public func isValid(at date: Date) -> Bool { self.expiresOn.map { $0 > date } ?? false }

    /// One line about an error, without names of users; of unknown types the name alone, since their text may hold anything.
    static func summary(of error: any Error) -> String {
        (error as? AuthenticationError)?.summaryWithoutAccounts ?? "\(type(of: error))"
    }
}
