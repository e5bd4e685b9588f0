// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityServiceLifecycle
import AzureIdentityTesting
import InMemoryLogging
import Logging
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(2))) struct TokenKeepWarmServiceTests {
    private let stage = KeepWarmStage()

    @Test func keepsEachScopeFreshWithoutAnybodyAsking() async throws {
        let service = self.stage.service(scopes: [KeepWarmStage.vault, KeepWarmStage.database])
        #expect(!service.isReady)
        try await self.stage.withGroup([service]) { _ in
            try await service.waitUntilReady()
            #expect(service.isReady && self.stage.emulator.tokenRequestCount == 2)
            // An hour and a half, of which each token lives one.
            await self.stage.pass(minutes: 90, sleepers: 2)
            #expect(service.isReady && self.stage.emulator.tokenRequestCount == 4)
            #expect(service.tokens.map(\.successes) == [2, 2])
            #expect(service.tokens.map { $0.request.scopes } == [[KeepWarmStage.vault], [KeepWarmStage.database]])
            let context = TokenRequestContext(scopes: [KeepWarmStage.vault], isCAEEnabled: true)
            let token = try await self.stage.credential.token(for: context)
            #expect(token.source == .memory && token.expiresOn == service.tokens[0].expiresOn)
        }
        #expect(!service.isReady)
        #expect(self.stage.naps.sleeperCount == 0)
    }

    @Test func aFailureWhileTheTokenIsValidIsStateAlone() async throws {
        let service = self.stage.service()
        try await self.stage.withGroup([service]) { _ in
            await self.stage.naps.waitForSleepers(1)
            self.stage.emulator.play(FaultScript(.status(503), requests: 1))
            // The token lives 3,599 s and is renewed 300 to 240 s before its end.
            self.stage.turn(by: .seconds(3400))
            await self.stage.naps.waitForSleepers(1)
            #expect(service.isReady && service.tokens[0].failures == 1 && service.tokens[0].successes == 1)
            #expect((service.tokens[0].lastError as? AuthenticationError)?.response?.status == 503)
            self.stage.turn(by: .seconds(60))
            await self.stage.naps.waitForSleepers(1)
            #expect(service.tokens[0].failures == 0 && service.tokens[0].lastError == nil && service.tokens[0].successes == 2)
        }
    }

    @Test func anOutageLongerThanATokenLivesIsWaitedOut() async throws {
        let service = self.stage.service()
        try await self.stage.withGroup([service]) { _ in
            await self.stage.naps.waitForSleepers(1)
            self.stage.emulator.play(FaultScript(.status(503)))
            await self.stage.pass(minutes: 55)
            #expect(service.isReady)
            await self.stage.pass(minutes: 30)
            #expect(!service.isReady && service.tokens[0].failures > 5)
            self.stage.emulator.play(FaultScript(steps: []))
            await self.stage.pass(minutes: 3)
            #expect(service.isReady && service.tokens[0].lastError == nil)
        }
    }

    @Test func whatSomebodyHasToMendIsAskedForAgain() async throws {
        let stage = KeepWarmStage(secret: "not-yet-known")
        var handler = InMemoryLogHandler()
        handler.logLevel = .trace
        let log = handler
        let service = stage.service(logger: Logger(label: "keep-warm") { _ in log })
        try await stage.withGroup([service]) { _ in
            await stage.naps.waitForSleepers(1)
            #expect(!service.isReady && service.tokens[0].failures == 1)
            let error = try #require(service.tokens[0].lastError as? AuthenticationError)
            #expect(error.code == .authenticationFailed && !error.isRetryable)
            stage.emulator.update { $0.tenants[0].applications[0].secrets.append(.init(value: "not-yet-known")) }
            stage.turn(by: .seconds(20))
            try await service.waitUntilReady()
            #expect(service.isReady && stage.emulator.tokenRequestCount == 2)
        }
        let warnings = log.entries.filter { $0.level == .warning && $0.message.description.hasPrefix("There is no valid token") }
        #expect(warnings.count == 1)
        #expect(warnings.first?.metadata["azure.scopes"] == "\(KeepWarmStage.vault)")
        #expect(!log.entries.contains { "\($0)".contains("not-yet-known") })
    }

    @Test func aLastingFailureEndsTheGroupIfItIsToldTo() async throws {
        let stage = KeepWarmStage(secret: "wrong")
        let service = stage.service(endsOnLastingFailure: true)
        let group = ServiceGroup(configuration: .init(services: [service], logger: KeepWarmStage.quiet))
        let waiting = Task { try await service.waitUntilReady() }
        let error = await #expect(throws: AuthenticationError.self) { try await group.run() }
        #expect(error?.serviceError?.codes == [7_000_215])
        let told = await #expect(throws: AuthenticationError.self) { try await waiting.value }
        #expect(told?.serviceError?.codes == [7_000_215])
        #expect(!service.isReady && stage.emulator.tokenRequestCount == 1)
    }

    @Test func aPassingFailureEndsNothingEvenThen() async throws {
        let service = self.stage.service(endsOnLastingFailure: true)
        self.stage.emulator.play(FaultScript(.status(503), requests: 3))
        try await self.stage.withGroup([service]) { _ in
            await self.stage.pass(minutes: 3)
            #expect(service.isReady && self.stage.emulator.tokenRequestCount == 4)
        }
    }

    @Test func aRequestUnderWayDoesNotHoldTheShutdownUp() async throws {
        self.stage.gate.close()
        let service = self.stage.service()
        try await self.stage.withGroup([service]) { _ in await self.stage.gate.waitForArrivals(1) }
        #expect(self.stage.gate.cancellationCount == 1)
    }

    @Test(arguments: [true, false]) func aCancellationEndsItAtOnce(whileAsking: Bool) async throws {
        if whileAsking { self.stage.gate.close() }
        let service = self.stage.service()
        let running = Task { try await service.run() }
        if whileAsking {
            await self.stage.gate.waitForArrivals(1)
        } else {
            await self.stage.naps.waitForSleepers(1)
        }
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(!service.isReady && self.stage.naps.sleeperCount == 0)
    }

    @Test func itRunsAgainAfterItsEndButNeverTwiceAtATime() async throws {
        let service = self.stage.service()
        for _ in 0..<2 {
            try await self.stage.withGroup([service]) { _ in
                // Who waits for a service that has ended hears of its end: this one has begun again.
                await self.stage.naps.waitForSleepers(1)
                try await service.waitUntilReady()
                let error = await #expect(throws: AuthenticationError.self) { try await service.run() }
                #expect(error?.code == .invalidConfiguration)
                #expect(service.isReady)
            }
        }
    }

    @Test func nothingToKeepFreshIsAMistake() async throws {
        let error = await #expect(throws: AuthenticationError.self) { try await self.stage.service(scopes: []).run() }
        #expect(error?.code == .invalidConfiguration)
    }
}
