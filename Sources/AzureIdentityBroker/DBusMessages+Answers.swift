// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
package import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads answers: leniently, since brokers differ, and boundedly, since anything on the bus may have the broker's name.
extension DBusMessages {
    /// How deep an answer may be nested.
    private static let depthLimit = 32
    /// The most accounts, and the most scopes, that are read.
    private static let listLimit = 1000
    /// The longest text of an account, in UTF-8 bytes.
    private static let textLimit = 1024
    /// The longest token, in bytes: no header carries a longer one.
    private static let tokenLimit = 65_536

    /// The accounts in an answer of `getAccounts`, each once.
    package static func accounts(in answer: String) throws(BrokerFailure) -> [BrokerAccount] {
        let members = try Self.members(ofObject: answer)
        try Self.throwError(in: members)
        switch members["accounts"] {
        case .null: return []
        case .array(let values):
            var known: Set<BrokerAccount> = []
            return values.prefix(Self.listLimit).compactMap(Self.account).filter { known.insert($0).inserted }
        default: throw BrokerFailure(.protocolError, context: "The broker's answer has no list of accounts.")
        }
    }

    /// Checks that an answer, of `removeAccount`, is no error.
    package static func confirm(_ answer: String) throws(BrokerFailure) {
        if HostileText.trimmed(answer).isEmpty { return }
        try Self.throwError(in: try Self.members(ofObject: answer))
    }

    /// The token in an answer.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - isProofWanted: Whether the token has to be bound to a request.
    package static func token(in answer: String, isProofWanted: Bool) throws(BrokerFailure) -> BrokerAnswer {
        let root = try Self.members(ofObject: answer)
        try Self.throwError(in: root)
        var members = root
        // Most brokers put the token in here, some at the root.
        if case .object(let inner)? = root["brokerTokenResponse"] { members = inner }
        try Self.throwError(in: members)
        guard case .string(let text)? = members["accessToken"] else {
            throw BrokerFailure(.protocolError, context: "The broker's answer has no token.")
        }
        let isProof = Self.isProof(members["accessTokenType"])
        guard isProof == isProofWanted else {
            let wanted = isProofWanted ? "is not bound to the request" : "is bound to a request, which nobody asked for"
            throw BrokerFailure(.protocolError, context: "The broker's token \(wanted).")
        }
        let token = isProof && text.lowercased().hasPrefix("pop ") ? String(text.dropFirst(4)) : text
        guard !token.isEmpty, token.utf8.count <= Self.tokenLimit, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw BrokerFailure(.protocolError, context: "The broker's answer holds no token that can be sent in a header.")
        }
        var account = try Self.statedAccount(members["account"])
        if account == nil { account = try Self.statedAccount(root["account"]) }
        return BrokerAnswer(
            token: Secret(token),
            expiresOn: UnverifiedClaims(token: token)?.expiresOn ?? Self.date(members["expiresOn"]),
            scopes: Self.scopes(members["grantedScopes"]),
            idTokenClaims: Self.text(members["idToken"], limit: Self.tokenLimit).flatMap { UnverifiedClaims(token: $0) },
            account: account,
            clientInfo: Self.text(members["clientInfo"] ?? root["clientInfo"], limit: Self.textLimit),
            isProofOfPossession: isProof
        )
    }

    // MARK: Parts

    /// The members of an object in JSON.
    static func members(ofObject text: String) throws(BrokerFailure) -> [String: JSONValue] {
        guard JSONDepth.isAtMost(Self.depthLimit, in: text.utf8),
            let members = try? JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
        else { throw BrokerFailure(.protocolError, context: "The broker's answer is no JSON object.") }
        return members
    }

    /// Throws the error in an answer, if there is one.
    private static func throwError(in members: [String: JSONValue]) throws(BrokerFailure) {
        switch members["error"] {
        case nil, .null: return
        case .object(let error):
            let context = Self.text(error["context"], limit: .max) ?? ""
            let tag = Self.integer(error["tag"]).flatMap { Int(exactly: $0) }
            let code = Self.integer(error["errorCode"]) ?? Self.integer(error["subStatus"])
            guard let status = Self.integer(error["status"]).flatMap({ Int(exactly: $0) }) else {
                throw BrokerFailure(.refused, context: context, errorCode: code, tag: tag)
            }
            throw .from(status: status, context: context, errorCode: code, tag: tag)
        case .string(let text): throw BrokerFailure(.refused, context: text)
        default: throw BrokerFailure(.protocolError, context: "The broker's error has no form that is known.")
        }
    }

    /// The account that an answer is for. `nil`: it names none.
    ///
    /// - Throws: `BrokerFailure` if it names one that can't be read: that isn't simply whoever was asked for.
    private static func statedAccount(_ value: JSONValue?) throws(BrokerFailure) -> BrokerAccount? {
        guard let value else { return nil }
        if case .null = value { return nil }
        guard let account = Self.account(value) else {
            throw BrokerFailure(.protocolError, context: "The account in the broker's answer can't be read.")
        }
        return account
    }

    /// An account. `nil`: it has no id, or is too large.
    private static func account(_ value: JSONValue) -> BrokerAccount? {
        guard case .object(let members) = value, let id = Self.text(members["homeAccountId"], limit: Self.textLimit), !id.isEmpty
        else { return nil }
        let raw = Self.text(value)
        guard raw.utf8.count <= BrokerAccount.rawLimit else { return nil }
        func text(_ name: String) -> String { Self.text(members[name], limit: Self.textLimit) ?? "" }
        return BrokerAccount(
            homeAccountID: id,
            localAccountID: text("localAccountId"),
            realm: text("realm"),
            environment: text("environment"),
            username: text("username"),
            raw: raw
        )
    }

    private static func text(_ value: JSONValue?, limit: Int) -> String? {
        guard case .string(let text)? = value, text.utf8.count <= limit else { return nil }
        return text
    }

    /// A whole number, which may be written as a text.
    private static func integer(_ value: JSONValue?) -> Int64? {
        if case .integer(let integer)? = value { return integer }
        return Self.number(value).flatMap { Int64(exactly: $0) }
    }

    private static func number(_ value: JSONValue?) -> Double? {
        switch value {
        case .integer(let integer): Double(integer)
        case .number(let number): number.isFinite ? number : nil
        case .string(let text): LooseNumber.number(text)
        default: nil
        }
    }

    /// A moment in milliseconds, or in seconds if it is so small. `nil`: no calendar has it.
    private static func date(_ value: JSONValue?) -> Date? {
        guard let number = Self.number(value) else { return nil }
        let seconds = number < 1e11 ? number : number / 1000
        return (1..<253_402_300_800).contains(seconds) ? Date(timeIntervalSince1970: seconds) : nil
    }

    /// Scopes: a text with blanks between them, or an array.
    private static func scopes(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let text):
            text.split(separator: " ", maxSplits: Self.listLimit).prefix(Self.listLimit).map(String.init)
                .filter { $0.utf8.count <= Self.textLimit }
        case .array(let values): values.prefix(Self.listLimit).compactMap { Self.text($0, limit: Self.textLimit) }
        default: []
        }
    }

    /// Whether the token is of the type 1, bound to a request; 0 and nothing at all are bearer's.
    private static func isProof(_ value: JSONValue?) -> Bool {
        if case .string(let text)? = value, text.lowercased() == "pop" { return true }
        return Self.integer(value) == 1
    }
}
