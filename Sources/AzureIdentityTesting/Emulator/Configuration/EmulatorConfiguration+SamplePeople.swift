// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration.Sample {
    /// The name of a user whom nothing stands in the way of. A guest of ``otherTenantID`` too.
    public static let userName = "ada@contoso.example"
    /// The object id of ``userName`` in ``tenantID``.
    public static let userObjectID = "b0000000-0000-4000-8000-0000000000b1"
    /// The object id of ``userName`` as a guest in ``otherTenantID``.
    public static let guestObjectID = "b0000000-0000-4000-8000-0000000000c1"
    /// The password of all users.
    public static let password = "emulator-sample-password"
    /// The name of another user whom nothing stands in the way of.
    public static let otherUserName = "grace@contoso.example"
    /// The name of a user who needs a second factor.
    public static let multifactorUserName = "multifactor@contoso.example"
    /// The name of a user who has to set up a second factor.
    public static let registrationUserName = "registration@contoso.example"
    /// The name of a user whose password has expired.
    public static let expiredPasswordUserName = "expired@contoso.example"
    /// The name of a user whose account is disabled.
    public static let disabledUserName = "disabled@contoso.example"
    /// The name of a user whose account is locked.
    public static let lockedUserName = "locked@contoso.example"
    /// The name of a user who hasn't consented to any application.
    public static let consentUserName = "consent@contoso.example"
    /// The name of a user whose password another server checks.
    public static let federatedUserName = "federated@contoso.example"

    /// The client id of an application that can't keep a secret. Its redirect URLs are `http://localhost`, at any port, and
    /// ``brokerRedirectURL``.
    public static let publicClientID = "c0000000-0000-4000-8000-0000000000f0"
    /// The client id of the application that libraries use where none is given, Microsoft's for developer tools.
    public static let developerClientID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    /// The client id of a second application of the same family.
    public static let familyClientID = "c0000000-0000-4000-8000-0000000000f1"
    /// A redirect URL of the application with the secret, besides `http://localhost`.
    public static let redirectURL = "https://contoso.example/signed-in"
    /// The redirect URL of the public clients for brokers on Linux; the application with the secret has none.
    public static let brokerRedirectURL = "https://login.microsoftonline.com/common/oauth2/nativeclient"
    /// The scope of tokens that are meant for the application with the secret, which may then ask on behalf of their user.
    public static let applicationScope = "api://\(Self.clientID)/.default"
}

extension EmulatorConfiguration {
    /// The people of the first tenant of the sample.
    static let sampleUsers: [User] = {
        let users: [(name: String, displayName: String, state: User.State)] = [
            (Sample.userName, "Ada Lovelace", .active),
            (Sample.otherUserName, "Grace Hopper", .active),
            (Sample.multifactorUserName, "Multifactor User", .requiresMultifactor),
            (Sample.registrationUserName, "Registration User", .mustRegisterMultifactor),
            (Sample.expiredPasswordUserName, "Expired User", .passwordExpired),
            (Sample.disabledUserName, "Disabled User", .disabled),
            (Sample.lockedUserName, "Locked User", .locked),
            (Sample.consentUserName, "Consent User", .requiresConsent),
            (Sample.federatedUserName, "Federated User", .active),
        ]
        return users.enumerated().map { index, user in
            User(
                objectID: "b0000000-0000-4000-8000-0000000000b\(index + 1)",
                userPrincipalName: user.name,
                displayName: user.displayName,
                password: Sample.password,
                state: user.state,
                isFederated: user.name == Sample.federatedUserName
            )
        }
    }()

    /// The only user of the second tenant of the sample.
    static let sampleGuest = User(
        objectID: Sample.guestObjectID,
        userPrincipalName: Sample.userName,
        displayName: "Ada Lovelace (guest)",
        homeTenantID: Sample.tenantID
    )

    /// The applications of the sample that can't keep a secret.
    ///
    /// - Parameter tenant: A digit of their object ids.
    static func samplePublicClients(tenant: Int) -> [Application] {
        let clients: [(id: String, name: String, familyID: String?)] = [
            (Sample.publicClientID, "Sample tool", nil), (Sample.developerClientID, "Developer tools", "1"),
            (Sample.familyClientID, "Sample tool of the family", "1"),
        ]
        return clients.enumerated().map { index, client in
            Application(
                clientID: client.id,
                displayName: client.name,
                objectID: "b0000000-0000-4000-8000-000000000\(tenant)f\(index)",
                redirectURLs: ["http://localhost", Sample.brokerRedirectURL],
                isPublicClient: true,
                familyID: client.familyID
            )
        }
    }
}
