// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

extension ChainedTokenCredential {
    /// Creates a chain from a document.
    ///
    /// - Parameters:
    ///   - configuration: The members and how the chain goes from one to the next.
    ///   - options: What the members have in common: the cloud, the network, the cache, the log and the variables.
    ///     A configuration that was made in code with values that a document couldn't have makes each call fail with
    ///     `.invalidConfiguration`.
    public convenience init(configuration: ChainConfiguration, options: CredentialOptions = .init()) {
        let name = configuration.name ?? "ChainedTokenCredential"
        let problems = configuration.members.compactMap(\.problem)
        self.init(
            problems.isEmpty ? configuration.members.map { ChainMember($0.credential(options)) } : [],
            options: ChainOptions(
                name: name,
                keepsWinner: configuration.keepsWinner ?? false,
                passesOn: configuration.passesOn ?? .unavailability,
                expectedIdentity: configuration.expectedIdentity,
                logging: options.logging
            ),
            problem: problems.first.map { problem in
                AuthenticationError(
                    .invalidConfiguration, credential: name, message: "\(name): \(problem.key.stringValue): \(problem.text)")
            },
            clock: options.host.clock
        )
    }
}

extension ChainConfiguration.Member {
    /// The credential that is meant.
    func credential(_ options: CredentialOptions) -> any TokenCredential {
        let timeout = self.processTimeoutSeconds.map { Duration.seconds($0) } ?? .seconds(13)
        switch self.type {
        case .environment: return EnvironmentCredential(options: options)
        case .workloadIdentity:
            return WorkloadIdentityCredential(
                tenantID: self.tenantID,
                clientID: self.clientID,
                tokenFilePath: self.tokenFilePath,
                isAzureProxyEnabled: self.isAzureProxyEnabled ?? false,
                options: options
            )
        case .managedIdentity: return ManagedIdentityCredential(identity: self.identity, options: options)
        case .azureCLI:
            return AzureCLICredential(
                tenantID: self.tenantID, subscription: self.subscription, processTimeout: timeout, options: options)
        case .azurePowerShell:
            return AzurePowerShellCredential(tenantID: self.tenantID, processTimeout: timeout, options: options)
        case .azureDeveloperCLI:
            return AzureDeveloperCLICredential(tenantID: self.tenantID, processTimeout: timeout, options: options)
        case .azid: return AzidCredential(tenantID: self.tenantID, options: options)
        case .gitHubActions:
            return GitHubActionsCredential(
                tenantID: self.tenantID, clientID: self.clientID, audience: self.audience, options: options)
        case .default: return DefaultAzureCredential(options: self.defaultOptions(options, timeout: timeout))
        }
    }

    private var identity: ManagedIdentityID {
        if let clientID = self.clientID { return .userAssigned(clientID: clientID) }
        if let objectID = self.objectID { return .userAssigned(objectID: objectID) }
        if let resourceID = self.resourceID { return .userAssigned(resourceID: resourceID) }
        return .systemAssigned
    }

    private func defaultOptions(_ options: CredentialOptions, timeout: Duration) -> DefaultAzureCredentialOptions {
        var defaults = DefaultAzureCredentialOptions(
            credentialOptions: options,
            exclusions: Set((self.exclusions ?? []).compactMap { DefaultChainMember(named: $0) }),
            inclusions: Set((self.inclusions ?? []).compactMap { DefaultChainMember(named: $0) }),
            processTimeout: timeout,
            excludesDeveloperToolsOnAzure: self.excludesDeveloperToolsOnAzure ?? false
        )
        defaults.developerToolTenantID = self.tenantID
        return defaults
    }
}
