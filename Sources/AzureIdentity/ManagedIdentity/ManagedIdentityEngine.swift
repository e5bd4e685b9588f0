// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What a managed identity on one host has in place of an authority: a source, and the engine that keeps its tokens. Workload identity, which
/// stands in on some hosts, isn't its business.
struct ManagedIdentityEngine: Sendable {
    private let credential: String
    private let acquirer: TokenAcquirer
    /// Keeps tokens in a cache that outlives the process, where that was asked for.
    private let keeper: TokenKeeper?
    /// How chains find out whether there is a metadata service; `nil` on hosts that variables name.
    private let availability: Availability?

    /// What chains ask before they ask for a token.
    private struct Availability: Sendable {
        let key: MetadataAvailability.Key
        let probe: MetadataProbe
        /// Why nothing needs to be asked.
        let absence: AuthenticationError?
        let clock: any MachineClock
    }

    /// - Parameters:
    ///   - selection: The host. Not one that workload identity serves.
    ///   - identity: Which of its identities.
    ///   - persistsTokens: Whether tokens are kept in a cache that outlives the process.
    ///   - credential: The name of the credential.
    /// - Throws: `AuthenticationError` if the host can't serve the identity, or no token at all, or if the cache can't keep tokens.
    init(
        _ selection: HostSelection,
        identity: ManagedIdentityID,
        persistsTokens: Bool,
        credential: String,
        options: CredentialOptions,
        host: Host
    ) throws {
        let transport = try CredentialOptions.transport(of: host, credential: credential)
        let transportName = TransportIdentity.name(of: transport)
        func client(_ source: String, _ rules: RetryRules, _ row: GuideRow? = nil) -> SourceClient {
            let pipeline = options.pipeline(transport, host: host, rules: rules)
            return SourceClient(
                credential: credential, source: source, identity: identity, pipeline: pipeline, clock: host.clock, row: row)
        }
        if case .none(let row, let message) = selection.source {
            var error = AuthenticationError.credentialUnavailable(message, credential: credential)
            let isPod = host.environment["KUBERNETES_SERVICE_HOST"] != nil
            error.remedy = row == .g30 && !isPod ? Guide.lonelyEndpointRemedy : Guide.remedy(row)
            throw error
        }
        let source = try Self.source(selection.source, host: host, retry: options.retry, client: client)
        self.credential = credential
        self.availability = Self.availability(
            selection,
            host: host,
            transportName: transportName,
            client: { client("IMDS", RetryRules(base: .none)) }
        )
        let keeper =
            persistsTokens
            ? try Self.keeper(selection.source, identity: identity, credential: credential, options: options, host: host) : nil
        self.keeper = keeper
        self.acquirer = TokenAcquirer(
            credential: credential,
            partition: KeyedDigest.partition([credential, transportName, "\(identity.kind)"] + selection.source.parts),
            cache: options.tokenCache,
            host: host,
            logging: options.logging,
            acquire: { request in
                let resource = try ResourceScope.resource(of: request.context.scopes, credential: credential)
                // Hosts take no claims; those that nobody could send are an error all the same.
                _ = try ClaimsRequest.value(claims: request.context.claims, isCAEEnabled: true, credential: credential)
                guard let keeper else { return try await source.token(for: resource, request: request) }
                return try await keeper.token(for: request) { try await source.token(for: resource, request: request) }
            }
        )
    }

