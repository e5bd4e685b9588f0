// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

extension ToolProcesses {
    /// `azid explain` as a process: what it prints, what it never prints, and its exit status.
    @Suite(.timeLimit(.minutes(5))) struct AzidExplainTests {
        private struct Report: Decodable {
            struct Remedy: Decodable { let guide: String, text: String, commands: [[String]], variables: [String], link: String? }
            struct Check: Decodable { let command: [String], printsToken: Bool }
            struct Entry: Decodable {
                let id: String, title: String, place: String, situation: String, signs: [String], discovery: String,
                    details: String
                let remedy: Remedy, checks: [Check]
            }
            struct Code: Decodable {
                let number: Int, name: String, meaning: String, advice: String, rows: [String], actor: String, link: String
            }
            struct Explanation: Decodable {
                let entry: Entry, code: Code?, credential: String?, remedy: Remedy, sign: String, certainty: String
            }
            let version: Int, isKnown: Bool, explanations: [Explanation]
        }

        private struct Guide: Decodable { let version: Int, rows: [Report.Entry], codes: [Report.Code] }

        private struct Failure: Decodable {
            struct Details: Decodable { let code: String, message: String }
            let error: Details
        }

        private func explain(_ arguments: [String]) async throws -> Program.Run {
            try await Program.azid().run(["explain"] + arguments)
        }

        /// Runs the tool with a text on standard input.
        private func explain(input: String, _ arguments: [String]) async throws -> Program.Run {
            let shell = Program(
                path: "/bin/sh", environment: ["INPUT": input, "AZID": Program.azid().path, "PATH": "/usr/bin:/bin"])
            return try await shell.run(["-c", #"printf %s "$INPUT" | "$AZID" explain "$@""#, "sh"] + arguments)
        }

        private func report(_ run: Program.Run) throws -> Report {
            try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
        }

        @Test(arguments: [
            ("G23", "G23", "assigned"), ("g35", "G35", "az login"), ("AADSTS7000215", "G09", "az ad app credential reset"),
            ("7000222", "G10", "az ad app credential reset"), ("AADSTS90002", "G04", "AZURE_AUTHORITY_HOST"),
            ("Azure CLI not found on path", "G34", "az version"),
        ])
        func saysWhatToDo(text: String, row: String, part: String) async throws {
            let run = try await self.explain([text])
            #expect(
                run.status == 0 && run.errors.isEmpty && run.output.hasPrefix("\(row): ") && run.output.contains(part), "\(run)")
            #expect(run.output.contains("What to do:"))
            let isCommand = { (line: Substring) in
                line.hasPrefix("    ") || line.hasPrefix("  See ") || line.hasPrefix("  Variables")
            }
            #expect(
                run.output.split(separator: "\n").allSatisfy { $0.count <= 80 || isCommand($0) || $0.contains("|") },
                "\(run.output)")
        }

        @Test func wordsOfATextNeedNoQuotes() async throws {
            let run = try await self.explain(["Azure", "CLI", "not", "installed"])
            #expect(run.status == 0 && run.output.hasPrefix("G34: "), "\(run)")
        }

        @Test func printsJSON() async throws {
            let run = try await self.explain(["--json", "ClientSecretCredential: invalid_client: 7000215 - AADSTS7000215: no"])
            let report = try self.report(run)
            let first = try #require(report.explanations.first)
            #expect(
                run.status == 0 && report.version == 1 && report.isKnown && first.entry.id == "G09" && first.remedy.guide == "G09"
            )
            #expect(first.code?.number == 7_000_215 && first.code?.name == "AADSTS7000215" && first.code?.actor == "developer")
            #expect(first.credential == "ClientSecretCredential" && first.sign == "AADSTS7000215" && first.certainty == "named")
            #expect(first.entry.discovery == "byAsking" && first.remedy.variables == ["AZURE_CLIENT_SECRET"])
            #expect(run.output.split(separator: "\n").count == 1)
        }

