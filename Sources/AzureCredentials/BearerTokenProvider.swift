// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A closure-like value that returns a bearer token for fixed scopes.
///
/// For code that wants "something that returns a token": a database password, an HTTP client of another library.
///
/// ```swift
/// let provider = credential.bearerTokenProvider(forScopes: "https://ossrdbms-aad.database.windows.net/.default")
/// let password = try await provider()
/// ```
///
/// Keeps no tokens of its own: it asks the credential each time, which for the credentials of `AzureIdentity` means a look-up in memory.
public struct BearerTokenProvider: Sendable {
    private let credential: any TokenCredential
    private let context: TokenRequestContext

    /// Creates a provider.
    ///
    /// - Parameters:
    ///   - credential: The credential to ask.
    ///   - context: What to ask for.
    public init(credential: any TokenCredential, context: TokenRequestContext) {
        self.credential = credential
        self.context = context
    }

    /// Gets a token that is valid now.
    ///
    /// - Returns: The token, without the word `Bearer`.
    /// - Throws: As ``TokenCredential/token(for:)``.
    public nonisolated(nonsending) func callAsFunction() async throws -> String {
        try await self.credential.token(for: self.context).token
    }
}

extension TokenCredential {
    /// A closure-like value that returns a bearer token for the given scopes.
    ///
    /// - Parameter scopes: The scopes, at least one.
    /// - Returns: The provider.
    public func bearerTokenProvider(forScopes scopes: String...) -> BearerTokenProvider {
        BearerTokenProvider(credential: self, context: TokenRequestContext(scopes: scopes))
    }
}
