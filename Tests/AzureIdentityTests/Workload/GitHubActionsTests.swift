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

@Suite struct GitHubActionsTests {
    private static let variables = [
        "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.example/abc//idtoken?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "MARKED-request-token",
    ]

    private func options(_ transport: ScriptedTransport, _ change: [String: String?] = [:]) -> CredentialOptions {
        var values = Self.variables
        for (name, value) in change { values[name] = value }
        return transport.options(environment: EnvironmentVariables(values))
    }

    private func transport(_ issued: TransportResponse = ScriptedTransport.json(#"{"value":"a.b.c"}"#)) -> ScriptedTransport {
        ScriptedTransport { $0.url.host() == "actions.example" ? issued : ScriptedTransport.token }
    }

    @Test func asksForAnIdentityTokenAndTradesItIn() async throws {
        let transport = self.transport()
        _ = try await GitHubActionsCredential(options: self.options(transport)).token(forScopes: vaultScope)
        let request = try #require(transport.requests.first)
        #expect(request.method == .get && request.headers["Authorization"] == "Bearer MARKED-request-token")
        #expect(
            request.url.absoluteString
                == "https://actions.example/abc//idtoken?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange"
        )
        #expect(transport.assertions == ["a.b.c"] && transport.requests.count == 2)
    }

    @Test(
        arguments: [
            (AuthorityHost.usGovernment, nil, "api%3A%2F%2FAzureADTokenExchangeUSGov"),
            (.china, nil, "api%3A%2F%2FAzureADTokenExchangeChina"), (.bleu, nil, "api%3A%2F%2FAzureADTokenExchange"),
            (.china, "my audience", "my%20audience"),
        ] as [(AuthorityHost, String?, String)])
    func theAudienceIsTheClouds(host: AuthorityHost, audience: String?, expected: String) async throws {
        let transport = self.transport()
        var options = self.options(transport)
        options.authorityHost = host
        _ = try await GitHubActionsCredential(audience: audience, options: options).token(
            forScopes: "https://storage.azure.com/.default")
        #expect(transport.requests.first?.url.query(percentEncoded: true) == "api-version=2.0&audience=\(expected)")
    }

    @Test func missingVariablesAreNamed() async throws {
        let transport = self.transport()
        for name in Self.variables.keys {
            let credential = GitHubActionsCredential(options: self.options(transport, [name: nil]))
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.isUnavailable && error.message.contains("(\(name))") && error.remedy?.variables == [name])
            #expect(error.message.contains("permissions: id-token: write") == name.hasPrefix("ACTIONS_"))
            #expect(throws: AuthenticationError.self) { try credential.validate() }
        }
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [["ACTIONS_ID_TOKEN_REQUEST_URL": "http://actions.example"], ["ACTIONS_ID_TOKEN_REQUEST_TOKEN": "MARKED a"]])
    func wrongVariablesAreRefused(change: [String: String]) async throws {
        let transport = self.transport()
        let credential = GitHubActionsCredential(options: self.options(transport, change))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && !"\(error)".contains("MARKED") && transport.requests.isEmpty)
    }

    @Test func anAnswerWithoutATokenIsExplained() async throws {
        let transport = self.transport(ScriptedTransport.json(#"{"message":"no MARKED-request-token"}"#, status: 403))
        let credential = GitHubActionsCredential(options: self.options(transport))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.credential == "GitHubActionsCredential")
        #expect(error.message.contains("status is 403. It says: no <redacted>") && transport.requests.count == 1)
    }
}
