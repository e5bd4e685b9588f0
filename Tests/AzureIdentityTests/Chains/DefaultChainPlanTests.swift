// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// Which members the default chain asks, by options and one variable.
@Suite struct DefaultChainPlanTests {
    private static let deployed: [DefaultChainMember] = [.environment, .workloadIdentity, .managedIdentity]
    private static let developer: [DefaultChainMember] = [
        .sharedTokenCache, .visualStudioCode, .azureCLI, .azurePowerShell, .azureDeveloperCLI,
    ]

    private func plan(_ value: String?, _ choice: DefaultChainPlan.Choice = .init()) throws -> DefaultChainPlan {
        let environment = value.map { EnvironmentVariables([choice.variable: $0]) } ?? [:]
        return try DefaultChainPlan(environment: environment, choice: choice, credential: "DefaultAzureCredential")
    }

    private func asked(_ value: String?, _ choice: DefaultChainPlan.Choice = .init()) throws -> [DefaultChainMember] {
        try self.plan(value, choice).entries.filter { $0.exclusion == nil }.map(\.member)
    }

    @Test func theOrder() throws {
        #expect(
            try self.plan(nil).entries.map(\.member) == [
                .environment, .workloadIdentity, .managedIdentity, .sharedTokenCache, .visualStudioCode, .azureCLI,
                .azurePowerShell, .azureDeveloperCLI, .interactiveBrowser, .broker,
            ])
        #expect(try self.asked(nil) == Self.deployed + Self.developer)
    }

    @Test(arguments: [
        ("dev", developer), (" DEV\n", developer), ("prod", deployed), ("Prod", deployed), ("", deployed + developer),
        ("  ", deployed + developer),
        ("environmentcredential", [.environment]), ("WorkloadIdentityCredential", [.workloadIdentity]),
        ("ManagedIdentityCredential", [.managedIdentity]), ("AzureCliCredential", [.azureCLI]),
        ("AzureCLICredential", [.azureCLI]),
        ("AZUREPOWERSHELLCREDENTIAL", [.azurePowerShell]), ("AzureDeveloperCliCredential", [.azureDeveloperCLI]),
        ("AzureCLICredential,EnvironmentCredential", [.environment, .azureCLI]),
        ("interactivebrowsercredential", [.interactiveBrowser]), ("VisualStudioCodeCredential", [.visualStudioCode]),
        (" azureclicredential , managedidentitycredential ", [.managedIdentity, .azureCLI]),
    ])
    func theVariableChooses(value: String, members: [DefaultChainMember]) throws {
        #expect(try self.asked(value) == members)
    }

    @Test(arguments: [
        "production", "dev,prod", "dev,AzureCLICredential", "AzureCLICredential,", ",", "SharedTokenCacheCredential",
        "AzureCLI", "prod\u{1B}[31m", "ClientSecretCredential", String(repeating: "a,", count: 5000),
    ])
    func anUnknownValueIsAnErrorThatListsTheAllowedOnes(value: String) throws {
        let error = try #require(throws: AuthenticationError.self) { try self.plan(value) }
        #expect(error.code == .invalidConfiguration && error.message.contains("AZURE_TOKEN_CREDENTIALS"))
        #expect(error.message.contains("dev, prod") && error.message.contains("AzureDeveloperCLICredential"))
        #expect(!error.message.contains("\u{1B}") && error.message.count < 600)
    }

    @Test func codeOverridesTheVariableBothWays() throws {
        #expect(try self.asked("prod", .init(inclusions: [.azureCLI])) == Self.deployed + [.azureCLI])
        let others: [DefaultChainMember] = [.sharedTokenCache, .visualStudioCode, .azurePowerShell, .azureDeveloperCLI]
        #expect(try self.asked("dev", .init(exclusions: [.azureCLI])) == others)
        #expect(try self.asked("AzureCLICredential", .init(inclusions: [.environment])) == [.environment, .azureCLI])
        #expect(try self.asked(nil, .init(exclusions: Set(Self.developer))) == Self.deployed)
        let both = DefaultChainPlan.Choice(exclusions: [.azureCLI], inclusions: [.azureCLI])
        let error = try #require(throws: AuthenticationError.self) { try self.plan(nil, both) }
        #expect(error.code == .invalidConfiguration && error.message.contains("AzureCLICredential is both"))
    }

    @Test func theBrowserIsOnlyAskedIfItIsIncluded() throws {
        let entry = try #require(
            try self.plan(nil, .init(inclusions: [.interactiveBrowser])).entries.first { $0.member == .interactiveBrowser })
        #expect(entry.isNamed)
        #expect(try self.plan(nil).entries.first { $0.member == .interactiveBrowser }?.isNamed == false)
    }

    @Test func reasons() throws {
        let entries = try self.plan("prod", .init(exclusions: [.environment])).entries
        #expect(entries.first { $0.member == .environment }?.exclusion == "excluded by the options")
        #expect(entries.first { $0.member == .azureCLI }?.exclusion == "AZURE_TOKEN_CREDENTIALS is prod")
        #expect(entries.first { $0.member == .broker }?.exclusion?.hasPrefix("not registered: ") == true)
    }

    @Test func aBrokerThatIsRegisteredIsAskedLast() throws {
        let choice = DefaultChainPlan.Choice(hasBroker: true)
        #expect(try self.asked(nil, choice) == Self.deployed + Self.developer + [.broker])
        #expect(try self.asked("dev", choice) == Self.developer + [.broker])
        #expect(try self.asked("prod", choice) == Self.deployed)
        for name in ["BrokerCredential", "interactivebrowserbrokercredential"] {
            #expect(try self.asked(name, choice) == [.broker])
            #expect(try self.asked(name).isEmpty)
        }
    }

    @Test func nothingLeft() throws {
        let choice = DefaultChainPlan.Choice(exclusions: Set(Self.deployed))
        let error = try #require(throws: AuthenticationError.self) { try self.plan("prod", choice) }
        #expect(error.code == .invalidConfiguration && error.message.contains("at least one credential is required"))
        var withOwn = choice
        withOwn.hasInsertions = true
        #expect(try self.asked("prod", withOwn).isEmpty)
    }

    @Test func anotherVariable() throws {
        let choice = DefaultChainPlan.Choice(variable: "MY_CREDENTIALS", requiresVariable: true)
        #expect(try self.asked("dev", choice) == Self.developer)
        let environment: EnvironmentVariables = ["AZURE_TOKEN_CREDENTIALS": "dev"]
        let error = try #require(throws: AuthenticationError.self) {
            try DefaultChainPlan(environment: environment, choice: choice, credential: "DefaultAzureCredential")
        }
        #expect(error.code == .invalidConfiguration && error.message.contains("MY_CREDENTIALS must be set"))
    }

    @Test func aManagedIdentityThatIsNamedAloneNeedsNoProbe() throws {
        #expect(try self.plan("managedidentitycredential").isManagedIdentityAlone)
        #expect(try !self.plan(nil).isManagedIdentityAlone && !self.plan("prod").isManagedIdentityAlone)
        #expect(try !self.plan("ManagedIdentityCredential", .init(hasInsertions: true)).isManagedIdentityAlone)
        #expect(try !self.plan("ManagedIdentityCredential", .init(inclusions: [.azureCLI])).isManagedIdentityAlone)
    }
}
