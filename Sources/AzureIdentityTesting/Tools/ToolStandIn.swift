// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
public import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A stand-in for `az`, `azd` or `pwsh`: a real program in a folder of the test's, for tests of programs that use developer tools.
///
/// ```swift
/// let answer = ToolStandIn.Answer.token("a-token", expiresOn: Date(timeIntervalSinceNow: 3600))
/// let az = try ToolStandIn.install(.azureCLI, answering: answer, in: folder)
/// let credential = AzureCLICredential(options: CredentialOptions(environment: az.environment))
/// _ = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// print(az.runs)  // [["account", "get-access-token", "--output", "json", "--resource", "https://vault.azure.net"]]
/// ```
///
/// It takes the command that asks for a token, and the one that asks who is signed in, and checks their arguments as strictly as the tool does,
/// or more so: what it refuses ends with status 2 and a line that says why. Then it answers as it was told; who is signed in, where it would
/// give a token. It is a script for a POSIX shell and doesn't run on Windows.
///
/// > Note: The command line and the errors of `az` were compared with the real one's, 2.x; those of `azd` and PowerShell are as other
/// > libraries expect them.
public struct ToolStandIn: Sendable {
    /// A tool that can be stood in for.
    public enum Tool: String, Sendable, Hashable, CaseIterable {
        /// The Azure CLI.
        case azureCLI = "az"
        /// The Azure Developer CLI.
        case azureDeveloperCLI = "azd"
        /// PowerShell with the module `Az.Accounts`.
        case azurePowerShell = "pwsh"
    }

    /// The tool.
    public let tool: Tool
    /// The folder that the program is in: an absolute path, to be named in `PATH`.
    public let folder: String

    /// Where the stand-in keeps its own files, which a ``Answer/shell(_:)`` may use too and finds in its variable `STAND_IN`.
    public var dataFolder: String { "\(self.folder)/.\(self.tool.rawValue)" }

    /// The program.
    public var path: String { "\(self.folder)/\(self.tool.rawValue)" }

    /// The home folder of whoever is signed in, shared by all stand-ins in the folder.
    public var home: String { "\(self.folder)/home" }

    /// The file of ``home`` that the tool rewrites when somebody signs in or out.
    public var stateFile: String {
        switch self.tool {
        case .azureCLI: "\(self.home)/.azure/azureProfile.json"
        case .azureDeveloperCLI: "\(self.home)/.azd/auth.json"
        case .azurePowerShell: "\(self.home)/.Azure/AzureRmContext.json"
        }
    }

    /// The variables of a program that finds the stand-ins in the folder, and nothing else of this machine.
    public var environment: EnvironmentVariables { ["PATH": self.folder, "HOME": self.home] }

    private init(_ tool: Tool, in folder: String) {
        self.tool = tool
        self.folder = folder
    }

    /// Writes a stand-in to a folder, in place of the one that is there.
    ///
    /// - Parameters:
    ///   - tool: The tool.
    ///   - answer: What it answers, until it is told otherwise.
    ///   - folder: The folder's absolute path. The folder is made if it isn't there. Whoever may write to it decides what runs.
    /// - Returns: The stand-in.
    /// - Throws: An error of the file system.
    public static func install(_ tool: Tool, answering answer: Answer, in folder: String) throws -> ToolStandIn {
        guard folder.hasPrefix("/") else { throw CocoaError(.fileWriteInvalidFileName) }
        let standIn = ToolStandIn(tool, in: folder)
        let files = FileManager.default
        try? files.removeItem(atPath: standIn.path)
        try? files.removeItem(atPath: standIn.dataFolder)
        for name in [standIn.dataFolder, "\(standIn.dataFolder)/claims", "\(standIn.dataFolder)/runs"] {
            try files.createDirectory(
                atPath: name,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        try standIn.answer(with: answer)
        let script = ToolStandInScript(tool, dataFolder: standIn.dataFolder).text
        guard files.createFile(atPath: standIn.path, contents: Data(script.utf8), attributes: [.posixPermissions: 0o700]) else {
            throw CocoaError(.fileWriteUnknown)
        }
        ProgramFile.waitForWriters(of: standIn.path)
        try standIn.writeState("developer@contoso.example")
        return standIn
    }

    /// Changes what the stand-in answers from the next run on.
    ///
    /// - Parameter answer: The answer.
    /// - Throws: An error of the file system.
    public func answer(with answer: Answer) throws {
        let text = answer.script(for: self.tool) + "\n"
        try Data(text.utf8).write(to: URL(filePath: "\(self.dataFolder)/answer"), options: [.atomic])
    }

    /// The arguments of each run so far, in the order in which they began, refused runs included.
    public var runs: [[String]] {
        let folder = "\(self.dataFolder)/runs"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let numbers = names.compactMap { Int($0) }.sorted()
        return numbers.compactMap { number in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(number)") else { return nil }
            return data.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }
}

extension ToolStandIn {
    /// Plays a sign-in, such as `az login`, or a change of the account: the tool's state file is rewritten.
    ///
    /// - Parameters:
    ///   - userName: Who signs in. It is written to the state file.
    ///   - answer: What the tool answers from now on.
    /// - Throws: An error of the file system.
    public func signIn(as userName: String, answering answer: Answer) throws {
        try self.answer(with: answer)
        try self.writeState(userName)
    }

    /// Plays a sign-out, such as `az logout`: the tool's state file is rewritten, and the tool says that nobody is signed in.
    ///
    /// - Throws: An error of the file system.
    public func signOut() throws {
        try self.answer(with: .notSignedIn)
        try self.writeState(nil)
    }

    /// Rewrites the state file for as long as the coarsest clocks of file systems need to tell one writing from another. Real sign-ins take
    /// longer still. The file stays the same one, as with the tools.
    private func writeState(_ userName: String?) throws {
        let folder = URL(filePath: self.stateFile).deletingLastPathComponent().path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let data = Data(self.state(userName).bytes)
        let clock = SystemClock()
        let end = clock.now + .milliseconds(10)
        repeat { try data.write(to: URL(filePath: self.stateFile)) } while clock.now < end
    }

    private func state(_ userName: String?) -> EmulatorJSON {
        let user = userName.map { EmulatorJSON.string($0) }
        let tenant = EmulatorJSON.string(EmulatorConfiguration.Sample.tenantID)
        return switch self.tool {
        case .azureCLI:
            .object(["subscriptions": .array(user.map { [.object(["user": .object(["name": $0]), "tenantId": tenant])] } ?? [])])
        case .azureDeveloperCLI:
            .object(["auth": .object(["account": .object(["currentUser": .object(["homeAccountId": user])])])])
        case .azurePowerShell:
            .object(["DefaultContextKey": user ?? "Default", "Contexts": .object(["Account": user])])
        }
    }
}
