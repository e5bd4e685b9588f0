// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentity
import AzureIdentityTesting
import Foundation
import ScenarioSupport
import Testing

/// A scenario with an emulator on sockets, for programs.
struct ScenarioStage: Sendable {
    let scenario: Scenario
    let words: ScenarioWords
    let stage: Stage
    let place: ScenarioPlace
    /// All the variables of a program in it.
    let environment: [String: String]

    /// Sets the stage for a scenario while a closure runs.
    static func with<Result>(
        _ source: ScenarioLibrary.Source,
        words: ScenarioWords = ScenarioWords(),
        _ body: (ScenarioStage) async throws -> Result
    ) async throws -> Result {
        let place = try ScenarioPlace()
        var words = words
        words["folder"] = place.path
        return try await Stage.with(try source.scenario(words).configuration(words)) { stage in
            var words = words
            words["entra"] = stage.server.endpoints.entra
            words["plain"] = stage.server.endpoints.plain
            let scenario = try source.scenario(words)
            try place.write(scenario, words, emulator: stage.emulator)
            for (name, tool) in scenario.tools ?? [:] { try Self.install(name, tool, in: place) }
            var variables = place.environment(words)
            variables["SSL_CERT_FILE"] = stage.caFile
            if let host = scenario.host { variables.merge(try stage.server.environment(for: host).dictionary) { $1 } }
            for (name, value) in scenario.environment ?? [:] { variables[name] = value }
            return try await body(
                ScenarioStage(scenario: scenario, words: words, stage: stage, place: place, environment: variables))
        }
    }

    private static func install(_ name: String, _ tool: Scenario.Tool, in place: ScenarioPlace) throws {
        guard let kind = ToolStandIn.Tool(rawValue: name) else { throw ScenarioProblem("There is no tool \(name).") }
        let answer: ToolStandIn.Answer =
            if let token = tool.token {
                .token(token, expiresOn: Date(timeIntervalSinceNow: 3600))
            } else if tool.isSignedOut == true {
                .notSignedIn
            } else {
                .text(tool.output ?? "", errors: tool.errors ?? "", status: tool.status ?? 0)
            }
        _ = try ToolStandIn.install(kind, answering: answer, in: place.path + "/bin")
    }

    /// The arguments of azid that say what the scenario says.
    var arguments: [String] {
        var flags = ["token", "--credential", self.scenario.credential, "--scope", self.scenario.scope]
        let arguments = self.scenario.arguments
        for (name, value) in [
            ("--tenant-id", arguments?.tenantID), ("--client-id", arguments?.clientID), ("--object-id", arguments?.objectID),
            ("--resource-id", arguments?.resourceID), ("--certificate-path", arguments?.certificatePath),
            ("--assertion-file", arguments?.assertionFile), ("--token-file-path", arguments?.tokenFilePath),
            ("--service-connection-id", arguments?.serviceConnectionID), ("--subscription", arguments?.subscription),
            ("--user-assertion-file", arguments?.userAssertionFile), ("--request-tenant-id", self.scenario.request?.tenantID),
            ("--claims", self.scenario.request?.claims),
        ] {
            if let value { flags += [name, value] }
        }
        for tenant in arguments?.additionallyAllowedTenants ?? [] { flags += ["--additionally-allowed-tenant", tenant] }
        return flags
    }

    /// Runs azid; a person does what the scenario says when a code is shown.
    func azid(_ extra: [String] = []) async throws -> Program.Run {
        let tool = Program.azid(self.environment)
        guard let person = self.scenario.person else { return try await tool.run(self.arguments + extra) }
        let pipe = try NamedPipe(in: self.place.path)
        let shell = Program(path: "/bin/sh", environment: tool.environment)
        // The shell opens the pipe before anything can fail, so the reader never waits in vain.
        async let run = shell.run(["-c", "exec \"$0\" \"$@\" 2>'\(pipe.path)'", tool.path] + self.arguments + extra)
        var errors: [String] = []
        for await line in pipe.lines() {
            errors.append(line)
            guard let code = line.firstMatch(of: /enter the code ([A-Za-z0-9-]+)/)?.1 else { continue }
            if let user = person.approvesAs { try? self.stage.emulator.approveDeviceCode(String(code), as: user) }
            if person.declines == true { try? self.stage.emulator.declineDeviceCode(String(code)) }
        }
        var result = try await run
        result.errors = errors.joined(separator: "\n")
        return result
    }

    /// What a run of azid came to.
    static func outcome(_ run: Program.Run) throws -> ScenarioOutcome {
        struct Report: Decodable { let error: ScenarioOutcome.Failure }
        if let report = try TokenReport.all(in: run.output).first {
            return ScenarioOutcome(.init(report.accessToken, credential: report.credential))
        }
        guard let line = run.errors.split(separator: "\n").first(where: { $0.hasPrefix("{") }) else {
            throw FailureReport.Missing(output: run.errors)
        }
        return ScenarioOutcome(try JSONDecoder().decode(Report.self, from: Data(line.utf8)).error)
    }
}

/// The scenarios of `Tests/Scenarios` through azid as a process, in a closed environment, each secret with a text of its own; and a search for
/// those texts in what azid prints, logs at trace and leaves in files.
enum ScenarioAzid {
    static let sources = ScenarioLibrary.all.filter { (try? $0.scenario().azid) == nil }

    static func check(_ source: ScenarioLibrary.Source) async throws {
        let ground = try await AzidGround(source, ["--log-level", "trace"])
        let (scenario, run) = (ground.scenario, ground.run)
        let complaints = scenario.complaints(about: try ScenarioStage.outcome(run))
        #expect(complaints.isEmpty, "\(source): \(complaints.joined(separator: "; "))")
        #expect(run.status == scenario.status, "\(source): \(run)")
        #expect(run.output.isEmpty == (scenario.expected.error != nil), "\(source): \(run)")
        if let count = scenario.tokenRequests { #expect(ground.tokenRequestCount == count, "\(source)") }
        #expect(!run.errors.contains("HTTP request content"))
        #expect(ground.findings().isEmpty, "\(source): \(ground.findings())")
    }
}

/// The scenarios in which azid waits for seconds: beside each other, since they need time and little else.
@Suite(.timeLimit(.minutes(5))) struct ScenarioWaitTests {
    @Test(arguments: ScenarioAzid.sources.filter { (try? $0.scenario().waits) == true })
    func comesOutAsItMustAndShowsNoSecret(source: ScenarioLibrary.Source) async throws { try await ScenarioAzid.check(source) }
}

/// The other scenarios, one at a time: beside those of ``ToolProcesses``, which take long enough as they are.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ScenarioAzidTests {
    @Test(arguments: ScenarioAzid.sources.filter { (try? $0.scenario().waits) != true })
    func comesOutAsItMustAndShowsNoSecret(source: ScenarioLibrary.Source) async throws { try await ScenarioAzid.check(source) }

    @Test func thereAreManyOfThem() { #expect(ScenarioAzid.sources.count >= 60) }
}
#endif
