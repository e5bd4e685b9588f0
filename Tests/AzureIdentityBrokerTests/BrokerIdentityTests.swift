// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whose an answer is that doesn't name its account.
@Suite(.timeLimit(.minutes(5))) struct BrokerIdentityTests {
    private let stage = BrokerStage()
    private var broker: ScriptedBroker { self.stage.broker }

    /// What an answer says, and whether it is taken for the account of a record.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var isListed = true
        /// Who the client info says it is.
        var info: BrokerAccount?
        /// Who the token says it is.
        var token: BrokerAccount?
        let isTaken: Bool
    }

    private static let cases = [
        Case(testDescription: "nothing", isTaken: true),
        Case(testDescription: "nothing of an account that isn't listed", isListed: false, isTaken: false),
        Case(testDescription: "the token", token: .ada, isTaken: true),
        Case(testDescription: "the token of an account that isn't listed", isListed: false, token: .ada, isTaken: true),
        Case(testDescription: "another's token", token: .grace, isTaken: false),
        Case(testDescription: "another's token of an account that isn't listed", isListed: false, token: .grace, isTaken: false),
        Case(testDescription: "a token of another tenant, where ids differ", token: .personal, isTaken: true),
        Case(testDescription: "the client info", info: .ada, isTaken: true),
        Case(testDescription: "the client info of an account that isn't listed", isListed: false, info: .ada, isTaken: true),
        Case(testDescription: "another's client info", info: .grace, isTaken: false),
    ]

    private static func answer(_ sample: Case) -> BrokerAnswer {
        let text = sample.token.map { account in
            let tenant = account.homeAccountID.split(separator: ".").last ?? ""
            return BrokerStage.token(#"{"oid":"\#(account.localAccountID)","tid":"\#(tenant)"}"#)
        }
        let info = sample.info.map { account in
            let tenant = account.homeAccountID.split(separator: ".").last ?? ""
            return Base64URL.encode(#"{"uid":"\#(account.localAccountID)","utid":"\#(tenant)"}"#.utf8)
        }
        return BrokerAnswer(
            token: Secret(text ?? "opaque"), expiresOn: BrokerStage.start.addingTimeInterval(3600), clientInfo: info)
    }

    @Test(arguments: Self.cases) func anAnswerWithoutAnAccount(sample: Case) async throws {
        self.broker.list(sample.isListed ? [.ada] : [])
        self.broker.answer { _, _ async throws(BrokerFailure) in Self.answer(sample) }
        let credential = self.stage.credential { $0.authenticationRecord = BrokerAccount.ada.record }
        if sample.isTaken {
            _ = try await credential.token(forScopes: vaultScope)
            #expect(credential.authenticationRecord?.homeAccountID == BrokerAccount.ada.homeAccountID)
        } else {
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.code == .authenticationFailed && error.message.contains("another account's"))
        }
        #expect(self.broker.windowCount == 0)
    }

    /// A name alone is nobody: it may be given to somebody else.
    @Test func theNameOfTheRecordIsNoProof() async throws {
        self.broker.list([])
        self.broker.answer { _, _ async throws(BrokerFailure) in
            let text = BrokerStage.token(#"{"upn":"ada@contoso.example"}"#)
            return BrokerAnswer(token: Secret(text), expiresOn: BrokerStage.start.addingTimeInterval(3600))
        }
        let credential = self.stage.credential { $0.authenticationRecord = BrokerAccount.ada.record }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.message.contains("another account's"))
    }
}
