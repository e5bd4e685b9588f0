// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// Where developer tools are looked for, and where they never are.
    @Suite(.timeLimit(.minutes(5))) struct ToolProcessSearchTests {
        private let answer = ToolPlace.answer(ToolPlace.token())

        /// The way to a folder from the current directory.
        private func relative(_ folder: String) -> String {
            let depth = FileManager.default.currentDirectoryPath.split(separator: "/").count
            return String(repeating: "../", count: depth) + folder.drop { $0 == "/" }
        }

        @Test(arguments: ToolSubject.allCases)
        func relativeEntriesAreNotUsed(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: self.answer) { place in
                let relative = self.relative(place.tool.folder)
                #expect(FileManager.default.isExecutableFile(atPath: "\(relative)/\(place.tool.tool.rawValue)"))
                for path in [relative, "./" + relative, ":\(relative):", "~", "\"\(place.tool.folder)\""] {
                    let credential = subject.credential(["PATH": path, "HOME": place.tool.folder])
                    let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                    #expect(error.code == .credentialUnavailable && error.remedy?.guide == subject.absenceRow, "\(path)")
                }
                #expect(place.tool.runs.isEmpty)
            }
        }

        /// In a process of its own, whose current directory holds the stand-in.
        @Test(arguments: [
            (ToolSubject.azureCLI, "azure-cli"), (.azureDeveloperCLI, "azure-developer-cli"),
            (.azurePowerShell, "azure-powershell"),
        ])
        func theCurrentDirectoryIsNotUsed(subject: ToolSubject, name: String) async throws {
            try await ToolPlace.with(subject, answering: self.answer) { place in
                let token = [Program.azid().path, "token", "--credential", name, "--scope", vaultScope]
                let inFolder = ["-c", #"cd "$0" && exec "$@""#, place.tool.folder] + token
                for path in ["", ":", ".", "./", ".:/nonexistent:", "/nonexistent"] {
                    let run = try await Program(path: "/bin/sh", environment: ["PATH": path, "HOME": place.tool.home]).run(
                        inFolder)
                    #expect(run.status == 2 && run.output.isEmpty && run.errors.contains(subject.absenceRow), "\(path): \(run)")
                }
                #expect(place.tool.runs.isEmpty)
                let found = try await Program(path: "/bin/sh", environment: place.tool.environment.dictionary).run(inFolder)
                #expect(found.status == 0 && place.tool.runs.count == 1, "\(found)")
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func onlyProgramsAreTools(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: self.answer) { place in
                let name = place.tool.tool.rawValue
                let others = ["folder", "text", "broken"].map { "\(place.tool.folder)/\($0)" }
                for folder in others {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
                }
                try FileManager.default.createDirectory(atPath: "\(others[0])/\(name)", withIntermediateDirectories: false)
                try Data("#!/bin/sh\nexit 0\n".utf8).write(to: URL(filePath: "\(others[1])/\(name)"))
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(others[1])/\(name)")
                try FileManager.default.createSymbolicLink(atPath: "\(others[2])/\(name)", withDestinationPath: "/nonexistent")

                for folder in others {
                    let credential = subject.credential(["PATH": folder, "HOME": place.tool.home])
                    let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                    #expect(error.code == .credentialUnavailable && error.remedy?.guide == subject.absenceRow, "\(folder)")
                }
                let path = (others + [place.tool.folder]).joined(separator: ":")
                let credential = subject.credential(["PATH": path, "HOME": place.tool.home])
                _ = try await credential.token(forScopes: vaultScope)
                #expect(place.tool.runs.count == 1)
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func theFirstOneCountsAndLinksAreFollowed(subject: ToolSubject) async throws {
            let (ofFirst, ofSecond) = (ToolPlace.token(), ToolPlace.token())
            try await ToolPlace.withFolder { folder in
                let first = try ToolStandIn.install(subject.tool, answering: ToolPlace.answer(ofFirst), in: "\(folder)/first one")
                let second = try ToolStandIn.install(subject.tool, answering: ToolPlace.answer(ofSecond), in: "\(folder)/second")
                let links = "\(folder)/links"
                try FileManager.default.createDirectory(atPath: links, withIntermediateDirectories: false)
                try FileManager.default.createSymbolicLink(
                    atPath: "\(links)/\(subject.tool.rawValue)", withDestinationPath: second.path)
                func token(_ folders: [String]) async throws -> String {
                    let path = folders.joined(separator: ":")
                    return try await subject.credential(["PATH": path, "HOME": folder]).token(forScopes: vaultScope).token
                }
                #expect(try await token([first.folder, second.folder]) == ofFirst)
                #expect(try await token(["/nonexistent", second.folder, first.folder]) == ofSecond)
                #expect(try await token([links, first.folder]) == ofSecond)
            }
        }

        /// What can't be started is an error of that, and not a tool that isn't there.
        @Test(arguments: ToolSubject.allCases, ["", "\u{7F}ELF", "#!/nonexistent/sh\n", "#!/bin/sh\nexit 127\n"])
        func aProgramThatCannotRunIsAnError(subject: ToolSubject, text: String) async throws {
            try await ToolPlace.with(subject, answering: self.answer) { place in
                // Written by a process without other threads: see `ProgramFile`.
                let writer = Program(path: "/bin/sh", environment: ["PATH": "/usr/bin:/bin"])
                #expect(try await writer.run(["-c", #"printf %s "$1" >"$0""#, place.tool.path, text]).status == 0)
                let credential = subject.credential(place.tool.environment)
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.credential == subject.rawValue && !error.message.isEmpty)
            }
        }
    }
}
#endif
