// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration {
    /// A managed identity that the emulated hosts have.
    public struct ManagedIdentity: Sendable, Hashable {
        /// The client id, a GUID.
        public var clientID: String
        /// The object id of the identity's service principal, a GUID; `oid` and `sub` of its tokens.
        public var objectID: String
        /// The Azure resource id: of the identity, or of the resource that it is assigned to if it is system-assigned.
        public var resourceID: String
        /// The id of the tenant that issues its tokens.
        public var tenantID: String
        /// Whether it is the one that hosts use when a request names none.
        public var isSystemAssigned: Bool
        /// The application roles that its tokens carry.
        public var roles: [String]

        /// Creates a managed identity.
        ///
        /// - Parameters:
        ///   - clientID: The client id, a GUID.
        ///   - objectID: The object id of its service principal, a GUID.
        ///   - resourceID: The Azure resource id.
        ///   - tenantID: The id of the tenant that issues its tokens.
        ///   - isSystemAssigned: Whether it is the one that hosts use when a request names none.
        ///   - roles: The application roles that its tokens carry.
        public init(
            clientID: String,
            objectID: String,
            resourceID: String,
            tenantID: String,
            isSystemAssigned: Bool = false,
            roles: [String] = []
        ) {
            self.clientID = clientID
            self.objectID = objectID
            self.resourceID = resourceID
            self.tenantID = tenantID
            self.isSystemAssigned = isSystemAssigned
            self.roles = roles
        }

        /// The issuer of its tokens, wherever they were asked for.
        public var issuer: String { "https://login.microsoftonline.com/\(self.tenantID)/v2.0" }
    }
}

extension EmulatorConfiguration.ManagedIdentity: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case clientID = "clientId"
        case objectID = "objectId"
        case resourceID = "resourceId"
        case tenantID = "tenantId"
        case isSystemAssigned, roles
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            clientID: try container.decode(String.self, forKey: .clientID),
            objectID: try container.decode(String.self, forKey: .objectID),
            resourceID: try container.decode(String.self, forKey: .resourceID),
            tenantID: try container.decode(String.self, forKey: .tenantID),
            isSystemAssigned: try container.decodeIfPresent(Bool.self, forKey: .isSystemAssigned) ?? false,
            roles: try container.decodeIfPresent([String].self, forKey: .roles) ?? []
        )
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.clientID, forKey: .clientID)
        try container.encode(self.objectID, forKey: .objectID)
        try container.encode(self.resourceID, forKey: .resourceID)
        try container.encode(self.tenantID, forKey: .tenantID)
        if self.isSystemAssigned { try container.encode(true, forKey: .isSystemAssigned) }
        if !self.roles.isEmpty { try container.encode(self.roles, forKey: .roles) }
    }
}