    /// A kept token for the request, if there is one that would do. The tenant that a request names doesn't concern a managed identity.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        try self.acquirer.keptToken(for: context, tenantID: "")
    }

    /// A token for the request.
    ///
    /// - Parameter isInChain: Whether a chain asks, which first wants to know whether there is anything to be asked.
    func token(for context: TokenRequestContext, isInChain: Bool) async throws -> AccessToken {
        try context.validate(for: self.credential)
        _ = try ResourceScope.resource(of: context.scopes, credential: self.credential)
        var context = context
        if isInChain, let availability = self.availability {
            let start = availability.clock.now
            try await self.check(availability, context: context)
            context.timeout = context.timeout.map { max($0 - (availability.clock.now - start), .milliseconds(1)) }
        }
        return try await self.acquirer.token(for: context, tenantID: "")
    }

    /// What happens to the credential's tokens.
    var events: TokenEvents { self.acquirer.events.events }

    /// Drops the credential's tokens.
    func removeCachedTokens() {
        self.keeper?.forget()
        self.acquirer.removeCachedTokens()
    }

    /// Why there is nothing to be asked, as chains find it out; `nil` if there is, or if that isn't known.
    func absence(within patience: Duration) async -> AuthenticationError? {
        guard let availability = self.availability else { return nil }
        do {
            try await self.check(availability, context: TokenRequestContext(scopes: [], timeout: patience))
            return nil
        } catch let error {
            return error as? AuthenticationError
        }
    }

    private func check(_ availability: Availability, context: TokenRequestContext) async throws {
        if let absence = availability.absence { throw absence }
        try await MetadataAvailability.shared.check(availability.key, patience: context.timeout, clock: availability.clock) {
            try await availability.probe.finding(context: context)
        }
    }

    private static func source(
        _ source: HostSelection.Source,
        host: Host,
        retry: RetryOptions,
        client: (String, RetryRules, GuideRow?) -> SourceClient
    ) throws -> any ManagedIdentitySource {
        let rules = SourceRetry.endpoint(retry)
        switch source {
        case .serviceFabric(let endpoint, let header, let thumbprint):
            var client = client("Service Fabric managed identity", SourceRetry.serviceFabric(retry), .g21)
            client.isNotFoundFinal = true
            client.certificateRow = .g21
            return try ServiceFabricSource(client, endpoint: endpoint, header: header, thumbprint: thumbprint)
        case .appService(let endpoint, let header):
            var client = client("App Service managed identity", rules, .g29)
            client.certificateNote =
                "On Service Fabric, IDENTITY_SERVER_THUMBPRINT says which certificate is right; it is not set."
            client.certificateRow = .g21
            return try AppServiceSource(client, endpoint: endpoint, header: header)
        case .azureArc(let endpoint):
            let client = client("Azure Arc managed identity", rules, .g19)
            return try AzureArcSource(client, endpoint: endpoint, directory: host.arcKeyDirectory)
        case .appService2017(let endpoint, let secret):
            return try AppService2017Source(
                client("App Service managed identity (2017-09-01)", rules, .g28), endpoint: endpoint, secret: secret)
        case .azureMachineLearning(let endpoint, let secret, let defaultClientID):
            return try AzureMLSource(
                client("Azure ML managed identity", rules, nil), endpoint: endpoint, secret: secret,
                defaultClientID: defaultClientID)
        case .cloudShell(let endpoint):
            return try CloudShellSource(client("Cloud Shell managed identity", rules, nil), endpoint: endpoint)
        case .metadata(let address, let isPod):
            return try MetadataSource(client("IMDS", SourceRetry.metadata(retry), nil), host: address, isPod: isPod)
        case .workloadIdentity, .none:
            throw AuthenticationError.credentialUnavailable("There is no endpoint here.", credential: "ManagedIdentityCredential")
        }
    }

    private static func availability(
        _ selection: HostSelection,
        host: Host,
        transportName: String,
        client: () -> SourceClient
    ) -> Availability? {
        guard case .metadata(let address, let isPod) = selection.source, let likelihood = selection.likelihood else { return nil }
        let client = client()
        let isNamed = isPod || host.environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] != nil
        return Availability(
            key: .init(endpoint: address, transport: transportName, isPod: isPod),
            probe: MetadataProbe(client: client, host: address, isPod: isPod, likelihood: likelihood),
            absence: isNamed ? nil : MetadataProbe.localAbsence(likelihood, credential: client.credential),
            clock: host.clock
        )
    }
}
