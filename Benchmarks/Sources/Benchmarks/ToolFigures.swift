// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting
import Measuring

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What tokens of a developer tool cost: a stand-in for `az` that takes 0.3 s, as the real one does at its best.
enum ToolFigures {
    private static let callerCount = 50
    private static let stormCount = 5

    @concurrent
    static func measure() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "benchmarks-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let tool = try ToolStandIn.install(
            .azureCLI,
            answering: .token("a-token", expiresOn: Date(timeIntervalSinceNow: 86_400), delay: .milliseconds(300)),
            in: folder.path()
        )
        // The developer tools alone: nothing here may ask for a metadata service.
        let variables = tool.environment.dictionary.merging(["AZURE_TOKEN_CREDENTIALS": "dev"]) { $1 }
        let environment = EnvironmentVariables(variables)
        func options() -> CredentialOptions { CredentialOptions(tokenCache: .inMemory, environment: environment) }

        try await Self.printKept("az: token from memory, one caller, same key", tool, AzureCLICredential(options: options()))
        let chain = DefaultAzureCredential(options: .init(credentialOptions: options()))
        try await Self.printKept("… through DefaultAzureCredential", tool, chain)
        try await Self.printStorm(tool) { AzureCLICredential(options: options()) }
    }

    private static func printKept(_ name: String, _ tool: ToolStandIn, _ credential: any TokenCredential) async throws {
        _ = try await credential.token(for: Scene.context)
        let runs = tool.runs.count
        let loop = HitLoop(credential, [Scene.context])
        let values = try await samples { try await loop.perCallOfOneKey() }
        guard tool.runs.count == runs else { throw BenchmarkProblem("a kept token started a process") }
        Machine.print(Figure(name, unit: "ns", budget: 250, samples: values).row)
    }

    private static func printStorm(_ tool: ToolStandIn, _ make: () -> any TokenCredential) async throws {
        var runs: [Double] = []
        let values = try await samples(Self.stormCount) {
            let before = tool.runs.count
            let credential = make()
            let start = Machine.nanoseconds
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.callerCount { group.addTask { _ = try await credential.token(for: Scene.context) } }
                try await group.waitForAll()
            }
            let duration = milliseconds(since: start)
            runs.append(Double(tool.runs.count - before))
            return duration
        }
        let name = "az, 0.3 s: \(Self.callerCount) tasks, cold: processes"
        Machine.print(Figure(name, unit: "", budget: 1, samples: Array(runs.dropFirst())).row)
        Machine.print(Figure("… until the last has its token", unit: "ms", samples: values).row)
    }
}
