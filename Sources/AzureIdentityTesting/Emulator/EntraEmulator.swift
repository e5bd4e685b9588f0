// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP

/// A local stand-in for Microsoft Entra ID and the hosts with managed identities, for tests and for trying things out.
///
/// It answers token requests as strictly as the real one: unknown, duplicate, empty or missing parameters are refused,
/// secrets can be wrong or expired, assertions are verified and tokens are signed (with the trait `Cryptography`). In memory it is
/// an HTTP transport:
///
/// ```swift
/// let emulator = EntraEmulator()
/// let request = TransportRequest(url: keysURL)
/// let response = try await emulator.transport.send(request)
/// ```
///
/// On a TLS socket it is served by `EmulatorServer`, which needs the trait `Tools`.
public final class EntraEmulator: Sendable {
    package let engine: EmulatorEngine

    /// The clock the emulator goes by.
    package var clock: any MachineClock { self.engine.clock }

    /// Answers from memory. Every https host is this emulator; ``EmulatorEndpoints/inMemory`` has the addresses of the hosts with
    /// managed identities. Over plain http the metadata service of a virtual machine answers at its real address too.
    ///
    /// Waits of faults go by the emulator's clock.
    public let transport: any HTTPTransport

    /// Creates an emulator that goes by the machine's clock.
    ///
    /// - Parameter configuration: The tenants, applications and secrets.
    public convenience init(configuration: EmulatorConfiguration = .sample) {
        self.init(configuration: configuration, machineClock: SystemClock())
    }

    /// Creates an emulator that goes by a clock of the test's.
    ///
    /// - Parameters:
    ///   - configuration: The tenants, applications and secrets.
    ///   - clock: The clock: for dates, for durations of faults, and in memory for their waits.
    public convenience init(configuration: EmulatorConfiguration = .sample, clock: VirtualClock) {
        self.init(configuration: configuration, machineClock: clock)
    }

    package init(
        configuration: EmulatorConfiguration,
        machineClock: any MachineClock,
        signer: any TokenSigner = DefaultTokenSigner.shared
    ) {
        let engine = EmulatorEngine(configuration: configuration, clock: machineClock, signer: signer)
        self.engine = engine
        self.transport = EmulatorTransport(engine: engine)
    }

    /// The requests received so far, in order; of many the last 10,000.
    public var requests: [RecordedRequest] { self.engine.requests }

    /// How many requests were received so far.
    public var requestCount: Int { self.engine.requestCount }

    /// How many of them were token requests, whatever became of them.
    public var tokenRequestCount: Int { self.engine.tokenRequestCount }

    /// Waits until so many requests were received since the emulator was made.
    ///
    /// - Parameter count: How many.
    public func waitForRequests(_ count: Int) async { await self.engine.milestones.reached(count) }

    /// The configuration as it is now.
    public var configuration: EmulatorConfiguration { self.engine.configuration }

    /// Starts a script of faults, in place of the one that plays.
    ///
    /// - Parameter script: The script. An empty one makes the emulator healthy.
    public func play(_ script: FaultScript) { self.engine.play(script) }

    /// Changes the configuration for the requests to come, for instance to rotate a secret. Doesn't touch the script that plays.
    ///
    /// - Parameter change: Changes the configuration. Runs under a lock, so it must not call the emulator.
    public func update(_ change: @Sendable (inout EmulatorConfiguration) -> Void) { self.engine.update(change) }
}
