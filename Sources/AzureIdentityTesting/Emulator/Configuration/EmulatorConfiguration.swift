// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What the emulator knows: tenants, their users, applications, secrets and certificates, and how it behaves.
///
/// It has a JSON form. Every member but `tenants` and the identifiers may be left out; durations are seconds, dates ISO 8601:
///
/// ```json
/// {
///   "tenants": [{
///     "id": "11111111-1111-4111-8111-111111111111",
///     "domains": ["contoso.example"],
///     "applications": [{
///       "clientId": "22222222-2222-4222-8222-222222222222",
///       "displayName": "Backup job",
///       "objectId": "33333333-3333-4333-8333-333333333333",
///       "roles": ["Backup.Run"],
///       "secrets": [{"value": "not-a-real-secret", "expiresOn": "2030-01-01T00:00:00Z"}],
///       "certificates": [{"certificate": "-----BEGIN CERTIFICATE-----..."}],
///       "federatedCredentials": [{
///         "issuer": "https://issuer.example", "subject": "job", "publicKeys": [{"kty": "RSA", "n": "...", "e": "AQAB"}]
///       }]
///     }, {
///       "clientId": "77777777-7777-4777-8777-777777777777",
///       "objectId": "88888888-8888-4888-8888-888888888888",
///       "redirectUrls": ["http://localhost"],
///       "isPublicClient": true
///     }],
///     "users": [{
///       "objectId": "99999999-9999-4999-8999-999999999999",
///       "userPrincipalName": "ada@contoso.example",
///       "password": "not-a-real-password",
///       "state": "requiresMultifactor"
///     }]
///   }],
///   "managedIdentities": [{
///     "clientId": "44444444-4444-4444-8444-444444444444",
///     "objectId": "55555555-5555-4555-8555-555555555555",
///     "resourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m",
///     "tenantId": "11111111-1111-4111-8111-111111111111",
///     "isSystemAssigned": true
///   }],
///   "subscriptions": [{
///     "id": "66666666-6666-4666-8666-666666666666", "name": "Production", "tenantId": "11111111-1111-4111-8111-111111111111"
///   }],
///   "vaults": [{
///     "name": "contoso-vault", "tenantId": "11111111-1111-4111-8111-111111111111",
///     "secrets": [{"name": "database-password", "value": "not-a-real-secret"}],
///     "assignments": [{"principalId": "33333333-3333-4333-8333-333333333333", "role": "Key Vault Secrets User"}]
///   }],
///   "hosts": {"machineLearningExpiry": "linuxDate", "arcKeyDirectory": "/tmp/keys"},
///   "tokenLifetime": 3599,
///   "accessPolicies": [{
///     "id": "d0000000-0000-4000-8000-000000000001",
///     "requirement": "signInFrequency",
///     "maximumAge": 3600,
///     "resources": ["https://vault.azure.net"]
///   }],
///   "assertionRules": {"isExact": true},
///   "faults": {"steps": [{"fault": {"kind": "status", "status": 429, "retryAfter": "2"}, "requests": 1}]}
/// }
/// ```
public struct EmulatorConfiguration: Sendable, Hashable {
    /// A directory.
    public struct Tenant: Sendable, Hashable {
        /// The tenant's id: a GUID, or `adfs` for an AD FS.
        public var id: String
        /// Domain names that stand for the id.
        public var domains: [String]
        /// The applications that are installed in the tenant.
        public var applications: [Application]
        /// Whether this is no tenant of Microsoft Entra ID but an AD FS: it has other paths and rules, and no domains.
        public var isADFS: Bool
        /// The people with accounts in the tenant.
        public var users: [User]

        /// Creates a tenant.
        ///
        /// - Parameters:
        ///   - id: The tenant's id: a GUID, or `adfs` for an AD FS.
        ///   - domains: Domain names that stand for the id.
        ///   - applications: The applications that are installed in the tenant.
        ///   - isADFS: Whether this is an AD FS.
        ///   - users: The people with accounts in the tenant.
        public init(
            id: String,
            domains: [String] = [],
            applications: [Application] = [],
            isADFS: Bool = false,
            users: [User] = []
        ) {
            self.id = id
            self.domains = domains
            self.applications = applications
            self.isADFS = isADFS
            self.users = users
        }
    }

    /// An application as one tenant sees it.
    public struct Application: Sendable, Hashable {
        /// The application (client) id, a GUID.
        public var clientID: String
        /// A name for people.
        public var displayName: String
        /// The object id of the application's service principal in the tenant, a GUID; `oid` and `sub` of its tokens.
        public var objectID: String
        /// The application roles that its tokens carry.
        public var roles: [String]
        /// The secrets it may authenticate with.
        public var secrets: [ClientSecret]
        /// The certificates it may sign assertions with.
        public var certificates: [ClientCertificateRegistration]
        /// The issuers elsewhere whose assertions it is trusted with.
        public var federatedCredentials: [FederatedCredential]
        /// Which certificates it may sign assertions with besides, by name and authority. `nil`: none.
        public var subjectNameIssuer: SubjectNameIssuer?
        /// Where users are sent back to after they have signed in. `http://localhost` stands for all its ports.
        public var redirectURLs: [String]
        /// Whether it is a client that can't keep a secret, such as a tool: it proves nothing, and must not try.
        public var isPublicClient: Bool
        /// The family it belongs to, `1`: its members may use each other's refresh tokens. `nil`: none.
        public var familyID: String?

