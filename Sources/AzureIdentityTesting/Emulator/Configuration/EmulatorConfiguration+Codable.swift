// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Why a configuration can't be used.
public struct EmulatorConfigurationError: Error, Sendable, CustomStringConvertible {
    /// What is wrong and where, in one line.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameter message: What is wrong and where.
    public init(message: String) { self.message = message }

    /// What is wrong and where, in one line.
    public var description: String { self.message }
}

extension EmulatorConfiguration {
    /// Reads a configuration from the bytes of a JSON file, and checks it.
    ///
    /// - Parameter json: The JSON text in UTF-8.
    /// - Throws: ``EmulatorConfigurationError`` that says what is wrong where.
    public init(json: some Sequence<UInt8>) throws(EmulatorConfigurationError) {
        do {
            self = try JSONDecoder().decode(EmulatorConfiguration.self, from: Data(json))
        } catch let error as DecodingError {
            throw EmulatorConfigurationError(message: "The emulator's configuration can't be read: \(Self.explanation(error))")
        } catch {
            throw EmulatorConfigurationError(message: "The emulator's configuration is not JSON.")
        }
        try self.validate()
    }

    /// The reason of a decoder and where it was met; never a value, which may be a secret.
    private static func explanation(_ error: DecodingError) -> String {
        let (context, reason): (DecodingError.Context, String?) =
            switch error {
            case .keyNotFound(let key, let context): (context, "\"\(key.stringValue)\" is missing")
            case .typeMismatch(let type, let context): (context, "\(Self.name(of: type)) is expected")
            case .valueNotFound(let type, let context): (context, "\(Self.name(of: type)) is expected, not null")
            case .dataCorrupted(let context): (context, nil)
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: "\(error)"), nil)
            }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        return "\(path.isEmpty ? "" : "at \(path.drop { $0 == "." }): ")\(reason ?? context.debugDescription)"
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Int.Type, is Double.Type: "a number"
        case is Bool.Type: "true or false"
        case is any ArrayLike.Type: "an array"
        default: "an object"
        }
    }
}

/// Tells arrays from other types.
private protocol ArrayLike {}
extension Array: ArrayLike {}

extension EmulatorConfiguration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case tenants, tokenLifetime, refreshIn, clockOffset, faults, assertionRules, metadata, issuers, managedIdentities, hosts,
            subscriptions, refreshTokenLifetime, isRefreshTokenUsedOnce, deviceCodeInterval, deviceCodeLifetime, accessPolicies,
            federation, vaults
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            tenants: try container.decode([Tenant].self, forKey: .tenants),
            tokenLifetime: try container.decodeIfPresent(Int.self, forKey: .tokenLifetime) ?? 3599,
            refreshIn: try container.decodeIfPresent(Int.self, forKey: .refreshIn),
            clockOffset: try container.decodeSeconds(forKey: .clockOffset) ?? .zero,
            faults: try container.decodeIfPresent(FaultScript.self, forKey: .faults),
            assertionRules: try container.decodeIfPresent(AssertionRules.self, forKey: .assertionRules) ?? AssertionRules(),
            metadata: try container.decodeIfPresent(MetadataService.self, forKey: .metadata) ?? MetadataService(),
            issuers: try container.decodeIfPresent([OpenIDIssuer].self, forKey: .issuers) ?? [],
            managedIdentities: try container.decodeIfPresent([ManagedIdentity].self, forKey: .managedIdentities) ?? [],
            hosts: try container.decodeIfPresent(Hosts.self, forKey: .hosts) ?? Hosts(),
            subscriptions: try container.decodeIfPresent([Subscription].self, forKey: .subscriptions) ?? [],
            refreshTokenLifetime: try container.decodeCount(forKey: .refreshTokenLifetime) ?? Self.usualRefreshTokenLifetime,
            isRefreshTokenUsedOnce: try container.decodeIfPresent(Bool.self, forKey: .isRefreshTokenUsedOnce) ?? false,
            deviceCodeInterval: try container.decodeCount(forKey: .deviceCodeInterval) ?? Self.usualDeviceCodeInterval,
            deviceCodeLifetime: try container.decodeCount(forKey: .deviceCodeLifetime) ?? Self.usualDeviceCodeLifetime,
            accessPolicies: try container.decodeIfPresent([AccessPolicy].self, forKey: .accessPolicies) ?? [],
            federation: try container.decodeIfPresent(FederationServer.self, forKey: .federation) ?? FederationServer(),
            vaults: try container.decodeIfPresent([Vault].self, forKey: .vaults) ?? []
        )
    }

    /// Writes the JSON form, with the secrets.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.tenants, forKey: .tenants)
        try container.encode(self.tokenLifetime, forKey: .tokenLifetime)
        try container.encodeIfPresent(self.refreshIn, forKey: .refreshIn)
        if self.clockOffset != .zero { try container.encodeSeconds(self.clockOffset, forKey: .clockOffset) }
        try container.encodeIfPresent(self.faults, forKey: .faults)
        if self.assertionRules != AssertionRules() { try container.encode(self.assertionRules, forKey: .assertionRules) }
        if self.metadata != MetadataService() { try container.encode(self.metadata, forKey: .metadata) }
        if !self.issuers.isEmpty { try container.encode(self.issuers, forKey: .issuers) }
        if !self.managedIdentities.isEmpty { try container.encode(self.managedIdentities, forKey: .managedIdentities) }
        if self.hosts != Hosts() { try container.encode(self.hosts, forKey: .hosts) }
        if !self.subscriptions.isEmpty { try container.encode(self.subscriptions, forKey: .subscriptions) }
        if !self.vaults.isEmpty { try container.encode(self.vaults, forKey: .vaults) }
        try self.encodePeople(to: &container)
    }
}

