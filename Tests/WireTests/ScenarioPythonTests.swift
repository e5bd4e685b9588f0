// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import ScenarioSupport
import Testing

/// The scenarios of `Tests/Scenarios` through the Azure Identity library for Python: where its answer is another than ours, the scenario
/// says so, and why we think that ours is right.
@Suite(.timeLimit(.minutes(10)), .enabled(if: RealPart.pythonIdentity.isWanted)) struct ScenarioPythonTests {
    /// What `peer.py` is told of a scenario.
    private struct Case: Encodable {
        let name: String, credential: String, environment: [String: String]
        let arguments: Scenario.Arguments, request: Scenario.Request

        init(_ stage: ScenarioStage) {
            self.name = stage.scenario.name
            self.credential = stage.scenario.credential
            self.arguments = stage.scenario.arguments ?? .init()
            self.request = stage.scenario.request ?? .init()
            self.environment = stage.environment.merging(["REQUESTS_CA_BUNDLE": stage.stage.caFile]) { $1 }
        }
    }

    /// How many scenarios are set up at once; Python takes a second to start.
    private static let batchSize = 12

    @Test func differsOnlyWhereTheScenariosSaySo() async throws {
        let sources = try ScenarioLibrary.all.filter { try $0.scenario().python.is != .absent }
        var counts = (same: 0, different: 0)
        for start in stride(from: 0, to: sources.count, by: Self.batchSize) {
            let batch = Array(sources[start..<min(start + Self.batchSize, sources.count)])
            for (scenario, answer) in try await Self.answers(batch[...], set: []) {
                let complaints = scenario.complaints(about: answer)
                #expect(complaints.isEmpty, "\(scenario): \(complaints.joined(separator: "; "))")
                if scenario.python.is == .same { counts.same += 1 } else { counts.different += 1 }
            }
        }
        #expect(counts.same + counts.different == sources.count && counts.same >= 40)
        let page = String(decoding: FileManager.default.contents(atPath: DifferencesReport.path) ?? Data(), as: UTF8.self)
        print("azure-identity for Python: \(counts.same) scenarios the same, \(counts.different) different\n\(page)")
    }

    /// Sets up one scenario after the other, each with an emulator of its own, and then asks about all.
    private static func answers(
        _ sources: ArraySlice<ScenarioLibrary.Source>, set stages: [ScenarioStage]
    ) async throws -> [(Scenario, PeerAnswer)] {
        guard let source = sources.first else { return try await Self.ask(stages) }
        return try await ScenarioStage.with(source) { stage in
            try await Self.answers(sources.dropFirst(), set: stages + [stage])
        }
    }

    private static func ask(_ stages: [ScenarioStage]) async throws -> [(Scenario, PeerAnswer)] {
        let plan = FileManager.default.temporaryDirectory.appending(path: "plan-\(UUID().uuidString).json")
        try JSONEncoder().encode(stages.map { Case($0) }).write(to: plan)
        defer { try? FileManager.default.removeItem(at: plan) }
        let peer = ScenarioLibrary.folder + "/peer.py"
        let run = try await Program(path: RealPart.pythonPath, environment: ["PATH": "/usr/bin:/bin"])
            .run(["-B", "-W", "ignore", peer, plan.path()])
        try #require(run.status == 0, "\(run.errors)")
        let answers = try JSONDecoder().decode([PeerAnswer].self, from: Data(run.output.utf8))
        #expect(answers.map(\.name) == stages.map(\.scenario.name))
        return Array(zip(stages.map(\.scenario), answers))
    }
}
#endif
