// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// Authenticates a managed identity: an identity that an Azure host gives to the programs on it, without a secret of theirs.
///
/// ```swift
/// let credential = ManagedIdentityCredential()
/// let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// ```
///
/// Which host this is, is decided when the credential is made, by variables and files (``detectedHost(environment:)``); the first that
/// applies:
///
/// | host | by | user-assigned identities |
/// |---|---|---|
/// | Service Fabric | `IDENTITY_ENDPOINT`, `IDENTITY_HEADER`, `IDENTITY_SERVER_THUMBPRINT` | can't be chosen |
/// | App Service, Functions, Container Apps, Automation | `IDENTITY_ENDPOINT`, `IDENTITY_HEADER` | by any id |
/// | Azure Arc | `IDENTITY_ENDPOINT`, `IMDS_ENDPOINT`; or the agent's program | by any id, if the agent confirms it |
/// | App Service (2017-09-01), Azure Machine Learning | `MSI_ENDPOINT`, `MSI_SECRET` | by client id |
/// | Cloud Shell | `MSI_ENDPOINT` | can't be chosen |
/// | workload identity in AKS | `AZURE_AUTHORITY_HOST`, `AZURE_TENANT_ID`, `AZURE_FEDERATED_TOKEN_FILE` | by client id, else `AZURE_CLIENT_ID` |
/// | virtual machines and scale sets, pods | what remains; `AZURE_POD_IDENTITY_AUTHORITY_HOST`, else 169.254.169.254 | by any id |
///
/// A request is sent again as its host's table says: 404, 410 (for 70 seconds and more on virtual machines), 429 and 5xx, and connections
/// that fail. Nothing goes through a proxy, and no redirect is followed. Service Fabric's certificate is compared with its thumbprint before
/// anything is sent, and the key files of Azure Arc are read from the agent's directory alone.
///
/// Tokens are kept in the memory of the options' cache; in what of it outlives the process only with `persistsTokens`. The tenant that a request names doesn't matter, and claims only make for a new request: hosts
/// keep tokens of their own, for up to 24 hours.
public final class ManagedIdentityCredential: TokenCredential {
    private static let name = "ManagedIdentityCredential"

    private enum State: Sendable {
        case host(ManagedIdentityEngine)
        /// Workload identity, which stands in for the host.
        case workload(WorkloadIdentityCredential)
        case failed(AuthenticationError)
    }

    private let state: State
    private let clock: any MachineClock
    /// What tells its tokens from another's: a digest, since secrets are among it.
    let identity: PartitionID

    /// Creates a credential. Nothing is requested yet.
    ///
    /// - Parameters:
    ///   - identity: Which of the host's identities; by default the one of its own.
    ///   - options: The network, the cache and the log. `authorityHost` and the like matter where workload identity stands in.
    ///     With `retry` other than the default, its counts and delays replace those of the host's table.
    ///   - persistsTokens: Whether tokens are kept where the options' cache outlives the process, which has to be
    ///     ``TokenCache/persistent(name:options:)`` or a cache of your own. Only encrypted: in a file of plain text they aren't kept, whatever its
    ///     options allow, and the log says so. They are found again until the machine is restarted. By default the host keeps them.
    public convenience init(
        identity: ManagedIdentityID = .systemAssigned,
        options: CredentialOptions = CredentialOptions(),
        persistsTokens: Bool = false
    ) {
        self.init(identity: identity, options: options, persistsTokens: persistsTokens, excludesWorkloadIdentity: false)
    }

    /// - Parameter excludesWorkloadIdentity: Whether workload identity may not stand in, as in a chain from which it is excluded.
    package init(
        identity: ManagedIdentityID,
        options: CredentialOptions,
        persistsTokens: Bool = false,
        excludesWorkloadIdentity: Bool
    ) {
        let host = options.host
        self.clock = host.clock
        let selection = HostSelection.select(
            host.environment,
            facts: host.facts,
            excludesWorkloadIdentity: excludesWorkloadIdentity
        )
        var parts = ["\(identity.kind)"] + selection.source.parts
        if selection.source == .workloadIdentity {
            let names = ["AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"]
            parts += names.map { host.environment[$0] ?? "" }
        }
        self.identity = KeyedDigest.partition(parts)
        do {
            try identity.check(credential: Self.name)
            if selection.source == .workloadIdentity {
                self.state = .workload(
                    try Self.workloadCredential(identity, environment: host.environment, options: options))
            } else {
                self.state = .host(
                    try ManagedIdentityEngine(
                        selection, identity: identity, persistsTokens: persistsTokens, credential: Self.name, options: options,
                        host: host))
            }
        } catch let error {
            self.state = .failed(
                error as? AuthenticationError
                    ?? AuthenticationError(
                        .invalidConfiguration, credential: Self.name, message: "The configuration is not valid.")
            )
        }
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: exactly one, ending in `/.default`.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if there is no managed identity here, none with this id, or its endpoint
    ///   doesn't answer (rows G23 to G30 of the guide); `.authenticationFailed` if the endpoint refuses for another reason;
    ///   `.invalidConfiguration` if the host doesn't know such identities, or an argument or variable can't be used; `.timedOut` if the
    ///   request's own time is up. Rethrows `CancellationError`. A renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        try await self.token(for: context, isInChain: false)
    }

