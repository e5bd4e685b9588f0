// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Authenticates a developer with the account that is signed in to the Azure Developer CLI.
///
/// For programs on a developer's machine: sign in once with `azd auth login`, and every program uses that account. In production use a managed
/// identity or a service principal.
///
/// ```swift
/// let credential = AzureDeveloperCLICredential()
/// let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// ```
///
/// Runs `azd auth token`, without a shell, from the first directory of `PATH` that has it; relative directories, the current one among
/// them, are left out. One run answers all who ask for the same at that time. Claims of a challenge are passed on (azd 1.18.1 or newer).
///
/// Reads `PATH`, `AZD_CONFIG_DIR`, `AZURE_CONFIG_DIR`, `HOME` (Windows: `USERPROFILE`) and `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH`; and, unless the options say otherwise,
/// `AZURE_ADDITIONALLY_ALLOWED_TENANTS`. The tool gets the variables of the credential's options, without the secrets of applications. The options' cloud, authority host and
/// network are not used: the tool has its own.
///
/// Keeps tokens in memory until they expire, renewed early; shared with credentials of equal configuration unless the options hold another
/// `TokenCache`. Whoever runs `azd auth login`, `azd auth logout` or `azd config set` rewrites the tool's files (`auth.json`, `config.json`); as soon
/// as one of them has changed, or one of the Azure CLI's, which `azd` can be told to ask, none of the tokens kept before is given out.
/// `azd` itself is not run in this library's tests: stand-ins check the command line and answer as it does. On Windows this is untested.
public final class AzureDeveloperCLICredential: TokenCredential {
    private let engine: ToolEngine

    /// Creates a credential. Nothing is looked for or started yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant to get tokens from; `nil`: the one that the tool has chosen.
    ///   - processTimeout: How long one run of the tool may take; then it is ended, with all that it has started.
    ///   - keepsTokens: Whether tokens are kept. `false`: the tool is run for each request, as in other languages' libraries.
    ///   - options: The variables, the tenants, the cache and the log.
    public init(
        tenantID: String? = nil,
        processTimeout: Duration = .seconds(13),
        keepsTokens: Bool = true,
        options: CredentialOptions = CredentialOptions()
    ) {
        self.engine = ToolEngine(
            AzureDeveloperCLITool(),
            tenantID: tenantID,
            subscription: nil,
            processTimeout: processTimeout,
            keepsTokens: keepsTokens,
            options: options
        )
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: one or more.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if `azd` isn't on the `PATH`, nobody has signed in to it, the sign-in has expired,
    ///   or, retryable, if it gives no answer in time; `.authenticationFailed` if Microsoft Entra ID refuses for another reason or can't be
    ///   reached, if the tool fails or prints no usable token, if it is too old for claims,
    ///   or if the request names a tenant that isn't allowed; `.invalidConfiguration` if an argument or a scope can't be used; `.timedOut` if
    ///   the request's own time is up. Rethrows `CancellationError`. A renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// Checks the configuration, without looking for the tool or starting it: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept tokens of this credential and of those that share with it.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Looks for the tool, without starting it: the error of one that isn't there.
    func locate() -> AuthenticationError? { self.engine.locate() }
}

extension AzureDeveloperCLICredential: DeveloperToolCredential, TokenEventSource {}

extension TokenCredential where Self == AzureDeveloperCLICredential {
    /// A credential for the account that is signed in to the Azure Developer CLI.
    public static var azureDeveloperCLI: AzureDeveloperCLICredential { AzureDeveloperCLICredential() }
}
