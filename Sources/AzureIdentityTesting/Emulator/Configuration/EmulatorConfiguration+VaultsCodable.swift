// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration.Vault: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name
        case tenantID = "tenantId"
        case secrets, assignments, usesAccessPolicies, refusesAddresses, pageSize
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            tenantID: try container.decode(String.self, forKey: .tenantID),
            secrets: try container.decodeIfPresent([EmulatorConfiguration.VaultSecret].self, forKey: .secrets) ?? [],
            assignments: try container.decodeIfPresent([EmulatorConfiguration.VaultAssignment].self, forKey: .assignments) ?? [],
            usesAccessPolicies: try container.decodeIfPresent(Bool.self, forKey: .usesAccessPolicies) ?? false,
            refusesAddresses: try container.decodeIfPresent(Bool.self, forKey: .refusesAddresses) ?? false,
            pageSize: try container.decodeIfPresent(Int.self, forKey: .pageSize) ?? 25
        )
    }

    /// Writes the JSON form, with the values of the secrets.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.tenantID, forKey: .tenantID)
        if !self.secrets.isEmpty { try container.encode(self.secrets, forKey: .secrets) }
        if !self.assignments.isEmpty { try container.encode(self.assignments, forKey: .assignments) }
        if self.usesAccessPolicies { try container.encode(true, forKey: .usesAccessPolicies) }
        if self.refusesAddresses { try container.encode(true, forKey: .refusesAddresses) }
        if self.pageSize != 25 { try container.encode(self.pageSize, forKey: .pageSize) }
    }
}

extension EmulatorConfiguration.VaultSecret: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case name, value, contentType, tags, isEnabled }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            value: try container.decode(String.self, forKey: .value),
            contentType: try container.decodeIfPresent(String.self, forKey: .contentType),
            tags: try container.decodeIfPresent([String: String].self, forKey: .tags) ?? [:],
            isEnabled: try container.decodeIfPresent(Bool.self, forKey: .isEnabled) ?? true
        )
    }

    /// Writes the JSON form, with the value.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.value, forKey: .value)
        try container.encodeIfPresent(self.contentType, forKey: .contentType)
        if !self.tags.isEmpty { try container.encode(self.tags, forKey: .tags) }
        if !self.isEnabled { try container.encode(false, forKey: .isEnabled) }
    }
}

extension EmulatorConfiguration.VaultAssignment: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case principalID = "principalId"
        case role
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .role)
        guard let role = EmulatorConfiguration.VaultRole(rawValue: name) else {
            let names = EmulatorConfiguration.VaultRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: .role,
                in: container,
                debugDescription: "One of these is expected: \(names)."
            )
        }
        self.init(principalID: try container.decode(String.self, forKey: .principalID), role: role)
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.principalID, forKey: .principalID)
        try container.encode(self.role, forKey: .role)
    }
}