    /// The same for a member of a chain: where only the metadata service is left to be asked, and there is none, that is known within a
    /// second.
    package func tokenInChain(for context: TokenRequestContext) async throws -> AccessToken {
        try await self.token(for: context, isInChain: true)
    }

    /// Finds out, as a chain would, whether there is a metadata service to be asked; hosts that variables name aren't asked anything.
    ///
    /// - Parameter patience: How long it may take.
    /// - Returns: The error of a place without one; `nil` where there is one, or where there was no time to find out.
    func absence(within patience: Duration) async -> AuthenticationError? {
        guard case .host(let engine) = self.state else { return nil }
        return await engine.absence(within: patience)
    }

    private func token(for context: TokenRequestContext, isInChain: Bool) async throws -> AccessToken {
        switch self.state {
        case .host(let engine):
            if let token = try engine.keptToken(for: context) { return token }
            return try await engine.token(for: context, isInChain: isInChain)
        case .workload(let credential): return try await credential.token(for: context)
        case .failed(let error): throw error
        }
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        switch self.state {
        case .host(let engine): try engine.keptToken(for: context)
        case .workload(let credential): try credential.keptToken(for: context)
        case .failed: nil
        }
    }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError``, which ``token(for:)`` would throw too.
    public func validate() throws {
        switch self.state {
        case .host: return
        case .workload(let credential): try credential.validate()
        case .failed(let error): throw error
        }
    }

    /// Drops the kept tokens of this credential.
    public func removeCachedTokens() {
        switch self.state {
        case .host(let engine): engine.removeCachedTokens()
        case .workload(let credential): credential.removeCachedTokens()
        case .failed: return
        }
    }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents {
        switch self.state {
        case .host(let engine): engine.events
        case .workload(let credential): credential.events
        case .failed: TokenEvents(nil)
        }
    }

    /// Waits until there is a token, as long as what stands in the way is of the kind that passes: an endpoint that isn't up yet, an
    /// identity that is being bound, a service that is restarting.
    ///
    /// - Parameters:
    ///   - context: The request.
    ///   - timeout: How long to wait at most.
    ///   - onProgress: Called after each attempt that another one will follow.
    /// - Throws: ``AuthenticationError`` as ``token(for:)``, at once if it can't pass, else when the time is up; `CancellationError`.
    public func waitUntilReady(
        for context: TokenRequestContext,
        timeout: Duration,
        onProgress: (@Sendable (ReadinessProgress) -> Void)? = nil
    ) async throws {
        if case .workload(let credential) = self.state {
            return try await credential.waitUntilReady(for: context, timeout: timeout, onProgress: onProgress)
        }
        try await Readiness.wait(for: context, timeout: timeout, clock: self.clock, onProgress: onProgress) { context in
            try await self.token(for: context)
        }
    }

    /// Finds out which host this is, by variables and files, without a request.
    ///
    /// - Parameter environment: The variables; the process's by default.
    /// - Returns: The host that a credential made now would ask, with what speaks for it.
    public static func detectedHost(environment: EnvironmentVariables = .process) -> ManagedIdentityHost {
        HostSelection.select(environment, facts: { HostFacts.ofThisMachine() }).host
    }

    private static func workloadCredential(
        _ identity: ManagedIdentityID,
        environment: EnvironmentVariables,
        options: CredentialOptions
    ) throws -> WorkloadIdentityCredential {
        func problem(_ text: String) -> AuthenticationError {
            AuthenticationError(
                .invalidConfiguration,
                credential: Self.name,
                message: "Workload identity serves managed identities here (AZURE_FEDERATED_TOKEN_FILE is set), \(text)"
            )
        }
        let clientID: String
        switch identity.kind {
        case .systemAssigned:
            guard let id = environment["AZURE_CLIENT_ID"] else {
                throw problem("and needs a client id: ManagedIdentityID.userAssigned(clientID:), or AZURE_CLIENT_ID.")
            }
            clientID = id
        case .clientID(let id): clientID = id
        case .objectID, .resourceID: throw problem("and knows identities by client ID only, not \(identity).")
        }
        return WorkloadIdentityCredential(
            name: Self.name,
            tenantID: nil,
            clientID: clientID,
            tokenFilePath: nil,
            isAzureProxyEnabled: false,
            options: options
        )
    }
}

extension ManagedIdentityCredential: KeepingTokenCredential, TokenEventSource {}

extension TokenCredential where Self == ManagedIdentityCredential {
    /// A credential for a managed identity of the host this program runs on.
    ///
    /// - Parameters:
    ///   - identity: Which of the host's identities; by default the one of its own.
    ///   - options: The network, the cache and the log.
    ///   - persistsTokens: Whether tokens are kept, encrypted, where the options' cache outlives the process.
    /// - Returns: The credential.
    public static func managedIdentity(
        _ identity: ManagedIdentityID = .systemAssigned,
        options: CredentialOptions = CredentialOptions(),
        persistsTokens: Bool = false
    ) -> ManagedIdentityCredential {
        ManagedIdentityCredential(identity: identity, options: options, persistsTokens: persistsTokens)
    }
}
