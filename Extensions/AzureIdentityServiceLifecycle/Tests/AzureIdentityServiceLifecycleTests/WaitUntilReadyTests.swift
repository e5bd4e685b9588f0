// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityServiceLifecycle
import AzureIdentityTesting
import Testing

@Suite(.timeLimit(.minutes(2))) struct WaitUntilReadyTests {
    private let stage = KeepWarmStage()

    @Test func whoWaitsTooLongIsToldWhatIsMissingAndWhy() async throws {
        let service = self.stage.service(scopes: [KeepWarmStage.vault, KeepWarmStage.database])
        self.stage.emulator.play(FaultScript(.status(503)))
        try await self.stage.withGroup([service]) { _ in
            await self.stage.naps.waitForSleepers(2)
            let waiting = Task { try await service.waitUntilReady(timeout: .milliseconds(500)) }
            await self.stage.naps.waitForSleepers(3)
            self.stage.turn(by: .milliseconds(500))
            let error = await #expect(throws: AuthenticationError.self) { try await waiting.value }
            #expect(error?.code == .timedOut)
            for part in [KeepWarmStage.vault, KeepWarmStage.database, "AADSTS90033"] {
                #expect(error?.message.contains(part) == true, "\(part): \(error?.message ?? "")")
            }
        }
    }

    @Test func whoIsInTimeWaitsNoLonger() async throws {
        let service = self.stage.service()
        self.stage.gate.close()
        let waiting = Task { try await service.waitUntilReady(timeout: .seconds(30)) }
        await self.stage.naps.waitForSleepers(1)
        try await self.stage.withGroup([service]) { _ in
            await self.stage.gate.waitForArrivals(1)
            self.stage.gate.open()
            try await waiting.value
            #expect(service.isReady && self.stage.naps.elapsed == .zero)
        }
    }

    @Test func aCancelledCallerLeavesAlone() async throws {
        let service = self.stage.service()
        let leaving = Task { try await service.waitUntilReady() }
        let staying = Task { try await service.waitUntilReady() }
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        try await self.stage.withGroup([service]) { _ in try await staying.value }
    }

    @Test func theEndOfTheServiceEndsTheWait() async throws {
        let service = self.stage.service()
        self.stage.gate.close()
        let waiting = Task { try await service.waitUntilReady() }
        try await self.stage.withGroup([service]) { _ in await self.stage.gate.waitForArrivals(1) }
        await #expect(throws: CancellationError.self) { try await waiting.value }
        // Who comes later hears of it too.
        await #expect(throws: CancellationError.self) { try await service.waitUntilReady() }
    }
}
