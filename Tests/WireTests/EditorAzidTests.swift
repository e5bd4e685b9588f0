// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// The account of Visual Studio Code by the tool as a process, in a home of the test's and without a session bus.
    @Suite(.timeLimit(.minutes(5))) struct EditorAzidTests {
        private static let record = ".azure/ms-azuretools.vscode-azureresourcegroups/authRecord.json"
        #if os(macOS)
        private static let settings = "Library/Application Support/Code/User/settings.json"
        #else
        private static let settings = ".config/Code/User/settings.json"
        #endif

        /// Asks for a token in a home with these files.
        private func token(_ files: [String: String], _ arguments: [String] = []) async throws -> Program.Run {
            let home = FileManager.default.temporaryDirectory.appending(path: "editor-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: home) }
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            for (name, text) in files {
                let file = home.appending(path: name)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            return try await Program.azid(["HOME": home.path(), "PATH": "/nowhere"])
                .run(["token", "--scope", vaultScope, "--credential", "visual-studio-code"] + arguments)
        }

        @Test(
            arguments: [
                ([:], [], "G54"), ([Self.settings: "{}"], [], "G31"), ([Self.record: "{}"], [], "G54"),
                ([Self.settings: #"{"azure.tenant": "adfs", }"#], [], "G33"),
                ([Self.settings: "{}"], ["--tenant-id", "adfs"], "G33"),
            ] as [([String: String], [String], String)])
        func nobodyIsSignedIn(files: [String: String], arguments: [String], row: String) async throws {
            let run = try await self.token(files, arguments)
            #expect(run.status == 2 && run.output.isEmpty, "\(run)")
            let failure = try FailureReport.read(run.errors)
            #expect(failure.code == "credentialUnavailable" && failure.guide == row, "\(run)")
            #expect(failure.credential == "VisualStudioCodeCredential")
        }

        @Test func aTenantThatCanBeNoneIsAMistake() async throws {
            let run = try await self.token([:], ["--tenant-id", "no tenant"])
            #expect(run.status == 4 && run.output.isEmpty, "\(run)")
        }
    }
}
#endif
