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
    /// The credentials of developer tools with programs that are run: how they are called, and which account is the right one.
    @Suite(.timeLimit(.minutes(5))) struct ToolProcessTests {
        // MARK: Command lines

        @Test(arguments: ToolSubject.allCases)
        func bringsTheToolsToken(subject: ToolSubject) async throws {
            let token = ToolPlace.token()
            let expiry = Date(timeIntervalSince1970: (Date.now.timeIntervalSince1970 + 3600).rounded(.down))
            try await ToolPlace.with(subject, answering: .token(token, expiresOn: expiry)) { place in
                let found = try await subject.credential(place.tool.environment).token(forScopes: vaultScope)
                #expect(found.token == token && abs(found.expiresOn.timeIntervalSince(expiry)) < 5)
                #expect(place.tool.runs.count == 1)
            }
        }

        @Test func azIsAskedForAResource() async throws {
            let start = ["account", "get-access-token", "--output", "json", "--resource", "https://vault.azure.net"]
            try await ToolPlace.with(.azureCLI, answering: ToolPlace.answer(ToolPlace.token())) { place in
                let variables = place.tool.environment
                _ = try await ToolSubject.azureCLI.credential(variables).token(forScopes: vaultScope)
                _ = try await ToolSubject.azureCLI.credential(variables, tenantID: Sample.tenantID).token(forScopes: vaultScope)
                _ = try await ToolSubject.azureCLI.credential(variables, subscription: "My sub_1.x-2").token(
                    forScopes: vaultScope)
                #expect(
                    place.tool.runs == [
                        start, start + ["--tenant", Sample.tenantID], start + ["--subscription", "My sub_1.x-2"],
                    ])
            }
        }

        @Test func azdIsAskedForScopesWithClaims() async throws {
            let claims = #"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#
            try await ToolPlace.with(.azureDeveloperCLI, answering: ToolPlace.answer(ToolPlace.token())) { place in
                let credential = ToolSubject.azureDeveloperCLI.credential(place.tool.environment)
                let graphScope = "https://graph.microsoft.com/.default"
                _ = try await credential.token(
                    for: TokenRequestContext(scopes: [vaultScope, graphScope], claims: claims, tenantID: Sample.otherTenantID))
                let run = try #require(place.tool.runs.first)
                #expect(run.starts(with: ["auth", "token", "--output", "json", "--no-prompt", "--scope", vaultScope]))
                #expect(run.contains(graphScope) && run.contains(Sample.otherTenantID) && run.count == 13)
                let encoded = try #require(run.firstIndex(of: "--claims").map { run[$0 + 1] })
                #expect(Data(base64Encoded: encoded) == Data(claims.utf8))
            }
        }

        /// The stand-in takes the script apart and refuses one that asks for no resource; that the tenant gets there shows in its answer.
        @Test func powerShellIsAskedForAResourceInATenant() async throws {
            let answer = ToolStandIn.Answer.shell(
                #"printf '%s %s' "$resource" "$tenant" >"$STAND_IN/asked.part"; mv "$STAND_IN/asked.part" "$STAND_IN/asked""#
                    + "\nprintf '%s\\n' '\(ToolSubject.azurePowerShell.output(ToolPlace.token()))'"
            )
            try await ToolPlace.with(.azurePowerShell, answering: answer) { place in
                let credential = ToolSubject.azurePowerShell.credential(place.tool.environment, tenantID: Sample.tenantID)
                _ = try await credential.token(forScopes: vaultScope)
                #expect(try await place.text("asked") == "https://vault.azure.net \(Sample.tenantID)")
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func runsInASafeDirectoryWithoutInputAndForeignVariables(subject: ToolSubject) async throws {
            let answer = ToolStandIn.Answer.shell(
                """
                pwd >"$STAND_IN/directory"
                cat >"$STAND_IN/input"
                env >"$STAND_IN/variables"
                printf '%s\\n' '\(subject.output(ToolPlace.token()))'
                """
            )
            try await ToolPlace.with(subject, answering: answer) { place in
                let variables = place.tool.environment.dictionary.merging(["PASSED_ON": "a b"]) { $1 }
                _ = try await subject.credential(EnvironmentVariables(variables)).token(forScopes: vaultScope)
                #expect(["/bin\n", "/usr/bin\n"].contains(try await place.text("directory")))
                #expect(try await place.text("input").isEmpty)
                let seen = try await place.text("variables").split(separator: "\n")
                let names = Set(seen.map { String($0.prefix { $0 != "=" }) })
                let shells: Set = ["PWD", "OLDPWD", "SHLVL", "_"]
                let tools: Set = ["AZURE_CORE_NO_COLOR", "NO_COLOR", "POWERSHELL_UPDATECHECK", "POWERSHELL_TELEMETRY_OPTOUT"]
                #expect(
                    seen.contains("PASSED_ON=a b") && names.isSubset(of: shells.union(tools).union(variables.keys)), "\(seen)")
            }
        }

        // MARK: What is missing

        @Test func G34_azIsNotInstalled() async throws { try await self.expectAbsence(.azureCLI, "Azure CLI not installed") }

        @Test func G36_azdIsNotInstalled() async throws {
            try await self.expectAbsence(.azureDeveloperCLI, "Azure Developer CLI could not be found")
        }

        @Test func G38_powerShellIsNotInstalled() async throws {
            try await self.expectAbsence(.azurePowerShell, "PowerShell isn't installed.")
        }

        @Test func G35_nobodyIsSignedInToAz() async throws {
            try await self.expectSignedOut(.azureCLI, "Please run 'az login' to set up account")
        }

        @Test func G37_nobodyIsSignedInToAzd() async throws {
            try await self.expectSignedOut(.azureDeveloperCLI, "Please run 'azd auth login' to set up account")
        }

        @Test func G40_nobodyIsSignedInToPowerShell() async throws {
            try await self.expectSignedOut(.azurePowerShell, "Please run 'Connect-AzAccount' to set up account.")
        }

        @Test func G39_powerShellHasNoModule() async throws {
            try await ToolPlace.with(.azurePowerShell, answering: .moduleMissing) { place in
                let credential = ToolSubject.azurePowerShell.credential(place.tool.environment)
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G39")
                #expect(error.message.contains("Az.Account module >= 2.2.0 isn't installed."), "\(error.message)")
            }
        }

        private func expectAbsence(_ subject: ToolSubject, _ sentence: String) async throws {
            try await ToolPlace.withFolder { folder in
                let credential = subject.credential(["PATH": folder, "HOME": folder])
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .credentialUnavailable && error.remedy?.guide == subject.absenceRow)
                #expect(error.message.contains(sentence), "\(error.message)")
            }
        }

        private func expectSignedOut(_ subject: ToolSubject, _ sentence: String) async throws {
            try await ToolPlace.with(subject, answering: .notSignedIn) { place in
                let credential = subject.credential(place.tool.environment)
                for _ in 0..<2 {
                    let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                    #expect(error.code == .credentialUnavailable && error.remedy?.guide == subject.signedOutRow)
                    #expect(error.message.contains(sentence), "\(error.message)")
                }
                #expect(place.tool.runs.count == 2, "an error was kept")
            }
        }

        // MARK: Whose token

        @Test(arguments: ToolSubject.allCases)
        func theNextCallIsTheNewIdentity(subject: ToolSubject) async throws {
            let (ofAnna, ofBert) = (ToolPlace.token(of: "anna"), ToolPlace.token(of: "bert"))
            try await ToolPlace.with(subject, answering: .notSignedIn) { place in
                let cache = TokenCache.inMemory
                let credentials = (0..<2).map { _ in subject.credential(place.tool.environment, cache: cache) }
                func tokens(_ scope: String = vaultScope) async throws -> Set<String> {
                    var found: Set<String> = []
                    for credential in credentials { found.insert(try await credential.token(forScopes: scope).token) }
                    return found
                }
                try place.tool.signIn(as: "anna@contoso.example", answering: ToolPlace.answer(ofAnna))
                #expect(try await tokens() == [ofAnna])
                #expect(try await tokens() == [ofAnna] && place.tool.runs.count == 1)
                try place.tool.signIn(as: "bert@contoso.example", answering: ToolPlace.answer(ofBert))
                #expect(try await tokens() == [ofBert])
                #expect(try await tokens("https://graph.microsoft.com/.default") == [ofBert] && place.tool.runs.count == 3)
                try place.tool.signOut()
                for credential in credentials {
                    let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                    #expect(error.remedy?.guide == subject.signedOutRow)
                }
                try place.tool.signIn(as: "anna@contoso.example", answering: ToolPlace.answer(ofAnna))
                #expect(try await tokens() == [ofAnna])
            }
        }

        /// Whoever removes the tool's files is signed out as well.
        @Test(arguments: ToolSubject.allCases)
        func theToolsFilesCanVanish(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: .notSignedIn) { place in
                try place.tool.signIn(as: "anna@contoso.example", answering: ToolPlace.answer(ToolPlace.token()))
                let credential = subject.credential(place.tool.environment)
                _ = try await credential.token(forScopes: vaultScope)
                try place.tool.signOut()
                try FileManager.default.removeItem(atPath: place.tool.home)
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.remedy?.guide == subject.signedOutRow)
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func tokensAreNotKeptIfNotWanted(subject: ToolSubject) async throws {
            let (first, second) = (ToolPlace.token(), ToolPlace.token())
            try await ToolPlace.with(subject, answering: ToolPlace.answer(first)) { place in
                let credential = subject.credential(place.tool.environment, keepsTokens: false)
                #expect(try await credential.token(forScopes: vaultScope).token == first)
                try place.tool.answer(with: ToolPlace.answer(second))
                #expect(try await credential.token(forScopes: vaultScope).token == second && place.tool.runs.count == 2)
            }
        }
    }
}
#endif
