// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who stays signed in, until when, and who is in the browser in the broker's place.
@Suite(.timeLimit(.minutes(5))) struct BrokerAccountTests {
    private let stage = BrokerStage()
    private var broker: ScriptedBroker { self.stage.broker }

    @Test func anEmptyHintIsNone() async throws {
        let credential = self.stage.credential {
            $0.loginHint = ""
            $0.usesDefaultBrokerAccount = true
        }
        _ = try await credential.token(forScopes: vaultScope)
        #expect(self.broker.calls == [.silent(nil)] && self.broker.requests.last?.loginHint == nil)
    }

    @Test func theBrokerOfTheOptionsIsAsked() async throws {
        var options = BrokerCredential.Options(credentialOptions: self.stage.options, usesDefaultBrokerAccount: true)
        options.broker = self.stage.brokered
        _ = try await BrokerCredential(options: options).token(forScopes: vaultScope)
        #expect(self.broker.calls == [.silent(nil)])
    }

    // MARK: The first one

    @Test func whoeverIsTheFirstStaysTheOne() async throws {
        let credential = self.stage.credential { $0.usesDefaultBrokerAccount = true }
        _ = try await credential.token(forScopes: vaultScope)
        self.broker.answer { _, _ async throws(BrokerFailure) in .sample(2, of: .grace) }
        let error = try await authenticationError { try await credential.token(forScopes: otherScope) }
        #expect(error.code == .authenticationFailed && error.message.contains("another account's than that of the person before"))
        #expect(credential.authenticationRecord?.homeAccountID == BrokerAccount.ada.homeAccountID)
        credential.removeCachedTokens()
        #expect(try await credential.token(forScopes: otherScope).token == "MARKED-token-2")
        #expect(credential.authenticationRecord?.homeAccountID == BrokerAccount.grace.homeAccountID)
        try await credential.signOut()
        self.broker.answer { _, _ async throws(BrokerFailure) in .sample(3, of: .ada) }
        #expect(try await credential.token(forScopes: otherScope).token == "MARKED-token-3")
    }

    /// Who signs in for another caller isn't who this one expects.
    @Test func nobodyJoinsASignInThatAnotherCallerWants() async throws {
        self.broker.fail(.init(.interactionRequired))
        self.broker.answerPerson { [clock = self.stage.clock] _, _ async throws(BrokerFailure) in
            try? await clock.sleep(for: .seconds(60))
            return .sample(of: .grace)
        }
        let credential = self.stage.credential {
            $0.authenticationRecord = BrokerAccount.ada.record
            $0.authenticatesAutomatically = false
        }
        let context = TokenRequestContext(scopes: [vaultScope])
        async let record = credential.authenticate(for: context)
        // The limits of the request and of the whole, and the person.
        await self.stage.clock.waitForSleepers(3)
        let error = try await authenticationError { try await credential.token(for: context) }
        #expect(error.code == .authenticationRequired)
        self.stage.clock.advance(by: .seconds(60))
        #expect(try await record.username == BrokerAccount.grace.username)
    }

    // MARK: Signing out

    @Test func afterASignOutTheConfigurationCountsAgain() async throws {
        self.broker.fail(.init(.interactionRequired))
        self.broker.signIn(.grace)
        let credential = self.stage.credential { $0.authenticationRecord = BrokerAccount.ada.record }
        #expect(try await credential.authenticate().username == BrokerAccount.grace.username)
        try await credential.signOut()
        self.broker.answer { _, _ async throws(BrokerFailure) in .sample(of: .ada) }
        _ = try await credential.token(forScopes: vaultScope)
        #expect(credential.authenticationRecord?.username == BrokerAccount.ada.username)
    }

    @Test func whatWasAskedBeforeASignOutSignsNobodyInAgain() async throws {
        let credential = self.stage.credential()
        self.broker.answer { _, _ async throws(BrokerFailure) in
            try? await credential.signOut()
            return .sample(of: .ada)
        }
        _ = try await credential.token(forScopes: vaultScope)
        #expect(credential.authenticationRecord == nil)
    }

    @Test func signingOutMeansAllEntriesOfOneAccountAndNeverOneOfTwo() async throws {
        let name = BrokerAccount.ada.username
        let guest = BrokerAccount.person(
            name, BrokerAccount.ada.localAccountID, in: Sample.tenantID, realm: Sample.otherTenantID)
        self.broker.list([.ada, .grace, guest])
        try await self.stage.credential { $0.loginHint = name }.signOut()
        #expect(self.broker.calls == [.accounts, .signOut(name), .signOut(name)])
        let namesake = BrokerAccount.person(name, "b0000000-0000-4000-8000-0000000000b9", in: Sample.tenantID)
        self.broker.list([.ada, namesake])
        let error = try await authenticationError { try await self.stage.credential { $0.loginHint = name }.signOut() }
        #expect(error.code == .invalidConfiguration && error.message.contains("several accounts"))
        #expect(self.broker.calls.count == 4 && self.broker.calls.last == .accounts)
    }

    // MARK: The browser

    /// What the browser was asked for.
    private struct Browser: Sendable {
        let tokens = Locked(0)
        let removals = Locked(0)

        var fallback: BrokerFallback {
            BrokerFallback(
                token: { _ in
                    self.tokens.withLock { $0 += 1 }
                    return AccessToken(token: "by-the-browser", expiresOn: BrokerStage.start.addingTimeInterval(7200))
                },
                record: { BrokerAccount.ada.record },
                removeCachedTokens: { self.removals.withLock { $0 += 1 } },
                signOut: {}
            )
        }
    }

    private func engine(_ browser: Browser, _ change: (inout BrokerEngine.Client) -> Void = { _ in }) -> BrokerEngine {
        var client = BrokerEngine.Client(credential: "BrokerCredential")
        client.fallback = browser.fallback
        change(&client)
        return BrokerEngine(client, broker: self.stage.brokered, options: self.stage.options)
    }

    @Test func aRenewalOpensNoBrowser() async throws {
        let browser = Browser()
        let engine = self.engine(browser)
        let context = TokenRequestContext(scopes: [vaultScope])
        let token = try await engine.token(for: context)
        self.broker.fail(.init(.absent(reason: "It was removed.")))
        var events = engine.events.makeAsyncIterator()
        self.stage.clock.advance(by: .seconds(3500))
        #expect(try await engine.token(for: context).token == token.token)
        // The renewal behind the caller's back has ended when it is told of.
        _ = await events.next()
        #expect(browser.tokens.withLock { $0 } == 0)
    }

    @Test func anotherPersonInTheBrowserIsRefused() async throws {
        self.broker.failListing(.init(.absent(reason: "No bus.")))
        let browser = Browser()
        let engine = self.engine(browser) { $0.record = BrokerAccount.grace.record }
        let error = try await authenticationError { try await engine.token(for: .init(scopes: [vaultScope])) }
        #expect(error.code == .authenticationFailed && error.message.contains("another account's than that of"))
        #expect(browser.tokens.withLock { $0 } == 1)
        #expect(engine.authenticationRecord == BrokerAccount.grace.record)
    }

    @Test func theBrowsersTokensAreDroppedToo() async throws {
        self.broker.failListing(.init(.absent(reason: "No bus.")))
        let browser = Browser()
        let engine = self.engine(browser)
        _ = try await engine.token(for: .init(scopes: [vaultScope]))
        engine.removeCachedTokens()
        #expect(browser.removals.withLock { $0 } == 1)
    }
}
