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

/// Makes a token of a broker's answer. Pure.
enum BrokerToken {
    /// The longest token that is taken of a broker, in UTF-8 bytes: one that is bound to a request holds another one.
    private static let limit = 131_072

    /// The token of an answer, with its lifetime: by what the token says of itself, if it can be read, else by the broker, whose word has
    /// been seen to be wrong.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - isProofWanted: Whether the token was to be bound to a request.
    ///   - clock: The machine's clocks.
    /// - Throws: `BrokerFailure`: it is no token, not of the kind that was asked for, or has expired.
    static func acquired(
        _ answer: BrokerAnswer,
        isProofWanted: Bool,
        clock: any MachineClock
    ) throws(BrokerFailure) -> AcquiredToken {
        let text = answer.token.revealed
        guard !text.isEmpty, text.utf8.count <= Self.limit, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw BrokerFailure(.protocolError, context: "The access token is empty, too long, or no token at all.")
        }
        guard answer.isProofOfPossession == isProofWanted else {
            throw BrokerFailure(
                .protocolError,
                context: isProofWanted
                    ? "A token was asked for that is bound to a request, and a bearer token came."
                    : "A bearer token was asked for, and one came that is bound to a request."
            )
        }
        guard let expiresOn = Self.expiry(of: text, isProof: isProofWanted) ?? answer.expiresOn else {
            throw BrokerFailure(.protocolError, context: "Nothing says when the token expires.")
        }
        let lifetime = expiresOn.timeIntervalSince(clock.date)
        guard lifetime > 0, !lifetime.isNaN else {
            throw BrokerFailure(.temporary, context: "The token has expired already, by this machine's clock.")
        }
        var token = AcquiredToken(
            token: text,
            lifetime: .seconds(min(lifetime, TokenResponse.maximumLifetime.inSeconds)),
            start: clock.now
        )
        if isProofWanted { token.type = .pop }
        return token
    }

    /// When a token expires by what it says of itself, or by the one that it holds (`at`, in a signed HTTP request); `nil`: it can't be read.
    private static func expiry(of text: String, isProof: Bool) -> Date? {
        guard let claims = UnverifiedClaims(token: text) else { return nil }
        guard isProof, case .string(let inner)? = claims["at"] else { return claims.expiresOn }
        return UnverifiedClaims(token: inner)?.expiresOn
    }
}

/// Who a broker's answer is for, as far as it says. Pure.
struct BrokerIdentity: Sendable, Hashable {
    /// The longest id and the longest name that are taken, in characters.
    private static let limit = 512

    private(set) var homeAccountID: String?
    private(set) var username: String?
    private(set) var tenantID: String?

    /// - Parameters:
    ///   - answer: The answer.
    ///   - asked: The account that the broker was asked for: whose it is if the answer doesn't say.
    init(_ answer: BrokerAnswer, asked: BrokerAccount?) {
        let account = answer.account ?? asked
        self.homeAccountID = Self.clean(account?.homeAccountID)
        self.username =
            Self.clean(account?.username) ?? answer.idTokenClaims?.userName
            ?? UnverifiedClaims(token: answer.token.revealed)?.userName
        let realm = Self.clean(account?.realm)
        self.tenantID = [answer.idTokenClaims?.tenantID, realm].lazy.compactMap { $0 }.first { TenantID.isValid($0) }
    }

    /// A record of the person; `nil`: the broker didn't say who it is.
    func record(authority: String, clientID: String, tenantID: String) -> AuthenticationRecord? {
        self.homeAccountID.map { homeAccountID in
            AuthenticationRecord(
                authority: authority,
                clientID: clientID,
                homeAccountID: homeAccountID,
                tenantID: self.tenantID ?? tenantID,
                username: self.username ?? ""
            )
        }
    }

    /// Whether two ids or two names mean the same: upper and lower case don't differ.
    static func isSame(_ one: String, _ other: String?) -> Bool { one.lowercased() == other?.lowercased() }

    private static func clean(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        let clean = HostileText.sanitized(text, limit: Self.limit)
        return clean.isEmpty ? nil : clean
    }
}
