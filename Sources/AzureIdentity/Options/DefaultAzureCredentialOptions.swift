// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// What a ``DefaultAzureCredential`` asks, and with what.
public struct DefaultAzureCredentialOptions: Sendable {
    /// Where a credential of your own stands in the chain.
    public struct Place: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case first, last
            case before(DefaultChainMember)
            case after(DefaultChainMember)
        }

        let kind: Kind

        /// Before all others.
        public static let first = Place(kind: .first)
        /// Behind all others.
        public static let last = Place(kind: .last)
        /// Before one of the chain's own members, whether that one is asked or not.
        ///
        /// - Parameter member: The member.
        /// - Returns: The place.
        public static func before(_ member: DefaultChainMember) -> Place { Place(kind: .before(member)) }
        /// Behind one of the chain's own members, whether that one is asked or not.
        ///
        /// - Parameter member: The member.
        /// - Returns: The place.
        public static func after(_ member: DefaultChainMember) -> Place { Place(kind: .after(member)) }
    }

    /// A credential of your own in the chain.
    struct Insertion: Sendable {
        let place: Place
        let name: String?
        let credential: any TokenCredential
        let passesOn: ChainOptions.Passing
    }

    /// The cloud, the network, the cache, the log and the variables. The authority host and the tenants concern no developer tool.
    public var credentialOptions: CredentialOptions

    /// The managed identity. `nil`: the user-assigned one whose client id is in `AZURE_CLIENT_ID`, else the host's own;
    /// `.systemAssigned`: the host's own, whatever the variable says.
    public var managedIdentity: ManagedIdentityID?
    /// The client id for workload identity. `nil`: that of ``managedIdentity``, else `AZURE_CLIENT_ID`.
    public var workloadIdentityClientID: String?
    /// The tenant for workload identity. `nil`: `AZURE_TENANT_ID`.
    public var workloadIdentityTenantID: String?

    /// The tenant that developer tools are asked for. `nil`: the one they are signed in to. With ``azureCLISubscription``, the Azure CLI isn't
    /// asked for a tenant.
    public var developerToolTenantID: String?
    /// The subscription that the Azure CLI is asked for, by id. `nil`: none.
    public var azureCLISubscription: String?
    /// The way to the system's broker: `BrokeredSignIn.system` of the product `AzureIdentityBroker`. `nil`: the broker isn't asked, and the
    /// account of Visual Studio Code is looked for where older versions of it kept that. No window is ever shown: an account that a person
    /// has to sign in to counts as none.
    public var broker: BrokeredSignIn?
    /// The application that the broker is asked for. `nil`: that of Microsoft's developer tools.
    public var brokerClientID: String?
    /// The tenant that the broker is asked for. `nil`: `AZURE_TENANT_ID`, else that of any organisation.
    public var brokerTenantID: String?
    /// The tenant that the account of Visual Studio Code is used in. `nil`: the one that it signed in to.
    public var visualStudioCodeTenantID: String?

    /// How long a run of a developer tool may take. `nil`: 13 seconds.
    public var processTimeout: Duration?
    /// Whether tokens of developer tools are kept until they expire or the tool's account changes.
    public var keepsToolTokens: Bool

    /// Members that aren't asked, whatever the variable says.
    public var exclusions: Set<DefaultChainMember>
    /// Members that are asked, whatever the variable says.
    public var inclusions: Set<DefaultChainMember>
    /// The variable that chooses the members.
    public var tokenCredentialsVariable: String
    /// Whether it is an error if that variable isn't set.
    public var requiresTokenCredentialsVariable: Bool
    /// Whether no developer tool is ever started on an Azure host: one that variables or the machine's firmware speak for, or whose metadata
    /// service answered.
    public var excludesDeveloperToolsOnAzure: Bool

    /// Whether the member that gave the first token is asked alone from then on.
    public var keepsWinner: Bool
    /// Who the tokens must be for; `nil`: anyone.
    public var expectedIdentity: ExpectedIdentity?

    var insertions: [Insertion] = []

    /// Creates options. What isn't named here is set afterwards.
    ///
    /// - Parameters:
    ///   - credentialOptions: The cloud, the network, the cache, the log and the variables.
    ///   - managedIdentity: The managed identity.
    ///   - exclusions: Members that aren't asked.
    ///   - inclusions: Members that are asked, whatever the variable says.
    ///   - processTimeout: How long a run of a developer tool may take.
    ///   - requiresTokenCredentialsVariable: Whether it is an error if the variable that chooses the members isn't set.
    ///   - excludesDeveloperToolsOnAzure: Whether no developer tool is ever started on an Azure host.
    ///   - expectedIdentity: Who the tokens must be for.
    ///   - broker: The way to the system's broker.
    public init(
        credentialOptions: CredentialOptions = CredentialOptions(),
        managedIdentity: ManagedIdentityID? = nil,
        exclusions: Set<DefaultChainMember> = [],
        inclusions: Set<DefaultChainMember> = [],
        processTimeout: Duration? = nil,
        requiresTokenCredentialsVariable: Bool = false,
        excludesDeveloperToolsOnAzure: Bool = false,
        expectedIdentity: ExpectedIdentity? = nil,
        broker: BrokeredSignIn? = nil
    ) {
        self.credentialOptions = credentialOptions
        self.managedIdentity = managedIdentity
        self.processTimeout = processTimeout
        self.keepsToolTokens = true
        self.exclusions = exclusions
        self.inclusions = inclusions
        self.tokenCredentialsVariable = "AZURE_TOKEN_CREDENTIALS"
        self.requiresTokenCredentialsVariable = requiresTokenCredentialsVariable
        self.excludesDeveloperToolsOnAzure = excludesDeveloperToolsOnAzure
        self.keepsWinner = true
        self.expectedIdentity = expectedIdentity
        self.broker = broker
    }

    /// Puts a credential of your own into the chain. It is asked whatever the variable says.
    ///
    /// Of several for the same place, the one that was inserted first is asked first.
    ///
    /// - Parameters:
    ///   - credential: The credential.
    ///   - name: What plans and errors call it; `nil`: its type's name.
    ///   - place: Where it stands.
    ///   - passesOn: Which of its failures lead to the next member.
    public mutating func insert(
        _ credential: any TokenCredential,
        name: String? = nil,
        at place: Place,
        passesOn: ChainOptions.Passing = .unavailability
    ) {
        self.insertions.append(Insertion(place: place, name: name, credential: credential, passesOn: passesOn))
    }
}
