// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

/// The house's own checks can fail, and continuous integration runs what the README tells a newcomer to run.
@Suite("House", .timeLimit(.minutes(5)))
struct HouseTests {
    /// A file planted into a clean tree, and what the script must say about it.
    struct Plant: CustomTestStringConvertible, Sendable {
        var path: String
        var code: String
        var complaint: String
        var testDescription: String { self.complaint }
    }

    static let plants = [
        Plant(
            path: "AzureIdentity/Acquisition/Engine.swift",
            code: "struct Engine { var credential: ExampleCredential }",
            complaint: "Acquisition mentions ExampleCredential of Credentials"
        ),
        Plant(
            path: "AzureIdentity/Acquisition/Engine.swift",
            code: #"func describe(_ client: ExampleClient) -> String { "\(ExampleClient.self)" }"#,
            complaint: "Acquisition mentions ExampleClient of Entra"
        ),
        Plant(
            path: "AzureIdentity/Host/Machine.swift",
            code: "extension Host { func settings() -> ExampleOptions { ExampleOptions() } }",
            complaint: "Host mentions ExampleOptions of Options"
        ),
        Plant(
            path: "AzureIdentity/Entra/Expiry.swift",
            code: "let now = Date()",
            complaint: "Date() touches the machine"
        ),
        Plant(
            path: "AzureCredentials/Contract.swift",
            code: "import AzureHTTP",
            complaint: "AzureCredentials may not import AzureHTTP"
        ),
        Plant(
            path: "AzureIdentity/Entra/Signer.swift",
            code: "let answer = 42\n#if Cryptography\nlet key = 1\n#endif",
            complaint: "a trait's condition must hold for the whole file"
        ),
        Plant(
            path: "AzureIdentity/Sundries/Thing.swift",
            code: "struct Thing {}",
            complaint: "the folder Sundries is not in the table"
        ),
    ]

    @Test("check-layers passes a clean tree", .enabled(if: House.hasPython))
    func checkLayersPassesACleanTree() async throws {
        try await House.withPlantedTree { root in
            let run = try await House.checkLayers(root)
            #expect(run.status == 0, "\(run)")
        }
    }

    @Test("check-layers fails on what is planted", .enabled(if: House.hasPython), arguments: Self.plants)
    func checkLayersFailsOnWhatIsPlanted(plant: Plant) async throws {
        try await House.withPlantedTree { root in
            try House.write(plant.code, to: root.appending(path: "Sources/\(plant.path)"))
            let run = try await House.checkLayers(root)
            let output = run.output + run.errors
            #expect(run.status == 1)
            #expect(output.contains(plant.complaint), "\(output)")
            #expect(output.contains("Sources/\(plant.path):"))
        }
    }

    @Test(
        "continuous integration runs the README's commands as they stand there", arguments: ["swift run azid demo", "swift test"])
    func continuousIntegrationRunsTheCommandsOfTheREADME(command: String) throws {
        for file in ["README.md", ".ci/run"] {
            let lines = try String(contentsOf: Program.repository.appending(path: file), encoding: .utf8).split(separator: "\n")
            #expect(lines.contains { $0 == command || $0.hasPrefix(command + " ") }, "\(file) doesn't run `\(command)`")
        }
    }
}

/// What the tests of the house need: the repository, a tree to plant in, a way to run a script.
private enum House {
    static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    /// Runs dev/check-layers on a tree.
    static func checkLayers(_ root: URL) async throws -> Program.Run {
        let script = Program.repository.appending(path: "dev/check-layers").path()
        return try await Program(path: "/usr/bin/python3", environment: ["PATH": "/usr/bin:/bin"]).run([script, root.path()])
    }

    /// A tree in which each folder mentions lower ones only; comments and strings that mention higher ones don't count.
    static let cleanTree = [
        "AzureIdentity/Credentials/ExampleCredential.swift":
            "public final class ExampleCredential { let engine: ExampleEngine; let client: ExampleClient; let options: ExampleOptions }",
        "AzureIdentity/Acquisition/ExampleEngine.swift": """
        /// The engine behind ExampleCredential.
        struct ExampleEngine { let host: Host; let name = "ExampleCredential, ExampleClient, Date()" } /* ExampleCredential */
        """,
        "AzureIdentity/Entra/ExampleClient.swift": "struct ExampleClient { let host: Host; let options: ExampleOptions }",
        "AzureIdentity/Options/ExampleOptions.swift": "public struct ExampleOptions { var host: Host }",
        "AzureIdentity/Host/Host.swift": "import AzureHTTP\nstruct Host { let now = Date() }",
    ]

    /// Makes the clean tree in a temporary folder and removes it afterwards.
    static func withPlantedTree(_ body: (URL) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "planted-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, code) in self.cleanTree { try self.write(code, to: root.appending(path: "Sources/\(path)")) }
        try await body(root)
    }

    static func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: file)
    }
}
#endif
