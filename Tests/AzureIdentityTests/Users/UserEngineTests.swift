// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// When a person is asked, and when not.
@Suite struct UserEngineTests {
    private let scene = PeopleScene()
    private static let otherScope = "https://graph.microsoft.com/User.Read"

    private func authenticationRequired(_ body: () async throws -> Void) async throws -> AuthenticationError {
        let error = try await authenticationError { try await body() }
        #expect(error.code == .authenticationRequired)
        return error
    }

    @Test func onePersonSignsInOnceForAllScopes() async throws {
        let engine = self.scene.engine()
        let first = try await engine.token(for: .init(scopes: [vaultScope]))
        #expect(first.source == .network)
        #expect(try engine.keptToken(for: .init(scopes: [vaultScope]))?.token == first.token)
        let second = try await engine.token(for: .init(scopes: [Self.otherScope]))
        #expect(second.token.hasPrefix("refresh_token-"))
        #expect(self.scene.flow.requests.count == 1)
        let form = try #require(self.scene.service.forms.last)
        #expect(form["refresh_token"] == "refresh-token" && form["client_info"] == "1")
        #expect(form["scope"] == "\(Self.otherScope) offline_access openid profile")
        #expect(engine.authenticationRecord == Person.ada.record)
    }

    @Test func withoutPermissionNobodyIsAsked() async throws {
        let engine = self.scene.engine(automatic: false)
        let context = TokenRequestContext(scopes: [vaultScope], claims: #"{"access_token":{"nbf":{"essential":true}}}"#)
        let error = try await self.authenticationRequired { _ = try await engine.token(for: context) }
        #expect(error.context == context)
        #expect(error.message.contains("Call authenticate(for:) to begin"))
        #expect(self.scene.flow.requests.isEmpty)
        #expect(try await engine.authenticate(for: .init(scopes: [vaultScope])) == Person.ada.record)
        #expect(self.scene.flow.requests.count == 1)
        // The second time a token is to be had silently.
        _ = try await engine.authenticate(for: .init(scopes: [Self.otherScope]))
        #expect(self.scene.flow.requests.count == 1)
    }

    @Test func withoutScopesTheResourceManagerOfTheCloudIsMeant() async throws {
        _ = try await self.scene.engine().authenticate(for: nil)
        #expect(self.scene.flow.requests.first?.context.scopes == ["https://management.azure.com/.default"])
    }

    @Test func whatTheServiceWantsProvedIsCarriedAndAskedFor() async throws {
        let engine = self.scene.engine(automatic: false)
        _ = try await engine.authenticate(for: .init(scopes: [vaultScope]))
        let claims = #"{"access_token":{"polids":{"essential":true,"values":["p"]}}}"#
        self.scene.service.answer { form in
            form["grant_type"] == "refresh_token"
                ? .refusal("interaction_required", suberror: "basic_action", claims: claims) : .init(body: Person.ada.answer())
        }
        let error = try await self.authenticationRequired { _ = try await engine.token(for: .init(scopes: [Self.otherScope])) }
        #expect(error.serviceError?.claims == claims)
        #expect(error.serviceError?.codes == [50076])
        _ = try await engine.authenticate(for: .init(scopes: [Self.otherScope]))
        #expect(self.scene.flow.requests.last?.context.claims == claims)
    }

    @Test(arguments: [500, 503, 429]) func aServiceInTroubleAsksNobody(status: Int) async throws {
        let engine = self.scene.engine()
        _ = try await engine.token(for: .init(scopes: [vaultScope]))
        self.scene.service.answer { _ in .refusal("temporarily_unavailable", status: status) }
        let error = try await authenticationError { _ = try await engine.token(for: .init(scopes: [Self.otherScope])) }
        #expect(error.code == .authenticationFailed)
        #expect(self.scene.flow.requests.count == 1)
    }

    @Test func aRenewalNeverAsks() async throws {
        let engine = self.scene.engine()
        let context = TokenRequestContext(scopes: [vaultScope])
        let token = try await engine.token(for: context)
        self.scene.service.answer { _ in .refusal("invalid_grant") }
        self.scene.clock.advance(by: .seconds(3500))
        #expect(try await engine.token(for: context).token == token.token)
        while self.scene.service.forms.count < 2 { await Task.yield() }
        #expect(self.scene.flow.requests.count == 1)
    }

    @Test func twoScopesAtOnceAskOnePerson() async throws {
        let engine = self.scene.engine()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for scope in [vaultScope, Self.otherScope, "https://a.example/.default"] {
                group.addTask { _ = try await engine.token(for: .init(scopes: [scope])) }
            }
            try await group.waitForAll()
        }
        #expect(self.scene.flow.requests.count == 1)
    }

