// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// Signing in to the tool, and what it is good for: the tool's flags, output and exit status, and programs that use its account.
    @Suite(.timeLimit(.minutes(5))) struct AzidLoginTests {
        /// What `azid accounts` prints as JSON.
        private struct Account: Decodable {
            let username: String, homeAccountId: String, tenantId: String?, environment: String, isSignedIn: Bool
        }

        /// What `azid cache list` prints as JSON.
        private struct Entry: Decodable {
            let kind: String, username: String?, clientId: String, tenantId: String?, scopes: [String], expiresOn: String?
        }

        private static let byCode = ["login", "--device-code", "--allow-unencrypted-storage"]
        private static let byBrowser = ["login", "--browser", "--allow-unencrypted-storage"]

        private func accounts(_ person: PeopleStage) async throws -> [Account] {
            let run = try await person.azid(["accounts", "--allow-unencrypted-storage", "--output", "json"])
            #expect(run.status == 0, "\(run)")
            return try JSONDecoder().decode([Account].self, from: Data(run.output.utf8))
        }

        private func token(_ person: PeopleStage, _ arguments: [String] = []) async throws -> Program.Run {
            try await person.azid(["token", "--credential", "azid", "--scope", vaultScope] + arguments)
        }

        private func expectTraceless(_ run: Program.Run) {
            for trace in ["ada", "Ada", "Lovelace", Sample.userObjectID, Sample.password, "eyJ"] {
                #expect(!run.output.contains(trace) && !run.errors.contains(trace), "\(trace): \(run)")
            }
        }

        @Test func aCodeSignsInUntilTheLogout() async throws {
            try await PeopleStage.with { person in
                let login = try await person.azid(Self.byCode, enteringCodeAs: Sample.userName)
                #expect(login.status == 0 && login.output.isEmpty && login.errors.contains("Signed in."), "\(login)")
                self.expectTraceless(login)

                let attributes = try FileManager.default.attributesOfItem(atPath: person.accountFile)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
                let text = try String(contentsOfFile: person.accountFile, encoding: .utf8)
                let record = try AuthenticationRecord(json: text)
                #expect(record.username == Sample.userName && record.tenantID == Sample.tenantID && !text.contains("eyJ"))

                let token = try await self.token(person)
                #expect(token.status == 0 && !token.errors.contains("ada@"), "\(token)")
                let report = try #require(try TokenReport.all(in: token.output).first)
                #expect(report.credential == "AzidCredential" && report.tenantId == Sample.tenantID && report.source == "network")
                let again = try await self.token(person)
                #expect(try TokenReport.all(in: again.output).first?.source == "disk", "\(again)")

                let accounts = try await self.accounts(person)
                #expect(accounts.map(\.username) == [Sample.userName] && accounts[0].isSignedIn)
                let table = try await person.azid(["accounts"])
                #expect(table.status == 0 && table.output.contains(Sample.userName) && table.output.contains("signed in"))

                let logout = try await person.azid(["logout"])
                #expect(logout.status == 0 && logout.output.isEmpty && logout.errors.hasSuffix("Signed out.\n"), "\(logout)")
                #expect(!FileManager.default.fileExists(atPath: person.accountFile))
                #expect(try await self.accounts(person).isEmpty)
                let none = try await self.token(person)
                #expect(none.status == 3 && none.output.isEmpty, "\(none)")
                let failure = try FailureReport.read(none.errors)
                #expect(failure.code == "authenticationRequired" && failure.message.contains("azid login"))
                let twice = try await person.azid(["logout"])
                #expect(twice.status == 0 && twice.errors.hasSuffix("Nobody was signed in.\n"))
            }
        }

        @Test func aBrowserSignsIn() async throws {
            try await PeopleStage.with { person in
                let login = try await person.azid(Self.byBrowser + ["--output", "json"], signingInAs: Sample.userName)
                #expect(login.status == 0 && login.output.contains(#""credential":"InteractiveBrowserCredential""#), "\(login)")
                self.expectTraceless(login)
                let token = try await self.token(person, ["--output", "value"])
                #expect(token.status == 0 && token.output.hasPrefix("ey"), "\(token)")
            }
        }

        @Test func theCacheIsListedWithoutItsTokens() async throws {
            try await PeopleStage.with { person in
                let login = try await person.azid(Self.byCode + ["--scope", vaultScope], enteringCodeAs: Sample.userName)
                #expect(login.status == 0, "\(login)")
                let json = try await person.azid(["cache", "list", "--output", "json"])
                #expect(json.status == 0 && !json.output.contains("eyJ"), "\(json)")
                let entries = try JSONDecoder().decode([Entry].self, from: Data(json.output.utf8))
                let access = try #require(entries.first { $0.scopes.contains(vaultScope) && $0.expiresOn != nil })
                #expect(access.username == Sample.userName && access.clientId == Sample.developerClientID)
                #expect(try Date(try #require(access.expiresOn), strategy: .iso8601) > .now)
                let table = try await person.azid(["cache", "list"])
                #expect(table.status == 0 && table.output.contains(vaultScope) && !table.output.contains("eyJ"), "\(table)")
            }
        }

        @Test func anEmptyCacheIsNoError() async throws {
            try await PeopleStage.with { person in
                for command in [["accounts", "--allow-unencrypted-storage"], ["cache", "list", "--allow-unencrypted-storage"]] {
                    let text = try await person.azid(command)
                    #expect(text.status == 0 && text.output.isEmpty && !text.errors.isEmpty, "\(text)")
                    let json = try await person.azid(command + ["--output", "json"])
                    #expect(json.status == 0 && json.output == "[]\n", "\(json)")
                }
            }
        }

        /// A program's chain that is a document uses the account, and the next one as soon as somebody else has signed in.
        @Test func aChainUsesTheAccountThatIsSignedIn() async throws {
            try await PeopleStage.with { person in
                let document = Data(#"{"members":[{"type":"azid"}]}"#.utf8)
                var environment = person.environment
                environment["AZURE_AUTHORITY_HOST"] = nil
                let chain = ChainedTokenCredential(
                    configuration: try JSONDecoder().decode(ChainConfiguration.self, from: document),
                    options: CredentialOptions(environment: EnvironmentVariables(environment))
                )
                let before = try await authenticationError { try await chain.token(forScopes: vaultScope) }
                #expect(before.isUnavailable && before.message.contains("azid login"), "\(before)")
                for user in [Sample.userName, Sample.otherUserName] {
                    let login = try await person.azid(Self.byCode, enteringCodeAs: user)
                    #expect(login.status == 0, "\(login)")
                    let token = try await chain.token(forScopes: vaultScope)
                    #expect(token.provenance?.credential == "AzidCredential" && token.provenance?.userName == user)
                }
                #expect(try await self.accounts(person).count == 2)
                let logout = try await person.azid(["logout", "--all"])
                #expect(logout.status == 0)
                #expect(try await self.accounts(person).isEmpty)
            }
        }

        @Test func aRevokedSignInIsThreeAndSaysWhatToDo() async throws {
            try await PeopleStage.with { person in
                let login = try await person.azid(Self.byCode + ["--scope", vaultScope], enteringCodeAs: Sample.userName)
                #expect(login.status == 0, "\(login)")
                person.stage.emulator.revokeRefreshTokens(of: Sample.userName)
                let run = try await person.azid(
                    ["token", "--credential", "azid", "--scope", "https://management.azure.com/.default"])
                #expect(run.status == 3 && run.output.isEmpty, "\(run)")
                let failure = try FailureReport.read(run.errors)
                #expect(failure.code == "authenticationRequired" && failure.aadsts == [50_173], "\(run)")
                #expect(run.errors.contains(#"["azid","login","--tenant-id""#), "\(run)")
            }
        }

        @Test func aDamagedAccountFileIsFourAndTheLogoutRemovesIt() async throws {
            try await PeopleStage.with { person in
                try FileManager.default.createDirectory(
                    atPath: person.home + "/.config/azid", withIntermediateDirectories: true)
                for text in ["", "{", "[]", #"{"version":"1.0"}"#, String(repeating: "[", count: 60_000)] {
                    try Data(text.utf8).write(to: URL(filePath: person.accountFile))
                    let run = try await self.token(person)
                    #expect(run.status == 4, "\(run)")
                    #expect(try FailureReport.read(run.errors).code == "invalidConfiguration")
                    let logout = try await person.azid(["logout"])
                    #expect(logout.status == 0 && !FileManager.default.fileExists(atPath: person.accountFile), "\(logout)")
                }
            }
        }

        /// What can't be removed keeps its name, so that the next try knows whose tokens to remove.
        @Test func aLogoutThatFailsCanBeTriedAgain() async throws {
            try await PeopleStage.with { person in
                let login = try await person.azid(Self.byCode, enteringCodeAs: Sample.userName)
                #expect(login.status == 0, "\(login)")
                let files = FileManager.default
                let locks = try files.subpathsOfDirectory(atPath: person.home).filter { $0.hasSuffix(".lock") }
                    .map { person.home + "/" + $0 }
                try #require(!locks.isEmpty)
                for lock in locks {
                    try files.removeItem(atPath: lock)
                    try files.createDirectory(atPath: lock, withIntermediateDirectories: false)
                }
                for _ in 0..<2 {
                    let failed = try await person.azid(["logout"])
                    #expect(failed.status != 0 && files.fileExists(atPath: person.accountFile), "\(failed)")
                }
                for lock in locks { try files.removeItem(atPath: lock) }
                let logout = try await person.azid(["logout"])
                #expect(logout.status == 0 && logout.errors.hasSuffix("Signed out.\n"), "\(logout)")
                #expect(!files.fileExists(atPath: person.accountFile))
                #expect(try await self.accounts(person).isEmpty)
            }
        }

        @Test func anInterruptEndsALogin() async throws {
            try await PeopleStage.with { person in
                let count = person.stage.emulator.requestCount
                let status = try await Program.azid(person.environment).run(Self.byCode, awaiting: 0, thenSending: SIGINT) {
                    _, _ in
                    await person.stage.emulator.waitForRequests(count + 1)
                }
                #expect(status == 130 && !FileManager.default.fileExists(atPath: person.accountFile))
            }
        }

        @Test func aSignInThatNobodyFinishesIsGivenUp() async throws {
            try await PeopleStage.with { person in
                let run = try await person.azid(Self.byCode + ["--timeout", "1", "--output", "json"])
                #expect(run.status == 1 && run.output.isEmpty, "\(run)")
                #expect(try FailureReport.read(run.errors).credential == "DeviceCodeCredential")
            }
        }

        @Test(arguments: [
            ["login", "--browser", "--device-code"], ["login", "--device-code", "--redirect-url", "http://localhost:8400"],
            ["login", "--claims", "{}"], ["login", "--timeout", "0"], ["login", "--openid-issuer", "https://a.example"],
            ["login", "--password", "x"], ["cache", "list", "--cache-name", "a/b"], ["accounts", "--output", "xml"],
            ["logout", "x"],
        ])
        func usageErrorsAre64(arguments: [String]) async throws {
            let run = try await Program.azid(["HOME": "/nonexistent"]).run(arguments)
            #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty, "\(run)")
        }
    }
}
#endif
