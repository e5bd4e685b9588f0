// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting
import Measuring

/// What ten thousand callers of a credential without a token cost. The service answers after 50 ms, so that they pile up.
enum StormFigures {
    private static let callerCount = 10_000

    @concurrent
    static func measure() async throws {
        let emulator = EntraEmulator()
        emulator.play(FaultScript(.delay(.milliseconds(50))))
        try await Storm.print("in memory", callers: Self.callerCount) {
            Storm(emulator: emulator, port: nil, credential: Scene.credential(options: emulator.credentialOptions()))
        }
        try await withEmulatorServer(emulator) { server in
            let files = try CertificateFiles(server)
            defer { files.remove() }
            try await Storm.print("over TLS", callers: Self.callerCount) {
                let credential = Scene.credential(options: try files.options(withNewClient: true))
                return Storm(emulator: emulator, port: server.port, credential: credential)
            }
        }
    }
}

/// Many callers of a credential without a token, at once.
struct Storm: Sendable {
    private static let sampleCount = 5

    let emulator: EntraEmulator
    /// The port that the credential's connections lead to; `nil`: it has none.
    let port: Int?
    let credential: any TokenCredential

    /// What a storm came to.
    private struct Outcome: Sendable {
        let requests: Int
        let connections: Int?
        let milliseconds: Double
    }

    private func run(callers: Int) async throws -> Outcome {
        let requestsBefore = self.emulator.tokenRequestCount
        let connectionsBefore = self.port.flatMap { Machine.connectionCount(toPort: $0) }
        let credential = self.credential
        let start = Machine.nanoseconds
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<callers { group.addTask { _ = try await credential.token(for: Scene.context) } }
            try await group.waitForAll()
        }
        let duration = milliseconds(since: start)
        let connectionsAfter = self.port.flatMap { Machine.connectionCount(toPort: $0) }
        let connections = connectionsBefore.flatMap { before in connectionsAfter.map { $0 - before } }
        let requests = self.emulator.tokenRequestCount - requestsBefore
        return Outcome(requests: requests, connections: connections, milliseconds: duration)
    }

    /// Prints three rows. The first storm doesn't count: it makes the emulator's key.
    static func print(_ place: String, callers: Int, _ storm: () throws -> Storm) async throws {
        _ = try await storm().run(callers: callers)
        var outcomes: [Outcome] = []
        for _ in 0..<Self.sampleCount { outcomes.append(try await storm().run(callers: callers)) }
        let name = "\(callers) callers, empty cache, \(place)"
        let requests = outcomes.map { Double($0.requests) }
        Machine.print(Figure("\(name): requests", unit: "", budget: 1, samples: requests).row)
        let connections = outcomes.compactMap { $0.connections.map { Double($0) } }
        if !connections.isEmpty { Machine.print(Figure("… connections", unit: "", budget: 1, samples: connections).row) }
        Machine.print(Figure("… until the last has its token", unit: "ms", samples: outcomes.map(\.milliseconds)).row)
    }
}
