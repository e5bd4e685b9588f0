// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A chain as a document: for programs whose credentials are chosen by a file.
///
/// ```json
/// {
///   "members": [
///     {"type": "ManagedIdentityCredential", "clientId": "00000000-0000-0000-0000-000000000000"},
///     {"type": "AzureCLICredential", "processTimeoutSeconds": 30}
///   ]
/// }
/// ```
///
/// Made into a credential by ``ChainedTokenCredential/init(configuration:options:)``. A document holds no secret: credentials that need one
/// take it from variables (`EnvironmentCredential`). Names that aren't known are errors that list those that are. The schema is in the file
/// `Schemas/credential-chain.schema.json` of the repository.
public struct ChainConfiguration: Sendable, Hashable {
    /// What the chain calls itself in errors and in the log; `nil`: `ChainedTokenCredential`.
    public var name: String?
    /// The members, the preferred one first; at least one.
    public var members: [Member]
    /// Whether the member that gave the first token is asked alone from then on; `nil`: no.
    public var keepsWinner: Bool?
    /// Which failures lead to the next member; `nil`: unavailability alone.
    public var passesOn: ChainOptions.Passing?
    /// Who the tokens must be for; `nil`: anyone.
    public var expectedIdentity: ExpectedIdentity?

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - name: What the chain calls itself.
    ///   - members: The members, the preferred one first.
    ///   - keepsWinner: Whether the member that gave the first token is asked alone from then on.
    ///   - passesOn: Which failures lead to the next member.
    ///   - expectedIdentity: Who the tokens must be for.
    public init(
        name: String? = nil,
        members: [Member],
        keepsWinner: Bool? = nil,
        passesOn: ChainOptions.Passing? = nil,
        expectedIdentity: ExpectedIdentity? = nil
    ) {
        self.name = name
        self.members = members
        self.keepsWinner = keepsWinner
        self.passesOn = passesOn
        self.expectedIdentity = expectedIdentity
    }
}

extension ChainConfiguration {
    /// A member of the chain: a type of credential, and what it is made with. What is `nil` is the credential's default.
    public struct Member: Sendable, Hashable {
        /// A type of credential that a document may name.
        public enum Kind: String, CaseIterable, Sendable, Hashable {
            /// `EnvironmentCredential`.
            case environment = "EnvironmentCredential"
            /// `WorkloadIdentityCredential`.
            case workloadIdentity = "WorkloadIdentityCredential"
            /// `ManagedIdentityCredential`; with one of the client, object and resource ids, or none.
            case managedIdentity = "ManagedIdentityCredential"
            /// `AzureCLICredential`.
            case azureCLI = "AzureCLICredential"
            /// `AzurePowerShellCredential`.
            case azurePowerShell = "AzurePowerShellCredential"
            /// `AzureDeveloperCLICredential`.
            case azureDeveloperCLI = "AzureDeveloperCLICredential"
            /// `AzidCredential`: the account that is signed in to `azid`.
            case azid
            /// `GitHubActionsCredential`.
            case gitHubActions = "GitHubActionsCredential"
            /// `DefaultAzureCredential`.
            case `default` = "DefaultAzureCredential"
        }

        /// The type of credential.
        public var type: Kind
        /// The tenant; for the default chain, that of its developer tools.
        public var tenantID: String?
        /// The client id of the application or managed identity.
        public var clientID: String?
        /// The object id of the managed identity.
        public var objectID: String?
        /// The resource id of the managed identity.
        public var resourceID: String?
        /// The file with the workload's token.
        public var tokenFilePath: String?
        /// Whether workload identity asks the cluster's proxy, as identity bindings need.
        public var isAzureProxyEnabled: Bool?
        /// The subscription that the Azure CLI is asked for.
        public var subscription: String?
        /// How many seconds a run of the tool may take.
        public var processTimeoutSeconds: Double?
        /// Whom the identity token of GitHub is for.
        public var audience: String?
        /// Members of the default chain that aren't asked, by type name.
        public var exclusions: [String]?
        /// Members of the default chain that are asked, whatever the variable says, by type name.
        public var inclusions: [String]?
        /// Whether the default chain starts no developer tool on an Azure host.
        public var excludesDeveloperToolsOnAzure: Bool?

        /// Creates a member with the credential's defaults.
        ///
        /// - Parameter type: The type of credential.
        public init(type: Kind) { self.type = type }
    }
}
