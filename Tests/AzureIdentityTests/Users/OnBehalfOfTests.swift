// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// An application that acts for its users.
@Suite struct OnBehalfOfTests {
    private let service = PeopleService { form in
        .init(body: Person.ada.answer(token: "for-\(form["assertion"] ?? form["refresh_token"] ?? "")"))
    }
    private let clock = VirtualClock()

    private func options(cache: TokenCache = .inMemory) -> CredentialOptions {
        var options = CredentialOptions(transport: self.service, retry: .none, tokenCache: cache, environment: [:])
        let clock = self.clock
        options.hostOverride = { host in
            var host = host
            host.clock = clock
            return host
        }
        return options
    }

    private func credential(
        _ assertion: String,
        secret: String = Sample.clientSecret,
        options: CredentialOptions
    ) -> OnBehalfOfCredential {
        OnBehalfOfCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            authentication: .secret(Secret(secret)),
            userAssertion: Secret(assertion),
            options: options
        )
    }

    @Test func theUsersTokenIsExchanged() async throws {
        let credential = self.credential("ada", options: self.options())
        #expect(try await credential.token(forScopes: vaultScope).token == "for-ada")
        let form = try #require(self.service.forms.first)
        #expect(form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        #expect(form["requested_token_use"] == "on_behalf_of" && form["client_secret"] == Sample.clientSecret)
        #expect(form["scope"] == vaultScope)
    }

    @Test func usersShareNothingAndTheSameUserEverything() async throws {
        let options = self.options()
        let ada = self.credential("ada", options: options)
        let grace = ada.acting(for: Secret("grace"))
        #expect(try await ada.token(forScopes: vaultScope).token == "for-ada")
        #expect(try await grace.token(forScopes: vaultScope).token == "for-grace")
        #expect(try await self.credential("ada", options: options).token(forScopes: vaultScope).source == .memory)
        #expect(try await grace.acting(for: Secret("ada")).token(forScopes: vaultScope).source == .memory)
        #expect(self.service.forms.count == 2)
        // Another secret of the application is another application.
        _ = try await self.credential("ada", secret: "another", options: options).token(forScopes: vaultScope)
        #expect(self.service.forms.count == 3)
    }

    @Test(
        arguments: [
            ("interaction_required", nil), ("invalid_grant", "consent_required"), ("invalid_grant", "basic_action"),
        ] as [(String, String?)])
    func whatTheUserHasToDoIsSaid(error: String, suberror: String?) async throws {
        let claims = #"{"access_token":{"polids":{"essential":true,"values":["p"]}}}"#
        self.service.answer { _ in .refusal(error, suberror: suberror, claims: claims) }
        let credential = self.credential("ada", options: self.options())
        let failure = try await authenticationError { _ = try await credential.token(forScopes: vaultScope) }
        #expect(failure.code == .authenticationRequired)
        #expect(failure.serviceError?.claims == claims && failure.context?.scopes == [vaultScope])
        #expect(failure.remedy != nil)
    }

    @Test func aRefusalThatNobodyCanMendIsAFailure() async throws {
        self.service.answer { _ in .refusal("invalid_grant", suberror: "bad_token") }
        let failure = try await authenticationError {
            _ = try await self.credential("ada", options: self.options()).token(forScopes: vaultScope)
        }
        #expect(failure.code == .authenticationFailed)
        #expect(!"\(failure)".contains("ada"))
    }

    @Test func aSessionOutlivesTheUsersToken() async throws {
        let options = self.options()
        func session(_ assertion: String?) -> OnBehalfOfCredential {
            OnBehalfOfCredential(
                tenantID: Sample.tenantID,
                clientID: Sample.clientID,
                authentication: .secret(Secret(Sample.clientSecret)),
                sessionKey: Secret("session-1"),
                userAssertion: assertion.map { Secret($0) },
                options: options
            )
        }
        let missing = try await authenticationError { _ = try await session(nil).token(forScopes: vaultScope) }
        #expect(missing.code == .authenticationRequired && self.service.forms.isEmpty)
        #expect(try await session("ada").token(forScopes: vaultScope).token == "for-ada")
        self.clock.advance(by: .seconds(7200))
        #expect(try await session(nil).token(forScopes: vaultScope).token == "for-refresh-token")
        let form = try #require(self.service.forms.last)
        #expect(form["client_secret"] == Sample.clientSecret && form["grant_type"] == "refresh_token")
    }

    @Test func endingASessionRemovesIt() async throws {
        let options = self.options()
        let credential = OnBehalfOfCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            authentication: .secret(Secret(Sample.clientSecret)),
            sessionKey: Secret("session-2"),
            userAssertion: Secret("ada"),
            options: options
        )
        _ = try await credential.token(forScopes: vaultScope)
        try await credential.endSession()
        let again = OnBehalfOfCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            authentication: .secret(Secret(Sample.clientSecret)),
            sessionKey: Secret("session-2"),
            options: options
        )
        let failure = try await authenticationError { _ = try await again.token(forScopes: vaultScope) }
        #expect(failure.code == .authenticationRequired)
    }

    private func session(_ key: String, _ assertion: String?, options: CredentialOptions) -> OnBehalfOfCredential {
        OnBehalfOfCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            authentication: .secret(Secret(Sample.clientSecret)),
            sessionKey: Secret(key),
            userAssertion: assertion.map { Secret($0) },
            options: options
        )
    }

    @Test func whoseTokenIsGivenIsWhoIsActedFor() async throws {
        let options = self.options()
        #expect(try await self.session("key", "ada", options: options).token(forScopes: vaultScope).token == "for-ada")
        #expect(try await self.session("key", "grace", options: options).token(forScopes: vaultScope).token == "for-grace")
        let stranger = try await authenticationError {
            _ = try await self.session("another key", nil, options: options).token(forScopes: vaultScope)
        }
        #expect(stranger.code == .authenticationRequired)
    }

    @Test func actingForAnotherUserIsWithoutASessionUnlessItHasAKey() async throws {
        let options = self.options()
        let ada = self.session("key of ada", "ada", options: options)
        _ = try await ada.token(forScopes: vaultScope)
        let grace = ada.acting(for: Secret("grace"))
        #expect(try await grace.token(forScopes: vaultScope).token == "for-grace")
        // Ends nobody's session: it has none.
        try await grace.endSession()
        let scope = "https://graph.microsoft.com/User.Read"
        #expect(
            try await self.session("key of ada", nil, options: options).token(forScopes: scope).token == "for-refresh-token")
        let kept = ada.acting(for: Secret("grace"), sessionKey: Secret("key of grace"))
        #expect(try await kept.token(forScopes: vaultScope).token == "for-grace")
        let later = ada.acting(for: nil, sessionKey: Secret("key of grace"))
        #expect(try await later.token(forScopes: scope).token == "for-refresh-token")
        try await later.endSession()
        let ended = try await authenticationError { _ = try await later.token(forScopes: "https://a.example/.default") }
        #expect(ended.code == .authenticationRequired)
        #expect(throws: AuthenticationError.self) { try ada.acting(for: nil, sessionKey: Secret("")).validate() }
    }

    @Test func noDumpShowsASecret() {
        let options = self.options()
        for credential in [
            self.credential("MARKED-user", secret: "MARKED-secret", options: options),
            OnBehalfOfCredential(
                tenantID: Sample.tenantID, clientID: Sample.clientID, authentication: .secret("MARKED-secret"),
                sessionKey: "MARKED-key", userAssertion: "MARKED-user", options: options),
        ] {
            var dumped = ""
            dump(credential, to: &dumped)
            #expect(!dumped.contains("MARKED") && dumped.contains("OnBehalfOf"))
        }
    }

    @Test func aSessionIsEndedByWhoeverHasItsKey() async throws {
        let options = self.options()
        _ = try await self.session("key", "ada", options: options).token(forScopes: vaultScope)
        try await self.session("key", nil, options: options).endSession()
        let ended = try await authenticationError {
            _ = try await self.session("key", nil, options: options).token(forScopes: vaultScope)
        }
        #expect(ended.code == .authenticationRequired)
    }

    @Test func endingASessionEndsItForAllWhoHaveItsKey() async throws {
        let options = self.options()
        let user = self.session("key", "ada", options: options)
        let job = self.session("key", nil, options: options)
        _ = try await user.token(forScopes: vaultScope)
        #expect(try await job.token(forScopes: vaultScope).token == "for-refresh-token")
        try await user.endSession()
        for credential in [job, self.session("key", nil, options: options)] {
            let ended = try await authenticationError { _ = try await credential.token(forScopes: vaultScope) }
            #expect(ended.code == .authenticationRequired)
        }
        // And the other way round: who has the user's token has to show it again.
        #expect(try await user.token(forScopes: vaultScope).source == .network)
        #expect(try await self.session("key", "ada", options: options).token(forScopes: vaultScope).token == "for-ada")
        let count = self.service.forms.count
        try await job.endSession()
        #expect(try await user.token(forScopes: vaultScope).token == "for-ada")
        #expect(self.service.forms.count == count + 1 && self.service.forms.last?["assertion"] == "ada")
    }

    /// Answers for whoever the assertion or the refresh token names.
    private func answerByName(refreshing: Bool = true) {
        self.service.answer { form in
            let secret = form["assertion"] ?? form["refresh_token"] ?? ""
            var person = secret.contains("grace") ? Person.grace : Person.ada
            person.refreshToken = refreshing || secret.contains("ada") ? person.name : nil
            return PeopleService.Answer(body: person.answer(token: "for-\(person.name)"))
        }
    }

    @Test func aSessionIsWhoseTokenBeganItLast() async throws {
        self.answerByName()
        let options = self.options()
        let job = self.session("key", nil, options: options)
        let withCAE = TokenRequestContext(scopes: [vaultScope], isCAEEnabled: true)
        _ = try await self.session("key", "ada", options: options).token(for: withCAE)
        _ = try await self.session("key", "ada", options: options).token(forScopes: vaultScope)
        #expect(try await job.token(forScopes: vaultScope).token == "for-ada@contoso.example")
        // The same user's next token changes nothing.
        _ = try await self.session("key", "ada-again", options: options).token(forScopes: vaultScope)
        #expect(try await job.token(forScopes: vaultScope).source == .memory)
        _ = try await self.session("key", "grace", options: options).token(forScopes: vaultScope)
        for credential in [job, self.session("key", nil, options: options)] {
            #expect(try await credential.token(forScopes: vaultScope).token == "for-grace@contoso.example")
            // There is nothing of the former user's in the other part either.
            let error = try await authenticationError { _ = try await credential.token(for: withCAE) }
            #expect(error.code == .authenticationRequired)
        }
    }

    @Test func aSessionThatKeepsNothingOfItsUserHasNothingOfTheFormerOne() async throws {
        self.answerByName(refreshing: false)
        let options = self.options()
        _ = try await self.session("key", "ada", options: options).token(forScopes: vaultScope)
        _ = try await self.session("key", "grace", options: options).token(forScopes: vaultScope)
        let error = try await authenticationError {
            _ = try await self.session("key", nil, options: options).token(forScopes: vaultScope)
        }
        #expect(error.code == .authenticationRequired)
    }

    @Test func aCacheWithOneDocumentForAllUsersIsRefused() throws {
        let cache = TokenCache(vault: DiskVault(storages: [], isRequired: false))
        let error = try #require(throws: AuthenticationError.self) {
            try self.session("key", "ada", options: self.options(cache: cache)).validate()
        }
        #expect(error.code == .invalidConfiguration && error.message.contains("one document for all users"))
    }

    @Test func anEmptyAssertionOrKeyIsAMistake() async throws {
        let empty = self.credential("", options: self.options())
        #expect(
            try await authenticationError { _ = try await empty.token(forScopes: vaultScope) }.message.contains("user assertion"))
        let keyless = OnBehalfOfCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            authentication: .secret(Secret("s")),
            sessionKey: Secret(""),
            options: self.options()
        )
        #expect(throws: AuthenticationError.self) { try keyless.validate() }
    }
}
