// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// The broker by the tool as a process, where there is none: its flags, its errors, and the file that says who is signed in.
    @Suite(.timeLimit(.minutes(5))) struct AzidBrokerTests {
        private static let token = ["token", "--scope", vaultScope]

        /// Nothing of this machine: no session bus, no library's folder, no home.
        private static let nothing = ["HOME": "/nonexistent", "PATH": "/nonexistent"]

        @Test(
            arguments: [
                (token + ["--credential", "broker", "--parent-window", "main"], "--parent-window"),
                (token + ["--credential", "broker", "--parent-window", "-1"], "parent-window"),
                (token + ["--credential", "broker", "--pop-url", "https://x.example"], "--pop-nonce"),
                (token + ["--credential", "broker", "--pop-url", "nowhere", "--pop-nonce", "n"], "--pop-url"),
                (["login", "--broker", "--browser"], "--broker"), (["login", "--broker", "--device-code"], "--broker"),
                (["login", "--broker", "--redirect-url", "http://localhost"], "--redirect-url"),
            ])
        func wrongFlagsAreSixtyFour(arguments: [String], part: String) async throws {
            let run = try await Program.azid(Self.nothing).run(arguments)
            #expect(run.status == 64 && run.output.isEmpty && run.errors.contains(part), "\(run)")
        }

        @Test(
            arguments: [
                token + ["--credential", "broker"],
                token + [
                    "--credential", "broker", "--parent-window", "0x20000", "--use-default-broker-account",
                    "--enable-msa-passthrough", "--silent", "--tenant-id", Sample.tenantID,
                ],
                token + [
                    "--credential", "broker", "--login-hint", "a@b.example", "--pop-url", "https://x.example", "--pop-nonce", "n",
                ],
                ["login", "--broker", "--output", "json"],
            ])
        func whereThereIsNoBrokerItIsTwo(arguments: [String]) async throws {
            let run = try await Program.azid(Self.nothing).run(arguments)
            #expect(run.status == 2 && run.output.isEmpty, "\(run)")
            let failure = try FailureReport.read(run.errors)
            #expect(failure.code == "credentialUnavailable" && failure.credential == "BrokerCredential")
            #expect(failure.guide == "G02" && failure.message.contains("There is no broker of sign-ins"), "\(failure)")
        }

        @Test func aProofOfAnApplicationIsFour() async throws {
            let variables = [
                "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": "MARKED-secret",
            ]
            let run = try await Program.azid(Self.nothing.merging(variables) { $1 }).run(
                Self.token + ["--credential", "client-secret", "--pop-url", "https://x.example", "--pop-nonce", "n"])
            #expect(run.status == 4 && run.output.isEmpty && !run.errors.contains("MARKED"), "\(run)")
            #expect(try FailureReport.read(run.errors).message.contains("BrokerCredential"))
        }

        /// To leave out a file that says who signs in would be to sign in anyone.
        @Test func aBrokenFileOfWhoIsSignedInIsNotLeftOut() async throws {
            try await PeopleStage.with { person in
                let file = person.home + "/.config/azid/broker.json"
                let folder = URL(filePath: file).deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try "{".write(toFile: file, atomically: true, encoding: .utf8)
                let run = try await person.azid(Self.token + ["--credential", "broker"])
                #expect(run.output.isEmpty, "\(run)")
                let failure = try FailureReport.read(run.errors)
                #expect(failure.code == "invalidConfiguration" && failure.message.contains("broker.json"), "\(failure)")
            }
        }

        @Test func whoIsSignedInByTheBrokerIsForgottenByTheLogout() async throws {
            try await PeopleStage.with { person in
                let file = person.home + "/.config/azid/broker.json"
                let folder = URL(filePath: file).deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let record = AuthenticationRecord(
                    authority: "login.microsoftonline.com", clientID: Sample.publicClientID, homeAccountID: "o.t",
                    tenantID: Sample.tenantID, username: Sample.userName)
                try record.json.write(toFile: file, atomically: true, encoding: .utf8)
                let token = try await person.azid(Self.token + ["--credential", "broker"])
                #expect(token.status == 2 && !token.errors.contains(Sample.userName), "\(token)")
                let logout = try await person.azid(["logout"])
                #expect(logout.status == 0 && logout.errors.hasSuffix("Signed out.\n"), "\(logout)")
                #expect(!FileManager.default.fileExists(atPath: file))
                let again = try await person.azid(["logout"])
                #expect(again.errors.hasSuffix("Nobody was signed in.\n"), "\(again)")
            }
        }
    }
}
#endif
