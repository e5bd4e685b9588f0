// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// `azid token` with the credentials of people.
    @Suite(.timeLimit(.minutes(5))) struct AzidPeopleTokenTests {
        private static let scope = ["--scope", vaultScope]
        private static let publicClient = ["--tenant-id", Sample.tenantID, "--client-id", Sample.publicClientID]

        private func expectToken(_ run: Program.Run, _ credential: String) throws {
            #expect(run.status == 0, "\(run)")
            let report = try #require(try TokenReport.all(in: run.output).first)
            #expect(report.credential == credential && report.source == "network" && report.scopes == [vaultScope])
            #expect(!run.errors.contains(report.accessToken) && !run.errors.contains(Sample.password))
        }

        @Test func aDeviceCode() async throws {
            try await PeopleStage.with { person in
                let run = try await person.azid(
                    ["token", "--credential", "device-code"] + Self.scope + Self.publicClient, enteringCodeAs: Sample.userName)
                try self.expectToken(run, "DeviceCodeCredential")
                // The prompt isn't where the token is.
                #expect(run.errors.contains("enter the code") && !run.output.contains("enter the code"))
            }
        }

        @Test func aBrowser() async throws {
            try await PeopleStage.with { person in
                let run = try await person.azid(
                    ["token", "--credential", "interactive-browser"] + Self.scope + Self.publicClient,
                    signingInAs: Sample.userName)
                try self.expectToken(run, "InteractiveBrowserCredential")
            }
        }

        @Test func aPasswordFromAFileOrAVariable() async throws {
            try await PeopleStage.with { person in
                let arguments =
                    ["token", "--credential", "username-password", "--username", Sample.userName] + Self.scope + Self.publicClient
                let byFile = try await person.azid(arguments + ["--password-file", try person.file(Sample.password + "\n")])
                try self.expectToken(byFile, "UsernamePasswordCredential")
                let byVariable = try await person.azid(arguments, ["AZURE_PASSWORD": Sample.password])
                try self.expectToken(byVariable, "UsernamePasswordCredential")
            }
        }

        @Test func G17_aWrongPasswordIsOne() async throws {
            try await PeopleStage.with { person in
                let run = try await person.azid(
                    ["token", "--credential", "username-password", "--username", Sample.userName] + Self.scope
                        + Self.publicClient,
                    ["AZURE_PASSWORD": "MARKED-wrong"])
                #expect(run.status == 1 && run.output.isEmpty && !run.errors.contains("MARKED"), "\(run)")
                let failure = try FailureReport.read(run.errors)
                #expect(failure.aadsts == [50_126] && failure.guide == "G17", "\(run)")
            }
        }

        @Test func aCodeOfThePageOfAnApplication() async throws {
            try await PeopleStage.with { person in
                var address = try #require(
                    URLComponents(string: "\(person.stage.server.url)/\(Sample.tenantID)/oauth2/v2.0/authorize"))
                address.queryItems = [
                    URLQueryItem(name: "client_id", value: Sample.clientID), URLQueryItem(name: "response_type", value: "code"),
                    URLQueryItem(name: "redirect_uri", value: Sample.redirectURL), URLQueryItem(name: "state", value: "s"),
                    URLQueryItem(name: "scope", value: "openid profile offline_access \(vaultScope)"),
                ]
                let url = try #require(address.string)
                let code = try person.stage.emulator.signIn(at: url, as: Sample.userName, password: Sample.password)["code"]
                let arguments =
                    ["token", "--credential", "authorization-code", "--redirect-url", Sample.redirectURL] + Self.scope
                    + ["--authorization-code-file", try person.file(try #require(code) + "\n")]
                let run = try await Program.azid(person.stage.environment).run(arguments)
                try self.expectToken(run, "AuthorizationCodeCredential")
                let again = try await Program.azid(person.stage.environment).run(arguments)
                #expect(again.status != 0 && again.output.isEmpty, "a code works once: \(again)")
            }
        }

        @Test func onBehalfOfAUser() async throws {
            try await PeopleStage.with { person in
                let user = try await person.azid(
                    ["token", "--credential", "username-password", "--username", Sample.userName, "--output", "value"]
                        + ["--scope", Sample.applicationScope] + Self.publicClient, ["AZURE_PASSWORD": Sample.password])
                #expect(user.status == 0, "\(user)")
                let arguments =
                    ["token", "--credential", "on-behalf-of", "--user-assertion-file", try person.file(user.output)] + Self.scope
                let run = try await Program.azid(person.stage.environment).run(arguments)
                try self.expectToken(run, "OnBehalfOfCredential")
                let secret = try person.file(Sample.clientSecret)
                let byFile = try await Program.azid(
                    person.stage.environment.merging(["AZURE_CLIENT_SECRET": ""]) { $1 }
                ).run(arguments + ["--client-secret-file", secret])
                try self.expectToken(byFile, "OnBehalfOfCredential")
                let certain = try await Program.azid(person.stage.environment).run(
                    ["token", "--credential", "on-behalf-of", "--user-assertion-file", try person.file("no token")] + Self.scope)
                #expect(certain.status == 1 && certain.output.isEmpty, "\(certain)")
            }
        }

        @Test(
            arguments: [
                (["--credential", "on-behalf-of"], "--user-assertion-file"),
                (["--credential", "authorization-code"], "--authorization-code-file"),
                (["--credential", "authorization-code", "--authorization-code-file", "/dev/null"], "--redirect-url"),
                (["--credential", "username-password"], "--username"),
                (["--credential", "username-password", "--username", "u"], "--password-file"),
            ])
        func whatIsMissingIsNamed(arguments: [String], part: String) async throws {
            let variables = ["AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "HOME": "/nonexistent"]
            let run = try await Program.azid(variables).run(["token"] + Self.scope + arguments)
            #expect(run.status == 4 && run.output.isEmpty, "\(run)")
            let failure = try FailureReport.read(run.errors)
            #expect(failure.code == "invalidConfiguration" && failure.message.contains(part), "\(run)")
        }
    }
}
#endif
