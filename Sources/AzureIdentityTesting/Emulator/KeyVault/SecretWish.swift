// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the body of a request wants of a secret: JSON with the members that the service knows. Pure.
struct SecretWish: Sendable {
    /// The longest value, in bytes.
    static let valueLimit = 25_600

    var value: String?
    var contentType: String?
    var tags: [String: String]?
    var isEnabled: Bool?
    /// In seconds since 1970.
    var notBefore: Int?
    /// In seconds since 1970.
    var expiry: Int?

    /// - Parameter hasValue: Whether there has to be a value; else there must be none.
    init(_ body: [UInt8], hasValue: Bool) throws(KeyVaultRefusal) {
        let members = try Self.members(body, known: ["contentType", "tags", "attributes"] + (hasValue ? ["value"] : []))
        for (name, value) in members {
            switch (name, value) {
            case ("value", .string(let text)): self.value = text
            case ("contentType", .string(let text)): self.contentType = text
            case ("tags", .object(let tags)): self.tags = try Self.tags(tags)
            case ("attributes", .object(let attributes)): try self.read(attributes)
            default: throw .badParameter("Property \(name) has invalid value")
            }
        }
        guard !hasValue || self.value != nil else { throw .badParameter("Property value is required") }
        guard (self.value?.utf8.count ?? 0) <= Self.valueLimit else {
            throw .badParameter("The secret value is longer than \(Self.valueLimit) bytes")
        }
        guard (self.contentType?.utf8.count ?? 0) <= 255 else { throw .badParameter("contentType is longer than 255 characters") }
    }

    /// The only member of a body.
    static func text(_ name: String, in body: [UInt8]) throws(KeyVaultRefusal) -> String {
        guard let text = try Self.members(body, known: [name]).first?.value.string else {
            throw .badParameter("Property \(name) is required")
        }
        return text
    }

    func apply(to version: inout VaultContents.Version) {
        if let contentType = self.contentType { version.contentType = contentType }
        if let tags = self.tags { version.tags = tags }
        if let isEnabled = self.isEnabled { version.isEnabled = isEnabled }
        if let notBefore = self.notBefore { version.notBefore = notBefore }
        if let expiry = self.expiry { version.expiry = expiry }
    }

    /// The members that have a value.
    private static func members(
        _ body: [UInt8],
        known: [String]
    ) throws(KeyVaultRefusal) -> [(name: String, value: EmulatorJSON)] {
        guard body.count <= EmulatorRequest.maximumBodySize,
            let json = try? JSONDecoder().decode(EmulatorJSON.self, from: Data(body)), case .object(let members) = json
        else { throw .badParameter("The request body is not a JSON object") }
        if let unknown = members.first(where: { !known.contains($0.name) }) {
            throw .badParameter("Unrecognized property '\(unknown.name.prefix(50))'")
        }
        return members.filter { $0.value != .null }.map { ($0.name, $0.value) }
    }

    private static func tags(_ members: [EmulatorJSON.Member]) throws(KeyVaultRefusal) -> [String: String] {
        guard members.count <= 15 else { throw .badParameter("There are more than 15 tags") }
        var tags: [String: String] = [:]
        for member in members {
            guard let text = member.value.string, text.utf8.count <= 256, member.name.utf8.count <= 256 else {
                throw .badParameter("Property tags has invalid value")
            }
            tags[member.name] = text
        }
        return tags
    }

    private mutating func read(_ attributes: [EmulatorJSON.Member]) throws(KeyVaultRefusal) {
        for member in attributes where member.value != .null {
            switch (member.name, member.value) {
            case ("enabled", .bool(let isEnabled)): self.isEnabled = isEnabled
            case ("nbf", .integer(let time)): self.notBefore = time
            case ("exp", .integer(let time)): self.expiry = time
            // These are the service's own, and clients may send them back.
            case ("created", .integer), ("updated", .integer), ("recoverableDays", .integer), ("recoveryLevel", .string): break
            default: throw .badParameter("Property \(member.name.prefix(50)) has invalid value")
            }
        }
    }
}
