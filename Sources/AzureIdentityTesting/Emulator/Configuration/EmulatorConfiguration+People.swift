// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration {
    /// A person with an account in a tenant. The password doesn't show in ``description`` or a dump.
    public struct User: Sendable, Hashable {
        /// What stands between a user and a token, besides the password.
        public enum State: String, Sendable, Hashable, CaseIterable, Codable {
            /// Nothing.
            case active
            /// A second factor: the page asks for it, and what has no page is refused with AADSTS50076.
            case requiresMultifactor
            /// A second factor that is not set up yet: the page does that, and what has no page is refused with AADSTS50079.
            case mustRegisterMultifactor
            /// The password has expired (AADSTS50055).
            case passwordExpired
            /// The account is disabled (AADSTS50057).
            case disabled
            /// The account is locked, as after many wrong passwords (AADSTS50053).
            case locked
            /// Consent to the application: the page asks for it, and what has no page is refused with AADSTS65001 until then.
            case requiresConsent
        }

        /// The user's object id in the tenant, a GUID.
        public var objectID: String
        /// The name to sign in with, such as `ada@contoso.example`, in any case.
        public var userPrincipalName: String
        /// A name for people.
        public var displayName: String
        /// The password. Use one that is good for nothing else. Of a guest it is that of the home tenant.
        public var password: String
        /// What stands between the user and a token.
        public var state: State
        /// Whether another server checks the password, which the token endpoint then refuses: the user's applications get an
        /// assertion there, by WS-Trust.
        public var isFederated: Bool
        /// The id of the tenant whose user this guest is; there the user has to have the same name. `nil`: this tenant.
        public var homeTenantID: String?

        /// Creates a user.
        ///
        /// - Parameters:
        ///   - objectID: The user's object id in the tenant, a GUID.
        ///   - userPrincipalName: The name to sign in with.
        ///   - displayName: A name for people.
        ///   - password: The password.
        ///   - state: What stands between the user and a token.
        ///   - isFederated: Whether another server checks the password.
        ///   - homeTenantID: The id of the tenant whose user this guest is.
        public init(
            objectID: String,
            userPrincipalName: String,
            displayName: String = "",
            password: String = "",
            state: State = .active,
            isFederated: Bool = false,
            homeTenantID: String? = nil
        ) {
            self.objectID = objectID
            self.userPrincipalName = userPrincipalName
            self.displayName = displayName
            self.password = password
            self.state = state
            self.isFederated = isFederated
            self.homeTenantID = homeTenantID
        }
    }

    /// What some users need for some resources (conditional access).
    public struct AccessPolicy: Sendable, Hashable {
        /// What is needed.
        public enum Requirement: Sendable, Hashable {
            /// A second factor (AADSTS50076), at most so many seconds ago (AADSTS50078); `nil`: ever.
            case multifactor(maximumAge: Int? = nil)
            /// A sign-in at most so many seconds ago (AADSTS70043).
            case signInFrequency(Int)
            /// An authentication context such as `c1`: a second factor, and a token that says so in `acrs`, for which the client has
            /// to ask with the claims that the refusal demands.
            case authenticationContext(String)
            /// Something that can't be had here (AADSTS53003).
            case block
        }

        /// The policy's id, a GUID, which claims demand.
        public var id: String
        /// What is needed.
        public var requirement: Requirement
        /// The resources it is needed for, as scopes name them, such as `https://vault.azure.net`. Empty: all.
        public var resources: [String]
        /// The names of the users it is needed from. Empty: all.
        public var userNames: [String]

        /// Creates a policy.
        ///
        /// - Parameters:
        ///   - id: The policy's id, a GUID.
        ///   - requirement: What is needed.
        ///   - resources: The resources it is needed for. Empty: all.
        ///   - userNames: The names of the users it is needed from. Empty: all.
        public init(
            id: String = "d0000000-0000-4000-8000-000000000001",
            requirement: Requirement,
            resources: [String] = [],
            userNames: [String] = []
        ) {
            self.id = id
            self.requirement = requirement
            self.resources = resources
            self.userNames = userNames
        }
    }

    /// The server that checks the passwords of federated users. It is played by the emulator, on every host.
    public struct FederationServer: Sendable, Hashable {
        /// A version of WS-Trust.
        public enum TrustVersion: String, Sendable, Hashable, CaseIterable, Codable {
            /// The version of 2005.
            case trust2005 = "2005"
            /// Version 1.3.
            case trust13 = "1.3"
        }

        /// A version of the assertions.
        public enum AssertionVersion: String, Sendable, Hashable, CaseIterable, Codable {
            /// SAML 1.1.
            case saml11 = "1.1"
            /// SAML 2.0.
            case saml2 = "2.0"
        }

        /// The versions of WS-Trust it offers.
        public var trustVersions: [TrustVersion]
        /// The version of its assertions.
        public var assertionVersion: AssertionVersion
        /// Whether the user realm names its metadata. Else it names the endpoint of the last version alone.
        public var hasMetadata: Bool

        /// Creates a server.
        ///
        /// - Parameters:
        ///   - trustVersions: The versions of WS-Trust it offers.
        ///   - assertionVersion: The version of its assertions.
        ///   - hasMetadata: Whether the user realm names its metadata.
        public init(
            trustVersions: [TrustVersion] = [.trust2005, .trust13],
            assertionVersion: AssertionVersion = .saml11,
            hasMetadata: Bool = true
        ) {
            self.trustVersions = trustVersions
            self.assertionVersion = assertionVersion
            self.hasMetadata = hasMetadata
        }
    }
}

extension EmulatorConfiguration.User: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The object id and the state; never the password.
    public var description: String { "User(\(self.objectID), \(self.state.rawValue))" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows all but the password.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "objectID": self.objectID, "userPrincipalName": self.userPrincipalName, "state": self.state,
                "isFederated": self.isFederated, "homeTenantID": self.homeTenantID as Any,
            ] as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}
