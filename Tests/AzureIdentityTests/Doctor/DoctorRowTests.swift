// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The rows of the guide that the doctor finds by itself, each in its situation, with no token asked for.
@Suite(.timeLimit(.minutes(5))) struct DoctorRowTests {
    /// A machine on which one thing is wrong, and the row that has to come first.
    struct Machine: Sendable, CustomTestStringConvertible {
        let row: String
        var variables: [String: String] = [:]
        var tools = ToolShelf()

        var testDescription: String { "\(self.row) \(self.variables.keys.sorted()) \(self.tools.present)" }
    }

    private static func alone(_ member: String) -> [String: String] { ["AZURE_TOKEN_CREDENTIALS": member] }

    private static let machines: [Machine] = [
        Machine(row: "G06"), Machine(row: "G06", variables: ["AZURE_TOKEN_CREDENTIALS": "dev"]),
        Machine(row: "G08", variables: ["AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": "s"]),
        Machine(row: "G08", variables: ["AZURE_CLIENT_ID": Sample.clientID, "AZURE_TENANT_ID": Sample.tenantID]),
        Machine(row: "G28", variables: ["WEBSITE_SITE_NAME": "app"]),
        Machine(row: "G28", variables: ["CONTAINER_APP_NAME": "app", "IDENTITY_ENDPOINT": "http://127.0.0.1:8080/msi/token"]),
        Machine(row: "G34", variables: alone("AzureCLICredential")),
        Machine(row: "G36", variables: alone("AzureDeveloperCLICredential")),
        Machine(row: "G38", variables: alone("AzurePowerShellCredential")),
        Machine(
            row: "G35", tools: DoctorStage.shelf("az", 1, errors: "ERROR: Please run 'az login' to setup account.")),
        Machine(
            row: "G37", tools: DoctorStage.shelf("azd", 1, errors: "ERROR: not logged in, run `azd auth login` to login")),
        Machine(row: "G39", tools: DoctorStage.shelf("pwsh", 0, output: "NO_AZ_ACCOUNT_MODULE\n")),
        Machine(row: "G40", tools: DoctorStage.shelf("pwsh", 1, errors: "Run Connect-AzAccount to login.")),
        Machine(
            row: "G41",
            variables: [
                "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com", "AZURE_TENANT_ID": Sample.tenantID,
                "AZURE_FEDERATED_TOKEN_FILE": "/nonexistent/token",
            ]),
        Machine(
            row: "G41",
            variables: [
                "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com", "AZURE_TENANT_ID": Sample.tenantID,
                "AZURE_CLIENT_ID": Sample.clientID, "AZURE_FEDERATED_TOKEN_FILE": "/nonexistent/token",
            ]),
        Machine(row: "G02", variables: ["ACTIONS_ID_TOKEN_REQUEST_URL": "https://issuer.example/token"]),
        Machine(row: "G46", variables: ["SYSTEM_ACCESSTOKEN": "MARKED"]),
    ]

    @Test(arguments: machines) func isNamedFirst(machine: Machine) async throws {
        let report = try await DoctorStage.report(tools: machine.tools, variables: machine.variables)
        #expect(!report.isHealthy && report.isComplete && report.guideRows.first == machine.row, "\(report.findings)")
        let first = try #require(report.findings.first)
        #expect(first.severity == .problem && first.remedy?.text.isEmpty == false && !first.summary.isEmpty)
        // The sum of them all is told last, or first where there is nothing else.
        #expect(report.guideRows.contains("G06"))
        #expect(report.members.allSatisfy { $0.state != .token && $0.identity == nil })
    }

    /// Nobody is asked for a token without scopes.
    @Test func nothingIsAskedForButPublicDocuments() async throws {
        let emulator = EntraEmulator()
        let report = try await DoctorStage.report(
            emulator, on: .appService,
            variables: [
                "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": "wrong",
            ])
        #expect(report.isHealthy, "\(report.findings)")
        #expect(emulator.tokenRequestCount == 0)
        #expect(emulator.requests.allSatisfy { $0.path.hasSuffix("/.well-known/openid-configuration") }, "\(emulator.requests)")
    }

    // MARK: Healthy hosts name no row

    private func expectHealthy(_ report: IdentityDoctor.Report) throws {
        #expect(report.isHealthy && report.isComplete && report.guideRows.isEmpty, "\(report.findings)")
        let text = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(text.firstMatch(of: /\bG\d\d\b/) == nil, "\(text)")
    }

    @Test(arguments: [EmulatedHost.appService, .virtualMachine, .cloudShell, .azureMachineLearning, .podIdentity])
    func aHealthyHostNamesNoRow(host: EmulatedHost) async throws {
        for scopes in [[], [vaultScope]] {
            let report = try await DoctorStage.report(EntraEmulator(), on: host) { $0.scopes = scopes }
            try self.expectHealthy(report)
            #expect(report.host?.kind != nil)
            #expect(report.state(of: "ManagedIdentityCredential") == (scopes.isEmpty ? "good" : "token"))
        }
    }

    @Test func aHealthyDevelopersMachineNamesNoRow() async throws {
        let account = #"{"tenantId":"\#(Sample.tenantID)","user":{"name":"ada@contoso.example"}}"#
        let report = try await DoctorStage.report(tools: DoctorStage.shelf("az", 0, output: account))
        try self.expectHealthy(report)
        let member = report.members.first { $0.credential == "AzureCLICredential" }
        #expect(member?.state == .good && member?.summary == "signed in, as <account>, tenant \(Sample.tenantID)")
        let shown = try await DoctorStage.report(tools: DoctorStage.shelf("az", 0, output: account)) {
            $0.showsAccounts = true
        }
        #expect(shown.members.contains { $0.summary.contains("ada@contoso.example") })
    }

    @Test func aHealthyApplicationNamesNoRow() async throws {
        let variables = [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": Sample.clientSecret,
        ]
        let report = try await DoctorStage.report(variables: variables) { $0.scopes = [vaultScope] }
        try self.expectHealthy(report)
        let identity = try #require(report.members.first?.identity)
        #expect(identity.tenantID == Sample.tenantID && identity.clientID == Sample.clientID && identity.objectID != nil)
    }

    // MARK: Other faults

    @Test(
        arguments: [
            ("ACTIONS_ID_TOKEN_REQUEST_URL", "GitHubActionsCredential", "github-actions"),
            ("SYSTEM_OIDCREQUESTURI", "AzurePipelinesCredential", "azure-pipelines"),
        ])
    func aJobThatNeedsNoSecret(variable: String, credential: String, name: String) async throws {
        let report = try await DoctorStage.report(variables: [
            "AZURE_CLIENT_ID": Sample.clientID, "AZURE_TENANT_ID": Sample.tenantID, variable: "https://issuer.example/token",
        ])
        let first = try #require(report.findings.first)
        #expect(first.severity == .problem && first.credential == credential, "\(report.findings)")
        #expect(first.remedy?.text.contains(credential) == true && first.remedy?.commands.first?.contains(name) == true)
        #expect(report.findings.first { $0.remedy?.guide == "G08" }?.severity == .note, "\(report.findings)")
    }

    @Test func aQuotedSecretIsTheLikeliestCause() async throws {
        let report = try await DoctorStage.report(variables: [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
            "AZURE_CLIENT_SECRET": "\"\(Sample.clientSecret)\"",
        ]) { $0.scopes = [vaultScope] }
        #expect(report.guideRows.prefix(2) == ["G08", "G09"], "\(report.findings)")
        #expect(report.findings.first?.message.contains("AZURE_CLIENT_SECRET has quotation marks") == true)
    }

    @Test(arguments: [-420.0, 420, 90, 10]) func theClock(seconds: Double) async throws {
        let emulator = EntraEmulator()
        let wrong = VirtualClock(date: emulator.clock.date.addingTimeInterval(seconds))
        let report = try await DoctorStage.report(emulator, on: .appService) { options in
            let before = options.chain.credentialOptions.hostOverride
            options.chain.credentialOptions.hostOverride = { host in
                var host = before?(host) ?? host
                host.clock = wrong
                return host
            }
        }
        let observation = try #require(report.observation("clock", in: .clock))
        guard abs(seconds) >= 300 else {
            #expect(report.isHealthy && observation.state == (seconds < 60 ? .good : .doubtful), "\(observation)")
            return
        }
        #expect(report.guideRows == ["G04"] && report.findings.first?.area == .clock, "\(report.findings)")
        #expect(report.findings.first?.message.contains(seconds < 0 ? "7 min slow" : "7 min fast") == true)
        #expect(report.findings.first?.remedy?.commands == [["timedatectl", "set-ntp", "true"]])
    }

    @Test func anExpiredTokenFile() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(clock: clock)
        let folder = try TestFolder()
        let path = try folder.write(try emulator.serviceAccountToken(lifetime: .seconds(60)), "token")
        clock.advance(by: .seconds(3600))
        let report = try await DoctorStage.report(
            emulator,
            variables: [
                "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com", "AZURE_TENANT_ID": Sample.tenantID,
                "AZURE_CLIENT_ID": Sample.clientID, "AZURE_FEDERATED_TOKEN_FILE": path,
            ])
        #expect(report.guideRows.first == "G41" && report.findings.first?.message.contains("expired on") == true)
        #expect(report.observation("AZURE_FEDERATED_TOKEN_FILE", in: .files)?.state == .bad)
    }

    @Test func aChoiceThatIsNotKnown() async throws {
        let report = try await DoctorStage.report(variables: ["AZURE_TOKEN_CREDENTIALS": "production"])
        #expect(report.guideRows == ["G06"] && report.members.isEmpty)
        #expect(report.findings.first?.message.contains("production") == true)
        #expect(report.findings.first?.remedy?.variables == ["AZURE_TOKEN_CREDENTIALS"])
    }

    /// An authority that can't be reached matters to whom it concerns alone.
    @Test func anAuthorityThatCannotBeReached() async throws {
        let transport = ScriptedTransport { _ in throw TransportError(.tls, message: "TLS failed: a proxy of MARKED's") }
        func report(_ variables: [String: String]) async throws -> IdentityDoctor.Report {
            var credentialOptions = transport.options(environment: EnvironmentVariables(variables))
            ToolShelf().apply(to: &credentialOptions)
            var options = IdentityDoctor.Options(
                chain: .init(credentialOptions: credentialOptions), timeout: DoctorStage.patience)
            options.chain.exclusions = [.managedIdentity]
            return try await IdentityDoctor(options: options).examine()
        }
        let application = try await report([
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": "s",
        ])
        #expect(application.findings.count == 1 && application.findings.first?.area == .network, "\(application.findings)")
        #expect(application.findings.first?.message.contains("TLS failed") == true)
        #expect(try await report([:]).guideRows.first == "G06")
    }
}
