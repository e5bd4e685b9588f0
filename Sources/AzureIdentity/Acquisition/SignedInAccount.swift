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

/// Who signed in, by what came with the token: read without a signature being checked, since it came from the token service itself over
/// TLS (OpenID Connect Core 1.0, section 3.1.3.7). Pure.
struct SignedInAccount: Sendable, Hashable {
    /// `uid.utid`; without them the subject of the id token.
    var homeAccountID: String
    /// The object id, else the subject.
    var localAccountID: String
    /// The tenant that the person signed in to, if the id token says so.
    var tenantID: String?
    /// Empty if nobody says.
    var username: String
    var name: String?

    private struct Claims: Decodable {
        let sub, oid, tid, preferred_username, upn, name, nonce: LenientString?
    }

    private struct ClientInfo: Decodable {
        let uid, utid: LenientString?
    }

    /// A text, or something else that is of no interest.
    private struct LenientString: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let text = try? decoder.singleValueContainer().decode(String.self)
            self.text = text.flatMap { $0.isEmpty || $0.utf8.count > 512 ? nil : HostileText.sanitized($0, limit: 512) }
        }
    }

    /// `nil` if nothing says who it is.
    init?(_ answer: SignInAnswer) {
        let claims = answer.idToken.flatMap { Self.payload($0.revealed) }.flatMap {
            try? JSONDecoder().decode(Claims.self, from: $0)
        }
        let info = answer.clientInfo.flatMap { Base64URL.decode($0) }
            .flatMap { try? JSONDecoder().decode(ClientInfo.self, from: Data($0)) }
        let home = info?.uid?.text.map { uid in "\(uid).\(info?.utid?.text ?? uid)" }
        guard let homeAccountID = home ?? claims?.sub?.text else { return nil }
        self.homeAccountID = homeAccountID
        self.localAccountID = claims?.oid?.text ?? claims?.sub?.text ?? info?.uid?.text ?? homeAccountID
        self.tenantID = claims?.tid?.text.flatMap { TenantID.isValid($0) ? $0 : nil }
        self.username = claims?.preferred_username?.text ?? claims?.upn?.text ?? ""
        self.name = claims?.name?.text
    }

    /// The nonce of an id token; `nil` if it has none.
    static func nonce(of idToken: Secret) -> String? {
        Self.payload(idToken.revealed).flatMap { try? JSONDecoder().decode(Claims.self, from: $0) }?.nonce?.text
    }

    private static func payload(_ token: String) -> Data? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 65_536, parts.count == 3 else { return nil }
        return Base64URL.decode(parts[1]).map { Data($0) }
    }
}
