// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Authenticates a developer with the account that is signed in to Azure PowerShell.
///
/// For programs on a developer's machine: sign in once with `Connect-AzAccount`, and every program uses that account. In production use a managed
/// identity or a service principal.
///
/// ```swift
/// let credential = AzurePowerShellCredential()
/// let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// ```
///
/// Runs `Get-AzAccessToken` of the module Az.Accounts (2.2.0 or newer) in `pwsh`, without a shell, from the first directory of `PATH` that
/// has it; relative directories, the current one among them, are left out. One run answers all who ask for the same at that time.
///
/// Reads `PATH`, `HOME` (Windows: `USERPROFILE`) and `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH`; and, unless the options say otherwise,
/// `AZURE_ADDITIONALLY_ALLOWED_TENANTS`. The tool gets the variables of the credential's options, without the secrets of applications. The options' cloud, authority host and
/// network are not used: the tool has its own.
///
/// Keeps tokens in memory until they expire, renewed early; shared with credentials of equal configuration unless the options hold another
/// `TokenCache`. Whoever runs `Connect-AzAccount`, `Disconnect-AzAccount` or `Set-AzContext` rewrites the tool's file (`AzureRmContext.json`); as soon
/// as it has changed, none of the tokens kept before is given out.
/// PowerShell itself is not run in this library's tests: stand-ins check the command line and answer as it does. On Windows, where
/// `powershell.exe` will do too, this is untested.
public final class AzurePowerShellCredential: TokenCredential {
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
            AzurePowerShellTool(),
            tenantID: tenantID,
            subscription: nil,
            processTimeout: processTimeout,
            keepsTokens: keepsTokens,
            options: options
        )
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: exactly one, ending in `/.default`.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if `pwsh` isn't on the `PATH`, the module is missing, nobody has signed in, the sign-in has expired,
    ///   or, retryable, if it gives no answer in time; `.authenticationFailed` if Microsoft Entra ID refuses for another reason or can't be
    ///   reached, if the tool fails or prints no usable token, if the request has claims (the error says which command signs in with them),
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

extension AzurePowerShellCredential: DeveloperToolCredential, TokenEventSource {}

extension TokenCredential where Self == AzurePowerShellCredential {
    /// A credential for the account that is signed in to Azure PowerShell.
    public static var azurePowerShell: AzurePowerShellCredential { AzurePowerShellCredential() }
}
