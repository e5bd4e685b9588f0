// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Gives a credential of your own the engine of this library: kept tokens, one request for all callers, early renewal.
///
/// ```swift
/// let credential = CachingTokenCredential { context in
///     try await myTokenServer.token(scopes: context.scopes)
/// }
/// ```
///
/// The closure is called when no kept token would do, and early before one expires; never twice at a time for the same scopes, tenant
/// and claims. Its errors are passed on and not kept.
///
/// Reads no environment variable. Keeps tokens in the given cache until they expire.
public final class CachingTokenCredential: TokenCredential {
    let name: String
    private let acquirer: TokenAcquirer

    /// Creates a credential from a closure.
    ///
    /// - Parameters:
    ///   - name: The name that errors, logs and metrics show.
    ///   - key: Credentials with the same name and key share their tokens, if they share a cache. `nil`: none does, since closures
    ///     can't be compared.
    ///   - cache: Where tokens are kept. By default a cache of its own.
    ///   - acquire: Gets a token. It may throw ``AuthenticationError``, whose code tells a chain whether to go on; any other error is wrapped.
    public convenience init(
        name: String = "CachingTokenCredential",
        key: String? = nil,
        cache: TokenCache = .inMemory,
        _ acquire: @escaping @Sendable (TokenRequestContext) async throws -> AccessToken
    ) {
        self.init(name: name, key: key, cache: cache, host: Host(environment: [:]), acquire)
    }

    /// Creates a credential on another machine: a test's.
    package init(
        name: String,
        key: String?,
        cache: TokenCache,
        host: Host,
        _ acquire: @escaping @Sendable (TokenRequestContext) async throws -> AccessToken
    ) {
        self.name = name
        self.acquirer = TokenAcquirer(
            credential: name,
            partition: KeyedDigest.partition(
                key.map { ["closure", name, "key", $0] } ?? ["closure", name, "instance", UUID().uuidString]),
            cache: cache,
            host: host,
            logging: LoggingOptions(),
            provesPossession: true,
            acquire: { request in
                var context = request.context
                context.tenantID = request.tenantID.isEmpty ? nil : request.tenantID
                // The request is shared: the time of the caller that happened to begin it isn't the others'.
                context.timeout = nil
                return try AcquiredToken(of: try await acquire(context), credential: name, clock: host.clock)
            }
        )
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The request; passed to the closure when no kept token would do.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: the closure's, or one that wraps the closure's error; `.authenticationFailed` if the closure's
    ///   token has expired already; `.invalidConfiguration` if a scope can't be one; `.timedOut` if the request's own time is up.
    ///   Rethrows `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        try await self.acquirer.token(for: context, tenantID: context.tenantID ?? "")
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        try self.acquirer.keptToken(for: context, tenantID: context.tenantID ?? "")
    }

    /// Drops the kept tokens of this credential and of those that share with it.
    public func removeCachedTokens() { self.acquirer.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.acquirer.events.events }
}

extension CachingTokenCredential: KeepingTokenCredential, TokenEventSource {}
