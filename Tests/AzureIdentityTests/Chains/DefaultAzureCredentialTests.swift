// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// The members of the default chain, as they are made of options and variables.
@Suite(.timeLimit(.minutes(5))) struct DefaultAzureCredentialTests {
    private let shelf = ToolShelf(present: ["az", "az.cmd"])

    private func credential(
        _ emulator: EntraEmulator = EntraEmulator(),
        on host: EmulatedHost? = nil,
        facts: HostFacts = HostFacts(),
        variables: [String: String] = [:],
        change: (inout DefaultAzureCredential.Options) -> Void = { _ in }
    ) -> DefaultAzureCredential {
        ChainRowTests.credential(emulator, on: host, tools: self.shelf, facts: facts, variables: variables, change: change)
    }

    @Test func thePlanAsksNobody() {
        let emulator = EntraEmulator()
        let plan = self.credential(emulator, variables: ["AZURE_CLIENT_ID": "c"]).plan()
        #expect(plan.members.map(\.name) == DefaultChainMember.all.map(\.description) && plan.problem == nil)
        #expect(
            plan.members.filter(\.isIncluded).map(\.name) == [
                "EnvironmentCredential", "WorkloadIdentityCredential", "ManagedIdentityCredential", "SharedTokenCacheCredential",
                "VisualStudioCodeCredential", "AzureCLICredential", "AzurePowerShellCredential", "AzureDeveloperCLICredential",
            ])
        #expect(plan.members[0].reason?.contains("Missing: AZURE_TENANT_ID, AZURE_CLIENT_SECRET") == true)
        #expect(plan.members[4].reason == nil && plan.members[5].reason == nil)
        #expect(plan.description.contains("6. AzureCLICredential") && plan.description.contains("- BrokerCredential"))
        #expect(emulator.requestCount == 0 && self.shelf.runs.count == 0)
    }

    @Test func whatIsWrongWithTheVariableIsThrownByEachCall() async throws {
        let credential = self.credential(variables: ["AZURE_TOKEN_CREDENTIALS": "staging"])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && credential.plan().problem == error.reason)
        #expect(throws: AuthenticationError.self) { try credential.validate() }
        #expect(throws: Never.self) { try self.credential().validate() }
    }

    @Test func theManagedIdentityIsTheVariablesUnlessOneIsGiven() async throws {
        let own = ["AZURE_CLIENT_ID": Sample.userAssignedClientID]
        let chosen = try await self.credential(on: .appService, variables: own).token(forScopes: vaultScope)
        #expect(chosen.provenance?.clientID == Sample.userAssignedClientID)
        let system = try await self.credential(on: .appService, variables: own) { $0.managedIdentity = .systemAssigned }
            .token(forScopes: vaultScope)
        #expect(system.provenance?.objectID != chosen.provenance?.objectID)
        let given = try await self.credential(on: .appService) {
            $0.managedIdentity = .userAssigned(clientID: Sample.userAssignedClientID)
        }.token(forScopes: vaultScope)
        #expect(given.provenance?.objectID == chosen.provenance?.objectID)
    }

    /// Cloud Shell and Service Fabric can't serve the identity that the variable of another credential happens to name.
    @Test(arguments: [EmulatedHost.cloudShell, .serviceFabric])
    func anIdentityThatTheHostCanNotServeIsUnavailable(host: EmulatedHost) async throws {
        let credential = self.credential(on: host, variables: ["AZURE_CLIENT_ID": "c"])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        let attempt = try #require(error.attempts.first { $0.credential == "ManagedIdentityCredential" })
        #expect(attempt.outcome == .unavailable && attempt.code == .invalidConfiguration && error.attempts.count == 6)
    }

    @Test func workloadIdentityNeedsTheAuthorityHost() async throws {
        let path = "/nowhere/azure-identity-token"
        var variables = [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_FEDERATED_TOKEN_FILE": path,
        ]
        let emulator = ChainRowTests.laptop()
        let without = self.credential(emulator, variables: variables)
        let error = try await authenticationError { try await without.token(forScopes: vaultScope) }
        let attempt = try #require(error.attempts.first { $0.credential == "WorkloadIdentityCredential" })
        #expect(
            attempt.outcome == .unavailable && attempt.remedy?.guide == "G41" && attempt.message.contains("AZURE_AUTHORITY_HOST"))
        #expect(error.remedy?.guide == "G41")
        variables["AZURE_AUTHORITY_HOST"] = "https://login.microsoftonline.com"
        let credential = self.credential(emulator, variables: variables)
        #expect(credential.plan().members[1].reason == nil)
    }

    @Test func anExcludedWorkloadIdentityDoesNotStandInForAManagedOne() {
        let variables = [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_FEDERATED_TOKEN_FILE": "/token",
            "AZURE_AUTHORITY_HOST": "https://a.example",
        ]
        // Standing in, it would need a client id.
        let standingIn = self.credential(variables: variables).plan().members[2]
        #expect(standingIn.reason?.contains("needs a client id") == true)
        #expect(self.credential(variables: variables) { $0.exclusions = [.workloadIdentity] }.plan().members[2].reason == nil)
    }

    @Test func ownMembersStandWhereTheyWerePut() async throws {
        func own(_ name: String) -> ClosureTokenCredential {
            ClosureTokenCredential(name: name) { _ in throw AuthenticationError.credentialUnavailable("none", credential: name) }
        }
        let credential = self.credential(variables: ["AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"]) {
            $0.insert(own("Last"), at: .last)
            $0.insert(own("First"), at: .first)
            $0.insert(own("Before"), at: .before(.environment))
            $0.insert(own("After"), at: .after(.environment))
            $0.insert(own("x"), name: "AfterToo", at: .after(.environment))
        }
        let included = credential.plan().members.filter(\.isIncluded).map(\.name)
        #expect(included == ["First", "Before", "EnvironmentCredential", "After", "AfterToo", "Last"])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.attempts.filter { $0.outcome == .unavailable }.map(\.credential) == included)
    }

    @Test func noDeveloperToolIsStartedOnAnAzureHost() async throws {
        var tagged = HostFacts()
        tagged.chassisAssetTag = "7783-7084-3265-9085-8269-3286-77"
        let strict: (inout DefaultAzureCredential.Options) -> Void = { $0.excludesDeveloperToolsOnAzure = true }
        for (host, facts) in [(EmulatedHost.appService, HostFacts()), (nil, tagged)] {
            let emulator = EntraEmulator()
            emulator.update { $0.managedIdentities = [] }
            let credential = self.credential(emulator, on: host, facts: facts, change: strict)
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.attempts.suffix(3).allSatisfy { $0.outcome == .skipped && $0.summary.contains("Azure host") })
            #expect(error.remedy?.guide == "G23" && credential.plan().members[5].isIncluded == false)
        }
        // Nothing speaks for Azure until the service answers.
        let emulator = EntraEmulator()
        emulator.update { $0.managedIdentities = [] }
        let credential = self.credential(emulator, change: strict)
        #expect(credential.plan().members[5].isIncluded)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(
            error.attempts.suffix(3).allSatisfy { $0.outcome == .skipped && $0.summary.contains("metadata service answered") })
        #expect(self.shelf.runs.count == 0)
        // Elsewhere they are asked as ever.
        let laptop = self.credential(ChainRowTests.laptop(), change: strict)
        _ = try await authenticationError { try await laptop.token(forScopes: vaultScope) }
        #expect(self.shelf.runs.count == 1)
    }

    @Test func aManagedIdentityThatIsNamedAloneIsAskedAtOnce() async throws {
        let emulator = EntraEmulator()
        let alone = self.credential(emulator, variables: ["AZURE_TOKEN_CREDENTIALS": "managedidentitycredential"])
        _ = try await alone.token(forScopes: vaultScope)
        #expect(emulator.requestCount == 1)
        let chained = self.credential(EntraEmulator())
        _ = try await chained.token(forScopes: vaultScope)
        #expect(chained.attempts.map(\.outcome) == [.unavailable, .unavailable, .succeeded])
    }

    @Test func aDeveloperToolThatFailsPassesOn() async throws {
        var options = ChainRowTests.laptop().options(on: nil)
        ToolShelf(
            present: ["az", "az.cmd", "azd", "azd.exe"],
            run: ToolRun(status: 1, output: [], errors: Array("ERROR: 502 Bad Gateway".utf8))
        ).apply(to: &options)
        let credential = DefaultAzureCredential(options: .init(credentialOptions: options))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        let outcomes = error.attempts.suffix(3).map(\.outcome)
        #expect(outcomes == [.failed, .unavailable, .failed] && error.code == .authenticationFailed)
        #expect(error.message.contains("Likeliest cause: AzureCLICredential: "))
    }

    @Test func aToolThatMayNotBeRunIsTheLikeliestCause() async throws {
        var options = ChainRowTests.laptop().options(on: nil)
        self.shelf.apply(to: &options)
        let shelved = options.hostOverride
        options.hostOverride = { host in
            var host = shelved?(host) ?? host
            host.findTool = { names, _ in names.contains("az") ? .notExecutable("/shelf/az") : .absent }
            return host
        }
        let credential = DefaultAzureCredential(options: .init(credentialOptions: options))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.remedy?.guide == "G34" && error.message.contains("Likeliest cause: AzureCLICredential: "))
    }

    /// `az` takes a subscription or a tenant; with both in the options, a token of another tenant doesn't come out.
    @Test(arguments: [(Sample.tenantID, true), (Sample.otherTenantID, false)])
    func theSubscriptionsTenantIsCompared(tenantID: String, isRight: Bool) async throws {
        let output = #"{"accessToken":"t","expires_on":4000000000,"tenant":"\#(Sample.tenantID)"}"#
        var options = ChainRowTests.laptop().options(on: nil)
        ToolShelf(present: ["az", "az.cmd"], run: ToolRun(status: 0, output: Array(output.utf8), errors: [])).apply(to: &options)
        var choice = DefaultAzureCredential.Options(credentialOptions: options)
        choice.azureCLISubscription = "00000000-0000-4000-8000-000000000009"
        choice.developerToolTenantID = tenantID
        let credential = DefaultAzureCredential(options: choice)
        if isRight {
            #expect(try await credential.token(forScopes: vaultScope).token == "t")
        } else {
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.code == .authenticationFailed && error.attempts.contains { $0.message.contains("is of the tenant") })
        }
    }

    /// An agent that passes over the id of AZURE_CLIENT_ID has nothing for the chain; over an id that was asked for, it ends the chain.
    @Test(arguments: [true, false]) func anArcAgentThatPassesOverTheClientID(isByVariable: Bool) async throws {
        try await withKeyDirectory { directory in
            let emulator = EntraEmulator()
            emulator.update {
                $0.hosts.arcKeyDirectory = directory
                $0.hosts.arcIgnoresIdentity = true
            }
            let id = Sample.userAssignedClientID
            let variables = isByVariable ? ["AZURE_CLIENT_ID": id] : [:]
            let credential = self.credential(emulator, on: .azureArc, variables: variables) {
                if !isByVariable { $0.managedIdentity = .userAssigned(clientID: id) }
            }
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            let attempt = try #require(error.attempts.first { $0.credential == "ManagedIdentityCredential" })
            #expect(attempt.message.contains("did not confirm"))
            #expect(attempt.outcome == (isByVariable ? .unavailable : .failed))
            #expect(error.attempts.contains { $0.credential == "AzureCLICredential" } == isByVariable)
        }
    }

    /// While it isn't known whether there is a metadata service, `az` is looked for and not started.
    @Test func noToolIsStartedBeforeItsTurn() async throws {
        let emulator = ChainRowTests.laptop()
        let gate = GatedTransport(emulator.transport)
        let shelf = ToolShelf(present: ["az", "az.cmd"])
        let credential = ChainRowTests.credential(emulator, tools: shelf) { $0.credentialOptions.transport = gate }
        gate.close()
        let call = Task { try await authenticationError { try await credential.token(forScopes: vaultScope) } }
        await gate.waitForArrivals(1)
        #expect(shelf.runs.count == 0)
        gate.open()
        #expect(try await call.value.remedy?.guide == "G35")
        #expect(shelf.runs.count == 1)
    }
}
