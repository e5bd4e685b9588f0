// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Signs a person in with a code that is entered in a browser on any device.
///
/// For programs that have no browser at hand: over SSH, in a container. Where there is one, ``InteractiveBrowserCredential`` is easier for
/// people, and safer: a code also works for somebody who has been talked into entering it.
///
/// The prompt gets the code and the URL; by default the service's message goes to standard error. Then the credential asks the service until
/// the person has signed in, has declined, or the code has expired: first after the interval that the service wants, and no faster when told to
/// slow down. Later tokens come from memory, from the cache or by a refresh token, without asking; concurrent callers share one sign-in.
///
/// Reads, unless the options say otherwise, `AZURE_AUTHORITY_HOST`, `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`,
/// `SSL_CERT_FILE` and `SSL_CERT_DIR`; and in any case `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and `AZURE_HTTP_USER_AGENT`.
/// Keeps tokens where ``CredentialOptions/tokenCache`` says: in memory, or on disk for the next process.
public final class DeviceCodeCredential: TokenCredential {
    private static let name = "DeviceCodeCredential"

    /// What a device code sign-in is configured with.
    public struct Options: Sendable {
        /// The cloud, the tenants, the network, the cache and the log.
        public var credentialOptions: CredentialOptions
        /// How long a sign-in may take in all, from when it is this one's turn; a day at most. `nil`: as long as the code is good, which the
        /// service decides. A time beyond that is no help.
        public var timeout: Duration?
        /// Who signed in before, so that the cache's tokens of that account are used.
        public var authenticationRecord: AuthenticationRecord?
        /// Whether a token request may prompt. Else it throws `.authenticationRequired` where a person is needed, and
        /// ``DeviceCodeCredential/authenticate(for:)`` prompts.
        public var authenticatesAutomatically: Bool

        /// Creates options.
        ///
        /// - Parameters:
        ///   - credentialOptions: The cloud, the tenants, the network, the cache and the log.
        ///   - timeout: How long a sign-in may take in all.
        ///   - authenticationRecord: Who signed in before.
        ///   - authenticatesAutomatically: Whether a token request may prompt.
        public init(
            credentialOptions: CredentialOptions = CredentialOptions(),
            timeout: Duration? = nil,
            authenticationRecord: AuthenticationRecord? = nil,
            authenticatesAutomatically: Bool = true
        ) {
            self.credentialOptions = credentialOptions
            self.timeout = timeout
            self.authenticationRecord = authenticationRecord
            self.authenticatesAutomatically = authenticatesAutomatically
        }
    }

    private let engine: UserEngine

    /// Creates a credential. Nothing is checked or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant to sign in to. `nil`: that of the authentication record, else any organisation's.
    ///   - clientID: The id of an application that allows public client flows. `nil`: that of the record, else the one of Microsoft's
    ///     developer tools.
    ///   - options: What the sign-in is configured with.
    ///   - prompt: Tells the person the code; the service is asked when it has returned. One that hasn't returned when the time is up, or
    ///     when nobody waits any more, is cancelled and left behind. `nil`: the message goes to standard error.
    public init(
        tenantID: String? = nil,
        clientID: String? = nil,
        options: Options = Options(),
        prompt: (@Sendable (DeviceCodePrompt) async -> Void)? = nil
    ) {
        var client = UserEngine.Client(credential: Self.name, tenantID: tenantID, clientID: clientID)
        client.record = options.authenticationRecord
        client.authenticatesAutomatically = options.authenticatesAutomatically
        client.timeLimit = options.timeout ?? DeviceCodeAnswer.lifetimes.upperBound
        client.guideProof = .person
        self.engine = UserEngine(
            client,
            options: options.credentialOptions,
            flow: DeviceCodeFlow(prompt: prompt ?? { await Host.tellPerson($0.message) }, timeout: options.timeout)
        )
    }

    /// Gets a token for a request: kept, else by a refresh token, else by a sign-in.
    ///
    /// - Parameter context: The scopes. Those of a sign-in itself, such as `offline_access`, are added.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationRequired`, with the request and the claims that the service wants, if a person is
    ///   needed and the options don't let a request prompt; `.authenticationFailed` if the person declines, or doesn't sign in in time, or
    ///   if the service refuses or can't be reached; `.invalidConfiguration` if an argument, a scope or the claims can't be sent;
    ///   `.timedOut` if the request's own time is up, while the sign-in goes on for others. Rethrows `CancellationError`; the sign-in ends
    ///   when the last caller has left. A renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// Signs a person in, unless a token is to be had silently: for a program that wants to choose the moment. The person may be another than
    /// the record names, and is the credential's from then on; nobody who asks for a token meanwhile joins this sign-in.
    ///
    /// - Parameter context: The request, such as that of an `.authenticationRequired` error. `nil`: one for the cloud's resource manager.
    /// - Returns: Who signed in: no secret, fit to be stored for the next process.
    /// - Throws: ``AuthenticationError``, as ``token(for:)``, but for `.authenticationRequired`. Rethrows `CancellationError`.
    @discardableResult
    public func authenticate(for context: TokenRequestContext? = nil) async throws -> AuthenticationRecord {
        try await self.engine.authenticate(for: context)
    }

    /// Who is signed in. `nil`: nobody yet.
    public var authenticationRecord: AuthenticationRecord? { self.engine.authenticationRecord }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept access tokens of this credential and of those that share with it. Who is signed in stays so.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// Signs the account out here: its tokens, refresh tokens included, leave the cache. The browser's own session is another matter.
    ///
    /// - Throws: ``AuthenticationError`` if the cache can't be changed.
    public func signOut() async throws { try await self.engine.signOut() }
}

extension DeviceCodeCredential: EntraCredential, TokenEventSource {}

extension TokenCredential where Self == DeviceCodeCredential {
    /// A credential for a person who signs in with a code on another device.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant to sign in to.
    ///   - clientID: The id of an application that allows public client flows.
    ///   - options: What the sign-in is configured with.
    ///   - prompt: Tells the person the code. `nil`: the message goes to standard error.
    /// - Returns: The credential.
    public static func deviceCode(
        tenantID: String? = nil,
        clientID: String? = nil,
        options: DeviceCodeCredential.Options = .init(),
        prompt: (@Sendable (DeviceCodePrompt) async -> Void)? = nil
    ) -> DeviceCodeCredential {
        DeviceCodeCredential(tenantID: tenantID, clientID: clientID, options: options, prompt: prompt)
    }
}
