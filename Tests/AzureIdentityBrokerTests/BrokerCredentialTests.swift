// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whom the credential asks the broker for, when it shows a window, and whose tokens it takes.
@Suite(.timeLimit(.minutes(5))) struct BrokerCredentialTests {
    private let stage = BrokerStage()
    private var broker: ScriptedBroker { self.stage.broker }

    // MARK: Silent first

    @Test func theOnlyAccountIsAskedForWithoutAWindow() async throws {
        let credential = self.stage.credential()
        let first = try await credential.token(forScopes: vaultScope, "openid")
        #expect(first.token == "MARKED-token-1" && first.source == .network && first.type == .bearer)
        #expect(first.provenance?.credential == "BrokerCredential" && first.provenance?.clientID == Sample.publicClientID)
        #expect(try await credential.token(forScopes: vaultScope, "openid").source == .memory)
        _ = try await credential.token(forScopes: otherScope)
        // Who it is, is known by then.
        let ada = BrokerAccount.ada.username
        #expect(self.broker.calls == [.accounts, .silent(ada), .silent(ada)])
        let request = try #require(self.broker.requests.first)
        #expect(request.scopes == [vaultScope] && request.clientID == Sample.publicClientID && request.claims == nil)
        #expect(request.authority == "https://login.microsoftonline.com/organizations" && request.validatesAuthority)
        #expect(request.redirectURL == "https://login.microsoftonline.com/common/oauth2/nativeclient")
        #expect(request.tokenToRenew == nil && request.proofOfPossession == nil && !request.isMSAPassthroughEnabled)
        #expect(request.deadline == self.stage.clock.now + .seconds(30))
        #expect(UUID(uuidString: request.correlationID) != nil && request.correlationID == request.correlationID.lowercased())
        #expect(credential.authenticationRecord?.username == ada)
    }

    @Test func nothingIsAskedBeforeATokenIs() throws {
        try self.stage.credential().validate()
        #expect(self.broker.calls.isEmpty)
    }

    @Test func theDefaultAccountIsTheSystems() async throws {
        _ = try await self.stage.credential { $0.usesDefaultBrokerAccount = true }.token(forScopes: vaultScope)
        #expect(self.broker.calls == [.silent(nil)])
    }

    @Test func theHintChoosesAndTheWindowKnowsIt() async throws {
        self.broker.list([.ada, .grace])
        let credential = self.stage.credential {
            $0.loginHint = "GRACE@contoso.example"
            $0.usesDefaultBrokerAccount = true
        }
        _ = try await credential.token(forScopes: vaultScope)
        #expect(self.broker.calls == [.accounts, .silent(BrokerAccount.grace.username)])
        #expect(self.broker.requests.last?.loginHint == "GRACE@contoso.example")
    }

    @Test func theRecordChooses() async throws {
        self.broker.list([.ada, .grace])
        let credential = self.stage.credential {
            $0.clientID = nil
            $0.authenticationRecord = BrokerAccount.grace.record
        }
        _ = try await credential.token(forScopes: vaultScope)
        #expect(self.broker.calls == [.accounts, .silent(BrokerAccount.grace.username)])
        // Tenant and application are the record's too.
        #expect(self.broker.requests.last?.authority == "https://login.microsoftonline.com/\(Sample.tenantID)")
        #expect(self.broker.requests.last?.clientID == Sample.publicClientID)
    }

    @Test func anAccountThatIsNotListedIsAskedForByItsIDsThenTheSystemsIs() async throws {
        self.broker.list([])
        self.broker.answer { _, account async throws(BrokerFailure) in
            guard account == nil else { throw BrokerFailure(.accountNotFound) }
            return .sample(of: .ada)
        }
        let record = BrokerAccount.ada.record
        let credential = self.stage.credential {
            $0.authenticationRecord = record
            $0.usesDefaultBrokerAccount = true
        }
        _ = try await credential.token(forScopes: vaultScope)
        #expect(self.broker.calls == [.accounts, .silent(record.username), .silent(nil)])
    }

    // MARK: A person

    @Test func severalAccountsAreChosenFromInTheWindow() async throws {
        self.broker.list([.ada, .grace])
        self.broker.signIn(.grace)
        let credential = self.stage.credential { $0.parentWindow = BrokerWindow(handle: 42) }
        _ = try await credential.token(forScopes: vaultScope)
        #expect(self.broker.calls == [.accounts, .interactive(nil)])
        let request = try #require(self.broker.requests.last)
        #expect(request.window == BrokerWindow(handle: 42) && request.deadline == self.stage.clock.now + .seconds(300))
        #expect(credential.authenticationRecord?.homeAccountID == BrokerAccount.grace.homeAccountID)
    }

    @Test func withoutPermissionNobodyIsAsked() async throws {
        self.broker.fail(.from(status: 2, context: "AADSTS50076: multifactor"))
        self.broker.signIn(.ada)
        let credential = self.stage.credential { $0.authenticatesAutomatically = false }
        let context = TokenRequestContext(scopes: [vaultScope], claims: #"{"access_token":{"nbf":{"essential":true}}}"#)
        let error = try await authenticationError { try await credential.token(for: context) }
        #expect(error.code == .authenticationRequired && error.context == context && !error.isRetryable)
        #expect(error.serviceError?.codes == [50_076] && error.remedy?.guide == "G04")
        #expect(error.message.contains("scripted broker") && error.message.contains("authenticate(for:)"))
        #expect(self.broker.windowCount == 0)
        let record = try await credential.authenticate(for: context)
        #expect(record.username == BrokerAccount.ada.username && record.tenantID == Sample.tenantID)
        #expect(self.broker.windowCount == 1)
        #expect(self.broker.requests.last?.claims == context.claims)
    }

    @Test func authenticateAsksNobodyIfATokenIsToBeHad() async throws {
        let credential = self.stage.credential { $0.authenticatesAutomatically = false }
        #expect(try await credential.authenticate().username == BrokerAccount.ada.username)
        #expect(self.broker.requests.map(\.scopes) == [["https://management.azure.com/.default"]])
    }

    @Test func aWindowThatWasClosedIsARefusal() async throws {
        self.broker.list([])
        self.broker.answerPerson { _, _ async throws(BrokerFailure) in
            throw BrokerFailure(.userCanceled)
        }
        let credential = self.stage.credential()
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && !error.isRetryable && error.message.contains("closed the broker's window"))
        #expect(error.remedy?.guide == "G04")
    }

    @Test func aRenewalShowsNoWindow() async throws {
        let credential = self.stage.credential()
        let token = try await credential.token(forScopes: vaultScope)
        self.broker.fail(.init(.interactionRequired))
        self.broker.signIn(.ada)
        var events = credential.events.makeAsyncIterator()
        self.stage.clock.advance(by: .seconds(3500))
        #expect(try await credential.token(forScopes: vaultScope).token == token.token)
        // The renewal behind the caller's back has ended when it is told of.
        _ = await events.next()
        #expect(self.broker.windowCount == 0)
        #expect(self.broker.requests.last?.tokenToRenew?.revealed == token.token)
    }

    // MARK: Whose token it is

    @Test func anotherPersonsTokenIsRefusedUnlessThatIsWanted() async throws {
        self.broker.answer { _, _ async throws(BrokerFailure) in .sample(of: .grace) }
        self.broker.signIn(.grace)
        for (change, whose) in [
            ({ $0.authenticationRecord = BrokerAccount.ada.record }, "authentication record"),
            ({ $0.loginHint = BrokerAccount.ada.username }, "login hint"),
        ] as [((inout BrokerCredential.Options) -> Void, String)] {
            let credential = self.stage.credential(change)
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.code == .authenticationFailed && error.message.contains("another account's than that of the \(whose)"))
            #expect(!error.message.contains("grace") && !error.message.contains("ada@"))
        }
        self.broker.fail(.init(.interactionRequired))
        let credential = self.stage.credential { $0.authenticationRecord = BrokerAccount.ada.record }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.message.contains("another account's"))
        #expect(try await credential.authenticate().username == BrokerAccount.grace.username)
    }

    @Test func anAnswerThatDoesNotSayWhomItIsForIsForNobodyExpected() async throws {
        self.broker.answer { _, _ async throws(BrokerFailure) in .sample(of: nil) }
        let anyone = self.stage.credential { $0.usesDefaultBrokerAccount = true }
        #expect(try await anyone.token(forScopes: vaultScope).token == "MARKED-token-1")
        #expect(anyone.authenticationRecord == nil)
        let error = try await authenticationError { try await anyone.authenticate(for: .init(scopes: [vaultScope])) }
        #expect(error.message.contains("didn't say who"))
        self.broker.fail(.init(.interactionRequired))
        self.broker.answerPerson { _, _ async throws(BrokerFailure) in .sample(of: nil) }
        let expected = self.stage.credential { $0.authenticationRecord = BrokerAccount.ada.record }
        #expect(
            try await authenticationError { try await expected.token(forScopes: vaultScope) }.message.contains(
                "another account's"))
    }

    @Test func anotherAccountHasNoneOfTheOldTokens() async throws {
        let credential = self.stage.credential { $0.authenticatesAutomatically = false }
        let context = TokenRequestContext(scopes: [vaultScope])
        _ = try await credential.token(for: context)
        self.broker.fail(.init(.interactionRequired))
        self.broker.signIn(.grace)
        _ = try await credential.authenticate(for: .init(scopes: [otherScope]))
        #expect(credential.authenticationRecord?.username == BrokerAccount.grace.username)
        #expect(try await authenticationError { try await credential.token(for: context) }.code == .authenticationRequired)
    }

    // MARK: Signing out

    @Test func whoSignsOutIsGone() async throws {
        let credential = self.stage.credential()
        _ = try await credential.token(forScopes: vaultScope)
        try await credential.signOut()
        #expect(self.broker.calls.last == .signOut(BrokerAccount.ada.username) && credential.authenticationRecord == nil)
        let before = self.broker.calls.count
        #expect(try await credential.token(forScopes: vaultScope).source == .network)
        #expect(self.broker.calls.count == before + 2)
    }

    @Test func signingOutMeansNobodyElse() async throws {
        try await self.stage.credential { $0.usesDefaultBrokerAccount = true }.signOut()
        #expect(self.broker.calls.isEmpty)
        self.broker.list([.ada, .grace])
        try await self.stage.credential { $0.loginHint = BrokerAccount.grace.username }.signOut()
        #expect(self.broker.calls == [.accounts, .signOut(BrokerAccount.grace.username)])
        self.broker.failListing(.init(.absent(reason: "No bus.")))
        try await self.stage.credential { $0.loginHint = BrokerAccount.grace.username }.signOut()
    }

    @Test func whoCannotBeSignedOutStays() async throws {
        let credential = self.stage.credential()
        _ = try await credential.token(forScopes: vaultScope)
        self.broker.failSigningOut(.init(.temporary))
        let error = try await authenticationError { try await credential.signOut() }
        #expect(error.isRetryable && credential.authenticationRecord?.username == BrokerAccount.ada.username)
    }
}
