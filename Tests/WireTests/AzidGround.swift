// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Foundation
import ScenarioSupport
import Testing

/// A run of azid in a scenario whose secrets have each a text of its own: what it came to, and what it left.
struct AzidGround {
    let scenario: Scenario
    let run: Program.Run
    let tokenRequestCount: Int
    private var outputs: [SecretHunt.Output]
    /// Those that were configured, those that travelled, and the token.
    private var secrets: Set<SecretHunt.Secret>

    init(_ source: ScenarioLibrary.Source, _ arguments: [String]) async throws {
        let words = ScenarioWords.marked()
        self = try await ScenarioStage.with(source, words: words) { stage in
            try await AzidGround(stage, arguments, configured: words.secrets)
        }
    }

    private init(_ stage: ScenarioStage, _ arguments: [String], configured: Set<SecretHunt.Secret>) async throws {
        let known = Set(try FileManager.default.subpathsOfDirectory(atPath: stage.place.path))
        self.scenario = stage.scenario
        self.run = try await stage.azid(arguments)
        self.tokenRequestCount = stage.stage.emulator.tokenRequestCount
        self.secrets = configured.union(SecretTrail.secrets(of: stage.stage.emulator.requests))
        self.outputs = try [.init("standard error", self.run.errors)] + Self.files(in: stage.place.path, except: known)
        var output = self.run.output
        if let token = try? ScenarioStage.outcome(self.run).token {
            self.secrets.formUnion(SecretTrail.secrets(ofToken: token.text))
            // The token is what was asked for.
            output = output.replacing(token.text, with: "")
        }
        self.outputs.append(.init("standard output", output))
    }

    /// The secrets that show, in all places or in those of these names.
    func findings(in places: [String]? = nil) -> [SecretHunt.Finding] {
        let outputs = self.outputs.filter { places?.contains($0.place) ?? true }
        return SecretHunt(self.secrets).findings(in: outputs).sorted { $0.description < $1.description }
    }

    /// What azid has left below a folder: nothing that others may read. The stand-ins of tools keep files of their own.
    private static func files(in folder: String, except known: Set<String>) throws -> [SecretHunt.Output] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap { name in
            guard !known.contains(name), !name.hasPrefix("bin/."), !name.hasPrefix("pipe-") else { return nil }
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o077 == 0, "others may read \(name)")
            guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
            let contents = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
            return .init("file \(name)", String(decoding: contents, as: UTF8.self))
        }
    }
}
#endif
