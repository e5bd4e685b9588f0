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

    /// Who a token was given to, and by which credential.
    public struct Provenance: Hashable, Sendable {
        /// The type name of the credential that got the token, such as `ClientSecretCredential`.
        public var credential: String
        /// The tenant the token was asked from, where the credential knows it.
        public var tenantID: String?
        /// The application (client) id the token was asked for, where the credential knows it.
        public var clientID: String?

        /// Creates a provenance.
        ///
        /// - Parameters:
        ///   - credential: The type name of the credential.
        ///   - tenantID: The tenant the token was asked from.
        ///   - clientID: The application (client) id the token was asked for.
        public init(credential: String, tenantID: String? = nil, clientID: String? = nil) {
            self.credential = credential
            self.tenantID = tenantID
            self.clientID = clientID
        }
    }

    /// One allocation per token, shared by all copies: returning a kept token retains one reference.
    private final class Storage: Sendable {
        let token: String
        let expiresOn: Date
        let refreshOn: Date?
        let type: TokenType
        let provenance: Provenance?

        init(token: String, expiresOn: Date, refreshOn: Date?, type: TokenType, provenance: Provenance?) {
            self.token = token
            self.expiresOn = expiresOn
            self.refreshOn = refreshOn
            self.type = type
            self.provenance = provenance
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
