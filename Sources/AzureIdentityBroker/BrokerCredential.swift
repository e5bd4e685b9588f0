// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
public import AzureIdentity

/// Signs a person in by the system's broker: Web Account Manager on Windows, Company Portal on macOS, an identity broker on Linux.
///
/// The broker knows the account that the system was signed in to, so most people are asked nothing; it proves the device to the rules of a
/// tenant's conditional access; and it keeps the refresh tokens, which no program gets to see.
///
/// ```swift
/// let credential = BrokerCredential(options: .init(usesDefaultBrokerAccount: true))
/// let token = try await credential.token(forScopes: "https://management.azure.com/.default")
/// ```
///
/// **Silent first.** The broker is asked for the account of ``Options/authenticationRecord``, else for that of ``Options/loginHint``, else
/// for the system's default account if ``Options/usesDefaultBrokerAccount`` is on, else for the only account that it has. Only if that gives
/// no token, and ``Options/authenticatesAutomatically`` is on, or in ``authenticate(for:)``, the broker shows a window. Another person's
/// token than that of the record or of the hint is refused.
///
/// **Where there is no broker**, ``token(for:)`` throws `.credentialUnavailable` and says what to install. With
/// ``Options/fallsBackToBrowser`` the browser is opened instead.
///
/// The application has to have the broker's redirect URI, as a public client (row G49 of the guide has it for each system). Without a client id
/// the application of Microsoft's developer tools is used.
///
/// Nothing is loaded or opened before a token is asked for. Keeps access tokens in memory, in the cache of the options, and nothing on disk:
/// the broker does. Reads, unless the options say otherwise, `AZURE_AUTHORITY_HOST` and `AZURE_ADDITIONALLY_ALLOWED_TENANTS`; and in any case
/// `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH`, on Linux `DBUS_SESSION_BUS_ADDRESS` and `XDG_RUNTIME_DIR`. Where it falls back, also what
/// `InteractiveBrowserCredential` reads.
public final class BrokerCredential: TokenCredential {
    static let name = "BrokerCredential"

    package let engine: BrokerEngine

    /// Creates a credential. Nothing is checked, loaded or asked yet: see ``validate()``.
    ///
    /// - Parameter options: Who signs in, how, and what all credentials have in common.
    public init(options: Options = Options()) {
        var client = BrokerEngine.Client(credential: Self.name)
        client.tenantID = options.tenantID
        client.clientID = options.clientID
        client.record = options.authenticationRecord
        client.loginHint = options.loginHint
        client.usesDefaultAccount = options.usesDefaultBrokerAccount
        client.isMSAPassthroughEnabled = options.isMSAPassthroughEnabled
        client.authenticatesAutomatically = options.authenticatesAutomatically
        client.window = options.parentWindow
        client.timeLimit = options.timeout
        client.fallback = options.fallsBackToBrowser ? Self.fallback(options) : nil
        self.engine = BrokerEngine(client, broker: options.broker, options: options.credentialOptions)
    }

    /// Creates a credential with another broker: a test's.
    package convenience init(options: Options, broker: BrokeredSignIn) {
        var options = options
        options.broker = broker
        self.init(options: options)
    }

    /// Gets a token for a request: a kept one, else by the broker without a person, else by one in the broker's window.
    ///
    /// With `TokenRequestContext.proofOfPossession` the token is bound to that request, and not kept. Concurrent callers
    /// share one request to the broker, which ends when the last of them has been cancelled.
    ///
    /// - Parameter context: The scopes of one resource.
    /// - Returns: A token that is valid now.
    /// - Throws: `AuthenticationError`: `.credentialUnavailable` if there is no broker, with what to install; `.authenticationRequired` if a
    ///   person is needed and ``Options/authenticatesAutomatically`` is off; `.authenticationFailed` if the broker, the service or the person
    ///   refuses, nobody signs in in time, another person does, or the broker doesn't answer within 30 seconds where nobody has to do
    ///   anything; `.invalidConfiguration` if an option, a scope, the claims or the proof can't be sent; `.timedOut` if the request's own
    ///   time is up. Rethrows `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// Has a person sign in, also where ``Options/authenticatesAutomatically`` is off; not if a token is to be had without. Here, and only
    /// here, the person may be another than the record or the hint names.
    ///
    /// - Parameter context: What the token is for. `nil`: Azure Resource Manager of the authority's cloud.
    /// - Returns: Who has signed in: keep it, it holds no secret, and pass it to the next credential.
    /// - Throws: As ``token(for:)``.
    @discardableResult
    public func authenticate(for context: TokenRequestContext? = nil) async throws -> AuthenticationRecord {
        try await self.engine.authenticate(for: context)
    }

    /// Who is signed in. `nil`: nobody yet.
    public var authenticationRecord: AuthenticationRecord? { self.engine.authenticationRecord }

    /// Checks the configuration, without asking the broker: for a program that wants to fail at start-up.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the access tokens that this credential keeps. The broker keeps its own; who is signed in stays so.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// Signs the account out of the application, at the broker. The system's own sign-in goes on, so that with
    /// ``Options/usesDefaultBrokerAccount`` the next token may come without asking.
    ///
    /// - Throws: `AuthenticationError` if the broker can't do it. `CancellationError`.
    public func signOut() async throws { try await self.engine.signOut() }

    /// The browser, for systems without a broker.
    private static func fallback(_ options: Options) -> BrokerFallback {
        let browser = InteractiveBrowserCredential(
            tenantID: options.tenantID,
            clientID: options.clientID,
            options: .init(
                credentialOptions: options.credentialOptions,
                loginHint: options.loginHint,
                timeout: options.timeout,
                authenticationRecord: options.authenticationRecord,
                authenticatesAutomatically: options.authenticatesAutomatically
            )
        )
        return BrokerFallback(
            token: { try await browser.token(for: $0) },
            record: { browser.authenticationRecord },
            removeCachedTokens: { browser.removeCachedTokens() },
            signOut: { try await browser.signOut() }
        )
    }
}

extension BrokerCredential: TokenEventSource, BrokeredTokenCredential {}

extension TokenCredential where Self == BrokerCredential {
    /// A credential for a person who signs in by the system's broker.
    ///
    /// - Parameter options: Who signs in, how, and what all credentials have in common.
    /// - Returns: The credential.
    public static func broker(options: BrokerCredential.Options = .init()) -> BrokerCredential {
        BrokerCredential(options: options)
    }
}
