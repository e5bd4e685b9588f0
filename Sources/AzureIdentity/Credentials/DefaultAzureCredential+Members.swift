// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension DefaultAzureCredential {
    /// The chain's members in order, those that aren't asked and those of the program's own included.
    ///
    /// - Throws: `AuthenticationError` if the options or the variable can't be used.
    static func members(_ options: Options, environment: EnvironmentVariables, isOnAzure: Bool) throws -> [ChainMember] {
        let plan = try DefaultChainPlan(
            environment: environment,
            choice: .init(
                exclusions: options.exclusions,
                inclusions: options.inclusions,
                variable: options.tokenCredentialsVariable,
                requiresVariable: options.requiresTokenCredentialsVariable,
                hasBroker: options.broker != nil,
                hasInsertions: !options.insertions.isEmpty
            ),
            credential: Self.name
        )
        func insertions(_ place: Options.Place) -> [ChainMember] {
            options.insertions.filter { $0.place == place }.map { insertion in
                var member = ChainMember(insertion.credential, name: insertion.name)
                member.passesOnFailures = insertion.passesOn == .anyFailure
                return member
            }
        }
        let own = plan.entries.flatMap { entry in
            let member = Self.member(entry, plan: plan, options: options, environment: environment, isOnAzure: isOnAzure)
            return insertions(.before(entry.member)) + [member] + insertions(.after(entry.member))
        }
        return insertions(.first) + own + insertions(.last)
    }

    private static func member(
        _ entry: DefaultChainPlan.Entry,
        plan: DefaultChainPlan,
        options: Options,
        environment: EnvironmentVariables,
        isOnAzure: Bool
    ) -> ChainMember {
        let name = entry.member.description
        if let exclusion = entry.exclusion {
            var member = ChainMember(name: name, skipped: exclusion)
            // Who never is asked unless somebody wants it is nobody whose absence explains anything.
            let isUsual = entry.member != .interactiveBrowser
            let isKnown = entry.member != .broker || options.broker != nil
            member.isShownInErrors = entry.isNamed || (isUsual && isKnown)
            return member
        }
        switch entry.member {
        case .environment: return ChainMember(EnvironmentCredential(options: options.credentialOptions))
        case .workloadIdentity: return Self.workloadIdentity(options, environment: environment)
        case .managedIdentity:
            let excludesWorkloadIdentity = plan.entries.contains { $0.member == .workloadIdentity && $0.exclusion != nil }
            let credential = ManagedIdentityCredential(
                identity: options.managedIdentity
                    ?? environment["AZURE_CLIENT_ID"].map { .userAssigned(clientID: $0) } ?? .systemAssigned,
                options: options.credentialOptions,
                excludesWorkloadIdentity: excludesWorkloadIdentity
            )
            var member = ChainMember.managedIdentity(credential, name: name, probes: !plan.isManagedIdentityAlone)
            if options.managedIdentity == nil, environment["AZURE_CLIENT_ID"] != nil { member.token = Self.lenient(member.token) }
            return member
        case .sharedTokenCache:
            let credential = SharedTokenCacheCredential(options: options.credentialOptions)
            var member = ChainMember(credential)
            member.passesOnFailures = true
            member.look = nil
            // Few have that cache, and nobody has to be told that they haven't.
            member.isShownInErrors = entry.isNamed
            member.exclusion = { _ in credential.locate() == nil ? nil : "there is no such cache here" }
            return member
        case .visualStudioCode: return Self.editor(options, isNamed: entry.isNamed, isOnAzure: isOnAzure)
        case .interactiveBrowser:
            return ChainMember(
                InteractiveBrowserCredential(
                    tenantID: options.developerToolTenantID, options: .init(credentialOptions: options.credentialOptions)))
        case .broker: return Self.broker(options, environment: environment)
        default: return Self.tool(entry.member, options: options, isOnAzure: isOnAzure)
        }
    }

    /// The default account of the system's broker as a member: no window is shown, and whatever it fails with isn't the chain's failure.
    private static func broker(_ options: Options, environment: EnvironmentVariables) -> ChainMember {
        let name = Member.broker.description
        guard let broker = options.broker else { return ChainMember(name: name, skipped: "not registered") }
        var client = BrokerEngine.Client(credential: name)
        client.tenantID = options.brokerTenantID ?? environment["AZURE_TENANT_ID"]
        client.clientID = options.brokerClientID
        client.usesDefaultAccount = true
        client.isSilent = true
        var member = ChainMember(BrokerEngine(client, broker: broker, options: options.credentialOptions))
        member.passesOnFailures = true
        return member
    }

    /// Workload identity as a member: it has to be set up as the webhook does it, and asks no proxy of an identity binding.
    private static func workloadIdentity(_ options: Options, environment: EnvironmentVariables) -> ChainMember {
        var clientID = options.workloadIdentityClientID
        if clientID == nil, case .clientID(let id)? = options.managedIdentity?.kind { clientID = id }
        let credential = WorkloadIdentityCredential(
            tenantID: options.workloadIdentityTenantID,
            clientID: clientID,
            options: options.credentialOptions
        )
        var member = ChainMember(credential)
        let hasAuthority = environment["AZURE_AUTHORITY_HOST"] != nil
        member.validate = {
            try credential.validate()
            guard !hasAuthority else { return }
            var error = AuthenticationError.credentialUnavailable(
                """
                WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured. \
                Missing: authority host (AZURE_AUTHORITY_HOST), by which the default chain knows a pod of workload identity.
                """,
                credential: WorkloadIdentityCredential.name
            )
            error.remedy = Guide.remedy(.g41, facts: GuideFacts(variables: ["AZURE_AUTHORITY_HOST"]))
            throw error
        }
        return member
    }

    /// A developer tool as a member: the next one gets its chance whatever this one fails with.
    private static func tool(_ tool: Member, options: Options, isOnAzure: Bool) -> ChainMember {
        let name = tool.description
        if options.excludesDeveloperToolsOnAzure, isOnAzure { return ChainMember(name: name, skipped: Self.noToolOnAzure) }
        var member = ChainMember(Self.toolCredential(tool, options: options), name: name)
        member.passesOnFailures = true
        if tool == .azureCLI, options.azureCLISubscription != nil, let tenantID = options.developerToolTenantID {
            // The tool takes one of the two; whose token it was is compared with the other.
            let (token, keptToken) = (member.token, member.keptToken)
            @Sendable func inTenant(_ context: TokenRequestContext) -> TokenRequestContext {
                var context = context
                context.tenantID = context.tenantID ?? tenantID
                return context
            }
            member.token = { try await token(inTenant($0)) }
            member.keptToken = { try keptToken?(inTenant($0)) }
        }
        if options.excludesDeveloperToolsOnAzure {
            member.exclusion = { Self.noToolAfter($0) }
        }
        return member
    }

    /// The id of `AZURE_CLIENT_ID` is often another application's: a host that passes over it has nothing for this chain, which is no
    /// failure.
    private static func lenient(
        _ token: @escaping @Sendable (TokenRequestContext) async throws -> AccessToken
    ) -> @Sendable (TokenRequestContext) async throws -> AccessToken {
        { context in
            do {
                return try await token(context)
            } catch var error as AuthenticationError where AzureArcSource.isUnconfirmed(error) {
                error.code = .credentialUnavailable
                error.message += " The id is that of AZURE_CLIENT_ID."
                throw error
            }
        }
    }

    private static func toolCredential(_ tool: Member, options: Options) -> any TokenCredential {
        let timeout = options.processTimeout ?? .seconds(13)
        let tenantID = options.developerToolTenantID
        switch tool {
        case .azurePowerShell:
            return AzurePowerShellCredential(
                tenantID: tenantID,
                processTimeout: timeout,
                keepsTokens: options.keepsToolTokens,
                options: options.credentialOptions
            )
        case .azureDeveloperCLI:
            return AzureDeveloperCLICredential(
                tenantID: tenantID,
                processTimeout: timeout,
                keepsTokens: options.keepsToolTokens,
                options: options.credentialOptions
            )
        default:
            return AzureCLICredential(
                tenantID: options.azureCLISubscription == nil ? tenantID : nil,
                subscription: options.azureCLISubscription,
                processTimeout: timeout,
                keepsTokens: options.keepsToolTokens,
                options: options.credentialOptions
            )
        }
    }

    /// Why no developer's account is used where something speaks for an Azure host.
    static let noToolOnAzure = "this is an Azure host, where the options allow no developer tool"

    /// Why no developer's account is used after what the members before it came to; `nil`: it may be. The managed identity may have found a
    /// service that has no token for it: any answer but that there is no service (row G25).
    static func noToolAfter(_ attempts: [AuthenticationError.Attempt]) -> String? {
        let hasService = attempts.contains { attempt in
            attempt.credential == Member.managedIdentity.description && attempt.outcome == .unavailable
                && attempt.remedy.map { $0.guide != GuideRow.g25.rawValue } ?? false
        }
        return hasService ? "a metadata service answered, so the options allow no developer tool" : nil
    }
}
