// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration.User: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case objectID = "objectId"
        case userPrincipalName, displayName, password, state, isFederated
        case homeTenantID = "homeTenantId"
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            objectID: try container.decode(String.self, forKey: .objectID),
            userPrincipalName: try container.decode(String.self, forKey: .userPrincipalName),
            displayName: try container.decodeIfPresent(String.self, forKey: .displayName) ?? "",
            password: try container.decodeIfPresent(String.self, forKey: .password) ?? "",
            state: try container.decodeName(State.self, forKey: .state) ?? .active,
            isFederated: try container.decodeIfPresent(Bool.self, forKey: .isFederated) ?? false,
            homeTenantID: try container.decodeIfPresent(String.self, forKey: .homeTenantID)
        )
    }

    /// Writes the JSON form, with the password.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.objectID, forKey: .objectID)
        try container.encode(self.userPrincipalName, forKey: .userPrincipalName)
        try container.encode(self.displayName, forKey: .displayName)
        if self.homeTenantID == nil { try container.encode(self.password, forKey: .password) }
        if self.state != .active { try container.encode(self.state, forKey: .state) }
        if self.isFederated { try container.encode(true, forKey: .isFederated) }
        try container.encodeIfPresent(self.homeTenantID, forKey: .homeTenantID)
    }
}

extension EmulatorConfiguration.AccessPolicy: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case id, requirement, maximumAge, context, resources, userNames }

    /// The names of the requirements. The numbers and texts that belong to them stand beside.
    private enum Kind: String, Codable, CaseIterable { case multifactor, signInFrequency, authenticationContext, block }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let age = try container.decodeCount(forKey: .maximumAge)
        let context = try container.decodeIfPresent(String.self, forKey: .context)
        let requirement: Requirement
        switch (try container.decodeName(Kind.self, forKey: .requirement), age, context) {
        case (.multifactor, _, nil): requirement = .multifactor(maximumAge: age)
        case (.signInFrequency, let age?, nil): requirement = .signInFrequency(age)
        case (.authenticationContext, nil, let context?): requirement = .authenticationContext(context)
        case (.block, nil, nil): requirement = .block
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .requirement,
                in: container,
                debugDescription: """
                    Expected: "multifactor" with or without maximumAge, "signInFrequency" with maximumAge, "authenticationContext" \
                    with context, or "block".
                    """
            )
        }
        self.init(
            id: try container.decode(String.self, forKey: .id),
            requirement: requirement,
            resources: try container.decodeIfPresent([String].self, forKey: .resources) ?? [],
            userNames: try container.decodeIfPresent([String].self, forKey: .userNames) ?? []
        )
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        switch self.requirement {
        case .multifactor(let age):
            try container.encode(Kind.multifactor, forKey: .requirement)
            try container.encodeIfPresent(age, forKey: .maximumAge)
        case .signInFrequency(let age):
            try container.encode(Kind.signInFrequency, forKey: .requirement)
            try container.encode(age, forKey: .maximumAge)
        case .authenticationContext(let context):
            try container.encode(Kind.authenticationContext, forKey: .requirement)
            try container.encode(context, forKey: .context)
        case .block: try container.encode(Kind.block, forKey: .requirement)
        }
        if !self.resources.isEmpty { try container.encode(self.resources, forKey: .resources) }
        if !self.userNames.isEmpty { try container.encode(self.userNames, forKey: .userNames) }
    }
}

extension EmulatorConfiguration.FederationServer: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case trustVersions, assertionVersion, hasMetadata }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let usual = Self()
        self.init(
            trustVersions: try container.decodeIfPresent([TrustVersion].self, forKey: .trustVersions) ?? usual.trustVersions,
            assertionVersion: try container.decodeName(AssertionVersion.self, forKey: .assertionVersion)
                ?? usual.assertionVersion,
            hasMetadata: try container.decodeIfPresent(Bool.self, forKey: .hasMetadata) ?? usual.hasMetadata
        )
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.trustVersions, forKey: .trustVersions)
        try container.encode(self.assertionVersion, forKey: .assertionVersion)
        try container.encode(self.hasMetadata, forKey: .hasMetadata)
    }
}

extension KeyedDecodingContainer {
    /// One of the names of an enumeration; the error of another text lists them.
    fileprivate func decodeName<Name: RawRepresentable & CaseIterable>(_ type: Name.Type, forKey key: Key) throws -> Name?
    where Name.RawValue == String {
        guard let text = try self.decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let name = Name(rawValue: text) else {
            let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "One of these is expected: \(names).")
        }
        return name
    }
}
