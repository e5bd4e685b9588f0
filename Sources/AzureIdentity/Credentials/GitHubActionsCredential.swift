// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Authenticates a job of GitHub Actions as an application that trusts its repository, without a secret.
///
/// The job asks GitHub for an identity token each time a token request needs one, and Microsoft Entra ID takes it for the application or
/// managed identity with a federated credential for the repository (workload identity federation).
///
/// ```swift
/// let credential = GitHubActionsCredential()
/// let token = try await credential.token(forScopes: "https://management.azure.com/.default")
/// ```
///
/// The job needs `permissions: id-token: write`.
///
/// Reads `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, which GitHub sets; where an argument is missing,
/// `AZURE_TENANT_ID` and `AZURE_CLIENT_ID`; and, unless the options say otherwise, `AZURE_AUTHORITY_HOST`, `AZURE_REGIONAL_AUTHORITY_NAME`,
/// `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`; in any case
/// `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and `AZURE_HTTP_USER_AGENT`.
/// Keeps tokens in memory until they expire, renewed early; shared with credentials of equal configuration unless the options hold
/// another `TokenCache`. Identity tokens aren't kept.
public final class GitHubActionsCredential: TokenCredential {
    static let name = "GitHubActionsCredential"

    private static let urlVariable = "ACTIONS_ID_TOKEN_REQUEST_URL"
    private static let tokenVariable = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"

    private let engine: FederatedEngine

    /// Creates a credential from arguments and variables. Nothing is requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the application's tenant (directory); `nil`: `AZURE_TENANT_ID`.
    ///   - clientID: The client id of the application or managed identity; `nil`: `AZURE_CLIENT_ID`.
    ///   - audience: Whom the identity token is for; `nil`: `api://AzureADTokenExchange`, with `USGov` or `China` behind it in those clouds.
    ///   - options: The variables, the cloud, the tenants, the network, the cache and the log.
    public init(
        tenantID: String? = nil,
        clientID: String? = nil,
        audience: String? = nil,
        options: CredentialOptions = CredentialOptions()
    ) {
        let host = options.host
        self.engine = FederatedEngine(credential: Self.name, host: host) {
            var settings = FederationSettings(environment: host.environment)
            let tenantID = settings.value(tenantID, "tenant ID", variable: "AZURE_TENANT_ID")
            let clientID = settings.value(clientID, "client ID", variable: "AZURE_CLIENT_ID")
            let address = settings.value(nil, "address for identity tokens", variable: Self.urlVariable)
            let bearer = settings.value(nil, "token to ask with", variable: Self.tokenVariable)
            guard settings.missing.isEmpty else { throw Self.unavailable(settings) }
            let authority = try Authority(options: options, tenantID: tenantID, environment: host.environment)
            let audience = audience ?? Self.audience(of: authority)
            guard !audience.isEmpty else {
                throw AuthenticationError(
                    .invalidConfiguration,
                    credential: Self.name,
                    message: "\(Self.name): The audience is empty."
                )
            }
            let client = OIDCClient(
                credential: Self.name,
                issuer: .gitHubActions,
                url: try OIDCEndpoint.url(
                    address,
                    variable: Self.urlVariable,
                    parameters: [("audience", audience)],
                    credential: Self.name
                ),
                bearer: try OIDCClient.check(Secret(bearer), "value of \(Self.tokenVariable)", credential: Self.name),
                pipeline: try options.oidcPipeline(host: host, credential: Self.name)
            )
            return EntraEngine(
                .init(
                    credential: Self.name,
                    tenantID: tenantID,
                    clientID: clientID,
                    identity: client.identity,
                    proof: .assertion
                ),
                options: options,
                check: {},
                grant: { .clientCredentials(clientID: clientID, proof: try await client.proof(for: $0)) }
            )
        }
    }

    /// Whom identity tokens are for in a cloud.
    private static func audience(of authority: Authority) -> String {
        let cloud = KnownAuthorities.clouds[authority.host.name] ?? authority.cloud?.name
        let suffix =
            switch cloud {
            case "AzureUSGovernment": "USGov"
            case "AzureChinaCloud": "China"
            default: ""
            }
        return "api://AzureADTokenExchange\(suffix)"
    }

    private static func unavailable(_ settings: FederationSettings) -> AuthenticationError {
        var message = "\(Self.name) authentication unavailable. Missing: \(settings.missingList)."
        let variables = settings.missing.map(\.variable)
        let lacksPermission = variables.contains(Self.urlVariable) || variables.contains(Self.tokenVariable)
        if lacksPermission {
            message += " GitHub sets the ACTIONS_ variables in jobs with permissions: id-token: write."
        }
        var error = AuthenticationError.credentialUnavailable(message, credential: Self.name)
        error.remedy = Guide.remedy(.g02, facts: GuideFacts(variables: variables))
        if lacksPermission {
            error.remedy?.text = "In a workflow, give the job the permission id-token: write. Elsewhere, use another credential."
            error.remedy?.link =
                "https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-azure"
        }
        return error
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: exactly one, ending in `/.default`.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if a value is missing, as in a job without the permission;
    ///   `.authenticationFailed` if GitHub gives no identity token, if Microsoft Entra ID refuses, if either can't be reached (after
    ///   retries), or if the request names a tenant that isn't allowed; `.invalidConfiguration` if an argument, a variable, a scope or the
    ///   claims can't be used; `.timedOut` if the request's own time is up. Rethrows `CancellationError`. A renewal that fails while the
    ///   kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken { try await self.engine.token(for: context) }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError``, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept tokens of this credential and of those that share with it.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// Waits until the credential gives a token, as long as its errors are of the kind that passes: a service that doesn't answer, a
    /// federated credential that isn't known everywhere yet.
    ///
    /// - Parameters:
    ///   - context: What to get a token for.
    ///   - timeout: How long to wait.
    ///   - onProgress: Told of each attempt that failed.
    /// - Throws: ``AuthenticationError``: the last one of ``token(for:)``. Rethrows `CancellationError`.
    public func waitUntilReady(
        for context: TokenRequestContext,
        timeout: Duration,
        onProgress: (@Sendable (ReadinessProgress) -> Void)? = nil
    ) async throws {
        try await self.engine.waitUntilReady(for: context, timeout: timeout, onProgress: onProgress)
    }
}

extension GitHubActionsCredential: EntraCredential, TokenEventSource {}

extension TokenCredential where Self == GitHubActionsCredential {
    /// A credential for a job of GitHub Actions, by the variables.
    public static var gitHubActions: GitHubActionsCredential { GitHubActionsCredential() }
}
