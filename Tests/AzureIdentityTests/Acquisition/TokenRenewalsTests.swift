// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A clock that a sleeper turns itself, so that it sleeps for no time: for one task at a time.
struct HastyClock: MachineClock {
    let base: VirtualClock

    var now: MonotonicTime { self.base.now }
    var date: Date { self.base.date }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        self.base.advance(by: duration)
    }
}

/// A credential that answers what a test says, one after the other, and the last for ever. Notes when it was asked and for what.
private final class ScriptedCredential: TokenCredential {
    enum Answer: Sendable {
        case token(String, lifetime: Duration, refreshIn: Duration? = nil)
        case error(AuthenticationError)
        case cancellation
    }

    struct Call: Sendable {
        var time: Duration
        var minimum: Duration?
    }

    let clock = VirtualClock()
    private let state: Locked<(answers: [Answer], calls: [Call])>

    init(_ answers: [Answer]) { self.state = Locked((answers, [])) }

    var calls: [Call] { self.state.withLock { $0.calls } }

    var renewals: TokenRenewals {
        self.renewals(for: TokenRequestContext(scopes: [vaultScope]), clock: HastyClock(base: self.clock))
    }

    func token(for context: TokenRequestContext) async throws -> AccessToken {
        let call = Call(time: self.clock.elapsed, minimum: context.minimumRemainingLifetime)
        let answer = self.state.withLock { state in
            state.calls.append(call)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
        switch answer {
        case .token(let text, let lifetime, let refreshIn):
            let date = self.clock.date
            return AccessToken(
                token: text,
                expiresOn: date.addingTimeInterval(lifetime.inSeconds),
                refreshOn: refreshIn.map { date.addingTimeInterval($0.inSeconds) }
            )
        case .error(let error): throw error
        case .cancellation: throw CancellationError()
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct TokenRenewalsTests {
    private static let passing = AuthenticationError(.authenticationFailed, credential: "X", message: "Later.", isRetryable: true)
    private static let lasting = AuthenticationError(.authenticationFailed, credential: "X", message: "Never.")

    /// So many tokens of a sequence.
    private func tokens(_ count: Int, of credential: ScriptedCredential) async throws -> [String] {
        var tokens: [String] = []
        for try await token in credential.renewals {
            tokens.append(token.token)
            if tokens.count == count { break }
        }
        return tokens
    }

    @Test func handsOnATokenAtOnceAndEachRenewedOneInTime() async throws {
        let credential = ScriptedCredential([
            .token("a", lifetime: .seconds(3600)), .token("b", lifetime: .seconds(86_400), refreshIn: .seconds(43_200)),
            .token("c", lifetime: .seconds(3600)),
        ])
        #expect(credential.calls.isEmpty)
        #expect(try await self.tokens(3, of: credential) == ["a", "b", "c"])
        let times = credential.calls.map(\.time)
        #expect(times[0] == .zero && times[1] >= .seconds(3300) && times[1] <= .seconds(3360))
        #expect(times[2] - times[1] >= .seconds(43_200) && times[2] - times[1] <= .seconds(43_260))
        #expect(credential.calls[0].minimum == nil)
        let left = Duration.seconds(3600) - times[1]
        #expect(credential.calls[1].minimum.map { $0 > left && $0 < left + .seconds(2) } == true)
    }

    @Test func theSameTokenIsNotHandedOnTwice() async throws {
        let last = ScriptedCredential.Answer.token("a", lifetime: .seconds(250))
        let credential = ScriptedCredential(
            [.token("a", lifetime: .seconds(3600)), last, last, .token("b", lifetime: .seconds(3600))])
        #expect(try await self.tokens(2, of: credential) == ["a", "b"])
        let times = credential.calls.map(\.time)
        #expect(times.count == 4 && times[2] - times[1] >= .seconds(24) && times[2] - times[1] <= .seconds(36))
    }

    @Test func errorsWhileTheTokenIsValidEndNothing() async throws {
        let credential = ScriptedCredential([
            .token("a", lifetime: .seconds(3600)), .error(Self.lasting), .error(Self.passing), .cancellation,
            .error(Self.lasting), .token("b", lifetime: .seconds(3600)),
        ])
        #expect(try await self.tokens(2, of: credential) == ["a", "b"])
        #expect(credential.calls.count == 6 && credential.clock.elapsed < .seconds(3600))
    }

    @Test func anErrorThatLastsEndsItOnceTheTokenHasExpired() async throws {
        let credential = ScriptedCredential([.token("a", lifetime: .seconds(3600)), .error(Self.lasting)])
        var iterator = credential.renewals.makeAsyncIterator()
        let first = try await iterator.next()
        #expect(first?.token == "a")
        let error = await #expect(throws: AuthenticationError.self) { try await iterator.next() }
        #expect(error?.message == "Never.")
        #expect(credential.clock.elapsed >= .seconds(3600) && credential.clock.elapsed <= .seconds(3602))
        #expect(credential.calls.count < 20)
        let count = credential.calls.count
        let end = try await iterator.next()
        #expect(end == nil)
        #expect(credential.calls.count == count)
    }

    @Test func anErrorThatMayPassIsWaitedOut() async throws {
        let passing = [ScriptedCredential.Answer](repeating: .error(Self.passing), count: 40)
        let credential = ScriptedCredential(
            [.token("a", lifetime: .seconds(3600))] + passing + [.token("b", lifetime: .seconds(3600))])
        #expect(try await self.tokens(2, of: credential) == ["a", "b"])
        #expect(credential.clock.elapsed > .seconds(3600) && credential.clock.elapsed < .seconds(7200))
        #expect(credential.calls.last.map { $0.minimum == nil } == true)
    }

    @Test(arguments: [Self.passing, Self.lasting]) func anErrorOfTheFirstRequestEndsIt(error: AuthenticationError) async throws {
        let credential = ScriptedCredential([.error(error)])
        var iterator = credential.renewals.makeAsyncIterator()
        let thrown = await #expect(throws: AuthenticationError.self) { try await iterator.next() }
        #expect(thrown?.message == error.message)
        let end = try await iterator.next()
        #expect(end == nil)
        #expect(credential.calls.count == 1 && credential.clock.elapsed == .zero)
    }

    /// Tokens that live for seconds, are due at once, have expired, or are the same for ever.
    @Test(
        arguments: [
            .token("a", lifetime: .seconds(2)), .token("a", lifetime: .seconds(3600), refreshIn: .seconds(-100)),
            .token("a", lifetime: .seconds(-100)), .token("a", lifetime: .zero, refreshIn: .zero),
            .token("a", lifetime: .seconds(86_400 * 365 * 1000)),
        ] as [ScriptedCredential.Answer])
    private func noTokenMakesItAskAllTheTime(answer: ScriptedCredential.Answer) async throws {
        let credential = ScriptedCredential(
            [answer] + Array(repeating: answer, count: 50) + [.token("b", lifetime: .seconds(3600))])
        #expect(try await self.tokens(2, of: credential) == ["a", "b"])
        for (earlier, later) in zip(credential.calls, credential.calls.dropFirst()) {
            #expect(later.time - earlier.time >= .seconds(1))
        }
    }

    @Test func aCancellationEndsIt() async throws {
        let credential = ScriptedCredential([.token("a", lifetime: .seconds(3600))])
        let clock = credential.clock
        let received = Locked(0)
        let task = Task {
            for try await _ in credential.renewals(for: TokenRequestContext(scopes: [vaultScope]), clock: clock) {
                received.withLock { $0 += 1 }
            }
        }
        await clock.waitForSleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(received.withLock { $0 } == 1 && credential.calls.count == 1 && clock.sleeperCount == 0)
    }

    @Test func theEnginesTokensAreRenewedOverTheNetwork() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        let credential = ClientSecretCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            clientSecret: Secret(Sample.clientSecret),
            options: emulator.credentialOptions(retry: .none)
        )
        let renewals = credential.renewals(for: TokenRequestContext(scopes: [vaultScope]), clock: HastyClock(base: clock))
        var tokens: [String] = []
        for try await token in renewals {
            #expect(token.expiresOn > clock.date)
            tokens.append(token.token)
            if tokens.count == 2 { emulator.play(FaultScript(.status(503), requests: 1)) }
            if tokens.count == 4 { break }
        }
        #expect(Set(tokens).count == 4 && emulator.tokenRequestCount == 5)
    }
}
