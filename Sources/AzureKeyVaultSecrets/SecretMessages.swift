// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is sent to a vault: JSON with the members that are meant to change.
struct SecretRequestBody: Encodable, Sendable {
    struct Attributes: Encodable, Sendable {
        var enabled: Bool?
        /// In seconds since 1970.
        var nbf: Int?
        /// In seconds since 1970.
        var exp: Int?
    }

    var value: String?
    var contentType: String?
    var tags: [String: String]?
    /// `nil`: none is meant to change.
    var attributes: Attributes?

    /// Each `nil` is left out.
    init(
        value: String? = nil,
        contentType: String?,
        tags: [String: String]?,
        isEnabled: Bool?,
        notBefore: Date?,
        expiresOn: Date?
    ) throws(SecretClientError) {
        let areTagsShort = tags?.allSatisfy { $0.key.utf8.count <= 256 && $0.value.utf8.count <= 256 } ?? true
        guard areTagsShort, (tags?.count ?? 0) <= 15 else {
            throw .argument("A secret has at most 15 tags, with names and texts of at most 256 characters.")
        }
        self.value = value
        self.contentType = contentType
        self.tags = tags
        let attributes = Attributes(enabled: isEnabled, nbf: try Self.seconds(notBefore), exp: try Self.seconds(expiresOn))
        let isEmpty = attributes.enabled == nil && attributes.nbf == nil && attributes.exp == nil
        self.attributes = isEmpty ? nil : attributes
    }

    private static func seconds(_ date: Date?) throws(SecretClientError) -> Int? {
        guard let date else { return nil }
        guard let seconds = Int(exactly: date.timeIntervalSince1970.rounded(.down)), seconds >= 0 else {
            throw .argument("The date of a secret is out of range.")
        }
        return seconds
    }
}

/// What a vault says of a secret: with its value, without it, or deleted.
struct SecretResponseBody: Decodable, Sendable {
    struct Attributes: Decodable, Sendable {
        var enabled: Bool?
        var nbf: Int?
        var exp: Int?
        var created: Int?
        var updated: Int?
        var recoveryLevel: String?
        var recoverableDays: Int?
    }

    var id: String
    var value: String?
    var contentType: String?
    var attributes: Attributes?
    var tags: [String: String]?
    var recoveryId: String?
    var deletedDate: Int?
    var scheduledPurgeDate: Int?

    /// The properties, with a name and a version that can be sent to the vault again.
    func properties() throws(SecretClientError) -> SecretProperties {
        let parts = (URLComponents(string: self.id)?.percentEncodedPath ?? "").split(separator: "/").map(String.init)
        guard (2...3).contains(parts.count), parts[0] == "secrets" || parts[0] == "deletedsecrets", VaultAddress.isName(parts[1]),
            parts.count == 2 || VaultAddress.isVersion(parts[2])
        else { throw .response("The vault's answer names no secret.") }
        var properties = SecretProperties(
            name: parts[1],
            version: parts.count == 3 ? parts[2] : nil,
            contentType: self.contentType,
            tags: self.tags ?? [:],
            isEnabled: self.attributes?.enabled ?? true,
            notBefore: Self.date(self.attributes?.nbf),
            expiresOn: Self.date(self.attributes?.exp)
        )
        properties.id = self.id
        properties.createdOn = Self.date(self.attributes?.created)
        properties.updatedOn = Self.date(self.attributes?.updated)
        properties.recoveryLevel = self.attributes?.recoveryLevel
        properties.recoverableDays = self.attributes?.recoverableDays
        return properties
    }

    func secret() throws(SecretClientError) -> KeyVaultSecret {
        guard let value = self.value else { throw .response("The vault's answer has no value.") }
        return KeyVaultSecret(value: Secret(value), properties: try self.properties())
    }

    func deletedSecret() throws(SecretClientError) -> DeletedSecret {
        DeletedSecret(
            properties: try self.properties(),
            recoveryID: self.recoveryId,
            deletedOn: Self.date(self.deletedDate),
            scheduledPurgeOn: Self.date(self.scheduledPurgeDate)
        )
    }

    private static func date(_ seconds: Int?) -> Date? { seconds.map { Date(timeIntervalSince1970: Double($0)) } }
}

/// A page of a list.
struct SecretListBody: Decodable, Sendable {
    var value: [SecretResponseBody]?
    var nextLink: String?
}
