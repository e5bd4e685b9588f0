// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

@testable import AzureIdentity

/// Who won, and what becomes of it.
@Suite(.timeLimit(.minutes(5))) struct ChainWinnerTests {
    private let script = MemberScript()

    @Test func theWinnerIsAskedAlone() async throws {
        let script = self.script
        let chain = CredentialChain([script.failing("A", .credentialUnavailable), script.giving("B")], keepsWinner: true)
        for _ in 0..<3 { #expect(try await chain.text() == "B") }
        #expect(script.calls == ["A", "B", "B", "B"] && chain.selected == "B")
        chain.removeCachedTokens()
        #expect(chain.selected == nil)
        _ = try await chain.text()
        #expect(script.calls == ["A", "B", "B", "B", "A", "B"])
    }

    @Test(arguments: [AuthenticationError.Code.authenticationFailed, .credentialUnavailable, .authenticationRequired])
    func theWinnersErrorsComeOutAsTheyAre(code: AuthenticationError.Code) async throws {
        let script = self.script
        let isOut = Locked(false)
        var winner = script.member("A") { _ in
            if isOut.withLock({ $0 }) { throw AuthenticationError.sample("A", code, message: "A: gone", row: .g35) }
            return .sample("A")
        }
        winner.passesOnFailures = true
        let chain = CredentialChain([winner, script.giving("B")], name: "DefaultAzureCredential", keepsWinner: true)
        _ = try await chain.text()
        isOut.withLock { $0 = true }
        let error = try await authenticationError { try await chain.text() }
        #expect(error.code == code && error.credential == "A" && error.remedy?.guide == "G35" && error.attempts.isEmpty)
        #expect(error.message.hasPrefix("A: gone (DefaultAzureCredential keeps to A"))
        // Nothing sticks, and nobody else is asked.
        isOut.withLock { $0 = false }
        #expect(try await chain.text() == "A" && !script.calls.contains("B"))
    }

    @Test func oneOfTwoWinnersIsKept() async throws {
        let script = self.script
        let (gate, arrivals) = (Milestones(), Milestones())
        let calls = Locked(0)
        // The first caller gets no token of A, and is held up in B until the second caller has got one.
        let a = script.member("A") { _ in
            let number = calls.withLock {
                $0 += 1; return $0
            }
            if number == 1 { throw AuthenticationError.sample("A", .credentialUnavailable) }
            return .sample("A")
        }
        let b = script.member("B") { _ in
            arrivals.advance()
            await gate.reached(1)
            return .sample("B")
        }
        let chain = CredentialChain([a, b], keepsWinner: true)
        let first = Task { try await chain.text() }
        await arrivals.reached(1)
        #expect(try await chain.text() == "A")
        gate.advance()
        #expect(try await first.value == "A" && chain.selected == "A" && chain.attempts.map(\.credential) == ["A"])
    }

    @Test func manyFirstCallersComeToOneWinner() async throws {
        let script = self.script
        let chain = CredentialChain([script.failing("A", .credentialUnavailable), script.giving("B")], keepsWinner: true)
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 { group.addTask { try await chain.text() } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == ["B"] && chain.selected == "B")
    }

    @Test func oneLineOfTheLogTellsWhoWon() async throws {
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in handler }
        let isOut = Locked(false)
        let first = self.script.member("A") { _ in
            if isOut.withLock({ $0 }) { throw AuthenticationError.sample("A", .credentialUnavailable) }
            return .sample("A")
        }
        let chain = CredentialChain([first, self.script.giving("B")], name: "DefaultAzureCredential", logger: logger)
        for _ in 0..<3 { _ = try await chain.text() }
        isOut.withLock { $0 = true }
        for _ in 0..<3 { _ = try await chain.text() }
        #expect(
            handler.entries.map { "\($0.level) \($0.message)" } == [
                "info DefaultAzureCredential acquired a token from A", "info DefaultAzureCredential acquired a token from B",
            ])
    }

    @Test func aTokenWithoutProvenanceGetsItsMembersName() async throws {
        let bare = AccessToken(token: "t", expiresOn: AccessToken.sample("t").expiresOn)
        let token = try await ChainedTokenCredential(StaticTokenCredential(bare)).token(forScopes: vaultScope)
        #expect(token.provenance?.credential == "StaticTokenCredential" && token == bare)
    }

    @Test(arguments: [
        (ExpectedIdentity(tenantID: "T-1"), true), (ExpectedIdentity(tenantID: "t-1", objectID: "O-1", clientID: "C-1"), true),
        (ExpectedIdentity(tenantID: "t-2"), false), (ExpectedIdentity(tenantID: "t-1", objectID: "o-2"), false),
        (ExpectedIdentity(clientID: "c-2"), false),
    ])
    func anotherIdentityThanExpectedIsAnError(expected: ExpectedIdentity, isRight: Bool) async throws {
        let script = self.script
        var first = script.member("A") { _ in .sample("A", tenantID: "t-1", objectID: "o-1", clientID: "c-1") }
        first.passesOnFailures = true
        let chain = CredentialChain([first, script.giving("B")], keepsWinner: true, expectedIdentity: expected)
        if isRight {
            #expect(try await chain.text() == "A")
        } else {
            let error = try await authenticationError { try await chain.text() }
            #expect(error.code == .authenticationFailed && error.remedy?.guide == "G07" && chain.selected == nil)
            #expect(error.message.contains("Likeliest cause: A: The token is for another identity than expected"))
            #expect(script.calls == ["A"])
        }
    }

    @Test func anIdentityThatExpectsNothingIsAMistake() async throws {
        let chain = CredentialChain([self.script.giving("A")], expectedIdentity: ExpectedIdentity())
        let error = try await authenticationError { try await chain.text() }
        #expect(error.code == .invalidConfiguration && self.script.calls.isEmpty)
    }

    /// A walk from before a removal decides on nobody: who is asked next walks anew.
    @Test func aRemovalOutlivesTheWalksBeforeIt() async throws {
        let (reached, gate) = (Milestones(), Milestones())
        let isOut = Locked(false)
        let first = self.script.member("A") { _ in
            if isOut.withLock({ $0 }) { throw AuthenticationError.sample("A", .credentialUnavailable) }
            reached.advance()
            await gate.reached(1)
            return .sample("A")
        }
        let chain = CredentialChain([first, self.script.giving("B")], keepsWinner: true)
        async let before = chain.text()
        await reached.reached(1)
        chain.removeCachedTokens()
        isOut.withLock { $0 = true }
        gate.advance()
        #expect(try await before == "A" && chain.selected == nil)
        #expect(try await chain.text() == "B" && chain.selected == "B")
    }

    @Test func aMembersOwnCancellationIsAFailure() async throws {
        for keepsWinner in [false, true] {
            let isBroken = Locked(!keepsWinner)
            let member = self.script.member("A") { _ in
                if isBroken.withLock({ $0 }) { throw CancellationError() }
                return .sample("A")
            }
            let chain = CredentialChain([member], keepsWinner: keepsWinner)
            if keepsWinner { _ = try await chain.text() }
            isBroken.withLock { $0 = true }
            let error = try await authenticationError { try await chain.text() }
            #expect(error.code == .authenticationFailed && error.message.contains("cancelled from within"))
        }
    }

    @Test func whatATokenDoesNotTellIsNotWhatIsExpected() async throws {
        for token in [AccessToken.sample("A"), AccessToken(token: "t", expiresOn: AccessToken.sample("t").expiresOn)] {
            let chain = CredentialChain(
                [self.script.member("A") { _ in token }], expectedIdentity: ExpectedIdentity(objectID: "o-1"))
            let error = try await authenticationError { try await chain.text() }
            #expect(error.code == .authenticationFailed && error.message.contains("unknown instead of o-1"))
        }
    }

    @Test func aWinnerThatBecomesSomebodyElseIsRefused() async throws {
        let tenants = Locked(["t-1", "t-2"])
        let member = self.script.member("A") { _ in .sample("A", tenantID: tenants.withLock { $0.removeFirst() }) }
        let chain = CredentialChain([member], keepsWinner: true, expectedIdentity: ExpectedIdentity(tenantID: "t-1"))
        _ = try await chain.text()
        let error = try await authenticationError { try await chain.text() }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G07" && error.message.contains("tenant t-2"))
    }
}