        @Test func readsStandardInputAndFiles() async throws {
            let text =
                "DefaultAzureCredential: failed to acquire a token.\nAttempted credentials:\n\tAzureCLICredential: Please run 'az login'"
            let file = FileManager.default.temporaryDirectory.appending(path: "error-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(text.utf8).write(to: file)
            let runs = [
                try await self.explain(input: text, ["-", "--json"]),
                try await self.explain(input: text, ["--error", "-", "--json"]),
                try await self.explain(["--error", file.path(), "--json"]),
            ]
            for run in runs {
                #expect(run.status == 0, "\(run)")
                #expect(try self.report(run).explanations.map(\.entry.id) == ["G35", "G06"])
            }
            let readable = try await self.explain(input: text, ["-"])
            #expect(
                readable.output.hasPrefix("G35: ") && readable.output.contains("\nAlso in this text:\n\nG06: "), "\(readable)")
        }

        @Test func readsTheErrorsOfAzidToken() async throws {
            for output in ["json", "value"] {
                let failed = try await Program.azid().run([
                    "token", "--credential", "environment", "--scope", "https://vault.azure.net/.default", "--output", output,
                ])
                #expect(failed.status == 2)
                let run = try await self.explain(input: failed.errors, ["-", "--json"])
                let first = try #require(try self.report(run).explanations.first)
                #expect(run.status == 0 && first.entry.id == "G08" && first.credential == "EnvironmentCredential", "\(run)")
            }
        }

        @Test(arguments: ["AADSTS999999", "the flux capacitor has no flux"])
        func whatNobodyKnowsIsStatus1(text: String) async throws {
            let run = try await self.explain([text, "--json"])
            let report = try self.report(run)
            #expect(run.status == 1 && !report.isKnown && report.explanations.map(\.entry.id) == ["G51"])
            #expect(report.explanations.first?.certainty == "unknown")
            let readable = try await self.explain([text])
            #expect(readable.status == 1 && readable.output.hasPrefix("G51: ") && readable.errors.isEmpty)
        }

        @Test func secretsInATextAreNotPrintedBack() async throws {
            let token = "eyJhbGciOiJSUzI1NiJ9.MARKEDclaims.MARKEDsignature"
            let text = "Authorization: Bearer \(token) client_secret=MARKED AADSTS7000215: \u{1B}[31mMARKED\u{202E}"
            for arguments in [["-"], ["-", "--json"]] {
                let run = try await self.explain(input: text, arguments)
                #expect(
                    run.status == 0 && !run.output.contains("MARKED") && !run.output.contains("eyJ") && run.errors.isEmpty,
                    "\(run)")
                #expect(!run.output.contains("\u{1B}") && !run.output.contains("\u{202E}"))
            }
        }

        @Test func theWholeGuide() async throws {
            let table = try await self.explain(["--all"])
            #expect(table.status == 0 && table.output.contains("G54 ") && table.output.contains("AADSTS7000215"))
            let json = try await self.explain(["--all", "--json"])
            let guide = try JSONDecoder().decode(Guide.self, from: Data(json.output.utf8))
            #expect(guide.version == 1 && guide.rows.count == 54 && guide.codes.count > 60)
            for (form, file) in [
                ("page", "TROUBLESHOOTING.md"), ("article", "Sources/AzureIdentity/Documentation.docc/Troubleshooting.md"),
            ] {
                let run = try await self.explain(["--all", "--markdown", form])
                let kept = try String(contentsOf: Program.repository.appending(path: file), encoding: .utf8)
                #expect(run.status == 0 && run.output == kept, "\(file) is not what azid says; dev/check-guide --fix writes it")
            }
        }

        @Test func whatCantBeReadIsStatus4() async throws {
            let empty = try await self.explain(input: " \n", ["-", "--json"])
            let failure = try JSONDecoder().decode(Failure.self, from: Data(empty.errors.utf8))
            #expect(empty.status == 4 && empty.output.isEmpty && failure.error.code == "invalidConfiguration", "\(empty)")
            for path in ["/nonexistent", "/dev/zero"] {
                let run = try await self.explain(["--error", path])
                #expect(run.status == 4 && run.output.isEmpty && !run.errors.isEmpty, "\(run)")
            }
        }

        @Test(arguments: [
            [], ["G23", "--error", "x"], ["--all", "G23"], ["--markdown", "page", "G23"],
            ["--all", "--json", "--markdown", "page"],
            ["--all", "--markdown", "html"], ["--nonsense"],
        ])
        func usageErrorsAre64(arguments: [String]) async throws {
            let run = try await self.explain(arguments)
            #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty)
        }
    }
}
#endif
