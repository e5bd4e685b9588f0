// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A token for an Azure service, with when it expires and where it came from.
///
/// The token itself never shows in ``description``, in a debugger's dump or in a reflection: read ``token`` to get it.
public struct AccessToken: Sendable {
    /// How a token is presented to a service.
    public struct TokenType: RawRepresentable, Hashable, Sendable {
        /// The word that precedes the token in the `Authorization` header.
        public let rawValue: String

        /// Creates a type from the word that precedes the token in the `Authorization` header.
        ///
        /// - Parameter rawValue: The word, such as `Bearer`.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Whoever has the token may use it (RFC 6750).
        public static let bearer = TokenType(rawValue: "Bearer")
        /// The token is bound to a key that signs each request.
        public static let pop = TokenType(rawValue: "PoP")
    }

    /// Where a token came from.
    public struct Source: Hashable, Sendable, CustomStringConvertible {
        /// `network`, `memory` or `disk`.
        public let description: String

        /// The token was just requested.
        public static let network = Source(description: "network")
        /// The token was kept in this process.
        public static let memory = Source(description: "memory")
        /// The token was read from a persistent cache.
        public static let disk = Source(description: "disk")
    }

    /// Whose token it is, and by which credential it was got.
    ///
    /// Where a token says who it is for, its word is taken without checking its signature: for people, for logs and for noticing another
    /// identity than expected, never for deciding what somebody may do.
    public struct Provenance: Hashable, Sendable {
        /// The type name of the credential that got the token, such as `ClientSecretCredential`.
        public var credential: String
        /// The tenant: the token's, else the one it was asked from, where the credential knows it.
        public var tenantID: String?
        /// The application (client) id: the token's, else the one it was asked for, where the credential knows it.
        public var clientID: String?
        /// The object (principal) id of the user, service principal or managed identity, if the token says so.
        public var objectID: String?
        /// The user's name, if the token is a user's and says so. Not part of any description, since it tells of a person.
        public var userName: String?

        /// Creates a provenance.
        ///
        /// - Parameters:
        ///   - credential: The type name of the credential that got the token.
        ///   - tenantID: The tenant.
        ///   - clientID: The application (client) id.
        ///   - objectID: The object (principal) id.
        ///   - userName: The user's name.
        public init(
            credential: String,
            tenantID: String? = nil,
            clientID: String? = nil,
            objectID: String? = nil,
            userName: String? = nil
        ) {
            self.credential = credential
            self.tenantID = tenantID
            self.clientID = clientID
            self.objectID = objectID
            self.userName = userName
        }
    }

    /// One allocation per token, shared by all copies: returning a kept token retains one reference.
    private final class Storage: Sendable {
        let token: String
        let expiresOn: Date
        let refreshOn: Date?
        let type: TokenType
        let provenance: Provenance?
        let hasProvenance: Bool

        init(token: String, expiresOn: Date, refreshOn: Date?, type: TokenType, provenance: Provenance?) {
            self.token = token
            self.expiresOn = expiresOn
            self.refreshOn = refreshOn
            self.type = type
            self.provenance = provenance
            self.hasProvenance = provenance != nil
        }
    }

    private let storage: Storage

    /// Where the token came from: the network, this process's memory, or a persistent cache.
    public package(set) var source: Source

    /// The token. Treat it like a password: don't log or store it.
    public var token: String { self.storage.token }
    /// When the token expires, by this machine's clock.
    public var expiresOn: Date { self.storage.expiresOn }
    /// When the token is due for renewal, by its issuer's word or half-way through its life; credentials of `AzureIdentity` do it themselves.
    public var refreshOn: Date? { self.storage.refreshOn }
    /// How the token is presented to a service.
    public var type: TokenType { self.storage.type }
    /// Who the token was given to, and by which credential, if the credential says so.
    public var provenance: Provenance? { self.storage.provenance }
    /// Whether the credential says so, without a copy of it.
    package var hasProvenance: Bool { self.storage.hasProvenance }

    /// Creates a token.
    ///
    /// - Parameters:
    ///   - token: The token itself.
    ///   - expiresOn: When it expires.
    ///   - refreshOn: When it should be renewed, if known.
    ///   - type: How it is presented to a service.
    ///   - provenance: Who it was given to, and by which credential.
    ///   - source: Where it came from.
    public init(
        token: String,
        expiresOn: Date,
        refreshOn: Date? = nil,
        type: TokenType = .bearer,
        provenance: Provenance? = nil,
        source: Source = .network
    ) {
        self.storage = Storage(
            token: token,
            expiresOn: expiresOn,
            refreshOn: refreshOn,
            type: type,
            provenance: provenance
        )
        self.source = source
    }
}

extension AccessToken: Equatable {
    /// Whether two values hold the same token with the same type and expiry. Where they came from doesn't matter.
    public static func == (lhs: AccessToken, rhs: AccessToken) -> Bool {
        lhs.storage === rhs.storage
            || (lhs.token == rhs.token && lhs.expiresOn == rhs.expiresOn && lhs.type == rhs.type)
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The type, expiry, credential and source; never the token.
    public var description: String {
        let credential = self.provenance.map { ", credential: \($0.credential)" } ?? ""
        return
            "AccessToken(type: \(self.type.rawValue), expiresOn: \(self.expiresOn.ISO8601Format())\(credential), source: \(self.source))"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows everything but the token.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "token": "<redacted>", "expiresOn": self.expiresOn, "refreshOn": self.refreshOn as Any,
                "type": self.type.rawValue, "provenance": self.provenance as Any, "source": self.source,
            ] as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}

extension AccessToken.Provenance: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The credential and the ids; never the user's name.
    public var description: String {
        let ids = [("tenantID", self.tenantID), ("clientID", self.clientID), ("objectID", self.objectID)]
        return "Provenance("
            + (["credential: \(self.credential)"] + ids.compactMap { name, id in id.map { "\(name): \($0)" } })
            .joined(separator: ", ") + ")"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows everything but the user's name.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "credential": self.credential, "tenantID": self.tenantID as Any, "clientID": self.clientID as Any,
                "objectID": self.objectID as Any, "userName": self.userName == nil ? "nil" : "<redacted>",
            ] as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}
