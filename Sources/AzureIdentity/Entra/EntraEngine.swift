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

        init(policy: TenantPolicy, acquirer: TokenAcquirer) {
            self.policy = policy
            self.acquirer = acquirer
        }
    }

    private let credential: String
    private let ready: Ready?
    /// What is wrong with the configuration, if it isn't ready.
    private let failure: AuthenticationError?

    /// - Parameters:
    ///   - credential: The type name of the credential.
    ///   - tenantID: Its tenant.
    ///   - clientID: Its client id.
    ///   - identity: What else distinguishes its tokens, secrets included.
    ///   - options: Its options.
    ///   - check: Throws what is wrong with the rest of its configuration.
    ///   - grant: Makes the grant of a request.
    init(
        credential: String,
        tenantID: String,
        clientID: String,
        identity: [String],
        options: CredentialOptions,
        check: () throws -> Void,
        grant: @escaping @Sendable (AcquisitionRequest) async throws -> TokenGrant
    ) {
        self.credential = credential
        do {
            guard TenantID.isValid(tenantID) else { throw TenantID.invalid(tenantID, credential: credential) }
            try ClientID.check(clientID, credential: credential)
            try check()
            self.ready = try Self.ready(
                credential,
                tenantID: tenantID,
                clientID: clientID,
                identity: identity,
                options: options,
                grant: grant
            )
            self.failure = nil
        } catch let error {
            self.ready = nil
            self.failure = Self.invalid(error, credential: credential)
        }
    }

    /// Throws what is wrong with the configuration, if anything is.
    func validate() throws {
        if let failure = self.failure { throw failure }
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard let ready = self.ready else { return nil }
        let tenantID = try ready.policy.tenant(requested: context.tenantID, credential: self.credential)
        return try ready.acquirer.keptToken(for: context, tenantID: tenantID)
    }

    /// A token for the request.
    func token(for context: TokenRequestContext) async throws -> AccessToken {
        guard let ready = self.ready else { throw self.failure ?? Self.invalid(nil, credential: self.credential) }
        let tenantID = try ready.policy.tenant(requested: context.tenantID, credential: self.credential)
        return try await ready.acquirer.token(for: context, tenantID: tenantID)
    }

    /// Drops the credential's tokens.
    func removeCachedTokens() {
        self.ready?.acquirer.removeCachedTokens()
    }

    private static func ready(
        _ credential: String,
        tenantID: String,
        clientID: String,
        identity: [String],
        options: CredentialOptions,
        grant: @escaping @Sendable (AcquisitionRequest) async throws -> TokenGrant
    ) throws -> Ready {
        let host = options.host
        let environment = host.environment
        guard let transport = host.transport else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: "There is no HTTP transport: the trait AsyncHTTPClient is off, so the options must hold one."
            )
        }
        let authority = try options.authorityHost ?? environment["AZURE_AUTHORITY_HOST"].map(AuthorityHost.init) ?? .publicCloud
        let client = EntraClient(
            credential: credential,
            authorityHost: authority,
            pipeline: Self.pipeline(transport: transport, host: host, options: options),
            clock: host.clock
        )
        let partition = KeyedDigest.partition(
            [credential, authority.description, tenantID.lowercased(), TransportIdentity.name(of: transport), clientID] + identity
        )
        let acquirer = TokenAcquirer(
            credential: credential,
            partition: partition,
            cache: options.tokenCache,
            host: host,
            logger: options.logging.logger,
            clientID: clientID,
            acquire: { request in
                Self.logTenant(request, configured: tenantID, logger: options.logging.logger ?? .current)
                return try await client.token(by: try await grant(request), request: request)
            }
        )
        let allowed = options.additionallyAllowedTenants ?? TenantFilter.list(environment["AZURE_ADDITIONALLY_ALLOWED_TENANTS"])
        let policy = TenantPolicy(
            configured: tenantID,
            allowed: allowed,
            isMultiTenantDisabled: environment.isOn("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH")
        )
        return Ready(policy: policy, acquirer: acquirer)
    }

    /// Says so when a request's tenant and the credential's differ, whichever is asked.
    private static func logTenant(_ request: AcquisitionRequest, configured: String, logger: Logger) {
        guard let requested = request.context.tenantID, requested.lowercased() != configured.lowercased() else { return }
        let isUsed = request.tenantID.lowercased() == requested.lowercased()
        logger.info(
            isUsed
                ? "A token is requested for another tenant than the credential's"
                : "The tenant of a request is ignored: requests for several tenants are disabled",
            metadata: ["azure.tenant_id": "\(configured)", "azure.requested_tenant_id": "\(requested)"]
        )
    }

    private static func pipeline(transport: any HTTPTransport, host: Host, options: CredentialOptions) -> HTTPPipeline {
        HTTPPipeline(
            transport: transport,
            clock: host.clock,
            retry: options.retry,
            logging: options.logging,
            userAgent: UserAgent.value(
                applicationID: options.applicationID,
                addition: host.environment["AZURE_HTTP_USER_AGENT"]
            )
        )
    }

    private static func invalid(_ error: (any Error)?, credential: String) -> AuthenticationError {
        guard var failure = error as? AuthenticationError else {
            return AuthenticationError(.invalidConfiguration, credential: credential, message: "The configuration is not valid.")
        }
        failure.credential = credential
        return failure
    }
}

/// What an application's client id may look like. Pure.
enum ClientID {
    /// Throws unless the text is one word of printable ASCII characters.
    static func check(_ text: String, credential: String) throws {
        guard !text.isEmpty, text.utf8.count <= 256, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: """
                    Invalid client ID provided: "\(HostileText.sanitized(text, limit: 100))". It is the id of an application \
                    registered in Microsoft Entra ID, a GUID.
                    """
            )
        }
    }
}
