// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Gets access tokens for Azure services.
///
/// A service client takes a value of this type under the parameter name `credential` and asks it for a token before each request.
/// It needn't keep the token: every credential of `AzureIdentity` keeps its tokens in memory,
/// renews them early, and answers concurrent callers with one request.
///
/// Asking is cheap for any caller: the requirement runs on the caller's actor, so a kept token costs a `MainActor` caller no hop.
///
/// To write a credential of your own, conform to this protocol or use ``ClosureTokenCredential``;
/// `CachingTokenCredential` in `AzureIdentity` adds caching, single flight and early renewal.
public protocol TokenCredential: Sendable {
    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes, and what else distinguishes this request from others.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError`` for every failure, mistakes in the arguments included. Rethrows `CancellationError` unwrapped.
    nonisolated(nonsending) func token(for context: TokenRequestContext) async throws -> AccessToken
}

extension TokenCredential {
    /// Gets a token for the given scopes, with everything else left at its default.
    ///
    /// - Parameter scopes: The scopes, such as `https://vault.azure.net/.default`. At least one.
    /// - Returns: A token that is valid now.
    /// - Throws: As ``token(for:)``.
    public nonisolated(nonsending) func token(forScopes scopes: [String]) async throws -> AccessToken {
        try await self.token(for: TokenRequestContext(scopes: scopes))
    }

    /// Gets a token for the given scopes, with everything else left at its default.
    ///
    /// - Parameter scopes: The scopes, such as `https://vault.azure.net/.default`. At least one.
    /// - Returns: A token that is valid now.
    /// - Throws: As ``token(for:)``.
    public nonisolated(nonsending) func token(forScopes scopes: String...) async throws -> AccessToken {
        try await self.token(for: TokenRequestContext(scopes: scopes))
    }
}
