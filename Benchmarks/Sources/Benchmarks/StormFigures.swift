// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting
import Measuring

/// What ten thousand callers of a credential without a token cost. The service answers after 50 ms, so that they pile up.
enum StormFigures {
    private static let callerCount = 10_000
    private static let sampleCount = 5

    /// What one storm came to.
    private struct Outcome: Sendable {
        let requests: Int
        let connections: Int?
        let milliseconds: Double
    }

    @concurrent
    static func measure() async throws {
        let emulator = EntraEmulator()
        emulator.play(FaultScript(.delay(.milliseconds(50))))
        try await Self.print("in memory") {
            let credential = Scene.credential(options: emulator.credentialOptions())
            return try await Self.storm(credential, emulator: emulator, port: nil)
        }
        try await withEmulatorServer(emulator) { server in
            let files = try CertificateFiles(server)
            defer { files.remove() }
            try await Self.print("over TLS") {
                let credential = Scene.credential(options: try files.options(withNewClient: true))
                return try await Self.storm(credential, emulator: emulator, port: server.port)
            }
        }
    }

    private static func storm(_ credential: any TokenCredential, emulator: EntraEmulator, port: Int?) async throws -> Outcome {
        let requestsBefore = emulator.tokenRequestCount
        let connectionsBefore = port.flatMap { Machine.connectionCount(toPort: $0) }
        let start = Machine.nanoseconds
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.callerCount { group.addTask { _ = try await credential.token(for: Scene.context) } }
            try await group.waitForAll()
        }
        let duration = milliseconds(since: start)
        let connectionsAfter = port.flatMap { Machine.connectionCount(toPort: $0) }
        let connections = connectionsBefore.flatMap { before in connectionsAfter.map { $0 - before } }
        return Outcome(requests: emulator.tokenRequestCount - requestsBefore, connections: connections, milliseconds: duration)
    }

    /// Prints three rows. The first storm doesn't count: it makes the emulator's key.
    private static func print(_ place: String, _ storm: () async throws -> Outcome) async throws {
        _ = try await storm()
        var outcomes: [Outcome] = []
        for _ in 0..<Self.sampleCount { outcomes.append(try await storm()) }
        let name = "\(Self.callerCount) callers, empty cache, \(place)"
        let requests = outcomes.map { Double($0.requests) }
        Machine.print(Figure("\(name): requests", unit: "", budget: 1, samples: requests).row)
        let connections = outcomes.compactMap { $0.connections.map { Double($0) } }
        if !connections.isEmpty { Machine.print(Figure("… connections", unit: "", budget: 1, samples: connections).row) }
        Machine.print(Figure("… until the last has its token", unit: "ms", samples: outcomes.map(\.milliseconds)).row)
    }
}
