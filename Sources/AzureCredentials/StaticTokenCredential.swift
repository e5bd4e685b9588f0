// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Returns one token that was got elsewhere, for as long as the program likes.
///
/// For tests, and for tools that are handed a token. It never renews the token and doesn't check whether it has expired:
/// where a token has to last, use a credential that can get a new one.
///
/// Reads no environment variable. Keeps the given token.
public struct StaticTokenCredential: TokenCredential {
    private let accessToken: AccessToken

    /// Creates a credential that returns the given token.
    ///
    /// - Parameter token: The token to return.
    public init(_ token: AccessToken) { self.accessToken = token }

    /// Returns the token this credential was made with, whatever is asked for.
    ///
    /// - Parameter context: The request; only checked for being a valid one.
    /// - Returns: The token this credential was made with.
    /// - Throws: ``AuthenticationError`` with ``AuthenticationError/Code-swift.struct/invalidConfiguration`` if the context has no valid scope,
    ///   or asks for a proof of possession, which the token isn't.
    ///   Rethrows `CancellationError`. An expired token is *not* an error here.
    public nonisolated(nonsending) func token(for context: TokenRequestContext) async throws -> AccessToken {
        try Task.checkCancellation()
        try context.validate(for: "StaticTokenCredential")
        // A token that anybody could use is none for who wants one that only they can.
        guard context.proofOfPossession == nil || self.accessToken.type == .pop else {
            throw AuthenticationError.withoutProof("StaticTokenCredential")
        }
        return self.accessToken
    }
}

extension TokenCredential where Self == StaticTokenCredential {
    /// A credential that returns one token that was got elsewhere.
    ///
    /// - Parameter token: The token to return.
    /// - Returns: The credential.
    public static func `static`(_ token: AccessToken) -> StaticTokenCredential { StaticTokenCredential(token) }
}
