// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import AzureIdentityTesting
import Foundation
import Testing

/// The tool as a process: its flags, output and exit status are a contract.
@Suite(.timeLimit(.minutes(5))) struct AzidTests {
    private struct Report: Decodable {
        let accessToken: String, tokenType: String, expiresOn: String, expires_on: Int, refreshOn: String?
        let scopes: [String], tenantId: String, credential: String, source: String
    }

    private struct Failure: Decodable {
        struct Remedy: Decodable { let guide: String, text: String }
        struct Details: Decodable {
            let code: String, credential: String, message: String, aadsts: [Int], correlationId: String?, traceId: String?
            let timestamp: String?, isRetryable: Bool, guide: String?, remedy: Remedy?
        }
        let error: Details
    }

    private func token(_ stage: Stage, _ arguments: [String], change: (inout [String: String]) -> Void = { _ in }) async throws
        -> Program.Run
    {
        var environment = stage.environment
        change(&environment)
        let credential = arguments.contains("--credential") ? [] : ["--credential", "environment"]
        return try await Program.azid(environment).run(["token", "--scope", vaultScope] + credential + arguments)
    }

    private func failure(_ run: Program.Run) throws -> Failure.Details {
        #expect(run.output.isEmpty)
        return try JSONDecoder().decode(Failure.self, from: Data(run.errors.utf8)).error
    }

    @Test(arguments: [("client-secret", "ClientSecretCredential"), ("environment", "EnvironmentCredential")])
    func printsATokenAsJSON(name: String, credential: String) async throws {
        try await Stage.with { stage in
            let run = try await self.token(stage, ["--credential", name])
            #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
            let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
            #expect(report.credential == credential && report.tokenType == "Bearer" && report.scopes == [vaultScope])
            #expect(report.source == "network" && report.tenantId == Sample.tenantID)
            let date = try Date(report.expiresOn, strategy: .iso8601)
            #expect(Int(date.timeIntervalSince1970) == report.expires_on && date > .now && report.accessToken.hasPrefix("ey"))
        }
    }

    @Test func printsOtherForms() async throws {
        try await Stage.with { stage in
            let value = try await self.token(stage, ["--output", "value"])
            #expect(value.status == 0 && value.output.hasPrefix("ey") && value.output.hasSuffix("\n"))
            let header = try await self.token(stage, ["--output", "header"])
            #expect(header.output.hasPrefix("Authorization: Bearer ey"))
            let kubectl = try await self.token(stage, ["--output", "kubectl"])
            #expect(
                kubectl.output.contains(#""kind":"ExecCredential""#) && kubectl.output.contains(#""expirationTimestamp":"20"#))
        }
    }

    @Test func G09_aWrongSecretIsOne() async throws {
        try await Stage.with { stage in
            let run = try await self.token(stage, ["--credential", "client-secret"]) {
                $0["AZURE_CLIENT_SECRET"] = "MARKED-wrong"
            }
            #expect(run.status == 1)
            let error = try self.failure(run)
            #expect(
                error.code == "authenticationFailed" && error.aadsts == [7_000_215] && error.guide == "G09" && !error.isRetryable)
            #expect(error.remedy?.guide == "G09" && error.correlationId != nil && error.traceId != nil && error.timestamp != nil)
            #expect(!run.errors.contains("MARKED") && stage.emulator.tokenRequestCount == 1)
            let text = try await self.token(stage, ["--output", "value"]) { $0["AZURE_CLIENT_SECRET"] = "MARKED-wrong" }
            #expect(text.status == 1 && text.output.isEmpty && text.errors.contains("Remedy (G09)"))
        }
    }

    @Test(
        arguments: [
            (
                ["--credential", "environment"], ["AZURE_CLIENT_SECRET": nil], 2 as Int32, "credentialUnavailable",
                "G08" as String?
            ),
            (["--credential", "client-secret"], ["AZURE_CLIENT_SECRET": ""], 4, "invalidConfiguration", nil),
            (["--credential", "client-secret", "--tenant-id", "a b"], [:], 4, "invalidConfiguration", nil),
            (["--credential", "client-secret", "--authority-host", "http://localhost"], [:], 4, "invalidConfiguration", nil),
            (["--claims", "no json"], [:], 4, "invalidConfiguration", nil),
            (["--scope", "two words"], [:], 4, "invalidConfiguration", nil),
            (["--client-secret-file", "/nonexistent"], [:], 4, "invalidConfiguration", nil),
            (["--client-secret-file", "/dev/zero"], [:], 4, "invalidConfiguration", nil),
            (["--request-tenant-id", "other.example"], [:], 1, "authenticationFailed", "G48"),
            (["--tenant-id", Sample.emptyTenantID], [:], 1, "authenticationFailed", "G11"),
        ] as [([String], [String: String?], Int32, String, String?)])
    func exitStatusSaysWhatKindOfFailure(
        arguments: [String], changes: [String: String?], status: Int32, code: String, guide: String?
    ) async throws {
        try await Stage.with { stage in
            let run = try await self.token(stage, arguments) { environment in
                for (name, value) in changes { environment[name] = value }
            }
            #expect(run.status == status, "\(run)")
            let error = try self.failure(run)
            #expect(error.code == code && error.guide == guide, "\(run)")
        }
    }

    @Test(arguments: [
        [], ["--scope"], ["--scope", "s", "--credential", "nonsense"], ["--scope", "s", "--repeat", "0"],
        ["--scope", "s", "--timeout", "-1"], ["--scope", "s", "--nonsense"],
        ["--scope", "s", "--process-timeout", "0"], ["--scope", "s", "--as-chain-member"],
        ["--scope", "s", "--client-secret", "x"],
    ])
    func usageErrorsAre64(arguments: [String]) async throws {
        let run = try await Program.azid().run(["token"] + arguments)
        #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty)
    }

    @Test func aSecretComesFromAFile() async throws {
        try await Stage.with { stage in
            let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            for ending in ["", "\n", "\r\n"] {
                try Data((Sample.clientSecret + ending).utf8).write(to: file)
                let run = try await self.token(stage, ["--credential", "client-secret", "--client-secret-file", file.path()]) {
                    $0["AZURE_CLIENT_SECRET"] = nil
                }
                #expect(run.status == 0, "\(run)")
            }
        }
    }

    @Test func repeatsAndSharesInOneProcess() async throws {
        try await Stage.with { stage in
            let run = try await self.token(stage, ["--repeat", "3", "--concurrency", "50"])
            let lines = run.output.split(separator: "\n")
            #expect(run.status == 0 && lines.count == 150 && stage.emulator.tokenRequestCount == 1)
            #expect(lines.suffix(100).allSatisfy { $0.contains(#""source":"memory""#) })
        }
    }

    @Test func flagsReachTheRequest() async throws {
        try await Stage.with { stage in
            let arguments = [
                "--request-tenant-id", Sample.otherTenantID, "--additionally-allowed-tenant", "x",
                "--additionally-allowed-tenant",
                Sample.otherTenantID, "--enable-cae", "--claims", #"{"id_token":{}}"#, "--disable-instance-discovery",
            ]
            let run = try await self.token(stage, arguments)
            #expect(run.status == 0, "\(run)")
            let request = try #require(stage.emulator.requests.first)
            #expect(request.path.hasPrefix("/\(Sample.otherTenantID)/"))
            #expect(request.form["claims"] == #"{"access_token":{"xms_cc":{"values":["CP1"]}},"id_token":{}}"#)
        }
    }

    @Test func logsGoToStandardErrorAndHoldNoSecret() async throws {
        try await Stage.with { stage in
            let quiet = try await self.token(stage, ["--output", "value", "--log-level", "trace"])
            let token = quiet.output.trimmingCharacters(in: .newlines)
            #expect(quiet.status == 0 && quiet.errors.contains("HTTP exchange") && !quiet.errors.contains(Sample.clientSecret))
            #expect(!token.isEmpty && !quiet.errors.contains(token))
            let loud = try await self.token(stage, ["--output", "value", "--log-content"])
            #expect(loud.errors.contains("warning: --log-content") && loud.errors.contains(Sample.clientSecret))
            #expect(loud.errors.contains(loud.output.trimmingCharacters(in: .newlines)))
        }
    }

    @Test func aTimeoutEndsTheWaitAndAnInterruptTheProcess() async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.delay(.seconds(600)))]))
            let late = try await self.token(stage, ["--timeout", "0.3"])
            #expect(late.status == 1)
            let error = try self.failure(late)
            #expect(error.code == "timedOut")
            let count = stage.emulator.requestCount
            let status = try await Program.azid(stage.environment).run(
                ["token", "--scope", vaultScope], awaiting: 0, thenSending: SIGINT
            ) { _, _ in
                await stage.emulator.waitForRequests(count + 1)
            }
            #expect(status == 130)
        }
    }

    @Test func secretsAreNotInTheArgumentsOfAProcess() async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.delay(.seconds(600)))]))
            try await Program.azid(stage.environment).run(["token", "--scope", vaultScope], awaiting: 0) { identifier, _ in
                await stage.emulator.waitForRequests(1)
                let list = try Data(contentsOf: URL(filePath: "/proc/\(identifier)/cmdline"))
                #expect(!String(decoding: list, as: UTF8.self).contains(Sample.clientSecret))
            }
        }
    }

    @Test func theEmulatorServesAnotherProcess() async throws {
        let caFile = Locked("")
        let status = try await Program.azid(["PATH": "/nonexistent"]).run(["emulator", "--port", "0"], awaiting: 5) { _, lines in
            var environment: [String: String] = [:]
            for line in lines where line.hasPrefix("export ") {
                let parts = line.dropFirst(7).split(separator: "=", maxSplits: 1)
                environment[String(parts[0])] = String(parts[1]).trimmingCharacters(in: .newlines)
            }
            let arguments = ["token", "--credential", "client-secret", "--scope", vaultScope]
            let run = try await Program.azid(environment).run(arguments)
            #expect(run.status == 0, "\(run) \(lines)")
            environment["AZURE_CLIENT_SECRET"] = "wrong"
            let refused = try await Program.azid(environment).run(arguments)
            #expect(
                refused.status == 1 && refused.errors.contains(#""aadsts":[7000215]"#)
                    && refused.errors.contains(#""guide":"G09""#))
            let path = try #require(environment["SSL_CERT_FILE"])
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(filePath: path).deletingLastPathComponent().path())
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            caFile.withLock { $0 = path }
        }
        let path = caFile.withLock { $0 }
        #expect(status == 143 && !path.isEmpty && !FileManager.default.fileExists(atPath: path))
    }

    @Test(arguments: [">/dev/full", ">&-"])
    func aResultThatCannotBeWrittenIsAFailure(redirection: String) async throws {
        try await Stage.with { stage in
            let script = "exec \"$0\" token --scope \(vaultScope) \(redirection)"
            let run = try await Program(path: "/bin/sh", environment: stage.environment).run(["-c", script, Program.azid().path])
            #expect(run.status == 1 && run.errors.contains("can't be written"), "\(run)")
        }
    }

    @Test(arguments: ["", "{", "[]", #"{"tenants":7}"#, #"{"nonsense":1}"#, String(repeating: "[", count: 100_000)])
    func aBadConfigurationOfTheEmulatorIsFour(text: String) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "emulator-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let run = try await Program.azid().run(["emulator", "--port", "0", "--config", file.path()])
        #expect(run.status == 4 && run.output.isEmpty && run.errors.contains("can't be used"), "\(run)")
    }
}
#endif
