// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureIdentityTesting
import ScenarioSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The scenarios of `Tests/Scenarios` through the library, in memory.
@Suite(.timeLimit(.minutes(2))) struct ScenarioTests {
    @Test(arguments: ScenarioLibrary.all)
    func comesOutAsItMust(source: ScenarioLibrary.Source) async throws {
        let run = try ScenarioRun(source)
        let result = try await run.result()
        let complaints = run.scenario.complaints(about: result.outcome)
        #expect(complaints.isEmpty, "\(source): \(complaints.joined(separator: "; "))")
        if let count = run.scenario.tokenRequests { #expect(run.emulator.tokenRequestCount == count, "\(source)") }
    }

    @Test func thereAreManyOfThem() throws {
        #expect(ScenarioLibrary.problems.isEmpty, "\(ScenarioLibrary.problems)")
        #expect(ScenarioLibrary.all.count >= 60 && Set(ScenarioLibrary.all.map(\.name)).count == ScenarioLibrary.all.count)
        let credentials = try Set(ScenarioLibrary.all.map { try $0.scenario().credential })
        for credential in [
            "default", "environment", "client-secret", "client-certificate", "client-assertion", "managed-identity",
            "workload-identity",
            "azure-pipelines", "github-actions", "azure-cli", "azure-developer-cli", "azure-powershell", "device-code",
            "username-password", "on-behalf-of",
        ] {
            #expect(credentials.contains(credential), "\(credential)")
        }
        let hosts = try Set(ScenarioLibrary.all.compactMap { try $0.scenario().host })
        #expect(hosts.isSuperset(of: Set(EmulatedHost.allCases).subtracting([.identityBinding])))
    }

    /// What a scenario says is all understood, and is no contradiction.
    @Test(arguments: ScenarioLibrary.all)
    func isWellMade(source: ScenarioLibrary.Source) throws {
        let scenario = try source.scenario()
        #expect(source.unknownMembers.isEmpty, "\(source)")
        #expect(scenario.about.hasSuffix("."), "\(source)")
        #expect((scenario.expected.token == nil) != (scenario.expected.error == nil), "\(source)")
        let statuses: [String: Int32] = ["credentialUnavailable": 2, "authenticationRequired": 3, "invalidConfiguration": 4]
        #expect(scenario.status == (scenario.expected.error.map { statuses[$0.code] ?? 1 } ?? 0), "\(source)")
        #expect(scenario.expected.error.map { $0.contains.isEmpty == false } ?? true, "\(source): an error says something")
        #expect(scenario.peerComplaints.isEmpty, "\(source): \(scenario.peerComplaints)")
        if let azid = scenario.azid { #expect(azid.is == .absent && (azid.because ?? "").count >= 20, "\(source)") }
    }

    /// `Tests/Scenarios/DIFFERENCES.md` is what the scenarios say. With `WRITE_DIFFERENCES=1` it is written anew.
    @Test func thePageOfDifferencesIsCurrent() throws {
        let text = try DifferencesReport.text(ScenarioLibrary.all)
        if ProcessInfo.processInfo.environment["WRITE_DIFFERENCES"] == "1" {
            try Data(text.utf8).write(to: URL(filePath: DifferencesReport.path))
        }
        let page = String(decoding: FileManager.default.contents(atPath: DifferencesReport.path) ?? Data(), as: UTF8.self)
        #expect(page == text, "run again with WRITE_DIFFERENCES=1")
    }

    // MARK: The comparison can fail

    @Test func whatComesOutOtherwiseIsNoticed() async throws {
        let wrong = try ScenarioRun(ScenarioLibrary.named("client-secret-wrong"))
        let right = try ScenarioRun(ScenarioLibrary.named("client-secret"))
        let (refusal, token) = (try await wrong.result().outcome, try await right.result().outcome)
        #expect(!right.scenario.complaints(about: refusal).isEmpty && !wrong.scenario.complaints(about: token).isEmpty)
        for other in ["client-secret-expired", "environment-wrong-secret", "client-secret-other-tenant-refused"] {
            let scenario = try ScenarioLibrary.named(other).scenario()
            #expect(!scenario.complaints(about: refusal).isEmpty, "\(other)")
        }
        let elsewhere = try ScenarioLibrary.named("client-secret-other-tenant-allowed").scenario()
        #expect(elsewhere.complaints(about: token).contains { $0.contains("tenant") })
    }

    @Test func whatPythonDoesOtherwiseIsNoticed() throws {
        func answer(_ json: String) throws -> PeerAnswer { try JSONDecoder().decode(PeerAnswer.self, from: Data(json.utf8)) }
        let same = try ScenarioLibrary.named("client-secret-wrong").scenario()
        let refusal = try answer(#"{"name":"x","error":{"type":"ClientAuthenticationError","message":"AADSTS7000215: no"}}"#)
        #expect(same.complaints(about: refusal).isEmpty)
        #expect(!same.complaints(about: try answer(#"{"name":"x","token":"t"}"#)).isEmpty)
        let different = try ScenarioLibrary.named("azure-cli-expired").scenario()
        #expect(!different.complaints(about: refusal).isEmpty)
        let alike = try answer(
            #"{"name":"x","error":{"type":"CredentialUnavailableError","message":"AADSTS700082"}}"#)
        #expect(different.complaints(about: alike).contains { $0.contains("out of date") })
    }
}
#endif
