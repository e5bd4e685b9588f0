// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Whose token it is, by what the token says of itself: read without its signature being checked, so good for people, for comparing and
/// for nothing else. Pure.
struct TokenIdentity: Sendable, Hashable {
    /// The tenant's id (`tid`).
    private(set) var tenantID: String?
    /// The object id of the user or service principal (`oid`).
    private(set) var objectID: String?
    /// The application's id (`appid`, `azp`).
    private(set) var clientID: String?
    /// The user's name (`upn`, `preferred_username`, `unique_name`).
    private(set) var userName: String?

    /// Nothing, for a token that is no JWT.
    init(token: String) {
        guard let claims = UnverifiedClaims(token: token) else { return }
        self.tenantID = Self.id(claims.tenantID)
        self.objectID = Self.id(claims.objectID)
        self.clientID = Self.id(claims.clientID)
        self.userName = claims.userName
    }

    private static func id(_ text: String?) -> String? {
        guard let text, TenantID.isValid(text) else { return nil }
        return text
    }
}
