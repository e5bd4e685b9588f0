// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What tokens say of themselves: the middle part of a token, or, behind a byte that is odd, a whole token.
enum ClaimsTarget {
    static func run(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        let text = first & 1 == 1 ? String(decoding: rest, as: UTF8.self) : "e30.\(Base64URL.encode(rest)).x"
        guard let claims = AccessToken(token: text, expiresOn: .distantFuture).unverifiedClaims else { return }
        let texts =
            claims.audience + claims.roles + claims.scopes + claims.clientCapabilities
            + [claims.issuer, claims.tenantID, claims.objectID, claims.clientID, claims.userName, claims.identityType].compactMap
        { $0 }
        for text in texts {
            Promises.checkLine(text, "a claim")
            if text.count > 256 { Violation.report("a claim of \(text.count) characters") }
        }
        for date in [claims.expiresOn, claims.notBefore, claims.issuedAt].compactMap({ $0 })
        where !date.timeIntervalSince1970.isFinite {
            Violation.report("a date that is no time")
        }
        _ = (claims.isCAEToken, claims.names.map { claims[$0] }, claims.description)
    }
}
