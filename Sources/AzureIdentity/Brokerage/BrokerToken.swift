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
        guard let expiresOn = Self.claims(of: text, isProof: isProofWanted)?.expiresOn ?? answer.expiresOn else {
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

    /// What a token says of itself, or the one that it holds (`at`, in a signed HTTP request); `nil`: it can't be read.
    static func claims(of text: String, isProof: Bool) -> UnverifiedClaims? {
        guard let claims = UnverifiedClaims(token: text) else { return nil }
        guard isProof, case .string(let inner)? = claims["at"] else { return claims }
        return UnverifiedClaims(token: inner)
    }
}

/// Who a broker's answer is for, as far as it says. Pure.
struct BrokerIdentity: Sendable, Hashable {
    /// The longest id and the longest name that are taken, in characters.
    private static let limit = 512

    private(set) var homeAccountID: String?
    private(set) var username: String?
    private(set) var tenantID: String?
    /// The account as the broker gave it.
    private(set) var account: BrokerAccount?
    /// Whether the answer doesn't say whose it is, but that it isn't the asked account's.
    private(set) var isContradicted = false

    /// - Parameters:
    ///   - answer: The answer. Its account counts, else its client info; else what its tokens say, which also have to agree with `asked`.
    ///   - asked: The account that the broker was asked for: whose it is if the answer says nothing else. One that no broker has listed has
    ///     to be confirmed by a token.
    init(_ answer: BrokerAnswer, asked: BrokerAccount?) {
        let token = BrokerToken.claims(of: answer.token.revealed, isProof: answer.isProofOfPossession)
        if let stated = answer.account {
            self.homeAccountID = Self.clean(stated.homeAccountID)
            self.account = stated
        } else if let home = SignedInAccount(SignInAnswer(clientInfo: answer.clientInfo))?.homeAccountID {
            self.homeAccountID = home
            if let asked, Self.isSame(asked.homeAccountID, home) { self.account = asked }
        } else if let asked {
            let words = [answer.idTokenClaims, token].compactMap { $0 }.compactMap { Self.isWhose($0, asked) }
            self.isContradicted = words.contains(false)
            if !self.isContradicted, asked.isListed || !words.isEmpty {
                self.homeAccountID = Self.clean(asked.homeAccountID)
                self.account = asked
            }
        }
        self.username = Self.clean(self.account?.username) ?? answer.idTokenClaims?.userName ?? token?.userName
        let realm = Self.clean(self.account?.realm)
        self.tenantID = [answer.idTokenClaims?.tenantID, realm].lazy.compactMap { $0 }.first { TenantID.isValid($0) }
    }

    /// Somebody who has signed in otherwise, such as in the browser.
    init(_ record: AuthenticationRecord?) {
        self.homeAccountID = Self.clean(record?.homeAccountID)
        self.username = Self.clean(record?.username)
        self.tenantID = record?.tenantID
    }

    /// Whether a token is the account's by what it says. `nil`: it says nothing, or is of another tenant than the account's own, where the
    /// account has another object id.
    private static func isWhose(_ claims: UnverifiedClaims, _ account: BrokerAccount) -> Bool? {
        let parts = account.homeAccountID.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let objectID = claims.objectID, Self.isSame(String(parts[1]), claims.tenantID) else { return nil }
        return Self.isSame(String(parts[0]), objectID)
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
