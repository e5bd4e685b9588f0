// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a token says of itself, in the forms that are printed. Holds neither the token nor its signature.
struct ClaimsReport: Encodable {
    /// Part of each report, so that it stays with it.
    let isVerified = false
    let audience: [String]
    let issuer: String?
    let tenantId: String?
    let objectId: String?
    let clientId: String?
    let userName: String?
    let identityType: String?
    let roles: [String]
    let scopes: [String]
    let issuedAt: String?
    let notBefore: String?
    let expiresOn: String?
    let isExpired: Bool?
    /// Of what is left of its life; negative for one that has expired.
    let secondsToExpiry: Int?
    let isCAE: Bool
    let clientCapabilities: [String]

    init(_ claims: UnverifiedClaims, now: Date) {
        self.audience = claims.audience
        self.issuer = claims.issuer
        self.tenantId = claims.tenantID
        self.objectId = claims.objectID
        self.clientId = claims.clientID
        self.userName = claims.userName
        self.identityType = claims.identityType
        self.roles = claims.roles
        self.scopes = claims.scopes
        self.issuedAt = claims.issuedAt?.ISO8601Format()
        self.notBefore = claims.notBefore?.ISO8601Format()
        self.expiresOn = claims.expiresOn?.ISO8601Format()
        // Dates of claims are bounded, and so are the seconds between two of them.
        self.secondsToExpiry = claims.expiresOn.map { Int($0.timeIntervalSince(now).rounded(.down)) }
        self.isExpired = self.secondsToExpiry.map { $0 <= 0 }
        self.isCAE = claims.isCAEToken
        self.clientCapabilities = claims.clientCapabilities
    }

    /// A table, without what the token doesn't say.
    func rendered() -> String {
        let rows: [(String, String?)] = [
            ("audience", Self.list(self.audience)), ("issuer", self.issuer), ("tenant", self.tenantId),
            ("identity", self.identity),
            ("application", self.clientId), ("roles", Self.list(self.roles)), ("scopes", Self.list(self.scopes)),
            ("issued", self.issuedAt), ("not before", self.notBefore), ("expires", self.expiry),
            ("CAE", self.isCAE ? "yes: a service may refuse it before it expires, and ask for claims" : "no"),
        ]
        let shown = rows.compactMap { name, value in value.map { [name, HostileText.sanitized($0, limit: 1000)] } }
        return TextTable(["claim", "the token says"], rows: shown).rendered()
    }

    private var identity: String? {
        let parts = [self.identityType, self.userName, self.objectId.map { "object id \($0)" }].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private var expiry: String? {
        guard let expiresOn = self.expiresOn, let seconds = self.secondsToExpiry else { return nil }
        return seconds <= 0 ? "\(expiresOn), expired \(-seconds) s ago" : "\(expiresOn), in \(seconds) s"
    }

    private static func list(_ values: [String]) -> String? { values.isEmpty ? nil : values.joined(separator: ", ") }
}
#endif
