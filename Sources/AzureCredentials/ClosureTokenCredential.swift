// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Gets tokens by calling a closure.
///
/// The shortest way to a credential of your own. The closure is called for every token; give it to `CachingTokenCredential` of
/// `AzureIdentity` instead to keep tokens and to answer concurrent callers with one call.
///
/// Reads no environment variable. Keeps no tokens.
public struct ClosureTokenCredential: TokenCredential {
    package let name: String
    private let acquire: @Sendable (TokenRequestContext) async throws -> AccessToken

    /// Creates a credential from a closure.
    ///
    /// - Parameters:
    ///   - name: The name that errors show.
    ///   - acquire: Gets a token. It may throw ``AuthenticationError``, whose code tells a chain whether to go on; any other error is wrapped.
    public init(
        name: String = "ClosureTokenCredential",
        _ acquire: @escaping @Sendable (TokenRequestContext) async throws -> AccessToken
    ) {
        self.name = name
        self.acquire = acquire
    }

    /// Calls the closure.
    ///
    /// - Parameter context: The request; passed to the closure.
    /// - Returns: The closure's token.
    /// - Throws: The closure's ``AuthenticationError``, or any other error of the closure wrapped in one with
    ///   ``AuthenticationError/Code-swift.struct/authenticationFailed``. Rethrows `CancellationError`.
    public nonisolated(nonsending) func token(for context: TokenRequestContext) async throws -> AccessToken {
        try Task.checkCancellation()
        try context.validate(for: self.name)
        do {
            return try await self.acquire(context)
        } catch let error {
            throw AuthenticationError.wrapping(error, credential: self.name)
        }
    }
}

extension TokenCredential where Self == ClosureTokenCredential {
    /// A credential that gets tokens by calling a closure.
    ///
    /// - Parameter acquire: Gets a token.
    /// - Returns: The credential.
    public static func closure(
        _ acquire: @escaping @Sendable (TokenRequestContext) async throws -> AccessToken
    ) -> ClosureTokenCredential {
        ClosureTokenCredential(acquire)
    }
}
