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

/// The rows of the guide that the doctor finds by asking for a token, each in its situation.
@Suite(.timeLimit(.minutes(5))) struct DoctorAskingTests {
    private func expect(_ report: IdentityDoctor.Report, _ row: String) {
        #expect(report.guideRows.first == row && !report.isHealthy, "\(row): \(report.findings)")
        #expect(report.findings.first?.severity == .problem && report.findings.first?.remedy?.text.isEmpty == false)
    }

    @Test func G02_aCredentialThatIsNotSetUp() async throws {
        let credential = ClosureTokenCredential(name: "Mine") { _ in
            throw AuthenticationError.credentialUnavailable("no vault here", credential: "Mine")
        }
        let kept = CachingTokenCredential(name: "Mine", key: "k", cache: .inMemory) { try await credential.token(for: $0) }
        self.expect(try await DoctorStage.report(kept, options: EntraEmulator().credentialOptions()), "G02")
    }

    @Test(
        arguments: [
            ("wrong", Sample.tenantID, "G09"), (Sample.expiredClientSecret, Sample.tenantID, "G10"),
            (Sample.clientSecret, Sample.emptyTenantID, "G11"),
        ])
    func secrets(secret: String, tenantID: String, row: String) async throws {
        let emulator = EntraEmulator()
        let variables = ["AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": secret]
        // By the chain, and by the credential alone.
        let report = try await DoctorStage.report(emulator, variables: variables) { $0.scopes = [vaultScope] }
        self.expect(report, row)
        #expect(report.findings.count == 1 && report.state(of: "EnvironmentCredential") == "bad")
        let credential = ClientSecretCredential(
            tenantID: tenantID, clientID: Sample.clientID, clientSecret: Secret(secret), options: emulator.credentialOptions())
        self.expect(try await DoctorStage.report(credential, options: emulator.credentialOptions()), row)
        if row == "G09" {
            #expect(
                report.findings.first?.remedy?.commands.first?.starts(with: ["az", "ad", "app", "credential", "reset"]) == true)
        }
    }

    @Test func G17_wrongPassword() async throws {
        let emulator = EntraEmulator()
        let report = try await DoctorStage.report(
            emulator,
            variables: [
                "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.publicClientID,
                "AZURE_USERNAME": Sample.userName, "AZURE_PASSWORD": "MARKED-wrong",
            ]
        ) { $0.scopes = [vaultScope] }
        self.expect(report, "G17")
        #expect(!"\(report)".contains("MARKED") && !"\(report)".contains(Sample.userName))
    }

    @Test func G23_anIdentityThatIsNotAssigned() async throws {
        let emulator = EntraEmulator()
        emulator.update { $0.managedIdentities = [] }
        let report = try await DoctorStage.report(emulator, on: .virtualMachine) { $0.scopes = [vaultScope] }
        self.expect(report, "G23")
    }

    @Test(arguments: [(502, "G24"), (504, "G24"), (500, "G26"), (503, "G26")])
    func G24_G26_aServiceInTrouble(status: Int, row: String) async throws {
        let emulator = EntraEmulator()
        let options = emulator.options(on: .virtualMachine)
        // Gateways answer with pages; from the service itself they would say that it is none.
        emulator.play(FaultScript(.status(status, body: row == "G24" ? "<html>" : "")))
        let report = try await DoctorStage.report(ManagedIdentityCredential(options: options), options: options)
        self.expect(report, row)
        // The address that was asked, and the variable that names it.
        let remedy = try #require(report.findings.first?.remedy)
        #expect(remedy.variables == ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] && !"\(remedy)".contains("169.254.169.254"))
    }

    @Test func G25_nothingAnswers() async throws {
        let emulator = EntraEmulator()
        emulator.update { $0.hosts.isMetadataServiceThere = false }
        let options = emulator.options(on: nil)
        self.expect(try await DoctorStage.report(ManagedIdentityCredential(options: options), options: options), "G25")
    }

    @Test func G30_aPodWithoutAnEndpoint() async throws {
        let emulator = EntraEmulator()
        let options = emulator.options(on: .podIdentity)
        emulator.play(FaultScript(.status(404)))
        self.expect(try await DoctorStage.report(ManagedIdentityCredential(options: options), options: options), "G30")
    }

    /// What Azure Pipelines, or Microsoft Entra ID, answers.
    @Test(
        arguments: [
            ("G42", nil, ScriptedTransport.refusal(900_023, error: "invalid_request", status: 400)),
            (
                "G43",
                ScriptedTransport.json(
                    #"{"$id":"1","message":"No service connection found with identifier 5ab1.","errorCode":0}"#, status: 404), nil
            ),
            ("G44", TransportResponse(status: 401), nil), ("G45", ScriptedTransport.json("{}"), nil),
            ("G47", nil, ScriptedTransport.refusal(700_016, error: "unauthorized_client", status: 400)),
        ] as [(String, TransportResponse?, TransportResponse?)])
    func G42_G47_pipelines(row: String, issued: TransportResponse?, entra: TransportResponse?) async throws {
        let transport = ScriptedTransport { request in
            request.url.host() == "vs.example"
                ? issued ?? ScriptedTransport.json(#"{"oidcToken":"MARKED.identity.token"}"#) : entra ?? ScriptedTransport.token
        }
        let options = transport.options(environment: ["SYSTEM_OIDCREQUESTURI": "https://vs.example/contoso/_apis/oidctoken/"])
        let credential = AzurePipelinesCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, serviceConnectionID: "c", systemAccessToken: "MARKED-token",
            options: options)
        let report = try await DoctorStage.report(credential, options: options)
        self.expect(report, row)
        #expect(!String(decoding: try JSONEncoder().encode(report), as: UTF8.self).contains("MARKED"))
    }

    @Test func G46_notInAPipeline() async throws {
        let options = EntraEmulator().credentialOptions()
        let credential = AzurePipelinesCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, serviceConnectionID: "c", systemAccessToken: "t",
            options: options)
        for scopes in [[], [vaultScope]] {
            self.expect(try await DoctorStage.report(credential, options: options, scopes: scopes), "G46")
        }
    }

    @Test func G48_aTenantThatIsNotAllowed() async throws {
        let options = EntraEmulator().credentialOptions()
        let credential = ClientSecretCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: Secret(Sample.clientSecret), options: options)
        let report = try await DoctorStage.report(credential, options: options, requestTenantID: Sample.otherTenantID)
        self.expect(report, "G48")
        let own = try await DoctorStage.report(credential, options: options)
        #expect(own.isHealthy && own.members.first?.identity?.tenantID == Sample.tenantID)
    }

    @Test func G52_aSubscriptionsName() async throws {
        var options = EntraEmulator().credentialOptions()
        ToolShelf(present: ["az"]).apply(to: &options)
        let credential = AzureCLICredential(subscription: "Bob's", options: options)
        let report = try await DoctorStage.report(credential, options: options)
        self.expect(report, "G52")
    }

    @Test(arguments: [700_211, 700_212]) func G53_identityBindingsWithoutTheProxy(code: Int) async throws {
        let folder = try TestFolder()
        try folder.write("token", "token")
        let transport = ScriptedTransport { _ in ScriptedTransport.refusal(code, text: "api://AKSIdentityBinding") }
        let options = transport.options(environment: [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
            "AZURE_FEDERATED_TOKEN_FILE": folder.path("token"),
        ])
        self.expect(try await DoctorStage.report(WorkloadIdentityCredential(options: options), options: options), "G53")
    }

    @Test func aServerThatIsNotTrustedIsToldOnceAndWithARemedy() async throws {
        let transport = ScriptedTransport { _ in
            throw TransportError(
                .tls, message: "TLS failed: the server's certificate (subject CN=a, issued by CN=b) is not trusted; set it.")
        }
        let options = transport.options()
        let credential = ClientSecretCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: Secret(Sample.clientSecret), options: options)
        let report = try await DoctorStage.report(credential, options: options)
        #expect(report.findings.count == 1 && report.findings.first?.area == .network, "\(report.findings)")
        #expect(report.guideRows == ["G51"] && report.findings.first?.remedy?.variables == ["SSL_CERT_FILE"])
    }

    /// A tool that refuses is told of though another one has a token.
    @Test func whatComesBehindTheWinnerIsNoFinding() async throws {
        let report = try await DoctorStage.report(
            EntraEmulator(), on: .appService,
            tools: DoctorStage.shelf("az", 1, errors: "ERROR: Please run 'az login' to setup account.")
        ) { $0.scopes = [vaultScope] }
        #expect(report.isHealthy && report.state(of: "ManagedIdentityCredential") == "token", "\(report.findings)")
        #expect(report.state(of: "AzureCLICredential") == "absent")
        #expect(report.members.allSatisfy { $0.guide == nil })
    }

    @Test func thoseWhoWouldAskAPersonAreNotAsked() async throws {
        let report = try await DoctorStage.report {
            $0.scopes = [vaultScope]
            $0.chain.inclusions = [.interactiveBrowser]
        }
        let browser = try #require(report.members.first { $0.credential == "InteractiveBrowserCredential" })
        #expect(browser.state == .good && browser.summary.contains("not asked"))
    }

    @Test func theGuidesOwnChecks() async throws {
        for (host, good) in [(EmulatedHost.appService, true), (.virtualMachine, true), (.appService, false)] {
            let emulator = EntraEmulator()
            if !good { emulator.update { $0.managedIdentities = [] } }
            let report = try await DoctorStage.report(emulator, on: host) { $0.isDeep = true }
            let check = try #require(report.observation("check by a token", in: .metadata))
            #expect(check.state == (good ? .good : .bad) && report.isHealthy == good, "\(check) \(report.findings)")
            #expect(report.members.allSatisfy { $0.identity == nil })
        }
    }
}
