// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension IdentityDoctor.Report: Encodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case schemaVersion, credential, library, examinedOn, durationMilliseconds, scopes, isHealthy, isComplete, guide, host
        case findings, members, observations
    }

    private struct HostForm: Encodable {
        let kind: String?
        let isCertain: Bool
        let evidence: [String]
        let problem: String?
    }

    /// Encodes the report as `azid doctor --json` prints it.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.schemaVersion, forKey: .schemaVersion)
        try container.encodeIfPresent(self.credential, forKey: .credential)
        try container.encode("azure-identity-swift/\(self.libraryVersion)", forKey: .library)
        try container.encode(self.date.ISO8601Format(), forKey: .examinedOn)
        try container.encode((self.duration.inSeconds * 1000).rounded(), forKey: .durationMilliseconds)
        try container.encode(self.scopes, forKey: .scopes)
        try container.encode(self.isHealthy, forKey: .isHealthy)
        try container.encode(self.isComplete, forKey: .isComplete)
        try container.encodeIfPresent(self.guideRows.first, forKey: .guide)
        let host = self.host.map {
            HostForm(kind: $0.kind?.description, isCertain: $0.isCertain, evidence: $0.evidence, problem: $0.problem)
        }
        try container.encodeIfPresent(host, forKey: .host)
        try container.encode(self.findings, forKey: .findings)
        try container.encode(self.members, forKey: .members)
        try container.encode(self.observations, forKey: .observations)
    }
}

extension IdentityDoctor.Finding: Encodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case guide, severity, area, credential, summary, message, remedy
    }

    /// Encodes the finding.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(self.remedy?.guide, forKey: .guide)
        try container.encode(self.severity.description, forKey: .severity)
        try container.encode(self.area.description, forKey: .area)
        try container.encodeIfPresent(self.credential, forKey: .credential)
        try container.encode(self.summary, forKey: .summary)
        try container.encode(self.message, forKey: .message)
        try container.encodeIfPresent(self.remedy, forKey: .remedy)
    }
}

extension IdentityDoctor.Member: Encodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case credential, state, summary, guide, durationMilliseconds, identity
    }

    /// Encodes the member.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.credential, forKey: .credential)
        try container.encode(self.state.description, forKey: .state)
        try container.encode(self.summary, forKey: .summary)
        try container.encodeIfPresent(self.guide, forKey: .guide)
        try container.encodeIfPresent(self.duration.map { ($0.inSeconds * 1000).rounded() }, forKey: .durationMilliseconds)
        try container.encodeIfPresent(self.identity, forKey: .identity)
    }
}

extension IdentityDoctor.Identity: Encodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case tenantId, objectId, clientId, userName, roles, scopes, expiresOn
    }

    /// Encodes the identity.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(self.tenantID, forKey: .tenantId)
        try container.encodeIfPresent(self.objectID, forKey: .objectId)
        try container.encodeIfPresent(self.clientID, forKey: .clientId)
        try container.encodeIfPresent(self.userName, forKey: .userName)
        try container.encode(self.roles, forKey: .roles)
        try container.encode(self.scopes, forKey: .scopes)
        try container.encode(self.expiresOn.ISO8601Format(), forKey: .expiresOn)
    }
}

extension IdentityDoctor.Observation: Encodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case area, subject, state, text
    }

    /// Encodes the observation.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.area.description, forKey: .area)
        try container.encode(self.subject, forKey: .subject)
        try container.encode(self.state.description, forKey: .state)
        try container.encode(self.text, forKey: .text)
    }
}
