// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Signs a person in by the browser of this machine.
///
/// For programs that people run at their desks. Opens the sign-in page of Microsoft Entra ID in the browser, and listens on `localhost`, on
/// the loopback addresses alone, for the browser to come back. What comes back is checked against this one sign-in (state, PKCE, nonce);
/// whatever else comes is answered and ignored. The browser is given an address of that listener, which leads to the sign-in page once: what
/// is in the arguments of programs, all users of the machine can read. The next tokens come without asking, by the refresh token of the account.
///
/// ```swift
/// let credential = InteractiveBrowserCredential()
/// let record = try await credential.authenticate()
/// let token = try await credential.token(forScopes: "https://management.azure.com/.default")
/// ```
///
/// Where no browser can be opened, ``token(for:)`` throws `.credentialUnavailable`, or signs in with a code on another device if
/// ``Options/deviceCodeFallback`` says how to show it. The browser is the first of these that there is: what `BROWSER` names (commands with
/// colons between them, `%s` for the page; executed, never given to a shell), `wslview`, `powershell.exe`, `xdg-open`, `x-www-browser`; `open`
/// on macOS, `rundll32.exe` on Windows. Of ours it gets the environment variables, but those with secrets of Azure.
///
/// The application has to have `http://localhost` as a redirect URL of a public client. Without a client id the application of Microsoft's
/// developer tools is used.
///
/// Reads, unless the options say otherwise, `AZURE_AUTHORITY_HOST`, `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`,
/// `SSL_CERT_FILE` and `SSL_CERT_DIR`; and in any case `BROWSER`, `DISPLAY`, `WAYLAND_DISPLAY`, `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and
/// `AZURE_HTTP_USER_AGENT`. Needs the traits `AsyncHTTPClient` and `Cryptography`, and `Subprocess` unless ``Options/openURL`` is set.
public final class InteractiveBrowserCredential: TokenCredential {
    static let name = "InteractiveBrowserCredential"

    private let engine: UserEngine

    /// Creates a credential. Nothing is checked, opened or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant (directory). `nil`: that of the authentication record, else any organisation's.
    ///   - clientID: The application's (client) id. `nil`: that of the authentication record, else Microsoft's developer tools.
    ///   - options: How the person is asked, and what all credentials have in common.
    public convenience init(tenantID: String? = nil, clientID: String? = nil, options: Options = Options()) {
        self.init(
            tenantID: tenantID, clientID: clientID, options: options, listen: Host.listenForRedirect, start: Host.startProgram)
    }

    init(
        tenantID: String?,
        clientID: String?,
        options: Options,
        listen: @escaping RedirectListen,
        start: @escaping ProgramStart
    ) {
        var client = UserEngine.Client(credential: Self.name, tenantID: tenantID, clientID: clientID)
        client.record = options.authenticationRecord
        client.loginHint = options.loginHint
        client.authenticatesAutomatically = options.authenticatesAutomatically
        client.timeLimit = options.timeout
        // Whoever falls back has waited for the browser first.
        client.ways = options.deviceCodeFallback == nil ? 1 : 2
        let (settings, failure) = Self.settings(options)
        self.engine = UserEngine(
            client,
            options: options.credentialOptions,
            check: { if let failure { throw failure } },
            flow: BrowserFlow(
                settings,
                fallback: options.deviceCodeFallback.map { DeviceCodeFlow(prompt: $0, timeout: options.timeout) },
                listen: listen,
                start: start
            )
        )
    }

    /// Gets a token for a request: a kept one, else one by the account's refresh token, else by a person who signs in.
    ///
    /// Concurrent callers share one sign-in, which ends when the last of them has been cancelled.
    ///
    /// - Parameter context: The scopes of one resource.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationRequired` if a person is needed and ``Options/authenticatesAutomatically`` is off,
    ///   with the service's claims; `.credentialUnavailable` if no browser can be used here; `.authenticationFailed` if the person or the
    ///   service refuses, nobody signs in in time, or the service can't be reached; `.invalidConfiguration` if an argument, a scope or the
    ///   claims can't be sent; `.timedOut` if the request's own time is up. Rethrows `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Has a person sign in, also where ``Options/authenticatesAutomatically`` is off; not if a token is to be had without. The person may be
    /// another than the record names, and is the credential's from then on; nobody who asks for a token meanwhile joins this sign-in.
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

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept access tokens of this credential and of those that share with it. Who is signed in stays so.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// Signs the account out on this machine: removes its tokens from the cache, those that other applications of its family use too.
    /// The browser's own session goes on.
    ///
    /// - Throws: ``AuthenticationError`` if the cache can't be changed.
    public func signOut() async throws { try await self.engine.signOut() }

    /// What the flow is made with, or what is wrong with it.
    private static func settings(_ options: Options) -> (BrowserFlow.Settings, AuthenticationError?) {
        var settings = BrowserFlow.Settings(timeout: options.timeout)
        settings.domainHint = options.domainHint
        settings.prompt = options.prompt.parameter
        settings.openURL = options.openURL
        settings.pages = options.pages
        do {
            if let redirectURL = options.redirectURL {
                settings.redirect = try RedirectAddress(redirectURL, credential: Self.name)
            }
            try SignInHint.check(options.loginHint, "login hint", credential: Self.name)
            try SignInHint.check(options.domainHint, "domain hint", credential: Self.name)
            try SignInHint.check(options.prompt.parameter, "prompt", credential: Self.name)
            return (settings, nil)
        } catch let error {
            return (settings, error as? AuthenticationError)
        }
    }
}

extension InteractiveBrowserCredential: TokenEventSource {}

extension TokenCredential where Self == InteractiveBrowserCredential {
    /// A credential for a person who signs in by the browser of this machine.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant (directory).
    ///   - clientID: The application's (client) id.
    ///   - options: How the person is asked, and what all credentials have in common.
    /// - Returns: The credential.
    public static func interactiveBrowser(
        tenantID: String? = nil,
        clientID: String? = nil,
        options: InteractiveBrowserCredential.Options = .init()
    ) -> InteractiveBrowserCredential {
        InteractiveBrowserCredential(tenantID: tenantID, clientID: clientID, options: options)
    }
}
