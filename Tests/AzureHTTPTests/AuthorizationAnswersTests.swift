// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who asks for claims, who waits, and who is told what others have got.
@Suite(.timeLimit(.minutes(5))) struct AuthorizationAnswersTests {
    private struct Odd: Error {}

    private let clock = VirtualClock()
    private let refused = accessToken("old")
    private let question = ClaimsAnswers.Question(ask: .init(scopes: ["s"], claims: "{}"))

    /// Asks until it is told what came of it; then it ends so.
    private func beginAsking(
        _ answers: ClaimsAnswers, result: Result<AccessToken, any Error>
    ) async -> (task: Task<AccessToken, any Error>, release: Milestones) {
        let (asked, release) = (Milestones(), Milestones())
        let (question, refused) = (self.question, self.refused)
        let task = Task {
            try await answers.token(for: question, refused: refused, timeout: nil) {
                asked.advance()
                await release.reached(1)
                try Task.checkCancellation()
                return try result.get()
            }.token
        }
        await asked.reached(1)
        return (task, release)
    }

    /// Waits for somebody else; gets `own` if it has to ask itself.
    private func waiter(_ answers: ClaimsAnswers, timeout: Duration? = nil) -> Task<AccessToken, any Error> {
        let (question, refused) = (self.question, self.refused)
        return Task {
            try await answers.token(for: question, refused: refused, timeout: timeout) { accessToken("own") }.token
        }
    }

    private func waitForWaiters(_ answers: ClaimsAnswers, _ count: Int) async {
        while answers.waiterCount < count { await Task.yield() }
    }

    @Test func oneAsksAndTheOthersGetItsToken() async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        let (leader, release) = await self.beginAsking(answers, result: .success(accessToken("new")))
        let waiters = (0..<10).map { _ in self.waiter(answers) }
        await self.waitForWaiters(answers, 10)
        release.advance()
        for task in waiters + [leader] { #expect(try await task.value.token == "new") }
        #expect(answers.waiterCount == 0)
        // And who comes later, too.
        #expect(try await self.waiter(answers).value.token == "new")
    }

    @Test func anErrorIsSharedAndForgotten() async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        let failure = AuthenticationError(.authenticationFailed, credential: "C", message: "no")
        let (leader, release) = await self.beginAsking(answers, result: .failure(failure))
        let waiter = self.waiter(answers)
        await self.waitForWaiters(answers, 1)
        release.advance()
        for task in [leader, waiter] {
            let error = await #expect(throws: AuthenticationError.self) { try await task.value }
            #expect(error?.message == "no")
        }
        #expect(try await self.waiter(answers).value.token == "own")
    }

    @Test(
        arguments: [
            AuthenticationError(.timedOut, credential: "C", message: ""), CancellationError(), Odd(),
        ] as [any Error])
    func whatIsAboutOneAloneLeavesTheOthersToAsk(failure: any Error) async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        let (leader, release) = await self.beginAsking(answers, result: .failure(failure))
        let waiters = [self.waiter(answers), self.waiter(answers)]
        await self.waitForWaiters(answers, 2)
        release.advance()
        await #expect(throws: (any Error).self) { try await leader.value }
        for task in waiters { #expect(try await task.value.token == "own") }
    }

    @Test func whoWaitsCanBeCancelled() async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        let (leader, release) = await self.beginAsking(answers, result: .success(accessToken("new")))
        let waiter = self.waiter(answers)
        await self.waitForWaiters(answers, 1)
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(answers.waiterCount == 0)
        release.advance()
        #expect(try await leader.value.token == "new")
    }

    @Test func whoWaitsHasATimeOfHisOwn() async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        let (leader, release) = await self.beginAsking(answers, result: .success(accessToken("new")))
        let waiter = self.waiter(answers, timeout: .seconds(5))
        await self.waitForWaiters(answers, 1)
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: .seconds(5))
        let error = await #expect(throws: AuthenticationError.self) { try await waiter.value }
        #expect(error?.code == .timedOut)
        release.advance()
        #expect(try await leader.value.token == "new")
    }

    @Test func anAnswerIsGoodForAWhileForTheSameQuestion() async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        func asked(_ question: ClaimsAnswers.Question, refused: AccessToken, gives text: String, lasting: Double = 3_600)
            async throws -> String
        {
            let token = accessToken(text, expiresOn: self.clock.date.addingTimeInterval(lasting))
            return try await answers.token(for: question, refused: refused, timeout: nil) { token }.token.token
        }
        #expect(try await asked(self.question, refused: self.refused, gives: "a") == "a")
        #expect(try await asked(self.question, refused: self.refused, gives: "b") == "a")
        var other = self.question
        other.ask.claims = #"{"a":1}"#
        #expect(try await asked(other, refused: self.refused, gives: "c") == "c")
        other = self.question
        other.identity = .init(credential: "C", objectID: "somebody else")
        #expect(try await asked(other, refused: self.refused, gives: "d") == "d")
        self.clock.advance(by: ClaimsAnswers.lifetime)
        #expect(try await asked(self.question, refused: self.refused, gives: "e", lasting: 10) == "e")
        self.clock.advance(by: .seconds(10))
        #expect(try await asked(self.question, refused: self.refused, gives: "f") == "f")
    }

    @Test func aTokenThatWasItselfRefusedIsNoAnswer() async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        let first = try await answers.token(for: self.question, refused: self.refused, timeout: nil) { accessToken("a") }.token
        let second = try await answers.token(for: self.question, refused: first, timeout: nil) { accessToken("b") }.token
        #expect(first.token == "a" && second.token == "b")
    }

    @Test func aTokenForOtherClaimsWillDoIfItIsNewer() async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        let before = self.clock.now
        let got = accessToken("new")
        _ = try await answers.token(for: self.question, refused: self.refused, timeout: nil) { got }
        var other = self.question
        other.ask.claims = #"{"a":1}"#
        let shared = try await answers.token(for: other, refused: self.refused, sentAt: before, timeout: nil) { accessToken("x") }
        #expect(shared.token.token == "new" && shared.isForOtherClaims)
        // Refused itself; of somebody else, as far as one knows; older than what was refused.
        let itself = try await answers.token(for: other, refused: got, sentAt: before, timeout: nil) { accessToken("y") }
        #expect(itself.token.token == "y" && !itself.isForOtherClaims)
        other.ask.claims = #"{"a":2}"#
        let theirs = accessToken("theirs")
        let foreign = try await answers.token(for: other, refused: theirs, sentAt: before, timeout: nil) { accessToken("z") }
        #expect(foreign.token.token == "z")
        other.ask.claims = #"{"a":3}"#
        self.clock.advance(by: .seconds(1))
        let later = self.clock.now
        let old = try await answers.token(for: other, refused: theirs, sentAt: later, timeout: nil) { accessToken("w") }
        #expect(old.token.token == "w")
    }

    @Test func questionsAreLimited() async throws {
        let answers = ClaimsAnswers(clock: self.clock)
        var last = self.refused
        func ask(_ number: Int, refused: AccessToken) async throws -> AccessToken {
            var question = self.question
            question.ask.claims = #"{"a":\#(number)}"#
            let start = self.clock.now
            return try await answers.token(for: question, refused: refused, sentAt: start, timeout: nil) {
                accessToken("t\(number)")
            }.token
        }
        // Each new token is refused with new claims.
        for number in 0..<ClaimsAnswers.questionsPerMinute { last = try await ask(number, refused: last) }
        #expect(last.token == "t\(ClaimsAnswers.questionsPerMinute - 1)")
        let tooMany = try await ask(100, refused: last)
        #expect(tooMany == last)
        self.clock.advance(by: .seconds(60))
        let again = try await ask(101, refused: last)
        #expect(again.token == "t101")
    }

    @Test func tablesAreBounded() {
        var values = RecentValues<Int, Int>(limit: 3)
        for number in 0..<10 {
            values[number] = number
            // Used again and again, so never the one that goes.
            _ = values[0]
        }
        let kept = (0..<10).filter { values[$0] != nil }
        #expect(values.count == 3 && kept == [0, 8, 9])
        values[0] = nil
        #expect(values.count == 2)
    }
}
