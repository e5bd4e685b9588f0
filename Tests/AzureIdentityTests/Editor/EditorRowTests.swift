// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// The rows of the guide on Visual Studio Code: G31, G32, G33 and G54.
@Suite(.timeLimit(.minutes(5))) struct EditorRowTests {
    private func error(_ credential: VisualStudioCodeCredential) async throws -> AuthenticationError {
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.isUnavailable && !error.isRetryable && !error.message.contains("\n"))
        return error
    }

    @Test func G31_nobodyIsSignedIn() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        let error = try await self.error(stage.credential())
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G31")
        #expect(error.message.contains("Failed To Read VS Code Credentials"), "\(error.message)")
        #expect(error.message.contains("Authenticate via Azure Tools plugin in VS Code"))
        // What is missing on both ways.
        #expect(error.message.contains("the secret store has nothing for \"VS Code Azure\""))
        #expect(error.message.contains("no authentication record") && error.message.contains("AzureIdentityBroker"))
        #expect(stage.questions == ["VS Code Azure/AzureCloud", "VS Code Azure/Azure"])
        let text = try #require(error.remedy?.text)
        #expect(
            text.contains("Azure: Sign In") && text.contains("broker") && text.contains("Azure CLI") && text.contains("0.9.11"))
    }

    @Test func G31_theSecretStoreCannotBeRead() async throws {
        let stage = try EditorStage()
        try stage.set("{\"azure.cloud\": \"AzureUSGovernment\"}")
        stage.passwords.withLock { $0["AzureUSGovernment"] = .unknown(StorageProblem(.unavailable, "the keyring is locked")) }
        let error = try await self.error(stage.credential())
        #expect(
            error.remedy?.guide == "G31" && error.message.contains("can't be read: the keyring is locked"), "\(error.message)")
    }

    @Test(arguments: ["", "two words", "a\nb", "{\"refreshToken\":\"x\"}", "ü", String(repeating: "a", count: 20_000)])
    func G31_whatIsStoredIsNoRefreshToken(text: String) async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        stage.store(Secret(text))
        let error = try await self.error(stage.credential())
        #expect(error.remedy?.guide == "G31" && error.message.contains("is no refresh token"), "\(error.message)")
        #expect(stage.emulator.requestCount == 0)
    }

    @Test func G32_theSignInHasExpired() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        stage.store(try await stage.refreshToken())
        stage.emulator.revokeRefreshTokens(of: Sample.userName)
        let before = stage.emulator.requestCount
        let error = try await self.error(stage.credential())
        #expect(error.code == .authenticationRequired && error.remedy?.guide == "G32")
        #expect(error.message.lowercased().contains("interaction required") && error.serviceError?.codes == [50_173])
        #expect(error.remedy?.text.contains("Azure: Sign In") == true && error.context?.scopes == [vaultScope])
        #expect(stage.emulator.requestCount == before + 1)
    }

    @Test func G32_theBrokerNeedsAPerson() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: "none")
        for failure in [
            BrokerFailure(.interactionRequired, context: "AADSTS50076: More is needed."), BrokerFailure(.accountNotFound),
        ] {
            broker.state.withLock { $0.failure = failure }
            let error = try await self.error(stage.credential(broker: broker))
            #expect(error.code == .authenticationRequired && error.remedy?.guide == "G32", "\(error.message)")
            #expect(error.message.lowercased().contains("interaction required"))
            #expect(error.message.contains("AADSTS50076") == (failure.kind == .interactionRequired))
            #expect(!error.message.contains("authenticate(for:)"))
        }
        // No window, and no other account either.
        #expect(broker.state.withLock { $0.windows } == 0 && stage.questions.isEmpty && stage.emulator.requestCount == 0)
    }

    @Test func G32_aRefusalThatNoSignInMendsHasARemedyOfItsOwn() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        stage.store(try await stage.refreshToken())
        stage.emulator.update { $0.accessPolicies = [.init(requirement: .block)] }
        let error = try await self.error(stage.credential())
        #expect(error.serviceError?.codes == [53_003] && error.remedy?.guide == "G04")
        #expect(error.remedy?.text.contains("Conditional access") == true)
    }

    @Test func G33_ADFSIsNotSupported() async throws {
        let stage = try EditorStage()
        try stage.set("{\"azure.tenant\": \"ADFS\"}")
        for credential in [stage.credential(), stage.credential(tenantID: "adfs")] {
            let error = try await self.error(credential)
            #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G33")
            #expect(error.message.contains("ADFS tenant not supported"))
            #expect(error.remedy?.text.contains("supported cloud") == true)
        }
        #expect(stage.questions.isEmpty && stage.emulator.requestCount == 0)
    }

    @Test func G54_noBrokerAndNoRecord() async throws {
        let stage = try EditorStage()
        let error = try await self.error(stage.credential())
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G54")
        #expect(error.message.hasPrefix("VisualStudioCodeCredential requires the user to be signed in"), "\(error.message)")
        #expect(error.message.contains("AzureIdentityBroker") && error.message.contains("never started"))
        let text = try #require(error.remedy?.text)
        #expect(text.contains("Azure Resources") && text.contains("Azure: Sign In") && text.contains("restart"))
        // Where there is no such editor, nothing else is asked.
        #expect(stage.questions.isEmpty)
    }

    @Test func G54_aRecordAndNoBroker() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        try stage.set("{}")
        let without = try await self.error(stage.credential())
        #expect(without.remedy?.guide == "G54" && without.message.hasPrefix("VisualStudioCodeCredential requires a broker: "))
        #expect(without.message.contains("BrokeredSignIn.system") && without.message.contains("has nothing for"))
        // In the program, and nothing to ask on this machine.
        let broker = EditorBrokerClient(stage, secret: "none")
        broker.state.withLock { $0.failure = BrokerFailure(.absent(reason: "There is no session bus.")) }
        let absent = try await self.error(stage.credential(broker: broker))
        #expect(absent.remedy?.guide == "G54" && absent.message.hasPrefix("VisualStudioCodeCredential requires a broker: "))
        #expect(absent.message.contains("There is no session bus.") && absent.message.contains("has nothing for"))
        // Who has given the credential a broker isn't told to.
        let advice = "link the product AzureIdentityBroker"
        #expect(without.remedy?.text.contains(advice) == true && absent.remedy?.text.contains(advice) == false)
        #expect(stage.questions.count == 4)
    }

    @Test func G54_aBrokerAndNoRecord() async throws {
        let stage = try EditorStage()
        let broker = EditorBrokerClient(stage, secret: "none")
        let error = try await self.error(stage.credential(broker: broker))
        #expect(error.remedy?.guide == "G54" && !error.message.contains("BrokeredSignIn"), "\(error.message)")
        #expect(broker.state.withLock { $0.requests.isEmpty })
    }

    @Test(
        arguments: [
            (["homeAccountId": nil, "clientId": "x"], "homeAccountId field is missing"),
            (["authority": "login.evil.example"], "no known host"),
        ] as [([String: String?], String)])
    func G54_aRecordThatCannotBeUsed(changes: [String: String?], reason: String) async throws {
        let stage = try EditorStage()
        try stage.signIn(changes)
        let broker = EditorBrokerClient(stage, secret: "none")
        let error = try await self.error(stage.credential(broker: broker))
        #expect(error.remedy?.guide == "G54" && error.message.contains(reason), "\(error.message)")
        #expect(error.message.hasPrefix("VisualStudioCodeCredential requires a good authentication record: "))
        #expect(broker.state.withLock { $0.requests.isEmpty } && !error.message.contains("evil"))
    }
}
