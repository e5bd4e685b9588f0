// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration.Hosts.ServiceConnection: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case id, subject }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            subject: try container.decode(String.self, forKey: .subject)
        )
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.subject, forKey: .subject)
    }
}

extension EmulatorConfiguration.Hosts: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case isMetadataServiceThere, identityHeader, msiSecret, appService2017Expiry, machineLearningExpiry, arcKeyDirectory,
            arcIgnoresIdentity, serviceAccountIssuer, serviceAccountSubject, pipelinesIssuer, systemAccessToken,
            serviceConnections, gitHubIssuer, gitHubRequestToken, gitHubSubject
    }

    /// Reads the JSON form; names it doesn't know are refused. What is left out has the sample's value.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            if let read = try container.decodeIfPresent(Value.self, forKey: key) { value = read }
        }
        self.init()
        try read(.isMetadataServiceThere, into: &self.isMetadataServiceThere)
        try read(.identityHeader, into: &self.identityHeader)
        try read(.msiSecret, into: &self.msiSecret)
        try read(.appService2017Expiry, into: &self.appService2017Expiry)
        try read(.machineLearningExpiry, into: &self.machineLearningExpiry)
        try read(.arcKeyDirectory, into: &self.arcKeyDirectory)
        try read(.arcIgnoresIdentity, into: &self.arcIgnoresIdentity)
        try read(.serviceAccountIssuer, into: &self.serviceAccountIssuer)
        try read(.serviceAccountSubject, into: &self.serviceAccountSubject)
        try read(.pipelinesIssuer, into: &self.pipelinesIssuer)
        try read(.systemAccessToken, into: &self.systemAccessToken)
        try read(.serviceConnections, into: &self.serviceConnections)
        try read(.gitHubIssuer, into: &self.gitHubIssuer)
        try read(.gitHubRequestToken, into: &self.gitHubRequestToken)
        try read(.gitHubSubject, into: &self.gitHubSubject)
    }

    /// Writes the JSON form, with the secrets, but without the values that are the sample's.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let usual = Self()
        func write<Value: Encodable & Equatable>(_ key: CodingKeys, _ path: KeyPath<Self, Value>) throws {
            if self[keyPath: path] != usual[keyPath: path] { try container.encode(self[keyPath: path], forKey: key) }
        }
        try write(.isMetadataServiceThere, \.isMetadataServiceThere)
        try write(.identityHeader, \.identityHeader)
        try write(.msiSecret, \.msiSecret)
        try write(.appService2017Expiry, \.appService2017Expiry)
        try write(.machineLearningExpiry, \.machineLearningExpiry)
        try write(.arcKeyDirectory, \.arcKeyDirectory)
        try write(.arcIgnoresIdentity, \.arcIgnoresIdentity)
        try write(.serviceAccountIssuer, \.serviceAccountIssuer)
        try write(.serviceAccountSubject, \.serviceAccountSubject)
        try write(.pipelinesIssuer, \.pipelinesIssuer)
        try write(.systemAccessToken, \.systemAccessToken)
        try write(.serviceConnections, \.serviceConnections)
        try write(.gitHubIssuer, \.gitHubIssuer)
        try write(.gitHubRequestToken, \.gitHubRequestToken)
        try write(.gitHubSubject, \.gitHubSubject)
    }
}
