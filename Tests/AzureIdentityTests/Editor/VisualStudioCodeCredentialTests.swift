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

/// The account of Visual Studio Code, by the broker and by the older way.
@Suite(.timeLimit(.minutes(5))) struct VisualStudioCodeCredentialTests {
    // MARK: The broker

    @Test func theBrokerIsAskedForTheVeryAccountOfTheRecord() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        broker.state.withLock {
            $0.accounts.insert(BrokerAccount(homeAccountID: "another.account", username: "grace@contoso.example"), at: 0)
        }
        let credential = stage.credential(broker: broker)
        #expect(broker.state.withLock { $0.requests.isEmpty })
        let token = try await credential.token(forScopes: vaultScope)
        #expect(token.provenance?.userName == Sample.userName && token.provenance?.credential == "VisualStudioCodeCredential")
        let (request, asked) = try #require(broker.state.withLock { state in state.requests.first.map { ($0, state.asked[0]) } })
        #expect(request.clientID == "aebc6443-996d-45c2-90f0-388ff96faa56" && request.scopes == [vaultScope])
        #expect(request.authority == "https://login.microsoftonline.com/\(Sample.tenantID)")
        #expect(asked?.homeAccountID == EditorStage.homeAccountID)
        #expect(try await credential.token(forScopes: vaultScope).source == .memory)
        #expect(broker.state.withLock { $0.requests.count } == 1 && stage.questions.isEmpty)
    }

    @Test func anotherAccountsTokenIsNotUsed() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        broker.state.withLock {
            $0.accounts = []
            $0.answering = BrokerAccount(homeAccountID: "another.account", username: "grace@contoso.example")
        }
        let error = try await authenticationError { try await stage.credential(broker: broker).token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.message.contains("another account than Visual Studio Code"))
        #expect(!error.description.contains("grace") && stage.questions.isEmpty)
    }

    @Test func aTenantIsTheCredentialsElseTheRecords() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        let credential = stage.credential(tenantID: Sample.otherTenantID, broker: broker)
        let token = try await credential.token(forScopes: vaultScope)
        #expect(token.provenance?.tenantID == Sample.otherTenantID)
        let strict = stage.credential(broker: broker) { $0.additionallyAllowedTenants = [] }
        let error = try await authenticationError {
            try await strict.token(for: TokenRequestContext(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G48")
        let open = stage.credential(broker: broker) { $0.additionallyAllowedTenants = [.any] }
        let other = try await open.token(for: TokenRequestContext(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        #expect(other.provenance?.tenantID == Sample.otherTenantID)
    }

    @Test func aRecordOfAnotherCloudIsNotUsed() async throws {
        let stage = try EditorStage()
        try stage.signIn(["authority": "login.microsoftonline.us"])
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        let changes: [(inout CredentialOptions) -> Void] = [{ $0.authorityHost = .publicCloud }, { $0.cloud = .publicCloud }]
        for change in changes {
            let credential = stage.credential(broker: broker, change: change)
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.isUnavailable && error.message.contains("another cloud than the credential's"), "\(error.message)")
        }
        let variables = ["AZURE_AUTHORITY_HOST": "login.microsoftonline.com"]
        let error = try await authenticationError {
            try await stage.credential(broker: broker, variables: variables).token(forScopes: vaultScope)
        }
        #expect(error.message.contains("another cloud") && broker.state.withLock { $0.requests.isEmpty })
    }

    @Test(
        arguments: [
            (BrokerFailure(.temporary, context: "later"), true), (BrokerFailure(.noNetwork), true),
            (BrokerFailure(.refused, context: "no\u{1B}[31m"), false), (BrokerFailure(.protocolError), false),
        ])
    func aBrokersFailureIsAnError(failure: BrokerFailure, isRetryable: Bool) async throws {
        let stage = try EditorStage()
        try stage.signIn()
        try stage.set("{}")
        stage.store(try await stage.refreshToken())
        let broker = EditorBrokerClient(stage, secret: "none")
        broker.state.withLock { $0.failure = failure }
        let before = stage.emulator.requestCount
        let error = try await authenticationError { try await stage.credential(broker: broker).token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.isRetryable == isRetryable && !error.message.contains("\u{1B}"))
        // There is a broker, so nothing leads to the older way, which may be somebody else.
        #expect(stage.questions.isEmpty && stage.emulator.requestCount == before)
    }

    @Test func anotherAccountIsNoticedAtOnce() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        let credential = stage.credential(broker: broker)
        let first = try await credential.token(forScopes: vaultScope)
        #expect(try await credential.token(forScopes: vaultScope) == first)
        let home = "\(Sample.guestObjectID).\(Sample.otherTenantID)"
        try stage.signIn(["homeAccountId": home, "username": "grace@contoso.example"])
        broker.state.withLock { $0.accounts.append(BrokerAccount(homeAccountID: home, username: "grace@contoso.example")) }
        let second = try await credential.token(forScopes: vaultScope)
        #expect(second.token != first.token && broker.state.withLock { $0.asked.last??.homeAccountID } == home)
        // Signed out: nothing that was kept is given out.
        try FileManager.default.removeItem(atPath: stage.folder.path(EditorStage.recordName))
        stage.clock.advance(by: .milliseconds(2))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.remedy?.guide == "G54")
    }

    // MARK: The older way

    @Test func theOlderWayRedeemsWhatIsStored() async throws {
        let stage = try EditorStage()
        try stage.set("{\"azure.cloud\": \"AzureCloud\", /* mine */ \"azure.tenant\": \"\(Sample.tenantID)\",}")
        stage.store(try await stage.refreshToken(), cloud: "Azure")
        let credential = stage.credential()
        let token = try await credential.token(forScopes: vaultScope)
        #expect(token.provenance?.userName == Sample.userName && token.provenance?.tenantID == Sample.tenantID)
        #expect(stage.questions == ["VS Code Azure/AzureCloud", "VS Code Azure/Azure"])
        #expect(try await credential.token(forScopes: vaultScope) == token && stage.questions.count == 2)
    }

    @Test func aRefreshTokenThatComesInItsPlaceIsKeptInMemory() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        stage.emulator.update { $0.isRefreshTokenUsedOnce = true }
        let stored = try await stage.refreshToken()
        stage.store(stored)
        let credential = stage.credential()
        _ = try await credential.token(forScopes: vaultScope)
        credential.removeCachedTokens()
        // The stored one is used up by now.
        _ = try await credential.token(forScopes: vaultScope)
        guard case .found(let untouched)? = stage.passwords.withLock({ $0["AzureCloud"] }) else { throw UnexpectedSuccess() }
        #expect(untouched.revealed == stored.revealed)
        // Another program's credential has only that.
        let other = try await authenticationError { try await stage.credential().token(forScopes: vaultScope) }
        #expect(other.remedy?.guide == "G32")
        // Another sign-in replaces it, and with it the one in memory.
        stage.store(try await stage.refreshToken(of: Sample.otherUserName))
        credential.removeCachedTokens()
        #expect(try await credential.token(forScopes: vaultScope).provenance?.userName == Sample.otherUserName)
    }

    @Test func theOlderWayIsForTheRecordsAccountAlone() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        try stage.set("{}")
        stage.store(try await stage.refreshToken(of: Sample.otherUserName))
        let error = try await authenticationError { try await stage.credential().token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.message.contains("another account"), "\(error.message)")
        stage.store(try await stage.refreshToken())
        #expect(try await stage.credential().token(forScopes: vaultScope).provenance?.userName == Sample.userName)
        // And where there is a record and a broker in the program, but none on the machine.
        let broker = EditorBrokerClient(stage, secret: "none")
        broker.state.withLock { $0.failure = BrokerFailure(.absent(reason: "Nothing.")) }
        let token = try await stage.credential(broker: broker).token(forScopes: vaultScope)
        #expect(token.provenance?.userName == Sample.userName)
    }

    @Test func settingsOfAnotherCloudAreNotUsed() async throws {
        let stage = try EditorStage()
        try stage.set("{\"azure.cloud\": \"AzureChinaCloud\"}")
        stage.store(try await stage.refreshToken(), cloud: "AzureChinaCloud")
        let before = stage.emulator.requestCount
        let credential = stage.credential { $0.authorityHost = .publicCloud }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.isUnavailable && error.message.contains("another cloud than the credential's"), "\(error.message)")
        #expect(stage.emulator.requestCount == before && stage.questions.isEmpty)
    }

    // MARK: What all credentials do

    @Test func nothingIsReadWhenItIsMade() throws {
        let stage = try EditorStage()
        try stage.write("garbage", EditorStage.recordName)
        let credential = stage.credential()
        try credential.validate()
        let wrong = stage.credential(tenantID: "no tenant")
        let error = #expect(throws: AuthenticationError.self) { try wrong.validate() }
        #expect(error?.code == .invalidConfiguration && error?.credential == "VisualStudioCodeCredential")
        let variable = stage.credential(variables: ["AZURE_AUTHORITY_HOST": "http://plain.example"])
        #expect(throws: AuthenticationError.self) { try variable.validate() }
    }

    @Test func anEditorThatIsStartedLaterIsNoticed() async throws {
        let stage = try EditorStage()
        stage.store(try await stage.refreshToken())
        let credential = stage.credential()
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.remedy?.guide == "G54")
        // A folder, and no settings in it.
        let folder = try #require(EditorPlaces(["HOME": stage.folder.path]).userFolder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        stage.clock.advance(by: .seconds(1))
        #expect(try await credential.token(forScopes: vaultScope).provenance?.userName == Sample.userName)
    }

    @Test func anIssuerIsNoPlaceForIt() async throws {
        let stage = try EditorStage()
        let issuer = try OpenIDAuthority(issuer: "https://issuer.example")
        let credential = stage.credential { $0.openIDAuthority = issuer }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable)
    }

    @Test func nobodyIsNamedInDescriptions() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let secret = try await stage.refreshToken()
        stage.store(secret)
        let credential = stage.credential(broker: EditorBrokerClient(stage, secret: secret))
        _ = try await credential.token(forScopes: vaultScope)
        var dumped = ""
        dump(credential, to: &dumped)
        #expect(!dumped.contains(secret.revealed) && !"\(credential)".contains(Sample.userName))
    }
}
