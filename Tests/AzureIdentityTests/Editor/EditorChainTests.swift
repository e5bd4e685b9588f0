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

/// The account of Visual Studio Code in the default chain.
@Suite(.timeLimit(.minutes(5))) struct EditorChainTests {
    /// A default chain on a machine without Azure's services and without tools.
    private func credential(
        _ stage: EditorStage,
        broker: EditorBrokerClient? = nil,
        variables: [String: String] = [:],
        change: (inout DefaultAzureCredential.Options) -> Void = { _ in }
    ) -> DefaultAzureCredential {
        stage.emulator.update { $0.hosts.isMetadataServiceThere = false }
        var credentialOptions = stage.options(variables: variables) { options in
            let stamped = options.hostOverride
            options.hostOverride = { host in
                var host = stamped?(host) ?? host
                host.facts = { HostFacts() }
                return host
            }
        }
        ToolShelf().apply(to: &credentialOptions)
        var options = DefaultAzureCredential.Options(credentialOptions: credentialOptions, broker: broker?.signIn)
        change(&options)
        return DefaultAzureCredential(options: options)
    }

    @Test func itIsAskedBeforeTheTools() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        let credential = self.credential(stage, broker: broker)
        let token = try await credential.token(forScopes: vaultScope)
        #expect(credential.selectedCredential == "VisualStudioCodeCredential" && token.provenance?.userName == Sample.userName)
        #expect(credential.attempts.last?.credential == "VisualStudioCodeCredential" && credential.attempts.count == 4)
        #expect(try await credential.token(forScopes: vaultScope).source == .memory)
    }

    @Test func itsTenantIsAnOptionOfItsOwn() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        let credential = self.credential(stage, broker: broker) { $0.visualStudioCodeTenantID = Sample.otherTenantID }
        #expect(try await credential.token(forScopes: vaultScope).provenance?.tenantID == Sample.otherTenantID)
    }

    /// Interaction needed, refused, out of order: the next member gets its chance, and no window is shown.
    @Test(
        arguments: [
            BrokerFailure(.interactionRequired), BrokerFailure(.refused, context: "no"), BrokerFailure(.temporary),
            BrokerFailure(.protocolError), BrokerFailure(.configuration),
        ])
    func whateverItFailsWithItIsUnavailable(failure: BrokerFailure) async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: "none")
        broker.state.withLock { $0.failure = failure }
        let next = AccessToken(token: "next", expiresOn: .distantFuture)
        let credential = self.credential(stage, broker: broker) {
            $0.exclusions = [.broker]
            $0.insert(StaticTokenCredential(next), at: .last)
        }
        #expect(try await credential.token(forScopes: vaultScope).token == "next")
        let attempt = try #require(credential.attempts.first { $0.credential == "VisualStudioCodeCredential" })
        #expect(attempt.outcome == .unavailable && broker.state.withLock { $0.windows } == 0)
    }

    @Test func nobodyHearsOfAnEditorThatIsNotThere() async throws {
        let stage = try EditorStage()
        let error = try await authenticationError { try await self.credential(stage).token(forScopes: vaultScope) }
        #expect(!error.attempts.contains { $0.credential == "VisualStudioCodeCredential" } && stage.questions.isEmpty)
        #expect(error.remedy?.guide == "G06")
    }

    @Test func anEditorWithoutAnAccountIsNotTheLikeliestCause() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        let error = try await authenticationError { try await self.credential(stage).token(forScopes: vaultScope) }
        let attempt = try #require(error.attempts.first { $0.credential == "VisualStudioCodeCredential" })
        #expect(attempt.outcome == .unavailable && attempt.remedy?.guide == "G31" && error.remedy?.guide == "G06")
        // Signed in, and the program has no broker: that is set up by half.
        try stage.signIn()
        let half = try await authenticationError { try await self.credential(stage).token(forScopes: vaultScope) }
        #expect(half.remedy?.guide == "G54" && half.message.contains("Likeliest cause: VisualStudioCodeCredential: "))
    }

    @Test(arguments: ["VisualStudioCodeCredential", "visualstudiocodecredential"])
    func theVariableNamesIt(value: String) async throws {
        let stage = try EditorStage()
        let variables = ["AZURE_TOKEN_CREDENTIALS": value]
        let error = try await authenticationError {
            try await self.credential(stage, variables: variables).token(forScopes: vaultScope)
        }
        let attempt = try #require(error.attempts.first { $0.outcome == .unavailable })
        #expect(attempt.credential == "VisualStudioCodeCredential" && attempt.remedy?.guide == "G54")
        #expect(error.message.contains("Azure: Sign In") && !error.message.contains("az login"), "\(error.message)")
        try stage.set("{}")
        stage.store(try await stage.refreshToken())
        let token = try await self.credential(stage, variables: variables).token(forScopes: vaultScope)
        #expect(token.provenance?.userName == Sample.userName)
    }

    @Test func noDevelopersAccountIsUsedOnAnAzureHost() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        let variables = ["AZURE_TOKEN_CREDENTIALS": "dev", "IDENTITY_ENDPOINT": "https://x.example", "IDENTITY_HEADER": "h"]
        let credential = self.credential(stage, broker: broker, variables: variables) {
            $0.exclusions = [.broker]
            $0.excludesDeveloperToolsOnAzure = true
        }
        let plan = try #require(credential.plan().members.first { $0.name == "VisualStudioCodeCredential" })
        #expect(!plan.isIncluded && plan.reason?.contains("Azure host") == true)
        _ = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(broker.state.withLock { $0.requests.isEmpty })
    }

    @Test func aTenantThatIsNotAllowedIsNeverUnavailable() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        let credential = self.credential(
            stage, broker: broker, variables: ["AZURE_TOKEN_CREDENTIALS": "VisualStudioCodeCredential"]
        ) {
            $0.credentialOptions.additionallyAllowedTenants = []
        }
        let error = try await authenticationError {
            try await credential.token(for: TokenRequestContext(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G48")
    }
}
