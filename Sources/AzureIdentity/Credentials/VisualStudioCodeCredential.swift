// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Authenticates a developer with the account that is signed in to Azure in Visual Studio Code.
///
/// For programs on a developer's machine: sign in once, by "Azure: Sign In" in the editor's command palette, and every program uses that
/// account. In production use a managed identity or a service principal.
///
/// ```swift
/// import AzureIdentityBroker
///
/// let credential = VisualStudioCodeCredential(options: .init(broker: .system))
/// let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// ```
///
/// There are two ways to that account; the first one that there is, is taken:
///
/// | way | what it takes |
/// |---|---|
/// | the extension Azure Resources | its authentication record, and the system's broker of sign-ins (``Options/broker``), which has the account too |
/// | the extension Azure Account, up to 0.9.11 | a refresh token in the system's secret store: the Secret Service, the Keychain, the Credential Manager |
///
/// By the broker, tokens of the record's very account are given out, and no other's: where the operating system's default account is somebody
/// else, the credential is unavailable. It never shows a window and asks nobody; a sign-in that has expired is an error (row G32 of the guide).
/// By the older way, the secret store is only read: it is neither unlocked nor written, and a refresh token that comes in place of the stored
/// one is kept in memory alone. Where a record names an account, the older way gives out no other's tokens either, and where there is a record
/// that can't be used, none at all. To an authority host that belongs to no known cloud the stored refresh token is sent only if the options
/// name that host or its cloud, never because `AZURE_AUTHORITY_HOST` does.
///
/// Reads `HOME` (Windows: `USERPROFILE`, `APPDATA`; Linux: `XDG_CONFIG_HOME` too), `DBUS_SESSION_BUS_ADDRESS`, `XDG_RUNTIME_DIR`, `AZURE_AUTHORITY_HOST`
/// and `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH`; and, unless the options say otherwise, `AZURE_ADDITIONALLY_ALLOWED_TENANTS`. Of the editor's settings,
/// `azure.cloud` and `azure.tenant` count, for the older way. Files are looked at when a token is asked for, none when the credential is made.
///
/// Keeps tokens in memory until they expire, renewed early; shared with credentials of equal configuration unless the options hold another
/// `TokenCache`. Whoever signs in to the extension Azure Resources rewrites its record; as soon as that or the settings have changed, none of the
/// tokens kept before is given out. A sign-in to the older extension leaves no trace but in the secret store, which is read for each new token.
/// On macOS and Windows the way into the secret store is written by its documentation, and was not built.
public final class VisualStudioCodeCredential: TokenCredential {
    static let name = EditorErrors.credential

    /// How a ``VisualStudioCodeCredential`` gets its tokens.
    public struct Options: Sendable {
        /// The id, or a domain, of the tenant to get tokens from; `nil`: the one that the account signed in to, which the record, or the
        /// setting `azure.tenant`, says.
        public var tenantID: String?
        /// The way to the system's broker: `.system` in programs that link the product `AzureIdentityBroker`; `nil`: there is none, and the
        /// credential works by the older way alone.
        public var broker: BrokeredSignIn?
        /// The cloud, the tenants, the network, the cache, the log and the variables. Where they name a cloud or an authority host, accounts of
        /// another cloud aren't used.
        public var credentialOptions: CredentialOptions

        /// Creates options.
        ///
        /// - Parameters:
        ///   - tenantID: The tenant to get tokens from.
        ///   - broker: The way to the system's broker.
        ///   - credentialOptions: The cloud, the tenants, the network, the cache, the log and the variables.
        public init(
            tenantID: String? = nil,
            broker: BrokeredSignIn? = nil,
            credentialOptions: CredentialOptions = CredentialOptions()
        ) {
            self.tenantID = tenantID
            self.broker = broker
            self.credentialOptions = credentialOptions
        }
    }

    private let engine: EditorEngine

    /// Creates a credential. Nothing is read, opened or asked yet: see ``validate()``.
    ///
    /// - Parameter options: The tenant, the broker, and what all credentials have in common.
    public init(options: Options = Options()) {
        self.engine = EditorEngine(
            tenantID: options.tenantID, broker: options.broker, options: options.credentialOptions)
    }

    /// Gets a token for a request, without asking anybody.
    ///
    /// - Parameter context: The request.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if nobody is signed in (rows G31 and G54 of the guide; the message says what is
    ///   missing on both ways), if the tenant is AD FS (G33), or if the token would be another account's; `.authenticationRequired` if the
    ///   sign-in isn't good for the request any more (G32); `.authenticationFailed` if the broker or Microsoft Entra ID refuses for another
    ///   reason or can't be reached, or if the request names a tenant that isn't allowed; `.invalidConfiguration` if an argument or a scope
    ///   can't be used; `.timedOut` if the request's own time is up. Rethrows `CancellationError`. A renewal that fails while the kept
    ///   token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// Checks the configuration, without a look at the editor's files: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept tokens of this credential and of those that share with it. The account stays signed in.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens, whoever is signed in: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Looks at what the editor has left, and asks nobody: the error if that is nothing to go by.
    func locate() -> AuthenticationError? { self.engine.locate() }

    /// Finds out within a while whether the broker and the secret store have anything for the account: the error if neither has.
    func absence(within patience: Duration) async -> AuthenticationError? { await self.engine.absence(within: patience) }

    /// Whether there is anything of the editor's on this machine.
    var isEditorHere: Bool { self.engine.isEditorHere }
}

extension VisualStudioCodeCredential: DeveloperToolCredential, TokenEventSource {}

extension TokenCredential where Self == VisualStudioCodeCredential {
    /// A credential for the account that is signed in to Azure in Visual Studio Code, by the older way alone: it has no broker.
    public static var visualStudioCode: VisualStudioCodeCredential { VisualStudioCodeCredential() }
}
