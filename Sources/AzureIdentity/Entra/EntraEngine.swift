// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

/// What every credential of Microsoft Entra ID is made of: checked configuration, a tenant policy, an acquirer with a client behind it.
struct EntraEngine: Sendable {
    /// What a credential with a good configuration has. An object, so that a call retains one reference.
    private final class Ready: Sendable {
        let policy: TenantPolicy
        let acquirer: TokenAcquirer
        /// Keeps tokens beyond the process; `nil`: nothing does.
        let keeper: TokenKeeper?

        init(policy: TenantPolicy, acquirer: TokenAcquirer, keeper: TokenKeeper?) {
            self.policy = policy
            self.acquirer = acquirer
            self.keeper = keeper
        }
    }

    private let configured: Configured<Ready>

    /// Who asks for tokens.
    struct Client {
        /// The type name of the credential.
        let credential: String
        let tenantID: String
        let clientID: String
        /// What else distinguishes its tokens, secrets included.
        let identity: [String]
        /// How it proves who it is, for remedies.
        let proof: GuideFacts.Proof
        /// Whether another process can have the same: not where a closure is part of it.
        var isKnownElsewhere = true
    }

    /// - Parameters:
    ///   - client: Who asks for tokens.
    ///   - options: Its options.
    ///   - check: Throws what is wrong with the rest of its configuration.
    ///   - grant: Makes the grant of a request.
    init(
        _ client: Client,
        options: CredentialOptions,
        check: () throws -> Void,
        grant: @escaping @Sendable (GrantContext) async throws -> TokenGrant
    ) {
        self.configured = Configured(client.credential, tenantID: client.tenantID, clientID: client.clientID) {
            try check()
            return try Self.ready(client, options: options, grant: grant)
        }
    }

    /// Throws what is wrong with the configuration, if anything is.
    func validate() throws { try self.configured.validate() }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard let ready = self.configured.ready else { return nil }
        let tenantID = try ready.policy.tenant(requested: context.tenantID, credential: self.configured.credential)
        return try ready.acquirer.keptToken(for: context, tenantID: tenantID)
    }

    /// A token for the request.
    func token(for context: TokenRequestContext) async throws -> AccessToken {
        let ready = try self.configured.get()
        let tenantID = try ready.policy.tenant(requested: context.tenantID, credential: self.configured.credential)
        return try await ready.acquirer.token(for: context, tenantID: tenantID)
    }

    /// What happens to the credential's tokens.
    var events: TokenEvents { TokenEvents(self.configured.ready?.acquirer.events) }

    /// Drops the credential's tokens.
    func removeCachedTokens() {
        self.configured.ready?.keeper?.forget()
        self.configured.ready?.acquirer.removeCachedTokens()
    }

    private static func ready(
        _ client: Client,
        options: CredentialOptions,
        grant: @escaping @Sendable (GrantContext) async throws -> TokenGrant
    ) throws -> Ready {
        let host = options.host
        let parts = try EntraParts(credential: client.credential, tenantID: client.tenantID, options: options, host: host)
        let (entra, authority) = (parts.client, parts.authority)
        let keeper = Self.keeper(client, authority: authority, options: options, host: host)
        let acquirer = TokenAcquirer(
            credential: client.credential,
            partition: KeyedDigest.partition(
                [client.credential, client.tenantID.lowercased(), parts.transportName, client.clientID] + authority.identity
                    + client.identity
            ),
            cache: options.tokenCache,
            host: host,
            logging: options.logging,
            facts: GuideFacts(clientID: client.clientID, proof: client.proof),
            acquire: { request in
                Self.logTenant(request, configured: client.tenantID, logger: options.logging.currentLogger)
                guard let keeper else { return try await entra.token(for: request, by: grant) }
                return try await keeper.token(for: request) { try await entra.token(for: request, by: grant) }
            }
        )
        return Ready(
            policy: Self.policy(client.tenantID, options: options, environment: host.environment), acquirer: acquirer,
            keeper: keeper)
    }

    /// Keeps the application's tokens in a cache that outlives the process, if the options hold one. Who proves something else gets none.
    private static func keeper(_ client: Client, authority: Authority, options: CredentialOptions, host: Host) -> TokenKeeper? {
        let vault = options.tokenCache.vault
        guard vault.isPersistent, client.isKnownElsewhere, let proof = StableDigest.text(client.identity) else { return nil }
        let owner = TokenKeeper.Owner(
            environments: authority.environments,
            clientID: client.clientID,
            subject: .application(proof: proof),
            extensionKey: nil
        )
        let environment = authority.environment
        return TokenKeeper(
            vault: vault,
            part: { request in
                VaultPart(
                    subject: .application(environment: environment, clientID: client.clientID, tenantID: request.tenantID),
                    isCAEEnabled: request.context.isCAEEnabled
                )
            },
            owner: { _ in owner },
            clock: host.clock,
            credential: client.credential,
            logger: options.logging.logger
        )
    }

    static func policy(_ tenantID: String, options: CredentialOptions, environment: EnvironmentVariables) -> TenantPolicy {
        // An OpenID issuer has no tenants, so none can be allowed.
        let listed =
            options.additionallyAllowedTenants ?? TenantFilter.list(environment["AZURE_ADDITIONALLY_ALLOWED_TENANTS"])
        return TenantPolicy(
            configured: tenantID,
            allowed: options.openIDAuthority == nil ? listed : [],
            isSingleTenant: options.openIDAuthority != nil,
            isMultiTenantDisabled: environment.isOn("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH")
        )
    }

    /// Says so when a request's tenant and the credential's differ, whichever is asked.
    static func logTenant(_ request: AcquisitionRequest, configured: String, logger: Logger) {
        guard let requested = request.context.tenantID, requested.lowercased() != configured.lowercased() else { return }
        let isUsed = request.tenantID.lowercased() == requested.lowercased()
        logger.info(
            isUsed
                ? "A token is requested for another tenant than the credential's"
                : "The tenant of a request is ignored: requests for several tenants are disabled",
            metadata: [LogKey.tenantID: "\(configured)", LogKey.requestedTenantID: "\(requested)"]
        )
    }
}