    @Test func anotherAccountThanTheRecordsIsRefusedUnlessAskedFor() async throws {
        let engine = self.scene.engine(record: Person.grace.record)
        let error = try await authenticationError { _ = try await engine.token(for: .init(scopes: [vaultScope])) }
        #expect(error.code == .authenticationFailed && error.message.contains("Another account"))
        #expect(engine.authenticationRecord == Person.grace.record)
        #expect(try await engine.authenticate(for: .init(scopes: [vaultScope])).username == Person.ada.name)
    }

    @Test func anotherAccountHasNoneOfTheOldTokens() async throws {
        let engine = self.scene.engine()
        let context = TokenRequestContext(scopes: [vaultScope])
        #expect(try await engine.token(for: context).token.contains("ada"))
        self.scene.service.answer { form in
            form["grant_type"] == "refresh_token"
                ? .refusal("invalid_grant", suberror: "bad_token")
                : .init(body: Person.grace.answer(token: "a-token-of-grace"))
        }
        self.scene.flow.next(.grace)
        _ = try await engine.token(for: .init(scopes: [Self.otherScope]))
        #expect(engine.authenticationRecord?.username == Person.grace.name)
        #expect(try engine.keptToken(for: context) == nil)
    }

    @Test func whoSignsOutIsGone() async throws {
        let engine = self.scene.engine()
        let context = TokenRequestContext(scopes: [vaultScope])
        _ = try await engine.token(for: context)
        try await engine.signOut()
        #expect(engine.authenticationRecord == nil)
        #expect(try engine.keptToken(for: context) == nil)
        _ = try await engine.token(for: context)
        #expect(self.scene.flow.requests.count == 2)
        #expect(!self.scene.service.forms.contains { $0["grant_type"] == "refresh_token" })
    }

    @Test func whoSignsInToOneInstanceSignsInToNoOther() async throws {
        let cache = TokenCache.inMemory
        let scene = PeopleScene(.grace, cache: cache)
        let context = TokenRequestContext(scopes: [vaultScope])
        let (one, two) = (scene.engine(record: Person.ada.record), scene.engine(record: Person.ada.record, automatic: false))
        #expect(try await one.authenticate(for: context).username == Person.grace.name)
        _ = try await self.authenticationRequired { _ = try await two.token(for: context) }
        #expect(try two.keptToken(for: context) == nil)
    }

    @Test(arguments: ["invalid_scope", "invalid_resource", "unauthorized_client", "invalid_client"])
    func aMistakeInTheRequestAsksNobody(code: String) async throws {
        let engine = self.scene.engine()
        _ = try await engine.token(for: .init(scopes: [vaultScope]))
        self.scene.service.answer { _ in .refusal(code) }
        let error = try await authenticationError { _ = try await engine.token(for: .init(scopes: [Self.otherScope])) }
        #expect(error.code == .authenticationFailed && error.serviceError?.error == code)
        #expect(self.scene.flow.requests.count == 1 && self.scene.service.forms.count == 2)
    }

