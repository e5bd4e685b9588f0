// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// Authenticates an application that acts for a user who has called it: exchanges the user's token for one for another service (the
/// on-behalf-of flow).
///
/// ```swift
/// let application = OnBehalfOfCredential(
///     tenantID: tenantID, clientID: clientID, authentication: .secret(secret), userAssertion: Secret(bearerToken))
/// let token = try await application.token(forScopes: "https://graph.microsoft.com/User.Read")
/// ```
///
/// One credential is for one user's token. ``acting(for:)`` makes one for another user's, which costs little: make one for each
/// request that your service answers. Users never share tokens, nor do applications with other secrets.
///
/// Where the service refuses because the user has to do something (a second factor, consent), the error is `.authenticationRequired`, and
/// `serviceError?.claims` is what your service passes on to its client in a `WWW-Authenticate` header.
///
/// For work that goes on after the user's token has expired, give the user's session a key: see
/// ``init(tenantID:clientID:authentication:sessionKey:userAssertion:options:)``.
///
/// Reads what ``ClientSecretCredential`` reads. Keeps access tokens in memory until they expire, also beyond the user's token; with a session key
/// it keeps a refresh token too, in the options' `TokenCache`.
public final class OnBehalfOfCredential: TokenCredential {
    static let name = "OnBehalfOfCredential"

    private enum State: Sendable {
        case exchange(Result<TokenAcquirer, AuthenticationError>)
        case session(UserEngine)
    }

    private let exchange: OnBehalfOfExchange
    private let state: State

