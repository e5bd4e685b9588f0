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

/// Whose token the older way to the account of Visual Studio Code gives out, and where the stored one is sent.
@Suite(.timeLimit(.minutes(5))) struct EditorRestrictionTests {
    /// The emulator, whose answers don't say whose token they have.
    private struct Nameless: HTTPTransport {
        let inner: any HTTPTransport

        func send(_ request: TransportRequest) async throws -> TransportResponse {
            var response = try await self.inner.send(request)
            guard var members = try? JSONDecoder().decode([String: JSONValue].self, from: Data(response.body)),
                members["access_token"] != nil
            else { return response }
            members["client_info"] = nil
            members["id_token"] = nil
            response.body = Array(try JSONEncoder().encode(members))
            return response
        }
    }

    @Test func anAnswerThatNamesNobodyIsForNoRecordsAccount() async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        stage.emulator.update { $0.isRefreshTokenUsedOnce = true }
        stage.store(try await stage.refreshToken())
        let options = stage.options(transport: Nameless(inner: stage.emulator.transport))
        try stage.signIn()
        let credential = VisualStudioCodeCredential(options: .init(credentialOptions: options))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G32", "\(error.message)")
        #expect(error.message.contains("whose token it is"), "\(error.message)")
        // Nothing of the answer was kept: the stored refresh token, used up by now, is what is redeemed.
        let again = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(again.code == .authenticationRequired, "\(again.message)")
        // Nobody is signed in to the extension of today: there is nothing to compare with.
        try FileManager.default.removeItem(atPath: stage.folder.path(EditorStage.recordName))
        stage.store(try await stage.refreshToken())
        stage.clock.advance(by: .seconds(1))
        #expect(try await credential.token(forScopes: vaultScope).token.isEmpty == false)
        withExtendedLifetime(stage) {}
    }

    @Test(
        arguments: [
            ["authority": "login.evil.example"], ["authority": "login.microsoftonline.us"], ["homeAccountId": nil],
            ["clientId": Sample.clientID],
        ] as [[String: String?]])
    func aRecordThatCannotBeUsedClosesTheOlderWay(changes: [String: String?]) async throws {
        let stage = try EditorStage()
        try stage.set("{}")
        stage.store(try await stage.refreshToken(of: Sample.otherUserName))
        try stage.signIn(changes)
        let before = stage.emulator.requestCount
        let credential = stage.credential { $0.authorityHost = .publicCloud }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.message.contains("may have another account"), "\(error.message)")
        #expect(stage.questions.isEmpty && stage.emulator.requestCount == before)
    }

    /// Credentials that ask somebody else share no tokens; those that ask the same do.
    @Test func tokensAreSharedByWhoAsksTheSameBroker() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        let (cache, transport) = (TokenCache.inMemory, GatedTransport(stage.emulator.transport))
        func ask(_ identity: String, _ variables: [String: String] = [:]) async throws -> Int {
            let credential = VisualStudioCodeCredential(
                options: .init(
                    broker: broker.signIn(identity: identity),
                    credentialOptions: stage.options(transport: transport, tokenCache: cache, variables: variables)
                ))
            _ = try await credential.token(forScopes: vaultScope)
            return broker.state.withLock { $0.requests.count }
        }
        #expect(try await ask("library at /one") == 1)
        #expect(try await ask("library at /one") == 1)
        #expect(try await ask("library at /two") == 2)
        #expect(try await ask("library at /two", ["DBUS_SESSION_BUS_ADDRESS": "unix:path=/one"]) == 3)
        #expect(try await ask("library at /two", ["XDG_RUNTIME_DIR": "/one"]) == 4)
        #expect(try await ask("library at /two", ["XDG_RUNTIME_DIR": "/one"]) == 4)
    }

    @Test func itBindsNoTokensAndDoesNotClaimTo() async throws {
        let stage = try EditorStage()
        try stage.signIn()
        let broker = EditorBrokerClient(stage, secret: try await stage.refreshToken())
        var context = TokenRequestContext(scopes: [vaultScope])
        let url = try #require(URL(string: "https://service.example/"))
        context.proofOfPossession = ProofOfPossession(nonce: "n", method: "GET", url: url)
        let error = try await authenticationError { [context] in
            try await stage.credential(broker: broker).token(for: context)
        }
        #expect(error.code == .invalidConfiguration && error.message.contains("only of BrokerCredential"), "\(error.message)")
        #expect(!error.message.contains("with a broker") && broker.state.withLock { $0.requests.isEmpty })
    }

    /// Whether the older way is open with these variables and options.
    private func isOpen(
        _ settings: String,
        _ variables: [String: String] = [:],
        change: (inout CredentialOptions) throws -> Void = { _ in }
    ) throws -> Bool {
        let stage = try EditorStage()
        try stage.set(settings)
        var options = stage.options(variables: variables)
        try change(&options)
        let files = EditorFiles(EditorPlaces(["HOME": stage.folder.path]), host: options.testHost)
        let plan = EditorPlan(
            files,
            configuration: .init(tenantID: nil, hasBroker: false, options: options, environment: options.environment))
        withExtendedLifetime(stage) {}
        return (try? plan.older.get()) != nil
    }

    @Test func aVariableAloneSendsTheStoredTokenToNoUnknownHost() throws {
        let china = "{\"azure.cloud\": \"AzureChinaCloud\"}"
        let unknown = "https://login.private.example"
        #expect(try self.isOpen("{}"))
        #expect(try self.isOpen("{}", ["AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com"]))
        #expect(try !self.isOpen("{}", ["AZURE_AUTHORITY_HOST": unknown]))
        #expect(try !self.isOpen(china, ["AZURE_AUTHORITY_HOST": unknown]))
        #expect(try self.isOpen("{}") { $0.authorityHost = try AuthorityHost(unknown) })
        #expect(try self.isOpen("{}") { $0.cloud = AzureCloud(name: "Private", authorityHost: try AuthorityHost(unknown)) })
        #expect(try !self.isOpen(china) { $0.authorityHost = try AuthorityHost(unknown) })
        #expect(try !self.isOpen("{}") { $0.authorityHost = .china })
    }
}
