// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Signs a user in with a name and a password.
///
/// Deprecated, as in the other Azure Identity libraries: it can't do multifactor authentication, which Microsoft Entra ID asks of most
/// accounts, and a program that knows a person's password can do all that the person can. Use ``InteractiveBrowserCredential`` or
/// ``DeviceCodeCredential`` for people, and a service principal or a managed identity for programs. It is here for tests and for
/// migrations.
///
/// Users whose organisation checks passwords by a federation service of its own are signed in there, by WS-Trust. The first token always
/// checks the password; later ones come by a refresh token.
///
/// Reads, unless the options say otherwise, `AZURE_AUTHORITY_HOST`, `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`,
/// `SSL_CERT_FILE` and `SSL_CERT_DIR`; and in any case `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and `AZURE_HTTP_USER_AGENT`.
/// Keeps tokens where ``CredentialOptions/tokenCache`` says.
public final class UsernamePasswordCredential: TokenCredential {
    private let engine: UserEngine

    /// Creates a credential. Nothing is checked or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the user's tenant. `nil`: any organisation's.
    ///   - clientID: The id of an application that allows public client flows. `nil`: the one of Microsoft's developer tools.
    ///   - username: The user's name, mostly an e-mail address.
    ///   - password: The password.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    @available(
        *, deprecated,
        message: """
            Passwords can't do multifactor authentication. Use InteractiveBrowserCredential or DeviceCodeCredential for people, a service \
            principal or a managed identity for programs.
            """
    )
    public convenience init(
        tenantID: String? = nil,
        clientID: String? = nil,
        username: String,
        password: Secret,
        options: CredentialOptions = CredentialOptions()
    ) {
        self.init(
            name: "UsernamePasswordCredential",
            tenantID: tenantID,
            clientID: clientID,
            username: username,
            password: password,
            options: options
        )
    }

    /// Creates a credential, whose errors and tokens may carry another credential's name.
    package init(
        name: String,
        tenantID: String?,
        clientID: String?,
        username: String,
        password: Secret,
        options: CredentialOptions
    ) {
        var client = UserEngine.Client(credential: name, tenantID: tenantID, clientID: clientID)
        client.loginHint = username
        client.guideProof = .password
        self.engine = UserEngine(
            client,
            options: options,
            check: { try PasswordFlow.check(username: username, password: password, credential: name) },
            flow: PasswordFlow(username: username, password: password, asksForRealm: options.openIDAuthority == nil)
        )
    }

    /// Gets a token for a request: kept, else by a refresh token, else with the password.
    ///
    /// - Parameter context: The scopes. Those of a sign-in itself, such as `offline_access`, are added.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationFailed` if the service refuses, for a wrong password after one token request, or can't be
    ///   reached; `.invalidConfiguration` if an argument, a scope or the claims can't be sent; `.timedOut` if the request's own time is up.
    ///   Rethrows `CancellationError`. A renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// Signs the user in, unless a token is to be had already.
    ///
    /// - Parameter context: The request. `nil`: one for the cloud's resource manager.
    /// - Returns: Who signed in: no secret, fit to be stored.
    /// - Throws: ``AuthenticationError``, as ``token(for:)``. Rethrows `CancellationError`.
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

    /// Drops the kept access tokens of this credential. Who is signed in stays so.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// Signs the account out here: its tokens, refresh tokens included, leave the cache.
    ///
    /// - Throws: ``AuthenticationError`` if the cache can't be changed.
    public func signOut() async throws { try await self.engine.signOut() }
}

extension UsernamePasswordCredential: EntraCredential, TokenEventSource {}
