// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

extension EmulatorConfiguration {
    /// The identifiers and secrets of ``EmulatorConfiguration/sample``. They are good for nothing but the emulator.
    public enum Sample {
        /// A tenant with the application.
        public static let tenantID = "a0000000-0000-4000-8000-000000000001"
        /// The domain of ``tenantID``.
        public static let domain = "contoso.example"
        /// A second tenant, in which the application is installed too.
        public static let otherTenantID = "a0000000-0000-4000-8000-000000000002"
        /// A third tenant, in which the application is not installed.
        public static let emptyTenantID = "a0000000-0000-4000-8000-000000000003"
        /// The application (client) id.
        public static let clientID = "c0000000-0000-4000-8000-000000000001"
        /// A client secret that works, in both tenants.
        public static let clientSecret = "emulator-sample-secret"
        /// A client secret that expired in 2020.
        public static let expiredClientSecret = "emulator-expired-secret"

        /// The id of the subscription that tools make the default.
        public static let subscriptionID = "e0000000-0000-4000-8000-000000000002"
        /// The id of another subscription of the same tenant.
        public static let otherSubscriptionID = "e0000000-0000-4000-8000-000000000003"
        /// The id of the subscription of the other tenant.
        public static let otherTenantSubscriptionID = "e0000000-0000-4000-8000-000000000004"

        /// The client id of the system-assigned managed identity of the emulated hosts.
        public static let systemAssignedClientID = "c0000000-0000-4000-8000-0000000000a1"
        /// The object id of the system-assigned managed identity.
        public static let systemAssignedObjectID = "b0000000-0000-4000-8000-0000000000a1"
        /// The id of the resource that the system-assigned managed identity belongs to.
        public static let systemAssignedResourceID = Self.group + "Microsoft.Compute/virtualMachines/emulated-machine"
        /// The client id of the user-assigned managed identity of the emulated hosts.
        public static let userAssignedClientID = "c0000000-0000-4000-8000-0000000000a2"
        /// The object id of the user-assigned managed identity.
        public static let userAssignedObjectID = "b0000000-0000-4000-8000-0000000000a2"
        /// The resource id of the user-assigned managed identity.
        public static let userAssignedResourceID = Self.group + "Microsoft.ManagedIdentity/userAssignedIdentities/sample"
        /// The secret of the variable `IDENTITY_HEADER`.
        public static let identityHeader = "emulator-identity-header"
        /// The secret of the variable `MSI_SECRET`.
        public static let msiSecret = "emulator-msi-secret"
        /// The service connection of Azure Pipelines.
        public static let serviceConnectionID = "f0000000-0000-4000-8000-000000000001"
        /// The secret that a job of Azure Pipelines is given.
        public static let systemAccessToken = "emulator-system-access-token"
        /// The secret that a job of GitHub Actions is given.
        public static let gitHubRequestToken = "emulator-github-request-token"

        private static let group = "/subscriptions/\(Self.subscriptionID)/resourceGroups/sample/providers/"
    }

    /// Three tenants: one with an application that has a good and an expired secret, one in which the same application is
    /// installed too, and one in which it isn't. The application is trusted with the assertions of all the issuers that the
    /// emulator plays: the cluster, Azure Pipelines, GitHub Actions and the two managed identities. The first tenant has two
    /// subscriptions, the second has one. The first tenant has users, one for each state, and in the first two are three applications
    /// for tools. The first tenant has a key vault, too. ``Sample`` has the identifiers.
    public static let sample = EmulatorConfiguration(
        tenants: [
            Tenant(
                id: Sample.tenantID,
                domains: [Sample.domain],
                applications: [Self.application(objectID: "b0000000-0000-4000-8000-000000000001")]
                    + Self.samplePublicClients(tenant: 1),
                users: Self.sampleUsers
            ),
            Tenant(
                id: Sample.otherTenantID,
                domains: ["fabrikam.example"],
                applications: [Self.application(objectID: "b0000000-0000-4000-8000-000000000002")]
                    + Self.samplePublicClients(tenant: 2),
                users: [Self.sampleGuest]
            ),
            Tenant(id: Sample.emptyTenantID, domains: ["tailspin.example"]),
        ],
        managedIdentities: Self.managedIdentities,
        subscriptions: [
            Subscription(id: Sample.subscriptionID, name: "Sample subscription", tenantID: Sample.tenantID),
            Subscription(id: Sample.otherSubscriptionID, name: "Second sample subscription", tenantID: Sample.tenantID),
            Subscription(id: Sample.otherTenantSubscriptionID, name: "Fabrikam subscription", tenantID: Sample.otherTenantID),
        ],
        vaults: Self.sampleVaults
    )

    private static let managedIdentities = [
        ManagedIdentity(
            clientID: Sample.systemAssignedClientID,
            objectID: Sample.systemAssignedObjectID,
            resourceID: Sample.systemAssignedResourceID,
            tenantID: Sample.tenantID,
            isSystemAssigned: true,
            roles: ["Sample.Read"]
        ),
        ManagedIdentity(
            clientID: Sample.userAssignedClientID,
            objectID: Sample.userAssignedObjectID,
            resourceID: Sample.userAssignedResourceID,
            tenantID: Sample.tenantID,
            roles: ["Sample.Read"]
        ),
    ]

    /// Trust in all the issuers that the emulator plays.
    private static var federatedCredentials: [FederatedCredential] {
        let hosts = Hosts()
        let issuers =
            [
                (hosts.serviceAccountIssuer, hosts.serviceAccountSubject),
                (hosts.gitHubIssuer, hosts.gitHubSubject),
            ] + hosts.serviceConnections.map { (hosts.pipelinesIssuer, $0.subject) }
            + Self.managedIdentities.map { ($0.issuer, $0.objectID) }
        return issuers.map { FederatedCredential(issuer: $0, subject: $1, isSignedByEmulator: true) }
    }

    private static func application(objectID: String) -> Application {
        Application(
            clientID: Sample.clientID,
            displayName: "Sample application",
            objectID: objectID,
            roles: ["Sample.Read"],
            secrets: [
                ClientSecret(value: Sample.clientSecret),
                ClientSecret(value: Sample.expiredClientSecret, expiresOn: Date(timeIntervalSince1970: 1_577_836_800)),
            ],
            federatedCredentials: Self.federatedCredentials,
            redirectURLs: [Sample.redirectURL, "http://localhost"]
        )
    }
}
