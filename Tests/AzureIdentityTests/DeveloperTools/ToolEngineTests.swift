// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite(.timeLimit(.minutes(5))) struct ToolEngineTests {
    @Test func theCommandIsTheToolsAndNothingElse() async throws {
        let place = ToolPlace()
        let token = try await place.engine(tenantID: "contoso.com", subscription: "s").ask()
        #expect(token.token == "token-1")
        #expect(token.source == .network)
        let command = try #require(place.runner.commands.first)
        #expect(command.executable == place.executable)
        #expect(command.arguments == [vaultScope, "contoso.com", "s", "-"])
        #expect(command.environment == ["PLAIN": "1", "NAME": "x"])
        #expect(command.workingDirectory == "/bin")
        #expect(command.timeout == .seconds(280))
        #expect(command.outputLimit == 1 << 20)
    }

    @Test func aSecondCallRunsNothing() async throws {
        let place = ToolPlace()
        let engine = place.engine()
        let first = try await engine.ask()
        let second = try await engine.ask()
        #expect(first == second && second.source == .memory)
        #expect(place.runner.commands.count == 1)
    }

    /// `az login`, `az logout` and `az account set` by anyone: all entries are out at once, of all credentials that share them.
    @Test func anotherAccountDropsAllTokens() async throws {
        let place = ToolPlace()
        let cache = TokenCache.inMemory
        let engines = [place.engine(options: place.options(cache: cache)), place.engine(options: place.options(cache: cache))]
        for scope in ["a/.default", "b/.default"] { _ = try await engines[0].ask(scope) }
        #expect(try await engines[1].ask("a/.default").token == "token-1")
        place.change(size: 2)
        #expect(try await engines[0].ask("a/.default").token == "token-3")
        #expect(try await engines[1].ask("a/.default").token == "token-3")
        #expect(try await engines[1].ask("b/.default").token == "token-4")
        #expect(place.runner.commands.count == 4)
    }

    @Test func anAccountWhoseFileIsGoneHasNoTokens() async throws {
        let place = ToolPlace()
        let engine = place.engine()
        _ = try await engine.ask()
        place.files.withLock { $0 = [:] }
        place.clock.advance(by: .milliseconds(1))
        #expect(try await engine.ask().token == "token-2")
    }

    @Test func aTokenGotWhileTheAccountChangedIsNotKept() async throws {
        let place = ToolPlace()
        let engine = place.engine()
        place.runner.close()
        async let during = engine.ask()
        while place.runner.commands.isEmpty { await Task.yield() }
        place.change(size: 2)
        place.runner.open()
        #expect(try await during.token == "token-1")
        place.clock.advance(by: .milliseconds(1))
        #expect(try await engine.ask().token == "token-2")
    }

    @Test func whoComesAfterTheChangeDoesNotJoinARunFromBeforeIt() async throws {
        let place = ToolPlace()
        let engine = place.engine()
        place.runner.close()
        async let before = engine.ask()
        while place.runner.commands.isEmpty { await Task.yield() }
        place.change(size: 2)
        async let after = engine.ask()
        while place.runner.commands.count < 2 { await Task.yield() }
        place.runner.open()
        #expect(try await Set([before.token, after.token]) == ["token-1", "token-2"])
    }

    @Test func anotherIdentityInAFreshTokenDropsTheKeptOnes() async throws {
        let place = ToolPlace {
            ScriptedRunner.token(ScriptedRunner.jwt(tenantID: "t", objectID: $1 < 3 ? "first" : "second", number: $1))
        }
        let engine = place.engine()
        let kept = try await engine.ask("a/.default")
        _ = try await engine.ask("b/.default")
        // The tool's files tell nothing, and the third token is another's.
        #expect(try await engine.ask("c/.default").provenance?.objectID == "second")
        place.clock.advance(by: .milliseconds(1))
        let fresh = try await engine.ask("a/.default")
        #expect(fresh != kept && fresh.provenance?.objectID == "second")
        #expect(try await engine.ask("a/.default") == fresh)
    }

    @Test func tenantsHaveIdentitiesOfTheirOwn() async throws {
        let place = ToolPlace { command, number in
            ScriptedRunner.token(
                ScriptedRunner.jwt(tenantID: command.arguments[1], objectID: "guest of \(command.arguments[1])", number: number))
        }
        let engine = place.engine()
        let own = try await engine.ask()
        _ = try await engine.ask { $0.tenantID = "fabrikam.com" }
        place.clock.advance(by: .milliseconds(1))
        #expect(try await engine.ask() == own)
        #expect(place.runner.commands.map { $0.arguments[1] } == ["-", "fabrikam.com"])
    }

    @Test func anotherTenantThanTheOwnMustBeAllowed() async throws {
        let place = ToolPlace()
        let error = try await authenticationError {
            try await place.engine(tenantID: "contoso.com").ask { $0.tenantID = "fabrikam.com" }
        }
        #expect(error.remedy?.guide == "G48")
        #expect(place.runner.commands.isEmpty)
    }

    /// One process for 50 tasks, even where each has a credential and a cache of its own.
    @Test(arguments: [true, false]) func fiftyTasksShareOneRun(keepsTokens: Bool) async throws {
        let place = ToolPlace()
        place.runner.close()
        let tasks = (0..<50).map { _ in
            Task { try await place.engine(keepsTokens: keepsTokens, options: place.options(cache: .inMemory)).ask().token }
        }
        while ToolRegistry.shared.waiterCount(of: place.executable) < 50 { await Task.yield() }
        place.runner.open()
        for task in tasks { #expect(try await task.value == "token-1") }
        #expect(place.runner.commands.count == 1)
    }

    @Test func atMostFourProcessesOfAToolRunAtOnce() async throws {
        let place = ToolPlace()
        place.runner.close()
        let engine = place.engine()
        let tasks = (0..<20).map { number in Task { try await engine.ask("scope\(number)/.default") } }
        while ToolRegistry.shared.waiterCount(of: place.executable) < 20 || place.runner.running < 4 { await Task.yield() }
        #expect(place.runner.running == 4)
        place.runner.open()
        for task in tasks { _ = try await task.value }
        #expect(place.runner.commands.count == 20 && place.runner.mostRunning == 4)
    }

    @Test func nothingIsKeptWithoutKeeping() async throws {
        let place = ToolPlace()
        let engine = place.engine(keepsTokens: false)
        #expect(try await engine.ask().token == "token-1")
        #expect(try await engine.ask().token == "token-2")
    }

    @Test func theLastCallerEndsTheRun() async throws {
        let place = ToolPlace()
        place.runner.close()
        let engine = place.engine()
        let task = Task { try await engine.ask() }
        while place.runner.commands.isEmpty { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        while place.runner.running > 0 { await Task.yield() }
        #expect(place.runner.cancellations == 1)
    }

    @Test(arguments: [0, -1, -100_000]) func expiredTokensAreRefused(lifetime: Int) async throws {
        let place = ToolPlace { _, _ in ScriptedRunner.token("old", lifetime: lifetime) }
        let error = try await authenticationError { try await place.engine().ask() }
        #expect(error.message.contains("Expired."))
    }

    @Test func aTokenForEverLivesAYear() async throws {
        let place = ToolPlace { _, _ in ToolRun(status: 0, output: Array("t 1e300".utf8), errors: []) }
        let token = try await place.engine().ask()
        #expect(token.expiresOn.timeIntervalSince(place.clock.date) == 366 * 86_400)
    }

    @Test func aMissingToolIsUnavailableAndComesBack() async throws {
        let place = ToolPlace()
        let engine = place.engine()
        place.location.withLock { $0 = .absent }
        #expect(engine.locate()?.isUnavailable == true)
        #expect(try await authenticationError { try await engine.ask() }.isUnavailable)
        place.location.withLock { $0 = .found("/other/plain") }
        #expect(engine.locate() == nil)
        #expect(try await engine.ask().token == "token-1")
        #expect(place.runner.commands.map(\.executable) == ["/other/plain"])
    }

    @Test func aToolInAnotherPlaceIsAnotherTool() async throws {
        let place = ToolPlace()
        let engine = place.engine()
        _ = try await engine.ask()
        place.location.withLock { $0 = .found("/other/plain") }
        // What is kept is served; what isn't comes from the other one.
        #expect(try await engine.ask().token == "token-1")
        #expect(try await engine.ask("b/.default").token == "token-2")
        #expect(place.runner.commands.map(\.executable) == [place.executable, "/other/plain"])
    }

    @Test func mistakesAreFoundBeforeAnythingRuns() async throws {
        let place = ToolPlace()
        for engine in [
            place.engine(tenantID: "not a tenant"), place.engine(subscription: "bad"), place.engine(timeout: .zero),
        ] {
            #expect(throws: AuthenticationError.self) { try engine.validate() }
            let error = try await authenticationError { try await engine.ask() }
            #expect(error.code == .invalidConfiguration)
        }
        let error = try await authenticationError { try await place.engine().ask { $0.scopes = [] } }
        #expect(error.code == .invalidConfiguration)
        #expect(place.runner.commands.isEmpty)
    }

    @Test func aFailureSaysSoAndIsNotKept() async throws {
        let place = ToolPlace { _, number in
            if number == 1 { throw ToolFailure.timedOut }
            return ScriptedRunner.token("token-\(number)")
        }
        let engine = place.engine()
        let error = try await authenticationError { try await engine.ask() }
        #expect(error.message.contains("timedOut"))
        #expect(try await engine.ask().token == "token-2")
    }

    /// By a credential that has never been asked, too.
    @Test(arguments: [true, false]) func removalForgets(isFresh: Bool) async throws {
        let place = ToolPlace()
        let options = place.options()
        let engine = place.engine(options: options)
        _ = try await engine.ask()
        (isFresh ? place.engine(options: options) : engine).removeCachedTokens()
        #expect(try await engine.ask().token == "token-2")
    }

    @Test func whoAsksAfterARemovalDoesNotJoinARunFromBeforeIt() async throws {
        let place = ToolPlace()
        let engine = place.engine()
        place.runner.close()
        async let before = engine.ask()
        while place.runner.commands.isEmpty { await Task.yield() }
        engine.removeCachedTokens()
        async let after = engine.ask()
        while place.runner.commands.count < 2 { await Task.yield() }
        place.runner.open()
        #expect(try await Set([before.token, after.token]) == ["token-1", "token-2"])
        #expect(["token-2"].contains(try await engine.ask().token))
    }

    /// Where no file of the account is to be seen, another sign-in wouldn't be noticed.
    @Test func nothingIsKeptWhereTheAccountCannotBeWatched() async throws {
        let place = ToolPlace()
        place.files.withLock { $0 = [:] }
        let engine = place.engine()
        #expect(try await engine.ask().token == "token-1")
        #expect(try await engine.ask().token == "token-2")
        place.change(size: 1)
        #expect(try await engine.ask().token == "token-3")
        #expect(try await engine.ask().token == "token-3")
    }

    @Test func aProgramWithoutARunnerSaysSo() async throws {
        let place = ToolPlace()
        var options = place.options()
        let inner = options.hostOverride
        options.hostOverride = { host in
            var host = inner?(host) ?? host
            host.toolRunner = nil
            return host
        }
        let engine = place.engine(options: options)
        let error = try await authenticationError { try await engine.ask() }
        #expect(error.isUnavailable && error.message.contains("Subprocess"))
        #expect(engine.locate()?.isUnavailable == true)
    }

    /// A caller who doesn't know yet where the program is may look later, and be done sooner, than one who does.
    @Test func whoKnowsTheProgramDoesNotGetAnAcquirerWithoutIt() throws {
        let place = ToolPlace()
        let watch = Locked<ToolWatch?>(nil)
        let made = Locked<[ObjectIdentifier: String?]>([:])
        let host = place.options().testHost
        let stamp = FileStamp(size: 1, seconds: 1, nanoseconds: 1, number: 1)
        let new = ToolWatch(
            clock: place.clock,
            take: { executable in
                if executable != nil {
                    place.clock.advance(by: .milliseconds(5))
                    _ = watch.withLock { $0 }?.acquirer(now: place.clock.now)
                }
                return ToolFingerprint(executable: executable, files: [stamp], generation: 0)
            },
            make: { fingerprint in
                let acquirer = TokenAcquirer(
                    credential: "X", partition: KeyedDigest.partition(fingerprint.parts), cache: .inMemory, host: host,
                    logging: LoggingOptions(),
                    acquire: { _ in AcquiredToken(token: "t", lifetime: .seconds(1)) })
                made.withLock { $0[ObjectIdentifier(acquirer)] = fingerprint.executable }
                return acquirer
            },
            onChange: {}
        )
        watch.withLock { $0 = new }
        let acquirer = try #require(new.acquirer(executable: "/x"))
        #expect(made.withLock { $0[ObjectIdentifier(acquirer)] } == "/x")
    }
}
