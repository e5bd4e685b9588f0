// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

/// `azid emulator` in the place of a host: what it prints, and the programs it runs.
@Suite(.timeLimit(.minutes(5))) struct EmulatorHostsAzidTests {
    private func temporaryPath(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString)").path()
    }

    /// The variables of `export` lines, read the way a shell would if it needs no quotes.
    private func variables(_ lines: [String]) -> [String: String] {
        var variables: [String: String] = [:]
        for line in lines where line.hasPrefix("export ") {
            let parts = line.trimmingCharacters(in: .newlines).dropFirst("export ".count).split(separator: "=", maxSplits: 1)
            var value = parts.count > 1 ? String(parts[1]) : ""
            if value.hasPrefix("'"), value.hasSuffix("'") { value = String(value.dropFirst().dropLast()) }
            variables[String(parts[0])] = value
        }
        return variables
    }

    @Test(arguments: EmulatedHost.allCases)
    func printsVariablesThatWork(host: EmulatedHost) async throws {
        let arcFolder = self.temporaryPath("arc")
        defer { try? FileManager.default.removeItem(atPath: arcFolder) }
        let usesEntra = [.workloadIdentity, .identityBinding, .azurePipelines, .gitHubActions].contains(host)
        let sample = EntraEmulator().environment(for: host, endpoints: self.endpointsWithFolder).dictionary
        let caFile = self.temporaryPath("ca")
        defer { try? FileManager.default.removeItem(atPath: caFile) }
        let seen = Locked<[String: String]>([:])
        let arguments = [
            "emulator", "--port", "0", "--env", host.rawValue, "--arc-key-directory", arcFolder, "--ca-file", caFile,
        ]
        // What to unset, the variables, the authority and an empty line.
        let count = 1 + sample.count + (usesEntra ? 1 : 0) + 1
        let status = try await Program.azid(["PATH": "/nonexistent"]).run(arguments, awaiting: count) { _, lines in
            let variables = self.variables(lines)
            #expect(lines.count == count && lines.last?.trimmingCharacters(in: .newlines) == "", "\(lines)")
            #expect(Set(variables.keys) == Set(sample.keys).union(usesEntra ? ["SSL_CERT_FILE"] : []))
            let unset = try #require(lines.first?.trimmingCharacters(in: .newlines).split(separator: " "))
            #expect(unset.first == "unset" && unset.dropFirst().allSatisfy { variables[String($0)] == nil })
            let authority = try String(contentsOfFile: variables["SSL_CERT_FILE"] ?? caFile, encoding: .utf8)
            let token = try await HostedProgram(host: host, variables: variables, authority: authority).token()
            #expect(token.split(separator: ".").count == 3)
            seen.withLock { $0 = variables }
        }
        #expect(status == 143)
        if let file = seen.withLock({ $0["AZURE_FEDERATED_TOKEN_FILE"] }) {
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }

    private var endpointsWithFolder: EmulatorEndpoints {
        var endpoints = EmulatorEndpoints.inMemory
        endpoints.folder = "/folder"
        return endpoints
    }

    @Test func aCommandRunsInTheHostAndItsStatusIsPassedOn() async throws {
        let parent = [
            "PATH": "/usr/bin:/bin", "IDENTITY_ENDPOINT": "http://127.0.0.1:1", "IDENTITY_HEADER": "old", "MSI_ENDPOINT": "old",
            "AZURE_CLIENT_ID": "chosen", "OTHER": "kept",
        ]
        let arguments = ["emulator", "--port", "0", "--env", "imds", "--"]
        let run = try await Program.azid(parent).run(arguments + ["env"])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
        let variables = self.variables(run.output.split(separator: "\n").map { "export \($0)" })
        #expect(variables["IDENTITY_ENDPOINT"] == nil && variables["IDENTITY_HEADER"] == nil && variables["MSI_ENDPOINT"] == nil)
        #expect(variables["AZURE_CLIENT_ID"] == "chosen" && variables["OTHER"] == "kept")
        #expect(variables["AZURE_POD_IDENTITY_AUTHORITY_HOST"]?.hasPrefix("http://127.0.0.1:") == true)
        let statuses: [([String], Int32)] = [
            (["sh", "-c", "exit 7"], 7), (["/bin/sh", "-c", "kill -9 $$"], 137), (["/bin/sh", "-c", "kill -PIPE $$"], 141),
            (["no-such-program-anywhere"], 127), (["/etc/passwd"], 127),
        ]
        for (command, status) in statuses {
            let run = try await Program.azid(parent).run(arguments + command)
            #expect(
                run.status == status && run.output.isEmpty && run.errors.isEmpty == (status != 127), "\(run)")
        }
    }

    @Test func aCommandWithoutAHostTalksToEntra() async throws {
        let tool = Program.azid().path
        let command = [tool, "token", "--credential", "client-certificate", "--scope", vaultScope, "--output", "value"]
        let run = try await Program.azid(["PATH": "/nonexistent"]).run(["emulator", "--port", "0", "--"] + command)
        #expect(run.status == 0 && run.output.hasPrefix("ey"), "\(run)")
    }

    @Test func nobodyElseReadsTheKeyOfTheSampleCertificate() async throws {
        let command = ["/bin/sh", "-c", #"ls -l "$AZURE_CLIENT_CERTIFICATE_PATH""#]
        let run = try await Program.azid(["PATH": "/usr/bin:/bin"]).run(["emulator", "--port", "0", "--"] + command)
        #expect(run.status == 0 && run.output.hasPrefix("-rw-------"), "\(run)")
    }

    @Test func aTerminationEndsTheCommand() async throws {
        let arguments = ["emulator", "--port", "0", "--env", "imds", "--", "/bin/sh", "-c", "echo ready; exec sleep 600"]
        let status = try await Program.azid(["PATH": "/usr/bin:/bin"]).run(arguments, awaiting: 1) { _, lines in
            #expect(lines.first?.hasPrefix("ready") == true)
        }
        #expect(status == 143)
    }

    @Test func aShellEvaluatesItAndTheEmulatorStays() async throws {
        let secret = ##"it's"$HOME"`x`\$(y);#*"##
        let file = self.temporaryPath("emulator") + ".json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        var configuration = EmulatorConfiguration.sample
        configuration.hosts.identityHeader = secret
        try JSONEncoder().encode(configuration).write(to: URL(filePath: file))
        let script = #"""
            MSI_ENDPOINT=old
            eval "$("$0" emulator --port 0 --env app-service --config "$1" --background 2>&1)" || exit 9
            kill -0 "$AZID_EMULATOR_PID" || exit 8
            printf '%s|%s|%s' "$IDENTITY_HEADER" "${MSI_ENDPOINT-unset}" "$IDENTITY_ENDPOINT"
            kill "$AZID_EMULATOR_PID"
            """#
        let run = try await Program(path: "/bin/sh", environment: ["PATH": "/usr/bin:/bin"])
            .run(["-c", script, Program.azid().path, file])
        let parts = run.output.split(separator: "|")
        #expect(run.status == 0 && parts.count == 3 && run.errors.isEmpty, "\(run)")
        #expect(parts.first.map(String.init) == secret && parts[1] == "unset" && parts[2].hasSuffix("/msi/token"), "\(run)")
    }

    @Test func anEmulatorThatCannotStartInTheBackgroundSaysSo() async throws {
        let arguments = ["emulator", "--port", "0", "--config", "/nonexistent", "--background"]
        let run = try await Program.azid(["PATH": "/nonexistent"]).run(arguments)
        #expect(run.status == 4 && run.output.isEmpty && run.errors.contains("can't be used"), "\(run)")
    }

    @Test func aKeyFolderThatCannotBeWrittenIsAClearError() async throws {
        let arguments = ["emulator", "--port", "0", "--env", "azure-arc", "--arc-key-directory", "/proc/no/tokens"]
        let run = try await Program.azid().run(arguments)
        #expect(run.status == 4 && run.output.isEmpty, "\(run)")
        #expect(run.errors.contains("sudo install -d") && run.errors.contains("--arc-key-directory"), "\(run)")
    }

    @Test(arguments: [
        ["--env", "nonsense"], ["--env"], ["--plain-port", "65536"], ["--service-fabric-port", "-1"],
        ["--background", "--", "true"],
        ["true"],
    ])
    func usageErrorsAre64(arguments: [String]) async throws {
        let run = try await Program.azid().run(["emulator", "--port", "0"] + arguments)
        #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty, "\(run)")
    }
}
#endif