    @Test func oneSignInMendsAnExpiredRefreshTokenForAllWhoWait() async throws {
        let engine = self.scene.engine()
        _ = try await engine.token(for: .init(scopes: [vaultScope]))
        var renewed = Person.ada
        renewed.refreshToken = "a-new-refresh-token"
        self.scene.service.answer { [renewed] form in
            form["refresh_token"] == "refresh-token" ? .refusal("invalid_grant") : .init(body: renewed.answer())
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask { _ = try await engine.token(for: .init(scopes: ["https://s\(number).example/.default"])) }
            }
            try await group.waitForAll()
        }
        #expect(self.scene.flow.requests.count == 2)
    }

    @Test func onlyWhoAuthenticatesMayAsk() async throws {
        let engine = self.scene.engine(automatic: false)
        async let record = engine.authenticate(for: .init(scopes: [vaultScope]))
        let others = await withTaskGroup(of: AuthenticationError.Code?.self) { group in
            for number in 0..<5 {
                group.addTask {
                    do {
                        _ = try await engine.token(for: .init(scopes: ["https://s\(number).example/.default"]))
                        return nil
                    } catch { return (error as? AuthenticationError)?.code }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await record == Person.ada.record)
        #expect(others.allSatisfy { $0 == nil || $0 == .authenticationRequired })
        #expect(self.scene.flow.requests.count == 1)
    }

    /// Who signs in for another caller isn't who this one expects.
    @Test(.timeLimit(.minutes(1))) func nobodyJoinsASignInThatAnotherCallerWants() async throws {
        let scene = PeopleScene(.grace)
        let engine = scene.engine(record: Person.ada.record, automatic: false)
        let context = TokenRequestContext(scopes: [vaultScope])
        let (asked, asking) = AsyncStream.makeStream(of: Void.self)
        let (answered, answering) = AsyncStream.makeStream(of: Void.self)
        scene.flow.meanwhile {
            asking.finish()
            for await _ in answered {}
        }
        async let record = engine.authenticate(for: context)
        for await _ in asked {}
        _ = try await self.authenticationRequired { _ = try await engine.token(for: context) }
        answering.finish()
        #expect(try await record == Person.grace.record)
        // Whom somebody has had sign in on purpose is the credential's person from then on.
        #expect(try await engine.token(for: context).token.contains(Person.grace.name))
        #expect(scene.flow.requests.count == 1)
    }

    @Test func aRecordFindsTheAccountInTheCache() async throws {
        _ = try await self.scene.engine().token(for: .init(scopes: [vaultScope]))
        let engine = self.scene.engine(record: Person.ada.record, automatic: false)
        #expect(try await engine.token(for: .init(scopes: [vaultScope])).token.hasPrefix("refresh_token-"))
        let other = self.scene.engine(record: Person.grace.record, automatic: false)
        _ = try await self.authenticationRequired { _ = try await other.token(for: .init(scopes: [vaultScope])) }
    }

    @Test func aBadRefreshTokenIsTriedOnce() async throws {
        let engine = self.scene.engine()
        _ = try await engine.token(for: .init(scopes: [vaultScope]))
        self.scene.service.answer { form in
            form["grant_type"] == "refresh_token"
                ? .refusal("invalid_grant", suberror: "bad_token")
                : .init(
                    body: {
                        var person = Person.ada; person.refreshToken = nil; return person.answer()
                    }())
        }
        for scope in [Self.otherScope, "https://a.example/.default"] { _ = try await engine.token(for: .init(scopes: [scope])) }
        #expect(self.scene.service.forms.filter { $0["grant_type"] == "refresh_token" }.count == 1)
    }

    @Test func aFamilyLendsItsRefreshToken() async throws {
        var ada = Person.ada
        ada.familyID = "1"
        let scene = PeopleScene(ada)
        _ = try await scene.engine().token(for: .init(scopes: [vaultScope]))
        let other = "c0000000-0000-4000-8000-0000000000ff"
        let document = try await scene.cache.vault.document(
            .init(
                subject: .user(
                    environment: "login.microsoftonline.com", clientID: UserEngine.developerClientID,
                    homeAccountID: ada.record.homeAccountID),
                isCAEEnabled: false))
        let entry = try #require(document.refreshEntries.first)
        #expect(entry.familyID == "1")
        #expect(RefreshOrder.candidates([entry], clientID: other, application: nil) == [entry])
        #expect(
            RefreshOrder.candidates([entry], clientID: other, application: .init(clientID: other, environment: "", familyID: nil))
                == [])
    }

    @Test(arguments: [["openid"], ["openid", "profile", "offline_access"]])
    func scopesOfNoResourceAreRefused(scopes: [String]) async throws {
        let error = try await authenticationError { _ = try await self.scene.engine().token(for: .init(scopes: scopes)) }
        #expect(error.code == .invalidConfiguration)
    }

    @Test func thePersonIsInNoDescription() {
        for text in [
            "\(Person.ada.record)", String(reflecting: Person.ada.record),
            String(describing: Mirror(reflecting: Person.ada.record).children.map(\.value)),
        ] {
            #expect(!text.contains("ada") && !text.contains(Person.ada.id))
        }
    }
}
