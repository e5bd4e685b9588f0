// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// The default chain and the developer tools by the tool as a process: what it asks, prints and returns. Tools are stand-ins in a folder of the
    /// test's; no variable, account or metadata service of this machine is in reach.
    @Suite(.timeLimit(.minutes(5))) struct AzidChainTests {
        /// A token that must not show anywhere but on standard output.
        private static let marked = "MARKED-token-of-a-tool"

        private static func token(_ text: String = marked) -> ToolStandIn.Answer {
            .token(text, expiresOn: Date(timeIntervalSinceNow: 3600))
        }

        /// Runs a test with a folder for stand-ins, which is removed afterwards.
        private func withFolder(_ body: (String) async throws -> Void) async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "chain-\(UUID().uuidString)").path()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await body(folder)
        }

        private func token(
            _ folder: String, _ arguments: [String] = [], _ variables: [String: String] = [:]
        ) async throws -> Program.Run {
            let environment = ["PATH": folder, "HOME": folder + "/home"].merging(variables) { $1 }
            return try await Program.azid(environment).run(["token", "--scope", vaultScope] + arguments)
        }

        // MARK: Who is asked

        @Test func anApplicationByVariablesComesFirst() async throws {
            try await self.withFolder { folder in
                let az = try ToolStandIn.install(.azureCLI, answering: Self.token(), in: folder)
                try await Stage.with { stage in
                    let run = try await self.token(folder, [], stage.environment.merging(["PATH": folder]) { $1 })
                    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
                    #expect(try TokenReport.all(in: run.output).first?.credential == "EnvironmentCredential")
                    #expect(az.runs.isEmpty)
                }
            }
        }

        @Test func aRefusedApplicationEndsTheChain() async throws {
            try await self.withFolder { folder in
                let az = try ToolStandIn.install(.azureCLI, answering: Self.token(), in: folder)
                try await Stage.with { stage in
                    let wrong = ["PATH": folder, "AZURE_CLIENT_SECRET": "MARKED-wrong"]
                    let run = try await self.token(folder, ["--explain"], stage.environment.merging(wrong) { $1 })
                    #expect(run.status == 1 && run.output.isEmpty && az.runs.isEmpty, "\(run)")
                    let failure = try FailureReport.read(run.errors)
                    #expect(failure.code == "authenticationFailed" && failure.aadsts == [7_000_215] && failure.guide == "G09")
                    #expect(failure.credential == "DefaultAzureCredential" && failure.attempts.map(\.outcome) == ["failed"])
                    #expect(!run.errors.contains("MARKED"))
                }
            }
        }

        @Test func theAzureCLIGivesATokenWhereNothingElseDoes() async throws {
            try await self.withFolder { folder in
                let az = try ToolStandIn.install(.azureCLI, answering: Self.token(), in: folder)
                let pwsh = try ToolStandIn.install(.azurePowerShell, answering: Self.token(), in: folder)
                let run = try await self.token(folder, ["--repeat", "2"], ["AZURE_TENANT_ID": Sample.otherTenantID])
                #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
                let reports = try TokenReport.all(in: run.output)
                #expect(reports.map(\.credential) == ["AzureCLICredential", "AzureCLICredential"])
                #expect(reports.map(\.source) == ["network", "memory"] && reports.allSatisfy { $0.accessToken == Self.marked })
                // The variable's tenant is the application's, and none of the tool's.
                #expect(
                    az.runs == [["account", "get-access-token", "--output", "json", "--resource", "https://vault.azure.net"]])
                #expect(pwsh.runs.isEmpty)
            }
        }

        @Test func flagsReachTheTools() async throws {
            try await self.withFolder { folder in
                let subscription = "77777777-7777-4777-8777-777777777777"
                let az = try ToolStandIn.install(.azureCLI, answering: Self.token(), in: folder)
                for (flags, expected) in [
                    (["--tenant-id", Sample.tenantID], ["--tenant", Sample.tenantID]),
                    (["--subscription", subscription], ["--subscription", subscription]),
                ] {
                    for name in ["default", "azure-cli"] {
                        let run = try await self.token(folder, ["--credential", name] + flags)
                        #expect(run.status == 0, "\(run)")
                        #expect(az.runs.last?.suffix(2) == expected[...])
                    }
                }
                let azd = try ToolStandIn.install(.azureDeveloperCLI, answering: Self.token(), in: folder)
                let run = try await self.token(folder, ["--credential", "azure-developer-cli", "--tenant-id", Sample.tenantID])
                #expect(run.status == 0 && azd.runs.last?.contains(Sample.tenantID) == true, "\(run)")
                let pwsh = try ToolStandIn.install(.azurePowerShell, answering: Self.token(), in: folder)
                let other = try await self.token(folder, ["--credential", "azure-powershell", "--output", "value"])
                #expect(other.status == 0 && other.output == Self.marked + "\n" && pwsh.runs.count == 1, "\(other)")
            }
        }

        /// What the variable says, and who then gives the token or is asked for one, with everybody there.
        @Test(
            arguments: [
                (nil, 0, "EnvironmentCredential"), ("prod", 0, "EnvironmentCredential"), ("dev", 0, "AzureCLICredential"),
                ("azurePowerShellCredential", 0, "AzurePowerShellCredential"),
                ("AzureDeveloperCLICredential, azureclicredential", 0, "AzureCLICredential"),
                ("ManagedIdentityCredential,AzureDeveloperCliCredential", 0, "AzureDeveloperCLICredential"),
                ("workloadidentitycredential", 2, "WorkloadIdentityCredential"),
            ] as [(String?, Int32, String)])
        func theVariableChooses(value: String?, status: Int32, member: String) async throws {
            try await self.withFolder { folder in
                for tool in ToolStandIn.Tool.allCases { _ = try ToolStandIn.install(tool, answering: Self.token(), in: folder) }
                try await Stage.with { stage in
                    var variables = stage.environment
                    variables["PATH"] = folder
                    variables["AZURE_TOKEN_CREDENTIALS"] = value
                    let run = try await self.token(folder, [], variables)
                    #expect(run.status == status, "\(run)")
                    guard status == 0 else {
                        let asked = try FailureReport.read(run.errors).attempts.filter { $0.outcome != "skipped" }
                        #expect(asked.map(\.credential) == [member])
                        return
                    }
                    #expect(try TokenReport.all(in: run.output).map(\.credential) == [member])
                }
            }
        }

        @Test func anUnknownValueIsFour() async throws {
            let variables = ["AZURE_TOKEN_CREDENTIALS": "production", "PATH": "/nonexistent", "HOME": "/nonexistent"]
            let run = try await Program.azid(variables).run(["token", "--scope", vaultScope])
            #expect(run.status == 4 && run.output.isEmpty, "\(run)")
            let failure = try FailureReport.read(run.errors)
            #expect(failure.code == "invalidConfiguration" && failure.attempts.isEmpty)
            let allowed = [
                "production", "AZURE_TOKEN_CREDENTIALS", "dev, prod", "ManagedIdentityCredential", "AzureCLICredential",
            ]
            for part in allowed { #expect(failure.message.contains(part), "\(failure.message)") }
        }

        // MARK: No token

        /// The members that are asked where nothing chooses, and their rows where nothing is set up.
        private static let members = [
            ("EnvironmentCredential", "G08"), ("WorkloadIdentityCredential", "G41"), ("ManagedIdentityCredential", "G25"),
            ("AzureCLICredential", "G34"), ("AzurePowerShellCredential", "G38"), ("AzureDeveloperCLICredential", "G36"),
            ("BrokerCredential", "G02"),
        ]

        private func expectNothing(_ run: (status: Int32, output: String, errors: String), guide: String) throws {
            #expect(run.status == 2 && run.output.isEmpty, "\(run)")
            let failure = try FailureReport.read(run.errors)
            #expect(failure.code == "credentialUnavailable" && failure.credential == "DefaultAzureCredential")
            #expect(failure.guide == guide && failure.remedy?.guide == guide, "\(failure)")
            let opening = "DefaultAzureCredential failed to retrieve a token from the included credentials.\nLikeliest cause: "
            #expect(failure.message.hasPrefix(opening), "\(failure.message)")
            let asked = failure.attempts.filter { $0.outcome != "skipped" }
            #expect(asked.map(\.credential) == Self.members.map(\.0) && asked.compactMap(\.guide) == Self.members.map(\.1))
            #expect(asked.allSatisfy { $0.outcome == "unavailable" && $0.durationMilliseconds >= 0 && !$0.summary.isEmpty })
        }

        @Test(.enabled(if: RealPart.networkNamespace.isWanted)) func G06_nothingSetUpIsTwo() async throws {
            let run = try await MetadataPlace.noRoute.run([], variables: [:])
            try self.expectNothing((run.status, run.output, run.errors), guide: "G06")
            let text = try await MetadataPlace.noRoute.run(["--output", "value"], variables: [:])
            #expect(text.status == 2 && text.errors.contains("Remedy (G06)"), "\(text.errors)")
        }

        /// A variable that names a metadata service speaks for a host of Azure, which is then the likeliest to be mended.
        @Test func G25_aHostWithoutAnIdentityIsTwo() async throws {
            try await self.withFolder { folder in
                let run = try await self.token(folder)
                try self.expectNothing((run.status, run.output, run.errors), guide: "G25")
            }
        }

        @Test(
            arguments: [
                ("azure-cli", .azureCLI, "G34", "G35"), ("azure-developer-cli", .azureDeveloperCLI, "G36", "G37"),
                ("azure-powershell", .azurePowerShell, "G38", "G40"),
            ] as [(String, ToolStandIn.Tool, String, String)])
        func aToolThatIsMissingOrSignedOutIsTwo(name: String, tool: ToolStandIn.Tool, missing: String, signedOut: String)
            async throws
        {
            try await self.withFolder { folder in
                let absent = try await self.token(folder, ["--credential", name])
                #expect(try absent.status == 2 && FailureReport.read(absent.errors).guide == missing, "\(absent)")
                _ = try ToolStandIn.install(tool, answering: .notSignedIn, in: folder)
                let run = try await self.token(folder, ["--credential", name])
                #expect(try run.status == 2 && FailureReport.read(run.errors).guide == signedOut, "\(run)")
                let chain = try await self.token(folder, [], ["AZURE_TOKEN_CREDENTIALS": "dev"])
                let failure = try FailureReport.read(chain.errors)
                #expect(chain.status == 2 && failure.guide == signedOut && failure.code == "credentialUnavailable", "\(chain)")
            }
        }

        @Test func aToolThatHangsIsGivenUp() async throws {
            try await self.withFolder { folder in
                let az = try ToolStandIn.install(.azureCLI, answering: .shell("sleep 600"), in: folder)
                let run = try await self.token(folder, ["--credential", "azure-cli", "--process-timeout", "8"])
                #expect(run.status == 2 && run.output.isEmpty && az.runs.count == 1, "\(run)")
                let report = try FailureReport.read(run.errors)
                #expect(report.credential == "AzureCLICredential" && report.message.contains("within 8 s"))
            }
        }

        // MARK: --explain

        @Test func explainsWhoWonAndHowLongItTook() async throws {
            try await self.withFolder { folder in
                _ = try ToolStandIn.install(.azureCLI, answering: .notSignedIn, in: folder)
                _ = try ToolStandIn.install(.azureDeveloperCLI, answering: Self.token(), in: folder)
                let run = try await self.token(
                    folder, ["--explain", "--output", "value"], ["AZURE_TOKEN_CREDENTIALS": "dev"])
                #expect(run.status == 0 && run.output == Self.marked + "\n", "\(run)")
                let lines = run.errors.split(separator: "\n").map(String.init)
                let skipped = try #require(lines.first { $0.contains("EnvironmentCredential") })
                #expect(skipped.contains("AZURE_TOKEN_CREDENTIALS is dev"))
                let steps = Array(lines.drop { !$0.hasPrefix("step ") })
                #expect(
                    steps.contains { $0.hasPrefix("AzureCLICredential ") && $0.contains("unavailable") && $0.contains(" ms") })
                let winner = steps.contains { $0.hasPrefix("AzureDeveloperCLICredential ") && $0.contains("succeeded") }
                #expect(winner && lines.last?.hasPrefix("token by AzureDeveloperCLICredential: ") == true, "\(run.errors)")
                #expect(!run.errors.contains("MARKED"))
            }
        }

        @Test func explainsBeforeTheErrorAndForASingleCredential() async throws {
            try await self.withFolder { folder in
                let run = try await self.token(folder, ["--explain"])
                let lines = run.errors.split(separator: "\n")
                #expect(run.status == 2 && run.output.isEmpty && lines.last?.hasPrefix("{") == true, "\(run)")
                #expect(
                    lines.first == "plan of DefaultAzureCredential:"
                        && lines.dropLast().last?.hasPrefix("no token after ") == true)
                let single = try await self.token(folder, ["--credential", "azure-cli", "--explain"])
                let steps = single.errors.split(separator: "\n").filter { $0.hasPrefix("AzureCLICredential ") }
                #expect(single.status == 2 && steps.count == 1 && steps.first?.contains("unavailable") == true, "\(single)")
            }
        }
    }
}
#endif
