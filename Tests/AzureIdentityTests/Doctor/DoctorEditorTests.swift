// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// What the doctor finds of Visual Studio Code's account and of the system's broker, with no token asked for.
@Suite(.timeLimit(.minutes(5))) struct DoctorEditorTests {
    private static let alone = ["AZURE_TOKEN_CREDENTIALS": "VisualStudioCodeCredential"]

    /// The report on the default chain of a stage's machine, which has no tools but those of the shelf.
    private func report(
        _ stage: EditorStage,
        broker: EditorBrokerClient? = nil,
        tools: ToolShelf = ToolShelf(),
        variables: [String: String] = [:]
    ) async throws -> IdentityDoctor.Report {
        stage.emulator.update { $0.hosts.isMetadataServiceThere = false }
        var credentialOptions = stage.options(variables: variables) { options in
            let stamped = options.hostOverride
            options.hostOverride = { host in
                var host = stamped?(host) ?? host
                host.facts = { HostFacts() }
                return host
            }
        }
        tools.apply(to: &credentialOptions)
        return try await IdentityDoctor(
            options: .init(
                chain: .init(credentialOptions: credentialOptions, broker: broker?.signIn), timeout: DoctorStage.patience)
        ).examine()
    }

    private func absentBroker(_ stage: EditorStage) -> EditorBrokerClient {
        let broker = EditorBrokerClient(stage, secret: "none")
        broker.state.withLock { $0.failure = BrokerFailure(.absent(reason: "There is no session bus.")) }
        return broker
    }

    @Test func G31_nobodyIsSignedIn() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        let report = try await self.report(stage, variables: Self.alone)
        #expect(report.guideRows == ["G31", "G06"] && report.findings.first?.severity == .problem, "\(report.findings)")
        #expect(report.findings.first?.message.contains("the secret store has nothing") == true)
        #expect(stage.questions == ["VS Code Azure/AzureCloud", "VS Code Azure/Azure"] && stage.emulator.tokenRequestCount == 0)
    }

    @Test func G54_theEditorWasNeverStarted() async throws {
        let stage = try EditorStage()
        let report = try await self.report(stage, variables: Self.alone)
        #expect(report.guideRows == ["G54", "G06"] && report.findings.first?.severity == .problem, "\(report.findings)")
        #expect(report.findings.first?.remedy?.text.contains("Azure: Sign In") == true && stage.questions.isEmpty)
    }

    @Test(arguments: [true, false]) func G54_aRecordAndNoBroker(isAlone: Bool) async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let report = try await self.report(
            stage, broker: self.absentBroker(stage), variables: isAlone ? Self.alone : ["AZURE_TOKEN_CREDENTIALS": "dev"])
        #expect(report.guideRows.first == "G54" && !report.isHealthy, "\(report.findings)")
        #expect(report.findings.first?.message.contains("There is no session bus.") == true)
        #expect(stage.emulator.tokenRequestCount == 0)
    }

    /// Who signs in by the editor is healthy, and nobody was asked for a token.
    @Test func anAccountByEitherWayNamesNoRow() async throws {
        for isBrokered in [true, false] {
            let stage = try EditorStage()
            if isBrokered { try stage.signIn() } else { try stage.set("{}") }
            stage.store("a-refresh-token")
            let broker = isBrokered ? EditorBrokerClient(stage, secret: "none") : nil
            let report = try await self.report(stage, broker: broker, variables: Self.alone)
            #expect(report.isHealthy && report.state(of: "VisualStudioCodeCredential") == "good", "\(report.findings)")
            #expect(broker?.state.withLock { $0.requests.isEmpty } ?? true)
            #expect(stage.emulator.tokenRequestCount == 0)
        }
    }

    /// Nobody knows what is in a store that is locked.
    @Test func aStoreThatDoesNotTellIsNoAbsence() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        stage.passwords.withLock { $0["AzureCloud"] = .unknown(StorageProblem(.unavailable, "the keyring is locked")) }
        let report = try await self.report(stage, variables: Self.alone)
        #expect(report.isHealthy && report.state(of: "VisualStudioCodeCredential") == "good", "\(report.findings)")
    }

    @Test func aStoreIsAskedNoLongerThanThereIsTime() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        let waiting = Locked<CheckedContinuation<Void, Never>?>(nil)
        let (questions, question) = AsyncStream<Void>.makeStream()
        let options = stage.options { options in
            let staged = options.hostOverride
            options.hostOverride = { host in
                var host = staged?(host) ?? host
                host.savedPassword = { _, _, _ in
                    await withCheckedContinuation { continuation in
                        waiting.withLock { $0 = continuation }
                        question.yield()
                    }
                    return .unknown(StorageProblem(.unavailable, "it was asked too long"))
                }
                return host
            }
        }
        let engine = EditorEngine(tenantID: nil, broker: nil, options: options)
        let call = Task { await engine.absence(within: .seconds(1)) }
        for await _ in questions { break }
        await stage.clock.waitForSleepers(1)
        stage.clock.advance(by: .seconds(1))
        let absence = await call.value
        #expect(absence == nil)
        waiting.withLock { $0 }?.resume()
    }

    /// A broker that isn't there, and an editor without an account, hide no tool whose sign-in has ended.
    @Test func theLikelierCauseIsTheTool() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        let tools = DoctorStage.shelf("az", 1, errors: "ERROR: Please run 'az login' to setup account.")
        let report = try await self.report(
            stage, broker: self.absentBroker(stage), tools: tools, variables: ["AZURE_TOKEN_CREDENTIALS": "dev"])
        #expect(report.guideRows == ["G35", "G06"] && report.findings.first?.severity == .problem, "\(report.findings)")
        #expect(report.state(of: "BrokerCredential") == "absent" && report.state(of: "VisualStudioCodeCredential") == "absent")
        #expect(stage.emulator.tokenRequestCount == 0)
    }
}
