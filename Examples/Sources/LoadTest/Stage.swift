// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Hummingbird
import Logging
import SecretServer
import ServiceLifecycle

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The emulator, a decoy, the service and who asks it, in one process, on sockets of the loopback.
struct Stage: Sendable {
    let emulator: EmulatorServer
    let decoy: EmulatorServer
    private let caFile: String
    private let transport: WatchedTransport
    private let server: SecretServer

    static func start(metrics: TextMetrics) async throws -> Stage {
        let authority = try EmulatorCertificateAuthority()
        let emulator = try await EmulatorServer.start(EntraEmulator(), certificateAuthority: authority)
        // The same authority vouches for the decoy: it isn't TLS that keeps tokens from it.
        let decoy = try await EmulatorServer.start(EntraEmulator(), certificateAuthority: authority)
        let caFile = FileManager.default.temporaryDirectory.appending(path: "load-\(UUID().uuidString).pem").path()
        try Data(emulator.certificateAuthorityPEM.utf8).write(to: URL(filePath: caFile))
        let network = NetworkOptions(trustRoots: .file(caFile), usesEnvironmentProxies: false)
        let transport = WatchedTransport(AsyncHTTPClientTransport(network: network, environment: [:]))
        let quiet = Logger(label: "load") { _ in SwiftLogNoOpLogHandler() }
        guard let vaultURL = URL(string: emulator.url) else { throw StageError(description: "\(emulator.url) is no URL") }
        let settings = SecretServer.Settings(
            vaultURL: vaultURL,
            isAzureVault: false,
            port: 0,
            credentialOptions: CredentialOptions(
                transport: transport,
                logging: LoggingOptions(logger: quiet),
                tokenCache: .inMemory,
                environment: [
                    "AZURE_AUTHORITY_HOST": emulator.url, "AZURE_TENANT_ID": EmulatorConfiguration.Sample.tenantID,
                    "AZURE_CLIENT_ID": EmulatorConfiguration.Sample.clientID,
                    "AZURE_CLIENT_SECRET": EmulatorConfiguration.Sample.clientSecret,
                    "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
                ]
            )
        )
        return Stage(
            emulator: emulator,
            decoy: decoy,
            caFile: caFile,
            transport: transport,
            server: SecretServer(settings, metrics: metrics, logger: quiet)
        )
    }

    func stop() async throws {
        try? FileManager.default.removeItem(atPath: self.caFile)
        try await self.emulator.stop()
        try await self.decoy.stop()
    }

    /// Runs the service and loads it.
    func run(_ plan: DisturbancePlan) async throws -> Outcome {
        let (ports, announcement) = AsyncStream.makeStream(of: Int.self)
        let application = self.server.application { port in
            announcement.yield(port)
            announcement.finish()
        }
        let quiet = Logger(label: "load") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(configuration: .init(services: [application], logger: quiet))
        let running = Task {
            defer { announcement.finish() }
            try await group.run()
        }
        guard let port = await ports.first(where: { _ in true }) else {
            try await running.value
            throw StageError(description: "the service ended before it listened")
        }
        let outcome = try await self.load(plan, port: port)
        await group.triggerGracefulShutdown()
        try await running.value
        return outcome
    }

    private func load(_ plan: DisturbancePlan, port: Int) async throws -> Outcome {
        let emulator = self.emulator.emulator
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let path = "secrets/\(EmulatorConfiguration.Sample.vaultSecretName)"
        let callers = Callers(client: client, url: "http://127.0.0.1:\(port)/\(path)")
        // The first request finds the vault's tenant out: from then on, each has a token from the start.
        await callers.ask()
        emulator.play(plan.script)
        let revoking = Task {
            for _ in 0..<plan.revocations {
                try await Task.sleep(for: plan.revocationInterval)
                emulator.revokeTokens(ofApplication: EmulatorConfiguration.Sample.clientID)
            }
        }
        let duration = try await callers.ask(times: plan.seconds * plan.rate, rate: plan.rate)
        revoking.cancel()
        try await client.shutdown()
        return Outcome(
            answers: callers.answers,
            latencies: callers.latencies,
            duration: duration,
            tokenRequests: emulator.tokenRequestCount,
            serviceRequests: self.transport.requestCount,
            redirects: self.transport.redirectCount,
            tokensTo: self.transport.tokensTo,
            emulator: self.emulator.url,
            decoyRequests: self.decoy.emulator.requestCount
        )
    }
}

/// The stage couldn't be set.
struct StageError: Error, CustomStringConvertible {
    let description: String
}

/// What came of it.
struct Outcome: Sendable {
    /// How many answers there were of each kind: a status, or `no answer`.
    var answers: [String: Int]
    /// How long the answers took, in milliseconds, sorted.
    var latencies: [Double]
    var duration: Duration
    /// As the emulator counts them.
    var tokenRequests: Int
    /// What the service sent to the emulator in all.
    var serviceRequests: Int
    /// Answers of the emulator's that pointed elsewhere.
    var redirects: Int
    var tokensTo: [String: Int]
    var emulator: String
    var decoyRequests: Int
}
