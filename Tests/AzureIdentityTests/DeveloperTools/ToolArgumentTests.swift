// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How each tool is called, and what it is never called with.
@Suite struct ToolArgumentTests {
    private let scope = "https://vault.azure.net/.default"

    @Test func azIsAskedByResource() throws {
        let tool = AzureCLITool()
        let start = ["account", "get-access-token", "--output", "json", "--resource", "https://vault.azure.net"]
        #expect(try tool.arguments(.vault()) == start)
        #expect(try tool.arguments(.vault(tenantID: "contoso.com")) == start + ["--tenant", "contoso.com"])
        #expect(try tool.arguments(.vault(subscription: "My Sub_1.0")) == start + ["--subscription", "My Sub_1.0"])
        // The tool refuses both; the subscription says whose account is meant.
        #expect(try tool.arguments(.vault(tenantID: "t", subscription: "s")) == start + ["--subscription", "s"])
        #expect(tool.variables == ["AZURE_CORE_NO_COLOR": "true"])
    }

    @Test(arguments: [
        ("https://storage.azure.com//.default", "https://storage.azure.com/"),
        ("https://storage.azure.com", "https://storage.azure.com"),
        ("api://x/.default/.default", "api://x/.default"),
    ])
    func oneDefaultIsTakenOffTheScope(scope: String, resource: String) throws {
        let question = ToolQuestion(scopes: [scope], tenantID: nil, subscription: nil, claims: nil)
        #expect(try AzureCLITool().arguments(question).last == resource)
    }

    @Test func azdIsAskedByScopes() throws {
        let tool = AzureDeveloperCLITool()
        let question = ToolQuestion(scopes: [self.scope, "api://x/read"], tenantID: "t", subscription: nil, claims: #"{"a":1}"#)
        #expect(
            try tool.arguments(question) == [
                "auth", "token", "--output", "json", "--no-prompt", "--scope", self.scope, "--scope", "api://x/read",
                "--tenant-id", "t",
                "--claims", "eyJhIjoxfQ==",
            ]
        )
        #expect(try tool.arguments(.vault()) == ["auth", "token", "--output", "json", "--no-prompt", "--scope", self.scope])
        #expect(tool.variables == ["NO_COLOR": "true"])
    }

    @Test func powerShellIsGivenAScript() throws {
        let tool = AzurePowerShellTool()
        let arguments = try tool.arguments(.vault(tenantID: "contoso.com"))
        #expect(arguments.dropLast() == ["-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand"])
        let data = try #require(Data(base64Encoded: arguments.last ?? ""))
        let bytes = Array(data)
        let units = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
        let script = String(decoding: units, as: UTF16.self)
        #expect(script == PowerShellScript.text(resource: "https://vault.azure.net", tenantID: "contoso.com"))
        #expect(script.contains("ResourceUrl='https://vault.azure.net'") && script.contains("$p.TenantId = 'contoso.com'"))
        #expect(arguments.joined(separator: " ").utf8.count < 6_000)
        #expect(try !tool.arguments(.vault()).joined().contains("TenantId"))
        #expect(tool.variables == ["POWERSHELL_UPDATECHECK": "Off"])
    }

    @Test func aCommandLineThatIsTooLongIsRefused() {
        let scope = "https://" + String(repeating: "a", count: 2030)
        let question = ToolQuestion(scopes: [scope], tenantID: String(repeating: "t", count: 250), subscription: nil, claims: nil)
        #expect(toolError { try AzurePowerShellTool().arguments(question) }?.code == .invalidConfiguration)
        #expect(toolError { try AzureCLITool().arguments(question) } == nil)
    }

    @Test(
        arguments: ToolSubject.allCases,
        ["", "-x", "--help", "a b", "a;b", "a\"b", "a'b", "a$b", "a`b", "a|b", "a&b", "a\nb", "a+b", "aé", "a%b"])
    func whatIsNoScopeIsRefused(subject: ToolSubject, scope: String) {
        let question = ToolQuestion(scopes: [scope], tenantID: nil, subscription: nil, claims: nil)
        let error = toolError { try subject.tool.arguments(question) }
        #expect(error?.code == .invalidConfiguration && error?.message.contains("invalid scope") == true)
    }

