// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who signed in: no secret, but enough to find that account in a persistent token cache later, in another process too.
///
/// Its JSON form is that of the Azure Identity libraries for Python and .NET (format version 1.0): a record that one of them wrote is read
/// here, and the other way round.
public struct AuthenticationRecord: Sendable, Hashable {
    /// The host of the authority, such as `login.microsoftonline.com`.
    public let authority: String
    /// The application (client) id that the person signed in to.
    public let clientID: String
    /// What identifies the account across tenants: `uid.utid`.
    public let homeAccountID: String
    /// The tenant that the person signed in to.
    public let tenantID: String
    /// The person's name, such as `ada@contoso.example`. Not part of any description, since it tells of a person.
    public let username: String

    /// Creates a record.
    ///
    /// - Parameters:
    ///   - authority: The host of the authority.
    ///   - clientID: The application (client) id.
    ///   - homeAccountID: What identifies the account across tenants.
    ///   - tenantID: The tenant.
    ///   - username: The person's name.
    public init(authority: String, clientID: String, homeAccountID: String, tenantID: String, username: String) {
        self.authority = authority
        self.clientID = clientID
        self.homeAccountID = homeAccountID
        self.tenantID = tenantID
        self.username = username
    }

    /// Reads a record that was written as JSON, by this library or by Python's or .NET's.
    ///
    /// - Parameter json: The text.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` if it is no record, or of an unknown version.
    public init(json: String) throws {
        guard json.utf8.count <= Self.limit else { throw Self.invalid("it is longer than \(Self.limit) bytes") }
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        } catch let error as AuthenticationError {
            throw error
        } catch {
            throw Self.invalid("it is no JSON object with authority, clientId, homeAccountId, tenantId, username and version")
        }
    }

    /// The record as JSON, for a file of the application's: it holds no secret.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try? encoder.encode(self)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// No record of people is that long.
    private static let limit = 65_536
    private static let version = "1.0"

    private static func invalid(_ problem: String) -> AuthenticationError {
        AuthenticationError(
            .invalidConfiguration,
            credential: "AuthenticationRecord",
            message: "The authentication record can't be read: \(problem)."
        )
    }
}

extension AuthenticationRecord: Codable {
    private enum CodingKeys: String, CodingKey {
        case authority, tenantId, username, version
        case clientID = "clientId"
        case homeAccountID = "homeAccountId"
    }

    /// Reads the members of a record.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: ``AuthenticationError`` if the version is unknown or a value can't be what it should be, else what the decoder throws.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let version = try container.decode(String.self, forKey: .version)
        guard version == Self.version else {
            throw Self.invalid(
                "its version is \"\(HostileText.sanitized(version, limit: 40))\", and only \(Self.version) is known")
        }
        func text(_ key: CodingKeys) throws -> String {
            let text = try container.decode(String.self, forKey: key)
            // Who signs in without an id token has no name.
            guard !text.isEmpty || key == .username, text.utf8.count <= 1024, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else {
                throw Self.invalid("its \(key.stringValue) is empty, too long or holds control characters")
            }
            return text
        }
        self.init(
            authority: try text(.authority),
            clientID: try text(.clientID),
            homeAccountID: try text(.homeAccountID),
            tenantID: try text(.tenantId),
            username: try text(.username)
        )
    }

    /// Writes the members of a record.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.authority, forKey: .authority)
        try container.encode(self.clientID, forKey: .clientID)
        try container.encode(self.homeAccountID, forKey: .homeAccountID)
        try container.encode(self.tenantID, forKey: .tenantId)
        try container.encode(self.username, forKey: .username)
        try container.encode(Self.version, forKey: .version)
    }
}

extension AuthenticationRecord: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The authority, the application and the tenant; never who it is.
    public var description: String {
        "AuthenticationRecord(authority: \(self.authority), clientID: \(self.clientID), tenantID: \(self.tenantID))"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows everything but who it is.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: ["authority": self.authority, "clientID": self.clientID, "tenantID": self.tenantID]
                as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}