extension EmulatorConfiguration {
    static let usualRefreshTokenLifetime = 7_776_000
    static let usualDeviceCodeInterval = 5
    static let usualDeviceCodeLifetime = 900

    /// What is unusual in how people sign in.
    private func encodePeople(to container: inout KeyedEncodingContainer<CodingKeys>) throws {
        func encode(_ number: Int, unless usual: Int, forKey key: CodingKeys) throws {
            if number != usual { try container.encode(number, forKey: key) }
        }
        try encode(self.refreshTokenLifetime, unless: Self.usualRefreshTokenLifetime, forKey: .refreshTokenLifetime)
        if self.isRefreshTokenUsedOnce { try container.encode(true, forKey: .isRefreshTokenUsedOnce) }
        try encode(self.deviceCodeInterval, unless: Self.usualDeviceCodeInterval, forKey: .deviceCodeInterval)
        try encode(self.deviceCodeLifetime, unless: Self.usualDeviceCodeLifetime, forKey: .deviceCodeLifetime)
        if !self.accessPolicies.isEmpty { try container.encode(self.accessPolicies, forKey: .accessPolicies) }
        if self.federation != FederationServer() { try container.encode(self.federation, forKey: .federation) }
    }
}

extension EmulatorConfiguration.Tenant: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case id, domains, applications, users
        case isADFS = "isAdfs"
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            domains: try container.decodeIfPresent([String].self, forKey: .domains) ?? [],
            applications: try container.decodeIfPresent([EmulatorConfiguration.Application].self, forKey: .applications) ?? [],
            isADFS: try container.decodeIfPresent(Bool.self, forKey: .isADFS) ?? false,
            users: try container.decodeIfPresent([EmulatorConfiguration.User].self, forKey: .users) ?? []
        )
    }

    /// Writes the JSON form, with the secrets.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.domains, forKey: .domains)
        try container.encode(self.applications, forKey: .applications)
        if self.isADFS { try container.encode(true, forKey: .isADFS) }
        if !self.users.isEmpty { try container.encode(self.users, forKey: .users) }
    }
}

extension EmulatorConfiguration.Application: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case clientID = "clientId"
        case displayName
        case objectID = "objectId"
        case roles, secrets, certificates, federatedCredentials, subjectNameIssuer, isPublicClient
        case redirectURLs = "redirectUrls"
        case familyID = "familyId"
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            clientID: try container.decode(String.self, forKey: .clientID),
            displayName: try container.decodeIfPresent(String.self, forKey: .displayName) ?? "",
            objectID: try container.decode(String.self, forKey: .objectID),
            roles: try container.decodeIfPresent([String].self, forKey: .roles) ?? [],
            secrets: try container.decodeIfPresent([EmulatorConfiguration.ClientSecret].self, forKey: .secrets) ?? [],
            certificates: try container.decodeIfPresent(
                [EmulatorConfiguration.ClientCertificateRegistration].self,
                forKey: .certificates
            ) ?? [],
            federatedCredentials: try container.decodeIfPresent(
                [EmulatorConfiguration.FederatedCredential].self,
                forKey: .federatedCredentials
            ) ?? [],
            subjectNameIssuer: try container.decodeIfPresent(
                EmulatorConfiguration.SubjectNameIssuer.self,
                forKey: .subjectNameIssuer
            ),
            redirectURLs: try container.decodeIfPresent([String].self, forKey: .redirectURLs) ?? [],
            isPublicClient: try container.decodeIfPresent(Bool.self, forKey: .isPublicClient) ?? false,
            familyID: try container.decodeIfPresent(String.self, forKey: .familyID)
        )
    }

    /// Writes the JSON form, with the secrets.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.clientID, forKey: .clientID)
        try container.encode(self.displayName, forKey: .displayName)
        try container.encode(self.objectID, forKey: .objectID)
        try container.encode(self.roles, forKey: .roles)
        try container.encode(self.secrets, forKey: .secrets)
        if !self.certificates.isEmpty { try container.encode(self.certificates, forKey: .certificates) }
        if !self.federatedCredentials.isEmpty { try container.encode(self.federatedCredentials, forKey: .federatedCredentials) }
        try container.encodeIfPresent(self.subjectNameIssuer, forKey: .subjectNameIssuer)
        if !self.redirectURLs.isEmpty { try container.encode(self.redirectURLs, forKey: .redirectURLs) }
        if self.isPublicClient { try container.encode(true, forKey: .isPublicClient) }
        try container.encodeIfPresent(self.familyID, forKey: .familyID)
    }
}

extension EmulatorConfiguration.ClientSecret: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case value, expiresOn }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            value: try container.decode(String.self, forKey: .value),
            expiresOn: try container.decodeDate(forKey: .expiresOn)
        )
    }

    /// Writes the JSON form, with the value.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.value, forKey: .value)
        try container.encodeIfPresent(self.expiresOn?.ISO8601Format(), forKey: .expiresOn)
    }
}
