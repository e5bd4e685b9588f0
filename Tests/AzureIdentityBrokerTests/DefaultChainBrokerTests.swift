// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The broker's place in the default chain, and in chains of the program's own.
@Suite(.timeLimit(.minutes(5))) struct DefaultChainBrokerTests {
    private let stage = BrokerStage()
    private var broker: ScriptedBroker { self.stage.broker }

    /// The default chain where nothing but the broker may be asked.
    private func chain(
        variable: String = "BrokerCredential",
        _ change: (inout DefaultAzureCredentialOptions) -> Void = { _ in }
    ) -> DefaultAzureCredential {
        let variables: EnvironmentVariables = ["AZURE_TOKEN_CREDENTIALS": variable, "AZURE_TENANT_ID": Sample.tenantID]
        var options = DefaultAzureCredentialOptions(
            credentialOptions: self.stage.options(environment: variables), broker: self.stage.brokered)
        change(&options)
        return DefaultAzureCredential(options: options)
    }

    @Test(arguments: ["BrokerCredential", "brokercredential", "InteractiveBrowserBrokerCredential"])
    func theDefaultAccountGivesTheToken(variable: String) async throws {
        let chain = self.chain(variable: variable)
        let token = try await chain.token(forScopes: vaultScope)
        #expect(token.provenance?.credential == "BrokerCredential" && chain.selectedCredential == "BrokerCredential")
        #expect(try await chain.token(forScopes: vaultScope).source == .memory)
        #expect(self.broker.calls == [.silent(nil)])
        let request = try #require(self.broker.requests.first)
        #expect(request.clientID == Sample.developerClientID)
        #expect(request.authority == "https://login.microsoftonline.com/\(Sample.tenantID)")
    }

    @Test func tenantAndApplicationAreOptions() async throws {
        let chain = self.chain {
            $0.brokerTenantID = Sample.otherTenantID
            $0.brokerClientID = Sample.publicClientID
        }
        _ = try await chain.token(forScopes: vaultScope)
        #expect(self.broker.requests.first?.clientID == Sample.publicClientID)
        #expect(self.broker.requests.first?.authority == "https://login.microsoftonline.com/\(Sample.otherTenantID)")
    }

    @Test func noWindowIsShown() async throws {
        self.broker.fail(.from(status: 2, context: "The person has to sign in."))
        self.broker.signIn(.ada)
        let error = try await authenticationError { try await self.chain().token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && self.broker.calls == [.silent(nil)])
        let attempt = try #require(error.attempts.first { $0.credential == "BrokerCredential" })
        #expect(attempt.outcome == .unavailable && attempt.message.contains("The person has to sign in."))
    }

    @Test func whereThereIsNoBrokerItIsNotTheLikeliestCause() async throws {
        self.broker.fail(.init(.absent(reason: "No bus.")))
        let error = try await authenticationError { try await self.chain().token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G06")
    }

    @Test func aFailureOfTheBrokerIsTheLikeliestCause() async throws {
        self.broker.fail(.from(status: 9, context: "AADSTS50011: no such redirect URI"))
        let error = try await authenticationError { try await self.chain().token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G49")
    }

    @Test func unregisteredItIsNotAskedAndSaysHowItWouldBe() async throws {
        let chain = self.chain { $0.broker = nil }
        let error = try await authenticationError { try await chain.token(forScopes: vaultScope) }
        #expect(error.message.contains("BrokerCredential: skipped – not registered"))
        #expect(chain.plan().members.last?.name == "BrokerCredential" && chain.plan().members.last?.isIncluded == false)
        #expect(self.broker.calls.isEmpty)
    }

    @Test func itIsAskedLastAndLeftOutInProduction() {
        let plan = self.chain(variable: "dev").plan()
        #expect(plan.members.last?.name == "BrokerCredential" && plan.members.last?.isIncluded == true)
        #expect(self.chain(variable: "prod").plan().members.last?.isIncluded == false)
        #expect(self.chain(variable: "dev") { $0.exclusions = [.broker] }.plan().members.last?.isIncluded == false)
    }

    @Test func inAChainOfOnesOwn() async throws {
        self.broker.list([])
        let credential = self.stage.credential { $0.authenticatesAutomatically = false }
        let token = AccessToken(token: "static", expiresOn: .distantFuture)
        let chain = ChainedTokenCredential(credential, StaticTokenCredential(token))
        #expect(try await chain.token(forScopes: vaultScope).token == "static")
        let wrong = ChainedTokenCredential(self.stage.credential { $0.tenantID = "a/b" }, StaticTokenCredential(token))
        #expect(wrong.plan().members.first?.reason?.contains("tenant") == true)
    }
}
