// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads what operations came to. Each function leaves the result's release to its caller, and releases all else that it gets.
extension MSALRuntimeFunctions {
    /// How many accounts are read.
    private static let accountLimit = 1000
    /// The word before a signed request in a header.
    private static let proofScheme = "PoP"

    /// A token.
    func answer(_ result: Address) throws(BrokerFailure) -> BrokerAnswer {
        // First of all: with an error there may be a token too, which isn't what was asked for.
        try self.checkResult(result, self.answers.error)
        var isProof: Int32 = 0
        var seconds: Int64 = 0
        try self.check(self.answers.isProof(result, &isProof))
        try self.check(self.answers.expiresOn(result, &seconds))
        let source = isProof == 0 ? self.answers.accessToken : self.answers.authorizationHeader
        let text = try self.text(of: result, source)
        let token = isProof == 0 ? text : Self.signedRequest(header: text)
        guard !token.isEmpty else { throw BrokerFailure(.protocolError, context: "the broker library gave no token") }
        let account = try self.handle(release: self.accounts.release) { place throws(BrokerFailure) in
            self.answers.account(result, place)
        }
        return BrokerAnswer(
            token: Secret(token),
            expiresOn: Self.date(seconds: seconds),
            scopes: try self.text(of: result, self.answers.grantedScopes).split(separator: " ").map(String.init),
            idTokenClaims: UnverifiedClaims(token: try self.text(of: result, self.answers.idToken)),
            account: try account.map { handle throws(BrokerFailure) in try self.account(handle) },
            isProofOfPossession: isProof != 0
        )
    }

    /// The handle of an account that was looked for; `nil` if the library doesn't know it.
    func readAccount(_ result: Address) throws(BrokerFailure) -> MSALRuntimeHandle? {
        do throws(BrokerFailure) {
            try self.checkResult(result, self.answers.readAccountError)
            return try self.handle(release: self.accounts.release) { place throws(BrokerFailure) in
                self.answers.readAccount(result, place)
            }
        } catch {
            guard error.kind == .accountNotFound else { throw error }
            return nil
        }
    }

    /// All accounts that were found.
    func accounts(_ result: Address) throws(BrokerFailure) -> [BrokerAccount] {
        try self.checkResult(result, self.answers.discoveryError)
        var accounts: [BrokerAccount] = []
        for index in 0..<Self.accountLimit {
            let handle = try self.handle(release: self.accounts.release) { place throws(BrokerFailure) in
                self.answers.discoveredAccount(result, Int32(index), place)
            }
            guard let handle else { break }
            accounts.append(try self.account(handle))
        }
        return accounts
    }

    /// What an account is.
    private func account(_ handle: MSALRuntimeHandle) throws(BrokerFailure) -> BrokerAccount {
        try handle.use { address throws(BrokerFailure) in
            BrokerAccount(
                homeAccountID: try self.text(of: address, self.accounts.homeAccountID),
                localAccountID: try self.text(of: address, self.accounts.localAccountID),
                realm: try self.text(of: address, self.accounts.realm),
                environment: try self.text(of: address, self.accounts.environment),
                username: try self.text(of: address, self.accounts.username)
            )
        }
    }

    /// The signed request of a header, which has its scheme before it.
    static func signedRequest(header: String) -> String {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == Self.proofScheme.lowercased() else { return "" }
        return HostileText.trimmed(parts[1])
    }

    /// A point of time of the library's; `nil` if there is none. What no calendar has is none.
    static func date(seconds: Int64) -> Date? {
        guard (1..<253_402_300_800).contains(seconds) else { return nil }
        return Date(timeIntervalSince1970: Double(seconds))
    }
}
