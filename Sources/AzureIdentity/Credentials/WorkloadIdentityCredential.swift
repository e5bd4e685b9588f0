// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Authenticates a workload with the token that its platform keeps in a file: workload identity of Azure Kubernetes Service and of other
/// clusters of Kubernetes.
///
/// For pods with the label `azure.workload.identity/use: "true"`, for which the Azure workload identity webhook sets the variables. The
/// token file is read when a token request needs it, again after five minutes or when it has changed, and once more when the service finds
/// the token out of its time (AADSTS700024).
///
/// ```swift
/// let credential = WorkloadIdentityCredential()
/// try await credential.waitUntilReady(for: .init(scopes: ["https://vault.azure.net/.default"]), timeout: .seconds(60))
/// ```
///
/// In clusters with identity bindings, set `isAzureProxyEnabled`: tokens are then asked for at the cluster's proxy, which
/// `AZURE_KUBERNETES_TOKEN_PROXY` names, with the server name of `AZURE_KUBERNETES_SNI_NAME` and a certificate of an authority in
/// `AZURE_KUBERNETES_CA_FILE` or `AZURE_KUBERNETES_CA_DATA`, and never by way of another proxy. The file is read again when it changes.
/// Without the flag these variables are ignored.
///
/// Reads, where an argument is missing, `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_FEDERATED_TOKEN_FILE`; and, unless the options say
/// otherwise, `AZURE_AUTHORITY_HOST`, `AZURE_REGIONAL_AUTHORITY_NAME`, `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`,
/// `SSL_CERT_FILE` and `SSL_CERT_DIR`; in any case `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and `AZURE_HTTP_USER_AGENT`.
/// Keeps tokens in memory until they expire, renewed early; shared with credentials of equal configuration unless the options hold
/// another `TokenCache`. An authority host isn't asked whether it is one.
public final class WorkloadIdentityCredential: TokenCredential {
    static let name = "WorkloadIdentityCredential"

    private let engine: FederatedEngine
    /// Whether tokens are asked for at the proxy of an identity binding.
    private let usesProxy: Bool
    private let neverCodes: Set<Int>

    /// Creates a credential from arguments and variables. Nothing is read from files or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant (directory); `nil`: `AZURE_TENANT_ID`.
    ///   - clientID: The client id of the application or managed identity; `nil`: `AZURE_CLIENT_ID`.
    ///   - tokenFilePath: The file with the workload's token; `nil`: `AZURE_FEDERATED_TOKEN_FILE`.
    ///   - isAzureProxyEnabled: Whether tokens are asked for at the cluster's proxy, as identity bindings of AKS need, if the variables name
    ///     one.
    ///   - options: The variables, the cloud, the tenants, the network, the cache and the log.
    public convenience init(
        tenantID: String? = nil,
        clientID: String? = nil,
        tokenFilePath: String? = nil,
        isAzureProxyEnabled: Bool = false,
        options: CredentialOptions = CredentialOptions()
    ) {
        self.init(
            name: Self.name,
            tenantID: tenantID,
            clientID: clientID,
            tokenFilePath: tokenFilePath,
            isAzureProxyEnabled: isAzureProxyEnabled,
            options: options
        )
    }

    /// Creates a credential whose errors and tokens carry another credential's name.
    init(
        name: String,
        tenantID: String? = nil,
        clientID: String? = nil,
        tokenFilePath: String? = nil,
        isAzureProxyEnabled: Bool = false,
        options: CredentialOptions = CredentialOptions()
    ) {
        let host = options.host
        let binding = Result {
            isAzureProxyEnabled ? try IdentityBinding(environment: host.environment, credential: name) : nil
        }
        self.usesProxy = ((try? binding.get()) ?? nil) != nil
        self.neverCodes = host.environment[TokenProxyAddress.variable] == nil ? [] : [700_211]
        self.engine = FederatedEngine(credential: name, host: host) {
            let plan = try WorkloadIdentityPlan(
                tenantID: tenantID,
                clientID: clientID,
                tokenFilePath: tokenFilePath,
                environment: host.environment,
                credential: name
            )
            return try Self.engine(plan, name: name, binding: try binding.get(), clock: host.clock, options: options)
        }
    }

    private static func engine(
        _ plan: WorkloadIdentityPlan,
        name: String,
        binding: IdentityBinding?,
        clock: any MachineClock,
        options: CredentialOptions
    ) throws -> EntraEngine {
        var options = binding?.applied(to: options) ?? options
        options.isInstanceDiscoveryEnabled = false
        let file = FederatedTokenFile(path: plan.tokenFilePath, credential: name, clock: clock)
        return EntraEngine(
            .init(
                credential: name,
                tenantID: plan.tenantID,
                clientID: plan.clientID,
                identity: ["token file", plan.tokenFilePath],
                proof: .workloadIdentity
            ),
            options: options,
            check: {},
            grant: { _ in .clientCredentials(clientID: plan.clientID, proof: try file.proof()) }
        )
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: exactly one, ending in `/.default`.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if the client id, the tenant id or the token file isn't named, and,
    ///   retryable, if the token file is missing, unreadable or empty; `.authenticationFailed` if its content can't be a token, if Microsoft
    ///   Entra ID refuses or can't be reached (after retries), or if the request names a tenant that isn't allowed;
    ///   `.invalidConfiguration` if an argument, a variable, a scope or the claims can't be used; `.timedOut` if the request's own time is
    ///   up. Rethrows `CancellationError`. A renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        guard self.usesProxy else { return try await self.engine.token(for: context) }
        do {
            return try await self.engine.token(for: context)
        } catch var error as AuthenticationError where error.remedy?.guide == GuideRow.g53.rawValue {
            // Row G53 says to ask the proxy, and it was the proxy that was asked.
            error.remedy = Guide.remedy(.g04, facts: GuideFacts(code: error.serviceError?.codes.first))
            throw error
        }
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Checks the configuration, without a request and without looking at files: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError``, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept tokens of this credential and of those that share with it.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    /// Waits until the credential gives a token: for a program that starts together with its pod.
    ///
    /// What passes by itself is waited for: a token file that isn't there yet, a service that doesn't answer, a federated credential that
    /// isn't known everywhere yet. What doesn't is an error at once: a variable that is missing, a federated credential for another audience.
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
        try await self.engine.waitUntilReady(
            for: context,
            timeout: timeout,
            neverCodes: self.neverCodes,
            onProgress: onProgress
        )
    }
}

extension WorkloadIdentityCredential: EntraCredential, TokenEventSource {}

extension TokenCredential where Self == WorkloadIdentityCredential {
    /// A credential for a workload with a token file, named by the variables.
    public static var workloadIdentity: WorkloadIdentityCredential { WorkloadIdentityCredential() }
}
