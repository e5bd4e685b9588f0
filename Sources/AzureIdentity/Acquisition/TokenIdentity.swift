// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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

    private struct Claims: Decodable {
        let tid, oid, appid, azp, upn, preferred_username, unique_name: LenientText?
    }

    /// A text, or something else that is of no interest.
    private struct LenientText: Decodable {
        let text: String?
        init(from decoder: any Decoder) throws { self.text = try? decoder.singleValueContainer().decode(String.self) }
    }

    /// The most that is read of a token.
    private static let limit = 65_536

    /// Nothing, for a token that is no JWT.
    init(token: String) {
        guard token.utf8.count <= Self.limit else { return }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64URL.decode(parts[1]),
            let claims = try? JSONDecoder().decode(Claims.self, from: Data(payload))
        else { return }
        self.tenantID = Self.id(claims.tid)
        self.objectID = Self.id(claims.oid)
        self.clientID = Self.id(claims.appid) ?? Self.id(claims.azp)
        self.userName = [claims.upn, claims.preferred_username, claims.unique_name].lazy.compactMap { Self.name($0) }.first
    }

    private static func id(_ value: LenientText?) -> String? {
        guard let text = value?.text, TenantID.isValid(text) else { return nil }
        return text
    }

    private static func name(_ value: LenientText?) -> String? {
        guard let text = value?.text, !text.isEmpty else { return nil }
        return HostileText.sanitized(text, limit: 256)
    }
}
