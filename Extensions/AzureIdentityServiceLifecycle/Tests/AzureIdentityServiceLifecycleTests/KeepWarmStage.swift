// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting
import Logging
import ServiceLifecycle

@testable import AzureIdentityServiceLifecycle

/// An emulator in memory, a credential and a service, whose time a test turns on.
struct KeepWarmStage {
    static let vault = "https://vault.azure.net/.default"
    static let database = "https://ossrdbms-aad.database.windows.net/.default"
    static let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

    /// The clock of the emulator and of the credential, whose requests have limits of time.
    let clock = VirtualClock()
    /// The clock that the service sleeps by. It shows the same time, but its sleepers are the service's alone.
    let naps = VirtualClock()
    let emulator: EntraEmulator
    let gate: GatedTransport
    let credential: ClientSecretCredential

    init(secret: String = EmulatorConfiguration.Sample.clientSecret) {
        self.emulator = EntraEmulator(clock: self.clock)
        self.gate = GatedTransport(self.emulator.transport)
        self.credential = ClientSecretCredential(
            tenantID: EmulatorConfiguration.Sample.tenantID,
            clientID: EmulatorConfiguration.Sample.clientID,
            clientSecret: Secret(secret),
            options: self.emulator.credentialOptions(transport: self.gate, retry: .none)
        )
    }

    func service(
        scopes: [String] = [Self.vault],
        endsOnLastingFailure: Bool = false,
        logger: Logger = Self.quiet
    ) -> TokenKeepWarmService {
        let naps = self.naps
        return TokenKeepWarmService(
            credential: self.credential,
            requests: scopes.map { TokenRequestContext(scopes: [$0], isCAEEnabled: true) },
            options: .init(endsOnLastingFailure: endsOnLastingFailure, logger: logger),
            time: KeepWarmTime(
                date: { naps.date },
                sleep: { try await naps.sleep(for: $0) },
                renewals: { $0.renewals(for: $1, clock: naps) }
            )
        )
    }

    /// Runs services in a group while the body works, and then shuts the group down.
    func withGroup(_ services: [any Service], body: (ServiceGroup) async throws -> Void) async throws {
        let group = ServiceGroup(configuration: .init(services: services, logger: Self.quiet))
        let running = Task { try await group.run() }
        do {
            try await body(group)
        } catch let error {
            running.cancel()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    /// Turns the clock, a minute at a time; between two of them everybody gets back to sleep.
    func pass(minutes: Int, sleepers: Int = 1) async {
        for _ in 0..<minutes {
            await self.naps.waitForSleepers(sleepers)
            self.turn(by: .seconds(60))
        }
        await self.naps.waitForSleepers(sleepers)
    }

    /// Moves both clocks; the one that wakes the service is the last.
    func turn(by duration: Duration) {
        self.clock.advance(by: duration)
        self.naps.advance(by: duration)
    }
}