    @Test(arguments: ToolSubject.allCases, ["", "-x", "--help", "a b", "a;b", "a\"b", "a'b", "a$b", "a/b", "a_b", "..", "é"])
    func whatIsNoTenantIsRefused(subject: ToolSubject, tenantID: String) {
        let question = ToolQuestion(scopes: [self.scope], tenantID: tenantID, subscription: nil, claims: nil)
        #expect(toolError { try subject.tool.arguments(question) }?.code == .invalidConfiguration)
        let error = toolError { try subject.tool.validate(tenantID: tenantID, subscription: nil) }
        #expect(error?.code == .invalidConfiguration && error?.message.contains("Invalid tenant ID") == true)
    }

    @Test(arguments: [ToolSubject.azureCLI, .azurePowerShell])
    func oneScopeIsAllThatAResourceIsMadeOf(subject: ToolSubject) {
        for scopes in [[], [self.scope, self.scope], ["/.default"]] {
            let question = ToolQuestion(scopes: scopes, tenantID: nil, subscription: nil, claims: nil)
            #expect(toolError { try subject.tool.arguments(question) }?.code == .invalidConfiguration)
        }
    }

    @Test func aTenantAndASubscriptionCantBothBeConfigured() {
        let error = toolError { try AzureCLITool().validate(tenantID: "t", subscription: "s") }
        #expect(error?.code == .invalidConfiguration && error?.message.contains("not both") == true)
        #expect(toolError { try AzureCLITool().validate(tenantID: nil, subscription: "s") } == nil)
        #expect(toolError { try AzureCLITool().validate(tenantID: "t", subscription: nil) } == nil)
    }

    @Test func claimsLeadToASignIn() throws {
        let claims = #"{"access_token":{"nbf":{"essential":true}}}"#
        let encoded = Data(claims.utf8).base64EncodedString()
        let question = ToolQuestion.vault(tenantID: "contoso.com", claims: claims)
        let az = try #require(toolError { try AzureCLITool().arguments(question) })
        #expect(az.code == .authenticationFailed && az.message.contains("doesn't support claims challenges"))
        #expect(
            az.remedy?.commands.first == [
                "az", "login", "--claims-challenge", encoded, "--tenant", "contoso.com", "--scope", self.scope,
            ])
        let powerShell = try #require(toolError { try AzurePowerShellTool().arguments(question) })
        #expect(powerShell.code == .authenticationFailed)
        #expect(
            powerShell.remedy?.commands.first == ["Connect-AzAccount", "-ClaimsChallenge", encoded, "-Tenant", "contoso.com"])
        // What isn't valid is refused before it could get into a command.
        let hostile = ToolQuestion(scopes: ["$(x)"], tenantID: "a b", subscription: nil, claims: claims)
        for subject in ToolSubject.allCases {
            #expect(toolError { try subject.tool.arguments(hostile) }?.code == .invalidConfiguration)
        }
    }

    @Test func theFilesOfTheAccountAreFound() throws {
        let environment: EnvironmentVariables = ["HOME": "/home/me"]
        let azure = ["azureProfile.json", "clouds.config", "config"]
        #expect(AzureCLITool().stateFiles(environment) == azure.map { "/home/me/.azure/\($0)" })
        let moved: EnvironmentVariables = ["HOME": "/home/me/", "AZURE_CONFIG_DIR": "/x", "AZD_CONFIG_DIR": "/y/"]
        #expect(AzureCLITool().stateFiles(moved) == azure.map { "/x/\($0)" })
        #expect(
            AzureDeveloperCLITool().stateFiles(moved) == ["/y/auth.json", "/y/config.json"] + azure.map { "/x/\($0)" })
        #expect(AzureDeveloperCLITool().stateFiles(environment).first == "/home/me/.azd/auth.json")
        #expect(AzurePowerShellTool().stateFiles(moved) == ["/home/me/.Azure/AzureRmContext.json"])
        #expect(AzureCLITool().stateFiles(["AZURE_CONFIG_DIR": "relative"]).first == "/bin/relative/azureProfile.json")
        for subject in ToolSubject.allCases {
            #expect(subject.tool.stateFiles(["HOME": "relative"]).isEmpty)
            // Tools that find no variable ask the system, and so do we.
            let home = try #require(Host.systemHomeDirectory)
            let files = subject.tool.stateFiles([:])
            #expect(!files.isEmpty && files.allSatisfy { $0.hasPrefix(home) })
        }
    }
}
