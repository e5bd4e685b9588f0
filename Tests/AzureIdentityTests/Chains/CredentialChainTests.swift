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

/// How a chain goes from one member to the next.
@Suite(.timeLimit(.minutes(5))) struct CredentialChainTests {
    private let script = MemberScript()

    @Test func asksInOrderUntilOneGivesAToken() async throws {
        let script = self.script
        let chain = CredentialChain([
            script.failing("A", .credentialUnavailable), script.failing("B", .authenticationRequired), script.giving("C"),
            script.giving("D"),
        ])
        #expect(try await chain.text() == "C" && script.calls == ["A", "B", "C"])
        #expect(chain.selected == "C" && chain.attempts.map(\.outcome) == [.unavailable, .unavailable, .succeeded])
        #expect(chain.attempts.map(\.code) == [.credentialUnavailable, .authenticationRequired, nil])
    }

    @Test func beginsWithTheFirstAtEachCall() async throws {
        let script = self.script
        let chain = CredentialChain([script.failing("A", .credentialUnavailable), script.giving("B")])
        for _ in 0..<2 { _ = try await chain.text() }
        #expect(script.calls == ["A", "B", "A", "B"])
    }

    @Test func whoTriedAndFailedEndsTheCall() async throws {
        let script = self.script
        var failure = AuthenticationError.sample("B", .authenticationFailed, message: "B: refused", row: .g09)
        failure.isRetryable = true
        failure.retryAfter = .seconds(7)
        failure.serviceError = .init(error: "invalid_client", message: "no", codes: [7_000_215])
        failure.response = .init(status: 401)
        let chain = CredentialChain([
            script.failing("A", .credentialUnavailable), script.member("B") { [failure] _ in throw failure }, script.giving("C"),
        ])
        let error = try await authenticationError { try await chain.text() }
        #expect(
            error.code == .authenticationFailed && script.calls == ["A", "B"] && error.credential == "ChainedTokenCredential")
        #expect(error.isRetryable && error.retryAfter == .seconds(7) && error.serviceError?.codes == [7_000_215])
        #expect(error.response?.status == 401 && error.remedy?.guide == "G09")
        #expect(error.attempts.map(\.outcome) == [.unavailable, .failed] && chain.attempts.count == 2 && chain.selected == nil)
        #expect(error.message.contains("Likeliest cause: B: refused"))
    }

    @Test func whoMayPassOnFailuresDoes() async throws {
        let script = self.script
        var tools = [script.failing("A", .authenticationFailed, message: "first"), script.failing("B", .authenticationFailed)]
        for index in tools.indices { tools[index].passesOnFailures = true }
        let chain = CredentialChain(tools + [script.failing("C", .credentialUnavailable)])
        let error = try await authenticationError { try await chain.text() }
        #expect(script.calls == ["A", "B", "C"] && error.code == .authenticationFailed)
        #expect(error.attempts.map(\.outcome) == [.failed, .failed, .unavailable] && error.message.contains("cause: A: first"))
        let lucky = CredentialChain(tools + [script.giving("D")])
        #expect(try await lucky.text() == "D")
    }

    @Test(arguments: [AuthenticationError.Code.invalidConfiguration, .timedOut])
    func mistakesInTheRequestAndTimesThatAreUpEndTheCall(code: AuthenticationError.Code) async throws {
        var first = self.script.failing("A", code)
        first.passesOnFailures = true
        let chain = CredentialChain([first, self.script.giving("B")])
        let error = try await authenticationError { try await chain.text() }
        #expect(error.code == code && self.script.calls == ["A"])
    }

    @Test func aRequestWithoutAScopeAsksNobody() async throws {
        let chain = CredentialChain([self.script.giving("A")])
        let error = try await authenticationError { try await chain.text(TokenRequestContext(scopes: [])) }
        #expect(error.code == .invalidConfiguration && self.script.calls.isEmpty)
    }

    @Test func whoCouldNotBeMadeIsUnavailable() async throws {
        var broken = self.script.giving("A")
        broken.validate = { throw AuthenticationError.sample("A", .invalidConfiguration, message: "A: The tenant is wrong.") }
        let chain = CredentialChain([broken, self.script.giving("B")])
        #expect(try await chain.text() == "B" && self.script.calls == ["B"])
        #expect(chain.attempts.first?.outcome == .unavailable && chain.attempts.first?.code == .invalidConfiguration)
        #expect(chain.attempts.first?.summary == "The tenant is wrong.")
        #expect(chain.plan.members.map(\.reason) == ["The tenant is wrong.", nil])
        let alone = CredentialChain([broken])
        let error = try await authenticationError { try await alone.text() }
        #expect(error.code == .credentialUnavailable && error.message.contains("A: unavailable – The tenant is wrong."))
    }

    @Test func whoIsSkippedIsToldOf() async throws {
        var hidden = ChainMember(name: "H", skipped: "not part of this version")
        hidden.isShownInErrors = false
        var late = self.script.giving("L")
        late.exclusion = { $0.contains { $0.credential == "A" } ? "A was asked" : nil }
        let chain = CredentialChain([
            ChainMember(name: "S", skipped: "left out"), hidden, self.script.failing("A", .credentialUnavailable), late,
        ])
        let error = try await authenticationError { try await chain.text() }
        #expect(error.attempts.map(\.credential) == ["S", "A", "L"] && error.code == .credentialUnavailable)
        #expect(error.message.contains("S: skipped – left out") && error.message.contains("L: skipped – A was asked"))
        #expect(chain.plan.members.map(\.isIncluded) == [false, false, true, true] && self.script.calls == ["A"])
    }

    @Test func withoutMembersNothingCanBeAsked() async throws {
        let chain = ChainedTokenCredential()
        let error = try await authenticationError { try await chain.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && error.message.contains("at least one credential is required"))
        #expect(throws: AuthenticationError.self) { try chain.validate() }
        #expect(chain.plan().problem != nil)
    }

    @Test func anErrorOfAnotherTypeIsWrapped() async throws {
        struct Mine: Error {}
        let chain = CredentialChain([self.script.member("A") { _ in throw Mine() }, self.script.giving("B")])
        let error = try await authenticationError { try await chain.text() }
        #expect(error.code == .authenticationFailed && error.underlyingError is Mine && self.script.calls == ["A"])
    }

    @Test func aChainInAChainPassesOn() async throws {
        let script = self.script
        let inner = ChainedTokenCredential(
            ClosureTokenCredential(name: "X") { _ in
                throw AuthenticationError.sample("X", .credentialUnavailable, message: "X: none")
            },
            options: ChainOptions(name: "Inner")
        )
        let outer = CredentialChain([ChainMember(inner), script.giving("B")])
        #expect(try await outer.text() == "B")
        #expect(outer.attempts.first?.credential == "Inner" && outer.attempts.first?.summary == "X: none")
    }

    @Test func namesOfCredentials() {
        let chain = ChainedTokenCredential(
            ClosureTokenCredential(name: "Mine") { _ in throw CancellationError() }, EnvironmentCredential(environment: [:]),
            StaticTokenCredential(.sample("t")), ChainedTokenCredential(options: ChainOptions(name: "Inner")))
        #expect(chain.plan().members.map(\.name) == ["Mine", "EnvironmentCredential", "StaticTokenCredential", "Inner"])
        #expect(chain.plan().description.contains("1. Mine") && chain.plan().description.contains("Missing: AZURE_TENANT_ID"))
    }

    @Test func theTimeIsThatOfTheWholeWalk() async throws {
        let clock = VirtualClock()
        let times = Locked<[Duration?]>([])
        func slow(_ name: String) -> ChainMember {
            self.script.member(name) { context in
                times.withLock { $0.append(context.timeout) }
                clock.advance(by: .seconds(3))
                throw AuthenticationError.sample(name, .credentialUnavailable)
            }
        }
        let chain = CredentialChain([slow("A"), slow("B"), slow("C"), slow("D")], clock: clock)
        let context = TokenRequestContext(scopes: [vaultScope], timeout: .seconds(8))
        let error = try await authenticationError { try await chain.text(context) }
        #expect(times.withLock { $0 } == [.seconds(8), .seconds(5), .seconds(2)] && self.script.calls == ["A", "B", "C"])
        #expect(error.code == .timedOut && error.isRetryable && error.message.contains("D: skipped – Not asked: the 8 s"))
        #expect(error.attempts.map(\.duration) == [.seconds(3), .seconds(3), .seconds(3), .zero])
    }

    @Test func cancellationInTheMiddleIsNeverWrapped() async throws {
        let reached = Milestones()
        let script = self.script
        let chain = CredentialChain([
            script.failing("A", .credentialUnavailable),
            script.member("B") { _ in
                reached.advance()
                let clock = VirtualClock()
                try await clock.sleep(for: .seconds(1))
                return .sample("B")
            }, script.giving("C"),
        ])
        let task = Task { try await chain.text() }
        await reached.reached(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(script.calls == ["A", "B"])
    }

    @Test func cancellationIsNoticedBetweenMembers() async throws {
        let script = self.script
        let chain = CredentialChain([
            script.member("A") { _ in
                withUnsafeCurrentTask { $0?.cancel() }
                throw AuthenticationError.sample("A", .credentialUnavailable)
            }, script.giving("B"),
        ])
        await #expect(throws: CancellationError.self) { try await Task { try await chain.text() }.value }
        #expect(script.calls == ["A"])
    }

    @Test func laterMembersAreLookedForWhileAnEarlierOneIsAsked() async throws {
        let script = self.script
        let looks = Milestones()
        func tool(_ name: String, isThere: Bool) -> ChainMember {
            var member = script.giving(name)
            member.look = {
                script.note("look \(name)")
                looks.advance()
                return isThere ? nil : AuthenticationError.sample(name, .credentialUnavailable, message: "not installed")
            }
            return member
        }
        // The first member can't end before both searches have begun.
        let first = script.member("A") { _ in
            await looks.reached(2)
            throw AuthenticationError.sample("A", .credentialUnavailable)
        }
        let chain = CredentialChain([first, tool("B", isThere: false), tool("C", isThere: true)])
        #expect(try await chain.text() == "C")
        #expect(script.calls.first == "A" && script.calls.last == "C" && !script.calls.contains("B") && script.calls.count == 4)
        #expect(chain.attempts.map(\.outcome) == [.unavailable, .unavailable, .succeeded])
    }

    @Test func searchesEndWithTheWalk() async throws {
        let (begun, ended) = (Milestones(), Milestones())
        var tool = self.script.giving("B")
        tool.look = {
            begun.advance()
            try? await VirtualClock().sleep(for: .seconds(1))
            ended.advance()
            return nil
        }
        let first = self.script.member("A") { _ in
            await begun.reached(1)
            return .sample("A")
        }
        #expect(try await CredentialChain([first, tool]).text() == "A" && ended.count == 1)
    }

    @Test func aCallerIsCancelledWhileAToolIsLookedFor() async throws {
        let begun = Milestones()
        var tool = self.script.giving("B")
        tool.look = {
            begun.advance()
            try? await VirtualClock().sleep(for: .seconds(1))
            return nil
        }
        let chain = CredentialChain([self.script.failing("A", .credentialUnavailable), tool])
        let task = Task { try await chain.text() }
        await begun.reached(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!self.script.calls.contains("B"))
    }

    @Test func nobodyIsLookedForBehindWhoGaveTheLastToken() async throws {
        let looks = Milestones()
        var tool = self.script.giving("B")
        tool.look = {
            looks.advance()
            return nil
        }
        let isOut = Locked(false)
        let first = self.script.member("A") { _ in
            if isOut.withLock({ $0 }) { throw AuthenticationError.sample("A", .credentialUnavailable) }
            return .sample("A")
        }
        let chain = CredentialChain([first, tool])
        _ = try await chain.text()
        let count = looks.count
        _ = try await chain.text()
        #expect(looks.count == count)
        isOut.withLock { $0 = true }
        #expect(try await chain.text() == "B" && chain.selected == "B")
    }
}
