// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity
import AzureIdentityBroker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Answers of identity brokers on the session bus.
enum BrokerAnswerTarget {
    static func run(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for isProofWanted in [false, true] { self.checkToken(text, isProofWanted: isProofWanted) }
        do throws(BrokerFailure) {
            try DBusMessages.confirm(text)
        } catch {
            self.check(error)
        }
        do throws(BrokerFailure) {
            let accounts = try DBusMessages.accounts(in: text)
            if accounts.count > 1000 { Violation.report("\(accounts.count) accounts") }
            if Set(accounts).count != accounts.count { Violation.report("an account twice") }
            for account in accounts.prefix(8) { self.check(account) }
        } catch {
            self.check(error)
        }
    }

    private static func checkToken(_ text: String, isProofWanted: Bool) {
        do throws(BrokerFailure) {
            let answer = try DBusMessages.token(in: text, isProofWanted: isProofWanted)
            let token = answer.token.revealed
            if token.isEmpty || !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
                Violation.report("a token that no header can carry")
            }
            if answer.isProofOfPossession != isProofWanted { Violation.report("a token of the wrong kind") }
            if let seconds = answer.expiresOn?.timeIntervalSince1970, !(0..<253_402_300_800).contains(seconds) {
                Violation.report("a token that expires at no time")
            }
            if answer.scopes.count > 1000 { Violation.report("\(answer.scopes.count) scopes") }
            if let account = answer.account { self.check(account) }
        } catch {
            self.check(error)
        }
    }

    /// What is written of an account is read as the same.
    private static func check(_ account: BrokerAccount) {
        if account.homeAccountID.isEmpty { Violation.report("an account without an id") }
        if account.raw.utf8.count > BrokerAccount.rawLimit { Violation.report("an account of \(account.raw.utf8.count) bytes") }
        // As deep as it may be in a list.
        guard JSONDepth.isAtMost(30, in: account.raw.utf8) else { return }
        let again = try? DBusMessages.accounts(in: #"{"accounts":[\#(account.raw)]}"#)
        if again != [account] { Violation.report("an account is read as another") }
        if "\(account)".contains(account.homeAccountID), account.homeAccountID.count > 20 {
            Violation.report("an account is shown")
        }
    }

    private static func check(_ failure: BrokerFailure) {
        // Nobody has sent the secret, so an answer may have the word.
        Promises.checkLine(failure.context.replacing(Promises.secret, with: ""), "context")
        if failure.context.unicodeScalars.count > BrokerFailure.contextLimit + 1 { Violation.report("a long context") }
        if failure.kind == .protocolError, failure.context.isEmpty { Violation.report("a failure that says nothing") }
    }
}
