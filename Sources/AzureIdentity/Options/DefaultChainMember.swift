// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A credential that has a place in ``DefaultAzureCredential``. More may be added.
public struct DefaultChainMember: Hashable, Sendable, CustomStringConvertible {
    /// The type name of the credential, such as `AzureCLICredential`.
    public let description: String

    /// An application, by variables.
    public static let environment = DefaultChainMember(description: "EnvironmentCredential")
    /// Workload identity in Kubernetes.
    public static let workloadIdentity = DefaultChainMember(description: "WorkloadIdentityCredential")
    /// The managed identity of an Azure host.
    public static let managedIdentity = DefaultChainMember(description: "ManagedIdentityCredential")
    /// The cache that Microsoft's tools share.
    public static let sharedTokenCache = DefaultChainMember(description: "SharedTokenCacheCredential")
    /// The account that is signed in to Azure in Visual Studio Code.
    public static let visualStudioCode = DefaultChainMember(description: "VisualStudioCodeCredential")
    /// The account of the Azure CLI.
    public static let azureCLI = DefaultChainMember(description: "AzureCLICredential")
    /// The account of Azure PowerShell.
    public static let azurePowerShell = DefaultChainMember(description: "AzurePowerShellCredential")
    /// The account of the Azure Developer CLI.
    public static let azureDeveloperCLI = DefaultChainMember(description: "AzureDeveloperCLICredential")
    /// A sign-in in a browser; only if it is included.
    public static let interactiveBrowser = DefaultChainMember(description: "InteractiveBrowserCredential")
    /// The default account of the system's broker; only if ``DefaultAzureCredentialOptions/broker`` says how to reach that.
    public static let broker = DefaultChainMember(description: "BrokerCredential")
}

extension DefaultChainMember {
    /// All of them, in the order in which the chain asks them.
    static let all: [DefaultChainMember] = [
        .environment, .workloadIdentity, .managedIdentity, .sharedTokenCache, .visualStudioCode, .azureCLI, .azurePowerShell,
        .azureDeveloperCLI, .interactiveBrowser, .broker,
    ]
    /// Those that are meant for a deployed service: `prod`.
    static let deployed: Set<DefaultChainMember> = [.environment, .workloadIdentity, .managedIdentity]
    /// Those that are meant for a developer's machine: `dev`.
    static let developer: Set<DefaultChainMember> = [
        .sharedTokenCache, .visualStudioCode, .azureCLI, .azurePowerShell, .azureDeveloperCLI, .broker,
    ]
    /// Those that run a tool.
    static let tools: Set<DefaultChainMember> = [.azureCLI, .azurePowerShell, .azureDeveloperCLI]
    /// Those that a variable may name, as in the other Azure Identity libraries.
    static let named: [DefaultChainMember] = Self.all.filter { $0 != .sharedTokenCache }
    /// Other names of theirs: what the other libraries call them.
    static let aliases: [String: DefaultChainMember] = ["interactivebrowserbrokercredential": .broker]

    /// The member of a type name, in any case; `nil`: there is none.
    init?(named name: String) {
        let name = name.lowercased()
        guard let member = Self.aliases[name] ?? Self.all.first(where: { $0.description.lowercased() == name }) else {
            return nil
        }
        self = member
    }
}
