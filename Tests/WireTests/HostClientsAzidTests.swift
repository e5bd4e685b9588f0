// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

/// `azid token` on each emulated host, over sockets: it sees the host's variables and no others.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostClientsAzidTests {
    private func token(
        _ stage: Stage, _ host: EmulatedHost, _ arguments: [String] = [], change: (inout [String: String]) -> Void = { _ in }
    ) async throws -> Program.Run {
        var variables = try stage.environment(for: host)
        // The tokens of Microsoft Entra ID go through a proxy if there is one; those of a host never do.
        if host.hasManagedIdentities { variables.merge(Stage.deadProxies) { $1 } }
        change(&variables)
        return try await Program.azid(variables).run(["token", "--scope", vaultScope] + host.credentialArguments + arguments)
    }

    private func check(_ run: Program.Run, _ host: EmulatedHost, appID: String, count: Int = 2) throws {
        #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
        let reports = try TokenReport.all(in: run.output)
        #expect(reports.map(\.source) == ["network"] + Array(repeating: "memory", count: count - 1))
        for report in reports {
            let claims = try TokenClaims(report.accessToken)
            #expect(claims.appid == appID && claims.aud == "https://vault.azure.net" && claims.tid == Sample.tenantID)
            #expect(report.tokenType == "Bearer" && report.scopes == [vaultScope])
            // Which tenant it is, a host's token says itself.
            #expect(report.tenantId == Sample.tenantID)
            #expect(Date(timeIntervalSince1970: Double(report.expires_on)) > .now)
        }
    }

    @Test(arguments: EmulatedHost.allCases.filter { $0 != .azureArc }) func getsATokenOnce(host: EmulatedHost) async throws {
        try await Stage.with { stage in
            let run = try await self.token(stage, host, ["--repeat", "2"])
            try self.check(run, host, appID: host.applicationID)
            #expect(stage.emulator.tokenRequestCount == 1)
        }
    }

    /// The key files are where the agent's are, in a file system that goes with the program.
    @Test(
        .enabled(if: RealPart.mountNamespace.isWanted),
        arguments: [
            ([], Sample.systemAssignedClientID), (["--client-id", Sample.userAssignedClientID], Sample.userAssignedClientID),
            (["--object-id", Sample.userAssignedObjectID], Sample.userAssignedClientID),
            (["--resource-id", Sample.userAssignedResourceID], Sample.userAssignedClientID),
        ] as [([String], String)])
    func getsATokenOfAzureArc(arguments: [String], appID: String) async throws {
        let (program, prefix) = Program.inNamespaces(["--mount"], lines: Program.emptyArcFolder, environment: Stage.deadProxies)
        let tool = Program.azid().path
        let run = try await program.run(
            prefix + [tool, "emulator", "--port", "0", "--env", "azure-arc", "--", tool, "token", "--scope", vaultScope]
                + EmulatedHost.azureArc.credentialArguments + ["--repeat", "2"] + arguments)
        try self.check(run, .azureArc, appID: appID)
    }

    @Test(
        arguments: [
            (.appService, "--client-id"), (.appService, "--object-id"), (.appService, "--resource-id"),
            (.appService2017, "--client-id"), (.azureMachineLearning, "--client-id"), (.virtualMachine, "--client-id"),
            (.virtualMachine, "--object-id"), (.virtualMachine, "--resource-id"), (.podIdentity, "--client-id"),
        ] as [(EmulatedHost, String)])
    func getsATokenOfAUserAssignedIdentity(host: EmulatedHost, flag: String) async throws {
        let ids = [
            "--client-id": Sample.userAssignedClientID, "--object-id": Sample.userAssignedObjectID,
            "--resource-id": Sample.userAssignedResourceID,
        ]
        try await Stage.with { stage in
            let run = try await self.token(stage, host, [flag, try #require(ids[flag])])
            try self.check(run, host, appID: Sample.userAssignedClientID, count: 1)
            #expect(stage.emulator.requestCount == 1)
        }
    }

    @Test func workloadIdentityServesManagedIdentity() async throws {
        try await Stage.with { stage in
            let variables = try stage.environment(for: .workloadIdentity)
            let run = try await Program.azid(variables).run(
                ["token", "--scope", vaultScope, "--credential", "managed-identity", "--repeat", "2"])
            try self.check(run, .workloadIdentity, appID: Sample.clientID)
            #expect(try TokenReport.all(in: run.output).first?.credential == "ManagedIdentityCredential")
        }
    }

    @Test func anExpiredCertificateOfServiceFabricIsGoodEnough() async throws {
        let tool = Program.azid().path
        let run = try await Program.azid(Stage.deadProxies).run(
            ["emulator", "--port", "0", "--env", "service-fabric", "--expired-service-fabric-certificate", "--", tool, "token"]
                + ["--scope", vaultScope, "--repeat", "2"] + EmulatedHost.serviceFabric.credentialArguments)
        try self.check(run, .serviceFabric, appID: Sample.systemAssignedClientID)
    }

    // MARK: Refusals

    /// What is asked, and what must come of it.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        let host: EmulatedHost
        var arguments: [String] = []
        /// Variables that are set, or with `nil` unset.
        var changes: [String: String?] = [:]
        let status: Int32
        let code: String
        var guide: String?
        let text: String
        let requests: Int

        var testDescription: String { "\(self.host.rawValue): \(self.name)" }
    }

    private static let unknown = "c0000000-0000-4000-8000-0000000000ff"

    private static let refusals: [Refusal] = [
        Refusal(
            name: "an identity that isn't assigned", host: .virtualMachine, arguments: ["--client-id", unknown], status: 2,
            code: "credentialUnavailable", guide: "G23", text: "hasn't been assigned to this resource", requests: 1),
        Refusal(
            name: "a wrong header", host: .appService, changes: ["IDENTITY_HEADER": "MARKED"], status: 1,
            code: "authenticationFailed", guide: "G29", text: "App Service", requests: 1),
        Refusal(
            name: "no header", host: .appService, changes: ["IDENTITY_HEADER": nil, "WEBSITE_SITE_NAME": "site"], status: 2,
            code: "credentialUnavailable", guide: "G28", text: "IDENTITY_HEADER is not", requests: 0),
        Refusal(
            name: "no endpoint either", host: .appService,
            changes: ["IDENTITY_HEADER": nil, "IDENTITY_ENDPOINT": nil, "CONTAINER_APP_NAME": "app"], status: 2,
            code: "credentialUnavailable", guide: "G28", text: "IDENTITY_ENDPOINT and IDENTITY_HEADER are not", requests: 0),
        Refusal(
            name: "an endpoint alone", host: .appService, changes: ["IDENTITY_HEADER": nil, "WEBSITE_SITE_NAME": nil], status: 2,
            code: "credentialUnavailable", guide: "G30", text: "No managed identity endpoint found", requests: 0),
        Refusal(
            name: "another thumbprint", host: .serviceFabric,
            changes: ["IDENTITY_SERVER_THUMBPRINT": String(repeating: "0", count: 40)], status: 1, code: "authenticationFailed",
            text: "thumbprint", requests: 0),
        Refusal(
            name: "no thumbprint", host: .serviceFabric, changes: ["IDENTITY_SERVER_THUMBPRINT": "MARKED"], status: 4,
            code: "invalidConfiguration", text: "IDENTITY_SERVER_THUMBPRINT", requests: 0),
        Refusal(
            name: "an endpoint without TLS", host: .serviceFabric,
            changes: ["IDENTITY_ENDPOINT": "http://127.0.0.1:1/metadata/identity/oauth2/token"], status: 4,
            code: "invalidConfiguration", text: "HTTPS", requests: 0),
        Refusal(
            name: "a user-assigned identity", host: .serviceFabric, arguments: ["--client-id", unknown], status: 4,
            code: "invalidConfiguration", text: "user-assigned", requests: 0),
        Refusal(
            name: "a user-assigned identity", host: .cloudShell, arguments: ["--client-id", unknown], status: 4,
            code: "invalidConfiguration", text: "user-assigned", requests: 0),
        Refusal(
            name: "an object id", host: .azureMachineLearning, arguments: ["--object-id", unknown], status: 4,
            code: "invalidConfiguration", text: "client ID only", requests: 0),
        Refusal(
            name: "a resource id", host: .appService2017, arguments: ["--resource-id", "/subscriptions/x"], status: 4,
            code: "invalidConfiguration", text: "client ID only", requests: 0),
        Refusal(
            name: "two identities", host: .virtualMachine, arguments: ["--client-id", unknown, "--object-id", unknown], status: 4,
            code: "invalidConfiguration", text: "--client-id, --object-id and --resource-id", requests: 0),
        Refusal(
            name: "variables are missing", host: .workloadIdentity,
            changes: ["AZURE_TENANT_ID": nil, "AZURE_FEDERATED_TOKEN_FILE": nil], status: 2, code: "credentialUnavailable",
            guide: "G41", text: "AZURE_FEDERATED_TOKEN_FILE", requests: 0),
        Refusal(
            name: "the token file is missing", host: .workloadIdentity,
            changes: ["AZURE_FEDERATED_TOKEN_FILE": "/nonexistent/token"], status: 2, code: "credentialUnavailable", guide: "G41",
            text: "/nonexistent/token", requests: 0),
        Refusal(
            name: "not in a pipeline", host: .azurePipelines, changes: ["SYSTEM_OIDCREQUESTURI": nil], status: 2,
            code: "credentialUnavailable", guide: "G46",
            text: "Missing value for the SYSTEM_OIDCREQUESTURI environment variable.", requests: 0),
        Refusal(
            name: "a bad system access token", host: .azurePipelines, changes: ["SYSTEM_ACCESSTOKEN": "MARKED"], status: 1,
            code: "authenticationFailed", guide: "G44", text: "401 (Unauthorized) response from OIDC endpoint.", requests: 1),
        Refusal(
            name: "another service connection", host: .azurePipelines, arguments: ["--service-connection-id", unknown], status: 1,
            code: "authenticationFailed", guide: "G43", text: "No service connection found with identifier", requests: 1),
        Refusal(
            name: "a bad request token", host: .gitHubActions, changes: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN": "MARKED"], status: 1,
            code: "authenticationFailed", text: "401 (Unauthorized)", requests: 1),
        Refusal(
            name: "not in a workflow", host: .gitHubActions, changes: ["ACTIONS_ID_TOKEN_REQUEST_URL": nil], status: 2,
            code: "credentialUnavailable", text: "ACTIONS_ID_TOKEN_REQUEST_URL", requests: 0),
    ]

    @Test(arguments: refusals) func exitStatusSaysWhatKindOfRefusal(refusal: Refusal) async throws {
        try await Stage.with { stage in
            let run = try await self.token(stage, refusal.host, refusal.arguments) { variables in
                for (name, value) in refusal.changes { variables[name] = value }
            }
            #expect(run.status == refusal.status && run.output.isEmpty, "\(run)")
            let failure = try FailureReport.read(run.errors)
            #expect(failure.code == refusal.code, "\(failure)")
            if let guide = refusal.guide { #expect(failure.guide == guide && failure.remedy?.guide == guide, "\(failure)") }
            #expect(failure.message.contains(refusal.text), "\(failure)")
            #expect(!run.errors.contains("MARKED"))
            // Microsoft Entra ID may be asked first whether it is one.
            let count =
                refusal.host.hasManagedIdentities
                ? stage.emulator.requestCount : stage.emulator.requests.count(where: { $0.path.contains("oidctoken") })
            #expect(count == refusal.requests, "\(stage.emulator.requests)")
            #expect(refusal.host.hasManagedIdentities || stage.emulator.tokenRequestCount == 0)
        }
    }

    @Test func G47_anotherApplicationOfAPipelineIsOne() async throws {
        try await Stage.with { stage in
            let run = try await self.token(stage, .azurePipelines, ["--client-id", Self.unknown])
            let failure = try FailureReport.read(run.errors)
            #expect(run.status == 1 && failure.aadsts == [700_016] && failure.guide == "G47", "\(run)")
        }
    }

    @Test func G53_anIdentityBindingWithoutItsProxyIsOne() async throws {
        try await Stage.with { stage in
            let run = try await Program.azid(try stage.environment(for: .identityBinding)).run(
                ["token", "--scope", vaultScope, "--credential", "workload-identity"])
            let failure = try FailureReport.read(run.errors)
            #expect(run.status == 1 && failure.aadsts == [700_212] && failure.guide == "G53", "\(run)")
            #expect(failure.remedy?.text.contains("--enable-azure-proxy") == true && stage.emulator.tokenRequestCount == 1)
        }
    }

    @Test(arguments: [EmulatedHost.appService, .virtualMachine, .cloudShell]) func aRedirectIsNotFollowed(host: EmulatedHost)
        async throws
    {
        try await Stage.with { stage in
            let location = stage.server.endpoints.plain + "/elsewhere"
            stage.emulator.play(FaultScript(.response(status: 307, headers: ["Location": location], body: "{}")))
            let run = try await self.token(stage, host)
            #expect(run.status != 0 && run.output.isEmpty, "\(run)")
            #expect(stage.emulator.requestCount == 1)
        }
    }

    // MARK: Storms

    @Test(arguments: [EmulatedHost.appService, .virtualMachine, .serviceFabric])
    func aThousandFirstCallsAreOneRequest(host: EmulatedHost) async throws {
        try await Stage.with { stage in
            let run = try await self.token(stage, host, ["--concurrency", "1000", "--output", "value"])
            let tokens = run.output.split(separator: "\n")
            #expect(run.status == 0 && tokens.count == 1000 && Set(tokens).count == 1, "\(run.errors)")
            #expect(stage.emulator.requestCount == 1)
        }
    }
}
#endif