        /// Creates an application.
        ///
        /// - Parameters:
        ///   - clientID: The application (client) id, a GUID.
        ///   - displayName: A name for people.
        ///   - objectID: The object id of its service principal, a GUID.
        ///   - roles: The application roles that its tokens carry.
        ///   - secrets: The secrets it may authenticate with.
        ///   - certificates: The certificates it may sign assertions with.
        ///   - federatedCredentials: The issuers elsewhere whose assertions it is trusted with.
        ///   - subjectNameIssuer: Which certificates it may sign assertions with besides, by name and authority.
        ///   - redirectURLs: Where users are sent back to after they have signed in.
        ///   - isPublicClient: Whether it is a client that can't keep a secret.
        ///   - familyID: The family it belongs to.
        public init(
            clientID: String,
            displayName: String = "",
            objectID: String,
            roles: [String] = [],
            secrets: [ClientSecret] = [],
            certificates: [ClientCertificateRegistration] = [],
            federatedCredentials: [FederatedCredential] = [],
            subjectNameIssuer: SubjectNameIssuer? = nil,
            redirectURLs: [String] = [],
            isPublicClient: Bool = false,
            familyID: String? = nil
        ) {
            self.clientID = clientID
            self.displayName = displayName
            self.objectID = objectID
            self.roles = roles
            self.secrets = secrets
            self.certificates = certificates
            self.federatedCredentials = federatedCredentials
            self.subjectNameIssuer = subjectNameIssuer
            self.redirectURLs = redirectURLs
            self.isPublicClient = isPublicClient
            self.familyID = familyID
        }
    }

    /// The tenants.
    public var tenants: [Tenant]
    /// How long tokens live, in seconds. Any number: clients have to cope.
    public var tokenLifetime: Int
    /// After how many seconds tokens should be renewed (`refresh_in`). `nil`: doesn't say.
    public var refreshIn: Int?
    /// How far the emulator's clock is ahead of the machine's; negative if it is behind.
    public var clockOffset: Duration
    /// The faults that play from the start. `nil`: none.
    public var faults: FaultScript?
    /// How strictly client assertions are read.
    public var assertionRules: AssertionRules
    /// What the metadata service says about the virtual machine that the client believes to run on.
    public var metadata: MetadataService
    /// OpenID Connect issuers besides the tenants.
    public var issuers: [OpenIDIssuer]
    /// The managed identities of the emulated hosts.
    public var managedIdentities: [ManagedIdentity]
    /// How the emulated hosts behave.
    public var hosts: Hosts
    /// The subscriptions that the emulated resource manager lists.
    public var subscriptions: [Subscription]
    /// How long a refresh token may lie unused, in seconds.
    public var refreshTokenLifetime: Int
    /// Whether a refresh token works once only. Microsoft Entra ID's work until they expire.
    public var isRefreshTokenUsedOnce: Bool
    /// How often a device code may be asked about, in seconds.
    public var deviceCodeInterval: Int
    /// How long a device code waits for its user, in seconds.
    public var deviceCodeLifetime: Int
    /// What some users need for some resources.
    public var accessPolicies: [AccessPolicy]
    /// The server that checks the passwords of federated users.
    public var federation: FederationServer
    /// The key vaults, with what they hold when the emulator starts.
    public var vaults: [Vault]

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - tenants: The tenants.
    ///   - tokenLifetime: How long tokens live, in seconds.
    ///   - refreshIn: After how many seconds tokens should be renewed.
    ///   - clockOffset: How far the emulator's clock is ahead of the machine's.
    ///   - faults: The faults that play from the start.
    ///   - assertionRules: How strictly client assertions are read.
    ///   - metadata: What the metadata service of a virtual machine says about it.
    ///   - issuers: OpenID Connect issuers besides the tenants.
    ///   - managedIdentities: The managed identities of the emulated hosts.
    ///   - hosts: How the emulated hosts behave.
    ///   - subscriptions: The subscriptions that the emulated resource manager lists.
    ///   - refreshTokenLifetime: How long a refresh token may lie unused, in seconds.
    ///   - isRefreshTokenUsedOnce: Whether a refresh token works once only.
    ///   - deviceCodeInterval: How often a device code may be asked about, in seconds.
    ///   - deviceCodeLifetime: How long a device code waits for its user, in seconds.
    ///   - accessPolicies: What some users need for some resources.
    ///   - federation: The server that checks the passwords of federated users.
    ///   - vaults: The key vaults, with what they hold when the emulator starts.
    public init(
        tenants: [Tenant],
        tokenLifetime: Int = 3599,
        refreshIn: Int? = nil,
        clockOffset: Duration = .zero,
        faults: FaultScript? = nil,
        assertionRules: AssertionRules = AssertionRules(),
        metadata: MetadataService = MetadataService(),
        issuers: [OpenIDIssuer] = [],
        managedIdentities: [ManagedIdentity] = [],
        hosts: Hosts = Hosts(),
        subscriptions: [Subscription] = [],
        refreshTokenLifetime: Int = 7_776_000,
        isRefreshTokenUsedOnce: Bool = false,
        deviceCodeInterval: Int = 5,
        deviceCodeLifetime: Int = 900,
        accessPolicies: [AccessPolicy] = [],
        federation: FederationServer = FederationServer(),
        vaults: [Vault] = []
    ) {
        self.tenants = tenants
        self.tokenLifetime = tokenLifetime
        self.refreshIn = refreshIn
        self.clockOffset = clockOffset
        self.faults = faults
        self.assertionRules = assertionRules
        self.metadata = metadata
        self.issuers = issuers
        self.managedIdentities = managedIdentities
        self.hosts = hosts
        self.subscriptions = subscriptions
        self.refreshTokenLifetime = refreshTokenLifetime
        self.isRefreshTokenUsedOnce = isRefreshTokenUsedOnce
        self.deviceCodeInterval = deviceCodeInterval
        self.deviceCodeLifetime = deviceCodeLifetime
        self.accessPolicies = accessPolicies
        self.federation = federation
        self.vaults = vaults
    }
}
