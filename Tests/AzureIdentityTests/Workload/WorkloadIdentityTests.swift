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

@Suite struct WorkloadIdentityTests {
    private let folder: TestFolder
    private let clock = VirtualClock()

    init() throws {
        self.folder = try TestFolder()
        try self.folder.write("token-1\n", "token")
    }

    private func environment(_ change: [String: String?] = [:]) -> EnvironmentVariables {
        var values = [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
            "AZURE_FEDERATED_TOKEN_FILE": self.folder.path("token"),
        ]
        for (name, value) in change { values[name] = value }
        return EnvironmentVariables(values)
    }

    private func credential(
        _ transport: ScriptedTransport,
        _ change: [String: String?] = [:],
        cache: TokenCache = .inMemory
    ) -> WorkloadIdentityCredential {
        let clock = JumpingClock(clock: self.clock) { JumpingClock.readiness.contains($0) }
        return WorkloadIdentityCredential(
            options: transport.options(environment: self.environment(change), clock: clock, cache: cache)
        )
    }

    @Test func sendsTheFilesTokenAndNothingElseIsAsked() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        let credential = self.credential(transport, ["AZURE_AUTHORITY_HOST": "https://login.private.example/"])
        let token = try await credential.token(forScopes: vaultScope)
        #expect(token.provenance?.credential == "WorkloadIdentityCredential")
        _ = try await credential.token(forScopes: vaultScope)
        // An unknown authority host isn't asked whether it is one.
        #expect(transport.places == ["POST login.private.example/\(Sample.tenantID)/oauth2/v2.0/token"])
        let request = try #require(transport.requests.first)
        #expect(request.field("client_assertion") == "token-1" && request.field("client_id") == Sample.clientID)
        #expect(request.field("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        #expect(request.field("grant_type") == "client_credentials" && request.field("scope") == vaultScope)
    }

    @Test(arguments: [
        ["AZURE_TENANT_ID"], ["AZURE_CLIENT_ID"], ["AZURE_FEDERATED_TOKEN_FILE"], ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"],
    ])
    func G41_somethingIsMissing(missing: [String]) async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        let credential = self.credential(transport, Dictionary(uniqueKeysWithValues: missing.map { ($0, "") }))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.isUnavailable && !error.isRetryable)
        #expect(
            error.message.contains(
                "WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured"
            )
        )
        for name in missing { #expect(error.message.contains("(\(name))")) }
        #expect(error.remedy?.guide == "G41" && error.remedy?.variables == missing && transport.requests.isEmpty)
        #expect(throws: AuthenticationError.self) { try credential.validate() }
        await #expect(throws: AuthenticationError.self) {
            try await credential.waitUntilReady(for: .init(scopes: [vaultScope]), timeout: .seconds(600))
        }
        #expect(self.clock.elapsed == .zero)
    }

    @Test func G41_thePodWasNotMutated() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        let change = ["KUBERNETES_SERVICE_HOST": "10.0.0.1", "AZURE_FEDERATED_TOKEN_FILE": nil]
        let credential = self.credential(transport, change)
        let error = try await authenticationError {
            try await credential.waitUntilReady(for: .init(scopes: [vaultScope]), timeout: .seconds(60))
            return true
        }
        #expect(error.isUnavailable && error.message.contains("webhook did not mutate"))
        #expect(error.message.contains(#"azure.workload.identity/use: "true""#))
        let elsewhere = self.credential(transport, ["AZURE_FEDERATED_TOKEN_FILE": nil])
        let plain = try await authenticationError { try await elsewhere.token(forScopes: vaultScope) }
        #expect(!plain.message.contains("webhook"))
    }

    @Test func argumentsComeBeforeVariables() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        try self.folder.write("other", "other")
        let credential = WorkloadIdentityCredential(
            tenantID: Sample.otherTenantID,
            clientID: "other-client",
            tokenFilePath: self.folder.path("other"),
            options: transport.options(environment: self.environment())
        )
        _ = try await credential.token(forScopes: vaultScope)
        #expect(transport.places == ["POST login.microsoftonline.com/\(Sample.otherTenantID)/oauth2/v2.0/token"])
        #expect(transport.requests.first?.field("client_id") == "other-client" && transport.assertions == ["other"])
    }

    @Test(arguments: [("AZURE_TENANT_ID", "no tenant"), ("AZURE_CLIENT_ID", "no client"), ("AZURE_AUTHORITY_HOST", "http://h")])
    func whatCantBeUsedIsAWrongConfiguration(name: String, value: String) async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        let credential = self.credential(transport, [name: value])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && error.credential == "WorkloadIdentityCredential")
        #expect(transport.requests.isEmpty)
    }

    @Test func equalConfigurationSharesTokens() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        let cache = TokenCache.inMemory
        try self.folder.write("token-2", "other")
        let changes: [[String: String?]] = [
            [:], [:], ["AZURE_FEDERATED_TOKEN_FILE": self.folder.path("other")], ["AZURE_TENANT_ID": Sample.otherTenantID],
            ["AZURE_CLIENT_ID": "other"],
        ]
        for change in changes { _ = try await self.credential(transport, change, cache: cache).token(forScopes: vaultScope) }
        #expect(transport.requests.count == 4)
    }

    @Test func aTokenOutOfItsTimeIsReadAgainAndTriedOnceMore() async throws {
        let (folder, answers) = (self.folder, Locked(0))
        let transport = ScriptedTransport { request in
            answers.withLock { $0 += 1 }
            guard request.field("client_assertion") == "token-1" else { return ScriptedTransport.token }
            // The platform renews the token while the request is under way.
            try folder.write("token-2", "token")
            return ScriptedTransport.refusal(700_024)
        }
        _ = try await self.credential(transport).token(forScopes: vaultScope)
        #expect(transport.assertions == ["token-1", "token-2"])
    }

    @Test func aTokenThatStaysOutOfItsTimeIsTriedOnce() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.refusal(700_024) }
        let error = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(error.serviceError?.codes == [700_024] && transport.requests.count == 1)
    }

    @Test(arguments: [700_211, 700_212])
    func G53_identityBindingsWithoutTheProxy(code: Int) async throws {
        let text = "No matching federated identity record found for presented assertion audience 'api://AKSIdentityBinding'."
        let transport = ScriptedTransport { _ in ScriptedTransport.refusal(code, text: text) }
        let credential = self.credential(transport, ["AZURE_KUBERNETES_TOKEN_PROXY": "https://proxy.example"])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && !error.isUnavailable && transport.requests.count == 1)
        #expect(error.message.contains("\(code) - AADSTS\(code): ") && error.message.contains("api://AKSIdentityBinding"))
        #expect(error.remedy?.guide == "G53" && error.remedy?.text.contains("isAzureProxyEnabled") == true)
        // Without the flag the variables are ignored.
        #expect(transport.requests.first?.url.host() == "login.microsoftonline.com")
    }

    @Test func waitsForTheFileAndTheDirectory() async throws {
        let folder = self.folder
        let transport = ScriptedTransport { request in
            request.field("client_assertion") == "token-3" ? ScriptedTransport.token : ScriptedTransport.refusal(700_211)
        }
        let credential = self.credential(transport, ["AZURE_FEDERATED_TOKEN_FILE": folder.path("late")])
        let seen = Locked<[String]>([])
        try await credential.waitUntilReady(for: .init(scopes: [vaultScope]), timeout: .seconds(60)) { progress in
            seen.withLock { $0.append(progress.error.code.description) }
            _ = try? folder.write("token-\(progress.attempts + 1)", "late")
        }
        #expect(seen.withLock { $0 } == ["credentialUnavailable", "authenticationFailed"])
        #expect(transport.assertions == ["token-2", "token-3"])
    }

    @Test(arguments: [(700_212, false), (700_211, true)])
    func doesNotWaitForWhatCannotPass(code: Int, isBound: Bool) async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.refusal(code) }
        let credential = self.credential(transport, isBound ? ["AZURE_KUBERNETES_TOKEN_PROXY": "https://proxy.example"] : [:])
        let error = try await authenticationError {
            try await credential.waitUntilReady(for: .init(scopes: [vaultScope]), timeout: .seconds(60))
            return true
        }
        #expect(error.serviceError?.codes == [code] && transport.requests.count == 1 && self.clock.elapsed == .zero)
    }

    @Test func theErrorOfAWaitNamesTheFile() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        let credential = self.credential(transport, ["AZURE_FEDERATED_TOKEN_FILE": self.folder.path("never")])
        let error = try await authenticationError {
            try await credential.waitUntilReady(for: .init(scopes: [vaultScope]), timeout: .seconds(20))
            return true
        }
        #expect(error.message.contains(self.folder.path("never")) && error.isUnavailable && transport.requests.isEmpty)
        #expect(self.clock.elapsed <= .seconds(20) && self.clock.elapsed > .seconds(10))
    }

    @Test func badScopesAndCancellationComeFirst() async throws {
        let credential = WorkloadIdentityCredential(options: ScriptedTransport { _ in ScriptedTransport.token }.options())
        let error = try await authenticationError { try await credential.token(forScopes: "a b") }
        #expect(error.code == .invalidConfiguration && error.message.contains("scope"))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await credential.token(forScopes: vaultScope)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
