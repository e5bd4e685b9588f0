// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension ChainConfiguration: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, members, keepsWinner, passesOn, expectedIdentity
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.documentContainer(CodingKeys.self)
        self.init(
            name: try container.text(.name),
            members: try container.decode([Member].self, forKey: .members),
            keepsWinner: try container.decodeIfPresent(Bool.self, forKey: .keepsWinner),
            passesOn: try container.decodeIfPresent(ChainOptions.Passing.self, forKey: .passesOn),
            expectedIdentity: try container.decodeIfPresent(ExpectedIdentity.self, forKey: .expectedIdentity)
        )
        guard !self.members.isEmpty else {
            throw DecodingError.dataCorruptedError(
                forKey: .members, in: container, debugDescription: "At least one credential is required.")
        }
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(self.name, forKey: .name)
        try container.encode(self.members, forKey: .members)
        try container.encodeIfPresent(self.keepsWinner, forKey: .keepsWinner)
        try container.encodeIfPresent(self.passesOn, forKey: .passesOn)
        try container.encodeIfPresent(self.expectedIdentity, forKey: .expectedIdentity)
    }
}

extension ChainConfiguration.Member: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case type
        case tenantID = "tenantId"
        case clientID = "clientId"
        case objectID = "objectId"
        case resourceID = "resourceId"
        case tokenFilePath, isAzureProxyEnabled, subscription, processTimeoutSeconds, audience, exclusions, inclusions,
            excludesDeveloperToolsOnAzure
    }

    /// The longest time a tool may be given, in seconds.
    static let maximumTimeout = 290.0

    /// Reads the JSON form; names that the type of credential doesn't have are refused.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.documentContainer(CodingKeys.self)
        self.init(type: try container.decode(Kind.self, forKey: .type))
        let allowed = self.type.keys
        if let key = container.allKeys.first(where: { !allowed.contains($0) }) {
            let names = allowed.map(\.stringValue).sorted().joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "\(self.type.rawValue) doesn't have this; it has: \(names).")
        }
        self.tenantID = try container.text(.tenantID)
        self.clientID = try container.text(.clientID)
        self.objectID = try container.text(.objectID)
        self.resourceID = try container.text(.resourceID)
        self.tokenFilePath = try container.text(.tokenFilePath)
        self.isAzureProxyEnabled = try container.decodeIfPresent(Bool.self, forKey: .isAzureProxyEnabled)
        self.subscription = try container.text(.subscription)
        self.processTimeoutSeconds = try container.decodeIfPresent(Double.self, forKey: .processTimeoutSeconds)
        self.audience = try container.text(.audience)
        self.exclusions = try container.decodeIfPresent([String].self, forKey: .exclusions)
        self.inclusions = try container.decodeIfPresent([String].self, forKey: .inclusions)
        self.excludesDeveloperToolsOnAzure = try container.decodeIfPresent(Bool.self, forKey: .excludesDeveloperToolsOnAzure)
        if let (key, text) = self.problem {
            throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: text)
        }
    }

    /// What is wrong with it, and where; `nil`: nothing.
    var problem: (key: CodingKeys, text: String)? {
        if let seconds = self.processTimeoutSeconds, !(seconds > 0 && seconds <= Self.maximumTimeout) {
            return (.processTimeoutSeconds, "More than 0 and at most \(Int(Self.maximumTimeout)) seconds are expected.")
        }
        if self.type == .managedIdentity, [self.clientID, self.objectID, self.resourceID].compactMap({ $0 }).count > 1 {
            return (.type, "Give one of clientId, objectId and resourceId.")
        }
        for key in [CodingKeys.exclusions, .inclusions] {
            let names = key == .exclusions ? self.exclusions : self.inclusions
            guard let name = names?.first(where: { DefaultChainMember(named: $0) == nil }) else { continue }
            let known = DefaultChainMember.all.map(\.description).joined(separator: ", ")
            return (key, "\"\(HostileText.sanitized(name, limit: 60))\" is no member of the default chain; those are: \(known).")
        }
        return nil
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.type, forKey: .type)
        try container.encodeIfPresent(self.tenantID, forKey: .tenantID)
        try container.encodeIfPresent(self.clientID, forKey: .clientID)
        try container.encodeIfPresent(self.objectID, forKey: .objectID)
        try container.encodeIfPresent(self.resourceID, forKey: .resourceID)
        try container.encodeIfPresent(self.tokenFilePath, forKey: .tokenFilePath)
        try container.encodeIfPresent(self.isAzureProxyEnabled, forKey: .isAzureProxyEnabled)
        try container.encodeIfPresent(self.subscription, forKey: .subscription)
        try container.encodeIfPresent(self.processTimeoutSeconds, forKey: .processTimeoutSeconds)
        try container.encodeIfPresent(self.audience, forKey: .audience)
        try container.encodeIfPresent(self.exclusions, forKey: .exclusions)
        try container.encodeIfPresent(self.inclusions, forKey: .inclusions)
        try container.encodeIfPresent(self.excludesDeveloperToolsOnAzure, forKey: .excludesDeveloperToolsOnAzure)
    }
}

extension ChainConfiguration.Member.Kind: Codable {
    /// What a document may say of a credential of this type.
    var keys: Set<ChainConfiguration.Member.CodingKeys> {
        switch self {
        case .environment: [.type]
        case .workloadIdentity: [.type, .tenantID, .clientID, .tokenFilePath, .isAzureProxyEnabled]
        case .managedIdentity: [.type, .clientID, .objectID, .resourceID]
        case .azureCLI: [.type, .tenantID, .subscription, .processTimeoutSeconds]
        case .azurePowerShell, .azureDeveloperCLI: [.type, .tenantID, .processTimeoutSeconds]
        case .azid: [.type, .tenantID]
        case .gitHubActions: [.type, .tenantID, .clientID, .audience]
        case .default: [.type, .tenantID, .processTimeoutSeconds, .exclusions, .inclusions, .excludesDeveloperToolsOnAzure]
        }
    }

    /// Reads the type's name.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws { self = try decoder.choice(among: Self.allCases, \.rawValue) }
}

extension ChainOptions.Passing: Codable {
    static let all = [Self.unavailability, .anyFailure]

    /// Reads the name.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws { self = try decoder.choice(among: Self.all, \.description) }

    /// Writes the name.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}

extension ExpectedIdentity: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case tenantID = "tenantId"
        case objectID = "objectId"
        case clientID = "clientId"
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.documentContainer(CodingKeys.self)
        self.init(
            tenantID: try container.text(.tenantID),
            objectID: try container.text(.objectID),
            clientID: try container.text(.clientID)
        )
        guard !self.isEmpty else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: Self.emptinessText))
        }
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(self.tenantID, forKey: .tenantID)
        try container.encodeIfPresent(self.objectID, forKey: .objectID)
        try container.encodeIfPresent(self.clientID, forKey: .clientID)
    }
}
