// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// Authenticates a user with an authorization code that your application was given on its redirect URL, where it runs the sign-in itself.
///
/// The code is redeemed once, by the first request; later tokens come by a refresh token. A code whose redemption fails because the
/// service can't be reached is kept for the next request.
///
/// Reads what ``ClientSecretCredential`` reads. Keeps access tokens in memory until they expire, and the refresh token in the options'
/// `TokenCache`.
public final class AuthorizationCodeCredential: TokenCredential {
    static let name = "AuthorizationCodeCredential"

    private let engine: UserEngine

    /// Creates a credential. Nothing is checked or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant that the user signed in to.
    ///   - clientID: The application's (client) id.
    ///   - authorizationCode: The code.
    ///   - redirectURL: The redirect URL that the code was sent to, exactly as in the request for it.
    ///   - authentication: How the application proves who it is; `nil`: it is a public client.
    ///   - codeVerifier: What the request's `code_challenge` was made from (RFC 7636), if there was one.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    public init(
        tenantID: String,
        clientID: String,
        authorizationCode: Secret,
        redirectURL: String,
        authentication: ClientAuthentication? = nil,
        codeVerifier: Secret? = nil,
        options: CredentialOptions = CredentialOptions()
    ) {
        var client = UserEngine.Client(credential: Self.name, tenantID: tenantID, clientID: clientID)
        var proof: (@Sendable (GrantContext) async throws -> ClientProof)?
        if let authentication { proof = { context in try await authentication.proof(Self.name, clientID, context) } }
        client.proof = proof
        client.guideProof = authentication?.guideProof ?? .person
        self.engine = UserEngine(
            client,
            options: options,
            check: {
                for (name, value) in [("authorization code", authorizationCode.revealed), ("redirect URL", redirectURL)]
                where value.isEmpty || value.utf8.count > 16_384 || !value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
                    throw AuthenticationError(
                        .invalidConfiguration,
                        credential: Self.name,
                        message: "The \(name) is empty, too long, or holds blanks or characters that none has."
                    )
                }
            },
            flow: AuthorizationCodeFlow(
                code: authorizationCode,
                redirectURL: redirectURL,
                codeVerifier: codeVerifier,
                proof: client.proof
            )
        )
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The request.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationRequired` if the code has been redeemed and there is no refresh token that is good
    ///   for the request; `.authenticationFailed` if Microsoft Entra ID refuses the code or can't be reached; `.invalidConfiguration` if
    ///   an argument, a scope or the claims can't be sent; `.timedOut` if the request's own time is up. Rethrows `CancellationError`. A
    ///   renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Who has signed in, once the code is redeemed.
    public var authenticationRecord: AuthenticationRecord? { self.engine.authenticationRecord }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept access tokens.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// Removes the user's tokens from the cache, the refresh token too.
    ///
    /// - Throws: What a cache that is required throws.
    public func signOut() async throws { try await self.engine.signOut() }
}

extension AuthorizationCodeCredential: EntraCredential, TokenEventSource {}
