// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Authenticates a job of Azure Pipelines through a service connection, without a secret.
///
/// The job asks Azure Pipelines for an identity token each time a token request needs one, and Microsoft Entra ID takes it for the
/// application or managed identity that the service connection stands for (workload identity federation).
///
/// ```swift
/// let variables = EnvironmentVariables.process
/// let credential = AzurePipelinesCredential(
///     tenantID: variables["AZURESUBSCRIPTION_TENANT_ID"] ?? "",
///     clientID: variables["AZURESUBSCRIPTION_CLIENT_ID"] ?? "",
///     serviceConnectionID: variables["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] ?? "",
///     systemAccessToken: Secret(variables["SYSTEM_ACCESSTOKEN"] ?? "")
/// )
/// ```
///
/// The task must map the predefined variable: `SYSTEM_ACCESSTOKEN: $(System.AccessToken)`. The tasks AzureCLI@2 and AzurePowerShell@5 set
/// the other three variables.
///
/// Reads `SYSTEM_OIDCREQUESTURI`, which Azure Pipelines sets; and, unless the options say otherwise, `AZURE_AUTHORITY_HOST`,
/// `AZURE_REGIONAL_AUTHORITY_NAME`, `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`;
/// in any case `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and `AZURE_HTTP_USER_AGENT`.
/// Keeps tokens in memory until they expire, renewed early; shared with credentials of equal configuration unless the options hold
/// another `TokenCache`. Identity tokens aren't kept.
public final class AzurePipelinesCredential: TokenCredential {
    static let name = "AzurePipelinesCredential"

    private static let variable = "SYSTEM_OIDCREQUESTURI"
    private static let version = "7.1"

    private let engine: FederatedEngine

    /// Creates a credential. Nothing is requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant (directory) of the service connection's identity.
    ///   - clientID: The client id of the service connection's application or managed identity.
    ///   - serviceConnectionID: The id of the service connection: the `resourceId` in the address of its page.
    ///   - systemAccessToken: The value of the predefined variable `System.AccessToken`.
    ///   - options: The variables, the cloud, the tenants, the network, the cache and the log.
    public init(
        tenantID: String,
        clientID: String,
        serviceConnectionID: String,
        systemAccessToken: Secret,
        options: CredentialOptions = CredentialOptions()
    ) {
        let host = options.host
        self.engine = FederatedEngine(credential: Self.name, host: host) {
            guard let address = host.environment[Self.variable], !HostileText.trimmed(address).isEmpty else {
                throw Self.unavailable
            }
            let connectionID = HostileText.trimmed(serviceConnectionID)
            guard !connectionID.isEmpty, connectionID.utf8.count <= 256 else {
                throw AuthenticationError(
                    .invalidConfiguration,
                    credential: Self.name,
                    message: "\(Self.name): The service connection id is empty or longer than 256 bytes; it is a GUID."
                )
            }
            let client = OIDCClient(
                credential: Self.name,
                issuer: .azurePipelines,
                url: try OIDCEndpoint.url(
                    address,
                    variable: Self.variable,
                    parameters: [("api-version", Self.version), ("serviceConnectionId", connectionID)],
                    credential: Self.name
                ),
                bearer: try OIDCClient.check(systemAccessToken, "system access token", credential: Self.name),
                pipeline: try options.oidcPipeline(host: host, credential: Self.name)
            )
            return EntraEngine(
                .init(
                    credential: Self.name,
                    tenantID: tenantID,
                    clientID: clientID,
                    identity: client.identity,
                    proof: .pipelines
                ),
                options: options,
                check: {},
                grant: { .clientCredentials(clientID: clientID, proof: try await client.proof(for: $0)) }
            )
        }
    }

    private static var unavailable: AuthenticationError {
        var error = AuthenticationError.credentialUnavailable(
            """
            Missing value for the SYSTEM_OIDCREQUESTURI environment variable. AzurePipelinesCredential is intended for use in Azure \
            Pipelines, where the variable is set.
            """,
            credential: Self.name
        )
        error.remedy = Guide.remedy(.g46)
        return error
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: exactly one, ending in `/.default`.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` outside of Azure Pipelines; `.authenticationFailed` if Azure Pipelines gives
    ///   no identity token, with its message, status and ids for support, if Microsoft Entra ID refuses, if either can't be reached (after
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

extension AzurePipelinesCredential: EntraCredential, TokenEventSource {}

extension TokenCredential where Self == AzurePipelinesCredential {
    /// A credential for a job of Azure Pipelines with a service connection.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant (directory) of the service connection's identity.
    ///   - clientID: The client id of the service connection's application or managed identity.
    ///   - serviceConnectionID: The id of the service connection.
    ///   - systemAccessToken: The value of the predefined variable `System.AccessToken`.
    ///   - options: The variables, the cloud, the tenants, the network, the cache and the log.
    /// - Returns: The credential.
    public static func azurePipelines(
        tenantID: String,
        clientID: String,
        serviceConnectionID: String,
        systemAccessToken: Secret,
        options: CredentialOptions = CredentialOptions()
    ) -> AzurePipelinesCredential {
        AzurePipelinesCredential(
            tenantID: tenantID,
            clientID: clientID,
            serviceConnectionID: serviceConnectionID,
            systemAccessToken: systemAccessToken,
            options: options
        )
    }
}
