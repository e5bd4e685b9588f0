// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// A code that an application was given on its redirect URL.
@Suite struct AuthorizationCodeTests {
    private let service = PeopleService { form in
        .init(body: Person.ada.answer(token: "by-\(form["grant_type"] ?? "")"))
    }

    private func credential(_ code: String = "the-code", verifier: String? = nil) -> AuthorizationCodeCredential {
        AuthorizationCodeCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            authorizationCode: Secret(code),
            redirectURL: "https://app.example/callback",
            authentication: .secret(Secret(Sample.clientSecret)),
            codeVerifier: verifier.map { Secret($0) },
            options: CredentialOptions(transport: self.service, retry: .none, tokenCache: .inMemory, environment: [:])
        )
    }

    @Test func theCodeIsRedeemedOnceForAllScopes() async throws {
        let credential = self.credential(verifier: "the-verifier")
        #expect(try await credential.token(forScopes: vaultScope).token == "by-authorization_code")
        #expect(try await credential.token(forScopes: "https://graph.microsoft.com/User.Read").token == "by-refresh_token")
        let form = try #require(self.service.forms.first)
        #expect(form["code"] == "the-code" && form["code_verifier"] == "the-verifier")
        #expect(form["redirect_uri"] == "https://app.example/callback" && form["client_secret"] == Sample.clientSecret)
        #expect(self.service.forms[1]["client_secret"] == Sample.clientSecret)
        #expect(credential.authenticationRecord?.username == Person.ada.name)
    }

    @Test func withoutARefreshTokenTheUserHasToComeAgain() async throws {
        self.service.answer { _ in
            .init(
                body: {
                    var ada = Person.ada; ada.refreshToken = nil; return ada.answer()
                }())
        }
        let credential = self.credential()
        _ = try await credential.token(forScopes: vaultScope)
        // The kept token is good for its scope.
        _ = try await credential.token(forScopes: vaultScope)
        let error = try await authenticationError { _ = try await credential.token(forScopes: "https://a.example/.default") }
        #expect(error.code == .authenticationRequired && error.message.contains("has been used"))
        #expect(self.service.forms.count == 1)
    }

    @Test func aCodeThatNobodyHasSeenIsKept() async throws {
        let credential = self.credential()
        self.service.answer { _ in .refusal("temporarily_unavailable", status: 503) }
        let error = try await authenticationError { _ = try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.isRetryable)
        self.service.answer { _ in .init(body: Person.ada.answer()) }
        _ = try await credential.token(forScopes: vaultScope)
    }

    @Test func aRefusedCodeIsNotSentAgain() async throws {
        let credential = self.credential()
        self.service.answer { _ in .refusal("invalid_grant") }
        for code in [AuthenticationError.Code.authenticationFailed, .authenticationRequired] {
            let error = try await authenticationError { _ = try await credential.token(forScopes: vaultScope) }
            #expect(error.code == code)
            #expect(!"\(error)".contains("the-code"))
        }
        #expect(self.service.forms.count == 1)
    }

    @Test(arguments: ["", "a b", "a\nb"]) func aCodeThatCannotBeOneIsAMistake(code: String) {
        #expect(throws: AuthenticationError.self) { try self.credential(code).validate() }
    }
}