    /// Creates a credential for one user's token. Nothing is checked or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant that the user belongs to.
    ///   - clientID: The application's (client) id, to which the user's token was issued.
    ///   - authentication: How the application proves who it is.
    ///   - userAssertion: The access token that the user's client sent.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    public convenience init(
        tenantID: String,
        clientID: String,
        authentication: ClientAuthentication,
        userAssertion: Secret,
        options: CredentialOptions = CredentialOptions()
    ) {
        let exchange = OnBehalfOfExchange(
            credential: Self.name,
            tenantID: tenantID,
            clientID: clientID,
            authentication: authentication,
            options: options
        )
        self.init(exchange, state: .exchange(exchange.acquirer(for: userAssertion)))
    }

    /// Creates a credential for work that outlives the user's token: what the exchange brings is kept under a key of your service's, and
    /// renewed by a refresh token.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant that the user belongs to.
    ///   - clientID: The application's (client) id.
    ///   - authentication: How the application proves who it is.
    ///   - sessionKey: What your service knows the user's work by. Who knows the key gets the user's tokens: make it as hard to guess as a
    ///     session cookie. The cache holds a digest of it.
    ///   - userAssertion: The access token that the user's client sent, which begins the session anew; `nil`: it is there already.
    ///   - options: The cloud, the tenants, the network, the cache and the log. With a custom cache the session outlives the process; a
    ///     persistent one has one document for all users, and is refused.
    public convenience init(
        tenantID: String,
        clientID: String,
        authentication: ClientAuthentication,
        sessionKey: Secret,
        userAssertion: Secret? = nil,
        options: CredentialOptions = CredentialOptions()
    ) {
        let exchange = OnBehalfOfExchange(
            credential: Self.name,
            tenantID: tenantID,
            clientID: clientID,
            authentication: authentication,
            options: options
        )
        self.init(exchange, state: Self.session(sessionKey, userAssertion: userAssertion, exchange: exchange))
    }

    /// The state of a session.
    private static func session(_ key: Secret, userAssertion: Secret?, exchange: OnBehalfOfExchange) -> State {
        let (tenantID, clientID, authentication) = (exchange.tenantID, exchange.clientID, exchange.authentication)
        let parts = ["on behalf of", tenantID.lowercased(), clientID.lowercased(), key.revealed]
        var client = UserEngine.Client(credential: Self.name, tenantID: tenantID, clientID: clientID)
        client.sessionDigest = StableDigest.text(parts) ?? "\(KeyedDigest.partition(parts))"
        client.identity = authentication.identity.map { Secret($0) } + [userAssertion ?? Secret("")]
        // The session may be another user's by now: whose token is given is who is acted for.
        client.beginsAnew = userAssertion != nil
        client.guideProof = authentication.guideProof
        client.proof = { context in try await authentication.proof(Self.name, clientID, context) }
        let options = exchange.options
        return .session(
            UserEngine(
                client,
                options: options,
                check: {
                    try exchange.validate()
                    try Self.check(key)
                    try Self.check(options.tokenCache)
                },
                flow: OnBehalfOfFlow(exchange: exchange, assertion: userAssertion)
            )
        )
    }

    private init(_ exchange: OnBehalfOfExchange, state: State) {
        self.exchange = exchange
        self.state = state
    }

    /// The same application for another user's token. What isn't the user's is shared, so that one for each request costs little.
    ///
    /// The credential that is returned has no session, also where this one has: it keeps no refresh token, and ``endSession()`` ends none.
    /// For one with a session, give its key: see ``acting(for:sessionKey:)``.
    ///
    /// - Parameter userAssertion: The access token that the user's client sent.
    /// - Returns: The credential.
    public func acting(for userAssertion: Secret) -> OnBehalfOfCredential {
        OnBehalfOfCredential(self.exchange, state: .exchange(self.exchange.acquirer(for: userAssertion)))
    }

    /// The same application for another user's work that outlives the user's token, under a key of its own.
    ///
    /// - Parameters:
    ///   - userAssertion: The access token that the user's client sent, which begins the session anew; `nil`: it is there already.
    ///   - sessionKey: What your service knows the user's work by, as in
    ///     ``init(tenantID:clientID:authentication:sessionKey:userAssertion:options:)``. No two users may have the same.
    /// - Returns: The credential.
    public func acting(for userAssertion: Secret?, sessionKey: Secret) -> OnBehalfOfCredential {
        let state = Self.session(sessionKey, userAssertion: userAssertion, exchange: self.exchange)
        return OnBehalfOfCredential(self.exchange, state: state)
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: of one resource.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationRequired` if the user has to do something, or if a session is gone;
    ///   `.authenticationFailed` if Microsoft Entra ID refuses for another reason or can't be reached; `.invalidConfiguration` if an
    ///   argument, a scope or the claims can't be sent; `.timedOut` if the request's own time is up. Rethrows `CancellationError`. A renewal that
    ///   fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        switch self.state {
        case .exchange(let acquirer):
            let tenantID = try self.exchange.tenantID(of: context)
            let acquirer = try acquirer.get()
            if let token = try acquirer.keptToken(for: context, tenantID: tenantID) { return token }
            return try await acquirer.token(for: context, tenantID: tenantID)
        case .session(let engine):
            if let token = try engine.keptToken(for: context) { return token }
            return try await engine.token(for: context)
        }
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        switch self.state {
        case .exchange(let acquirer):
            try (try? acquirer.get())?.keptToken(for: context, tenantID: self.exchange.tenantID(of: context))
        case .session(let engine): try engine.keptToken(for: context)
        }
    }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws {
        switch self.state {
        case .exchange: try self.exchange.validate()
        case .session(let engine): try engine.validate()
        }
    }

    /// Drops the kept access tokens of this user.
    public func removeCachedTokens() {
        switch self.state {
        case .exchange(let acquirer): try? acquirer.get().removeCachedTokens()
        case .session(let engine): engine.removeCachedTokens()
        }
    }

    /// What happens to this user's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents {
        switch self.state {
        case .exchange(let acquirer): TokenEvents((try? acquirer.get())?.events)
        case .session(let engine): engine.events
        }
    }

    /// Ends the session for all who have its key: removes its tokens, the refresh token too; other processes may have access tokens in memory
    /// until they expire. Without a session key, drops the kept tokens of this user.
    ///
    /// - Throws: What a cache that is required throws.
    public func endSession() async throws {
        switch self.state {
        case .exchange(let acquirer): try? acquirer.get().removeCachedTokens()
        case .session(let engine): try await engine.signOut()
        }
    }

    private static func check(_ cache: TokenCache) throws {
        guard cache.vault.separatesSubjects else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: Self.name,
                message: "Sessions need a cache in memory or a custom one: a persistent one has one document for all users."
            )
        }
    }

    private static func check(_ sessionKey: Secret) throws {
        guard (1...4096).contains(sessionKey.revealed.utf8.count) else {
            throw AuthenticationError(
                .invalidConfiguration, credential: Self.name, message: "The session key has to have 1 to 4096 bytes.")
        }
    }
}

extension OnBehalfOfCredential: EntraCredential, TokenEventSource {}
