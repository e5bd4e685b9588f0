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

/// The federated credentials on the emulator's hosts, whose assertions its Microsoft Entra ID trusts.
@Suite struct EmulatedFederationTests {
    private let folder: TestFolder
    private let emulator = EntraEmulator(configuration: .sample, clock: VirtualClock())
    private let endpoints: EmulatorEndpoints

    init() throws {
        self.folder = try TestFolder()
        var endpoints = EmulatorEndpoints.inMemory
        endpoints.folder = self.folder.path
        self.endpoints = endpoints
    }

    private func options(
        _ host: EmulatedHost,
        cache: TokenCache = .inMemory,
        _ change: [String: String?] = [:]
    ) -> CredentialOptions {
        var values = self.emulator.environment(for: host, endpoints: self.endpoints).dictionary
        for (name, value) in change { values[name] = value }
        return self.emulator.credentialOptions(tokenCache: cache, environment: EnvironmentVariables(values))
    }

    /// Writes the service account token where the variables say.
    private func writeToken(audience: String = "api://AzureADTokenExchange") throws {
        let host: EmulatedHost = audience == "api://AKSIdentityBinding" ? .identityBinding : .workloadIdentity
        let path = try #require(
            self.emulator.environment(for: host, endpoints: self.endpoints)["AZURE_FEDERATED_TOKEN_FILE"])
        try Data((try self.emulator.serviceAccountToken(audience: audience) + "\n").utf8).write(
            to: URL(filePath: path), options: .atomic)
    }

    private func pipelines(
        connectionID: String = Sample.serviceConnectionID,
        tenantID: String = Sample.tenantID,
        clientID: String = Sample.clientID,
        token: String = Sample.systemAccessToken
    ) -> AzurePipelinesCredential {
        AzurePipelinesCredential(
            tenantID: tenantID,
            clientID: clientID,
            serviceConnectionID: connectionID,
            systemAccessToken: Secret(token),
            options: self.options(.azurePipelines)
        )
    }

    @Test func workloadIdentity() async throws {
        try self.writeToken()
        let credential = WorkloadIdentityCredential(options: self.options(.workloadIdentity))
        let token = try await credential.token(forScopes: vaultScope)
        #expect(token.provenance?.clientID == Sample.clientID && self.emulator.requestCount == 1)
    }

    @Test func identityBinding() async throws {
        try self.writeToken(audience: "api://AKSIdentityBinding")
        try self.folder.write(self.endpoints.identityBindingCAPEM, "ca.crt")
        let credential = WorkloadIdentityCredential(isAzureProxyEnabled: true, options: self.options(.identityBinding))
        _ = try await credential.token(forScopes: vaultScope)
        #expect(self.emulator.requestCount == 1)
    }

    @Test func identityBindingProvesItself() async throws {
        try self.writeToken(audience: "api://AKSIdentityBinding")
        try self.folder.write(self.endpoints.identityBindingCAPEM, "ca.crt")
        let options = self.options(.identityBinding, ["AZURE_KUBERNETES_SNI_NAME": "other.example"])
        let credential = WorkloadIdentityCredential(isAzureProxyEnabled: true, options: options)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && !error.isRetryable && self.emulator.requestCount == 0)
    }

    @Test func G53_identityBindingsWithoutTheProxy() async throws {
        try self.writeToken(audience: "api://AKSIdentityBinding")
        let credential = WorkloadIdentityCredential(options: self.options(.identityBinding))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G53" && self.emulator.requestCount == 1)
        #expect(error.serviceError?.codes == [700_212] && error.message.contains("api://AKSIdentityBinding"))
    }

    @Test func anExpiredTokenFileIsReadAgain() async throws {
        try self.writeToken()
        let clock = self.emulator.clock
        let credential = WorkloadIdentityCredential(options: self.options(.workloadIdentity))
        _ = try await credential.token(forScopes: vaultScope)
        credential.removeCachedTokens()
        (clock as? VirtualClock)?.advance(by: .seconds(7200))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.serviceError?.codes == [700_024])
        try self.writeToken()
        _ = try await credential.token(forScopes: vaultScope)
        #expect(self.emulator.tokenRequestCount == 3)
    }

    @Test func azurePipelines() async throws {
        let token = try await self.pipelines().token(forScopes: vaultScope)
        #expect(token.provenance?.credential == "AzurePipelinesCredential" && self.emulator.requestCount == 2)
    }

    @Test func G42_wrongTenant() async throws {
        let credential = self.pipelines(tenantID: "no-tenant")
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.serviceError?.codes == [900_023] && error.remedy?.guide == "G42" && self.emulator.requestCount == 2)
    }

    @Test func G43_wrongServiceConnection() async throws {
        let credential = self.pipelines(connectionID: Sample.clientID)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G43" && self.emulator.requestCount == 1)
        #expect(error.message.contains("No service connection found with identifier \(Sample.clientID)"))
        #expect(error.response?.status == 404 && error.response?.headers["x-vss-e2eid"]?.isEmpty == false)
    }

    @Test func G44_badSystemAccessToken() async throws {
        let credential = self.pipelines(token: "wrong")
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G44" && self.emulator.requestCount == 1)
        #expect(error.message.contains("401 (Unauthorized) response from OIDC endpoint."))
        #expect(error.message.contains("x-vss-e2eid: ") && error.message.contains("x-msedge-ref: Ref A:"))
    }

    @Test func G47_wrongClient() async throws {
        let credential = self.pipelines(clientID: Sample.userAssignedClientID)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.message.contains("unauthorized_client: 700016 - AADSTS700016") && error.remedy?.guide == "G47")
        #expect(self.emulator.requestCount == 2)
    }

    @Test func gitHubActions() async throws {
        let token = try await GitHubActionsCredential(options: self.options(.gitHubActions)).token(forScopes: vaultScope)
        #expect(token.provenance?.credential == "GitHubActionsCredential" && self.emulator.requestCount == 2)
    }

    /// Also for an application of another tenant than the identity's.
    @Test(arguments: [Sample.tenantID, Sample.otherTenantID])
    func managedIdentityAsFederatedCredential(tenantID: String) async throws {
        let cache = TokenCache.inMemory
        for _ in 0..<2 {
            let credential = ClientAssertionCredential(
                tenantID: tenantID,
                clientID: Sample.clientID,
                managedIdentity: .userAssigned(clientID: Sample.userAssignedClientID),
                options: self.options(.appService, cache: cache)
            )
            let token = try await credential.token(forScopes: vaultScope)
            #expect(token.provenance?.tenantID == tenantID)
        }
        #expect(self.emulator.tokenRequestCount <= 2 && self.emulator.requestCount == 2)
    }
}
