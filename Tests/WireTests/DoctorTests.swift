// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

/// `azid doctor` as a process: its JSON, its table, its exit status, and what it never prints. No variable, account or metadata service of this
/// machine is in reach, and the authority is an emulator's.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DoctorTests {
    private struct Report: Decodable {
        struct Finding: Decodable {
            struct Remedy: Decodable {
                let guide: String, text: String, commands: [[String]]
            }
            let guide: String?, severity: String, summary: String, remedy: Remedy?
        }
        struct Identity: Decodable {
            let tenantId: String?, clientId: String?, userName: String?
        }
        struct Member: Decodable {
            let credential: String, state: String, guide: String?, identity: Identity?
        }
        let schemaVersion: Int, isHealthy: Bool, isComplete: Bool, guide: String?, durationMilliseconds: Double
        let findings: [Finding], members: [Member]

        static func read(_ text: String) throws -> Report { try JSONDecoder().decode(Report.self, from: Data(text.utf8)) }
    }

    /// A folder for stand-ins and files.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "doctor-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private static let noAccount = ["AZURE_TENANT_ID": "", "AZURE_CLIENT_ID": "", "AZURE_CLIENT_SECRET": ""]

    /// The variables of a developer's machine that talks to a stage.
    private func developer(_ stage: Stage, _ folder: String) -> [String: String] {
        stage.environment.filter { Self.noAccount[$0.key] == nil }
            .merging(["PATH": folder, "HOME": folder + "/home", "AZURE_TOKEN_CREDENTIALS": "dev"]) { $1 }
    }

    /// Runs the doctor. Unless a test is about time, there is enough of it, however slow the machine is.
    private func run(_ variables: [String: String], _ arguments: String...) async throws -> Program.Run {
        let isTimed = arguments.contains("--timeout") || arguments.contains("--error")
        return try await Program.azid(variables)
            .run(["doctor"] + (isTimed ? [] : ["--timeout", "60"]) + arguments)
    }

    private static func token() -> ToolStandIn.Answer {
        .token("MARKED-token-of-a-tool", expiresOn: Date(timeIntervalSinceNow: 3600))
    }

    // MARK: Healthy

    @Test func aHealthyHostNamesNoRow() async throws {
        try await self.withFolder { folder in
            let az = try ToolStandIn.install(.azureCLI, answering: Self.token(), in: folder)
            try await Stage.with { stage in
                for arguments in [[], ["--json"], ["--scope", vaultScope], ["--deep"], ["--deep", "--json"]] {
                    for width in ["80", "140"] {
                        let variables = self.developer(stage, folder).merging(["COLUMNS": width]) { $1 }
                        let run = try await Program.azid(variables).run(["doctor"] + arguments)
                        #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
                        #expect(run.output.firstMatch(of: /\bG\d\d\b/) == nil, "\(run.output)")
                        #expect(!run.output.contains("MARKED") && !run.output.contains("developer@contoso.example"))
                        if arguments.contains("--json") {
                            let report = try Report.read(run.output)
                            #expect(
                                report.isHealthy && report.isComplete && report.findings.isEmpty && report.schemaVersion == 1)
                        } else {
                            let headline =
                                arguments.isEmpty
                                ? "Nothing wrong was found without asking for a token." : "Nothing is wrong."
                            #expect(run.output.contains(headline), "\(run.output)")
                            #expect(run.output.contains("--scope https://vault.azure.net/.default") == arguments.isEmpty)
                            let longest = run.output.split(separator: "\n").map(\.count).max() ?? 0
                            #expect(longest <= Int(width) ?? 0, "\(run.output)")
                        }
                    }
                }
                #expect(az.runs.contains(["account", "show", "--output", "json"]))
            }
        }
    }

    @Test func saysWhoOneWouldBe() async throws {
        try await self.withFolder { folder in
            try await Stage.with { stage in
                let run = try await self.run(stage.environment, "--scope", vaultScope, "--json")
                let report = try Report.read(run.output)
                #expect(run.status == 0 && report.isHealthy, "\(run)")
                let member = try #require(report.members.first)
                #expect(member.credential == "EnvironmentCredential" && member.state == "token")
                #expect(member.identity?.tenantId == Sample.tenantID && member.identity?.clientId == Sample.clientID)
                let table = try await self.run(stage.environment, "--scope", vaultScope)
                #expect(
                    table.output.contains("you would be, by") && table.output.contains(Sample.tenantID), "\(table.output)")
            }
        }
    }

    // MARK: What is wrong

    @Test(arguments: ["80", "140"]) func aSignInThatHasEnded(width: String) async throws {
        try await self.withFolder { folder in
            _ = try ToolStandIn.install(.azureCLI, answering: .notSignedIn, in: folder)
            try await Stage.with { stage in
                let variables = self.developer(stage, folder).merging(["COLUMNS": width]) { $1 }
                let run = try await self.run(variables)
                #expect(run.status == 1 && run.errors.isEmpty && !run.output.contains("\u{1B}"), "\(run)")
                let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                let first = try #require(lines.firstIndex { $0.hasPrefix("1. ") })
                #expect(lines[first] == "1. problem G35 AzureCLICredential")
                #expect(lines.contains("     $ az login") && lines.contains { $0.hasPrefix("   What to do: Sign in") })
                for line in lines where !line.hasPrefix("     $ ") && !line.hasPrefix("   See ") {
                    #expect(line.count <= Int(width) ?? 0, "\(line)")
                }
            }
        }
    }

    @Test(
        arguments: [
            ("wrong", Sample.tenantID, "G09"), (Sample.expiredClientSecret, Sample.tenantID, "G10"),
            (Sample.clientSecret, Sample.emptyTenantID, "G11"),
        ])
    func anApplicationThatIsRefused(secret: String, tenantID: String, row: String) async throws {
        try await Stage.with { stage in
            let changes = ["AZURE_CLIENT_SECRET": secret, "AZURE_TENANT_ID": tenantID]
            let variables = stage.environment.merging(changes) { $1 }
            for name in ["default", "client-secret", "environment"] {
                let run = try await self.run(variables, "--scope", vaultScope, "--json", "--credential", name)
                let report = try Report.read(run.output)
                #expect(run.status == 1 && report.guide == row && report.findings.first?.guide == row, "\(run)")
                #expect(
                    report.findings.first?.severity == "problem" && report.findings.first?.remedy?.commands.isEmpty == false)
            }
        }
    }

    @Test func aCredentialThatCannotBeMade() async throws {
        try await Stage.with { stage in
            var variables = stage.environment
            variables["AZURE_CLIENT_SECRET"] = nil
            let run = try await self.run(variables, "--credential", "client-secret", "--json")
            let report = try Report.read(run.output)
            #expect(run.status == 1 && report.findings.first?.summary.contains("--client-secret-file") == true, "\(run)")
        }
    }

    @Test func aToolThatHangsTakesNoLongerThanThereIsTime() async throws {
        try await self.withFolder { folder in
            _ = try ToolStandIn.install(.azureCLI, answering: .shell("sleep 600"), in: folder)
            try await Stage.with { stage in
                let run = try await self.run(
                    self.developer(stage, folder), "--timeout", "3", "--json", "--credential", "azure-cli")
                let report = try Report.read(run.output)
                // It was the doctor's time that was up: no row says what is wrong with the tool.
                #expect(run.status == 1 && report.durationMilliseconds < 10_000 && report.guide == nil, "\(run)")
                #expect(!report.isComplete && !report.isHealthy && report.findings.count == 1)
            }
        }
    }

    @Test func theAuthorityIsNotTrusted() async throws {
        try await Stage.with { stage in
            var variables = stage.environment
            variables["SSL_CERT_FILE"] = nil
            let run = try await self.run(variables, "--json", "--timeout", "10")
            let report = try Report.read(run.output)
            #expect(run.status == 1 && report.findings.first?.summary.contains("can't be reached") == true, "\(run)")
        }
    }

    // MARK: An error from elsewhere

    @Test func anErrorFromAFile() async throws {
        try await self.withFolder { folder in
            let path = folder + "/error.txt"
            try "ClientAuthenticationError: AADSTS7000215: Invalid client secret MARKED provided.".write(
                toFile: path, atomically: true, encoding: .utf8)
            let run = try await self.run([:], "--error", path, "--json")
            #expect(try run.status == 1 && Report.read(run.output).guide == "G09", "\(run)")
            #expect(!run.output.contains("MARKED"))
            let table = try await self.run([:], "--error", path)
            #expect(table.status == 1 && table.output.contains("1. problem G09"), "\(table)")
            let missing = try await self.run([:], "--error", folder + "/nothing")
            #expect(missing.status == 4 && missing.output.isEmpty && missing.errors.contains("can't be found"), "\(missing)")
        }
    }

    /// It waits for the rest of its input, and an interrupt ends it all the same. That it reads shows when more has gone than a pipe holds.
    @Test func anInterruptEndsTheWaitForTheInput() async throws {
        try await self.withFolder { folder in
            let shell = Program(
                path: "/bin/sh",
                environment: ["AZID": Program.azid().path, "INPUT": folder + "/input", "PATH": "/usr/bin:/bin"])
            let script = """
                mkfifo "$INPUT"; exec 3<>"$INPUT"
                { head -c 100000 /dev/zero >&3; echo reading; } &
                exec "$AZID" doctor --error - <"$INPUT"
                """
            let status = try await shell.run(["-c", script], awaiting: 1, thenSending: SIGTERM) { _, _ in }
            #expect(status == -SIGTERM)
        }
    }

    @Test(arguments: [["--timeout", "0"], ["--error", "x", "--scope", "s"], ["--request-tenant-id", "t"], ["--nonsense"]])
    func usage(arguments: [String]) async throws {
        let run = try await Program.azid().run(["doctor"] + arguments)
        #expect(run.status == 64 && run.output.isEmpty, "\(run)")
    }

    // MARK: Secrets

    @Test func printsNoSecret() async throws {
        try await self.withFolder { folder in
            for tool in ToolStandIn.Tool.allCases { _ = try ToolStandIn.install(tool, answering: Self.token(), in: folder) }
            let (token, certificate) = (folder + "/token", folder + "/certificate.pem")
            try "MARKED.token.file".write(toFile: token, atomically: true, encoding: .utf8)
            try "MARKED certificate".write(toFile: certificate, atomically: true, encoding: .utf8)
            try await Stage.with { stage in
                let secrets = [
                    "AZURE_CLIENT_SECRET": "MARKED-secret", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "MARKED-certificate",
                    "AZURE_PASSWORD": "MARKED-password", "AZURE_USERNAME": "MARKED-user", "IDENTITY_HEADER": "MARKED-header",
                    "MSI_SECRET": "MARKED-msi", "SYSTEM_ACCESSTOKEN": "MARKED-system",
                    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "MARKED-actions", "SOME_API_KEY": "MARKED-api-key",
                    "HTTPS_PROXY": "http://MARKED-name:MARKED-word@127.0.0.1:1", "PATH": folder, "HOME": folder + "/home",
                    "AZURE_FEDERATED_TOKEN_FILE": token, "AZURE_CLIENT_CERTIFICATE_PATH": certificate,
                ]
                let variables = stage.environment.merging(secrets) { $1 }
                let names = [
                    "default", "environment", "client-secret", "client-certificate", "workload-identity", "managed-identity",
                ]
                for name in names + ["azure-cli", "azure-developer-cli", "azure-powershell", "username-password"] {
                    for arguments in [["--json"], ["--scope", vaultScope, "--deep"]] {
                        let run = try await Program.azid(variables).run(["doctor", "--credential", name] + arguments)
                        #expect([0, 1].contains(run.status) && !run.output.isEmpty, "\(name): \(run)")
                        #expect(!run.output.contains("MARKED") && !run.errors.contains("MARKED"), "\(name): \(run)")
                    }
                }
            }
        }
    }
}
#endif
