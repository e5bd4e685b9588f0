// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Requests with tokens, through the pipeline and in memory.
@Suite(.timeLimit(.minutes(5))) struct AuthorizationExchangeTests {
    private let clock = VirtualClock()
    private let vault = "https://contoso.vault.azure.net/secrets/a"

    private func authorizer(
        _ credential: any TokenCredential, scopes: [String] = ["s"], options: BearerTokenAuthorizer.Options = .init()
    ) -> BearerTokenAuthorizer {
        BearerTokenAuthorizer(credential: credential, scopes: scopes, options: options, clock: self.clock)
    }

    private func send(
        _ service: ScriptedService, by authorizer: BearerTokenAuthorizer, to text: String = "https://s.example/a",
        body: String = "",
        retry: RetryOptions = .none, deadline: MonotonicTime? = nil
    ) async throws -> AuthorizedExchange {
        let pipeline = HTTPPipeline(
            transport: service, clock: self.clock, retry: retry, logging: .init(), userAgent: "agent/1")
        let request = TransportRequest(
            method: body.isEmpty ? .get : .post, url: try url(text), headers: ["authorization": "mine"], body: Array(body.utf8))
        return try await authorizer.send(
            request, through: pipeline, context: TokenRequestContext(scopes: ["ignored"], tenantID: "ignored"), deadline: deadline
        )
    }

    @Test func aTokenIsSent() async throws {
        let credential = CountingCredential()
        let service = ScriptedService([TransportResponse(status: 200)])
        let exchange = try await self.send(service, by: self.authorizer(credential, options: .init(tenantID: "t")))
        #expect(exchange.exchange.response.status == 200 && exchange.token?.token == "t0")
        #expect(service.authorizations == ["Bearer t0"])
        #expect(service.requests[0].headers.values(for: "Authorization").count == 1)
        #expect(service.requests[0].secrets == ["t0"])
        let context = try #require(credential.contexts.first)
        #expect(context.scopes == ["s"] && context.tenantID == "t" && context.isCAEEnabled && context.claims == nil)
        #expect(exchange.exchange.clientRequestID == service.requests[0].headers["x-ms-client-request-id"])
    }

    @Test func theTokensTypeIsItsWord() async throws {
        let credential = CountingCredential { _, _ in accessToken("t", type: .pop) }
        let service = ScriptedService([TransportResponse(status: 200)])
        _ = try await self.send(service, by: self.authorizer(credential))
        #expect(service.authorizations == ["PoP t"])
    }

    @Test func claimsAreAnsweredWithTheSameBody() async throws {
        let credential = CountingCredential()
        let service = ScriptedService([unauthorized(claimsChallenge()), TransportResponse(status: 200)])
        let exchange = try await self.send(service, by: self.authorizer(credential), body: "secret")
        #expect(service.authorizations == ["Bearer t0", "Bearer t1"])
        #expect(service.requests.map(\.body) == [Array("secret".utf8), Array("secret".utf8)])
        #expect(credential.contexts.map(\.claims) == [nil, sampleClaims])
        #expect(credential.contexts.map(\.isCAEEnabled) == [true, true])
        #expect(exchange.token?.token == "t1")
    }

    @Test func aSecondRefusalIsReturned() async throws {
        let credential = CountingCredential()
        let service = ScriptedService([unauthorized(claimsChallenge()), unauthorized(claimsChallenge())])
        let exchange = try await self.send(service, by: self.authorizer(credential))
        #expect(exchange.exchange.response.status == 401 && service.requests.count == 2 && credential.contexts.count == 2)
    }

    @Test func withoutCAENoTokenIsAskedForWithIt() async throws {
        let credential = CountingCredential()
        let service = ScriptedService([TransportResponse(status: 200)])
        _ = try await self.send(service, by: self.authorizer(credential, options: .init(isCAEEnabled: false)))
        #expect(credential.contexts.map(\.isCAEEnabled) == [false])
    }

    @Test func aVaultIsAskedOnceWhatItWants() async throws {
        let credential = CountingCredential()
        let service = ScriptedService([
            unauthorized(vaultChallenge()), TransportResponse(status: 200), TransportResponse(status: 200),
            unauthorized(vaultChallenge(tenant: "t-9")), TransportResponse(status: 200),
        ])
        let authorizer = self.authorizer(credential, scopes: [], options: .init(discovery: .keyVault))
        _ = try await self.send(service, by: authorizer, to: self.vault, body: "secret")
        #expect(service.authorizations == ["-", "Bearer t0"])
        #expect(service.requests.map(\.body) == [[], Array("secret".utf8)])
        _ = try await self.send(service, by: authorizer, to: self.vault.uppercased().replacing("HTTPS", with: "https"))
        #expect(service.authorizations.last == "Bearer t1" && service.requests.count == 3)
        // Another vault, another question.
        _ = try await self.send(service, by: authorizer, to: "https://other.vault.azure.net/")
        #expect(service.authorizations.suffix(2) == ["-", "Bearer t2"])
        #expect(credential.contexts.map(\.tenantID) == ["tenant-1", "tenant-1", "t-9"])
        #expect(Set(credential.contexts.map(\.scopes)) == [["https://vault.azure.net/.default"]])
    }

    @Test func whatTheCredentialRefusesIsFoundOutAnew() async throws {
        let credential = CountingCredential { number, _ in
            if number == 0 { throw AuthenticationError(.authenticationFailed, credential: "C", message: "not my tenant") }
            return accessToken("t")
        }
        let service = ScriptedService { number, _ in
            number == 2 ? TransportResponse(status: 200) : unauthorized(vaultChallenge(tenant: "t-\(number)"))
        }
        let authorizer = self.authorizer(credential, scopes: [], options: .init(discovery: .keyVault))
        let error = await #expect(throws: AuthenticationError.self) {
            _ = try await self.send(service, by: authorizer, to: self.vault)
        }
        #expect(error?.credential == "C" && error?.message == "not my tenant")
        _ = try await self.send(service, by: authorizer, to: self.vault)
        #expect(service.authorizations == ["-", "-", "Bearer t"])
        #expect(credential.contexts.map(\.tenantID) == ["t-0", "t-1"])
    }

    @Test func aHostThatWantsATokenForAnotherGetsNone() async throws {
        let credential = CountingCredential()
        let service = ScriptedService([unauthorized(vaultChallenge())])
        let authorizer = self.authorizer(credential, scopes: [], options: .init(discovery: .keyVault))
        let error = await #expect(throws: AuthenticationError.self) {
            _ = try await self.send(service, by: authorizer, to: "https://evilvault.azure.net/")
        }
        #expect(error?.message.contains("evilvault.azure.net asks for a token for https://vault.azure.net/.default") == true)
        #expect(credential.contexts.isEmpty && service.authorizations == ["-"])
    }

    @Test(arguments: ["http://s.example/", "http://127.0.0.1:8080/", "https://user:pw@s.example/"])
    func noTokenIsAskedForWhatIsNotSafe(text: String) async throws {
        let credential = CountingCredential()
        let service = ScriptedService([])
        let error = await #expect(throws: TransportError.self) {
            _ = try await self.send(service, by: self.authorizer(credential), to: text)
        }
        #expect(error?.kind == .refused && error?.isRetryable == false)
        #expect(credential.contexts.isEmpty && service.requests.isEmpty)
    }

    @Test func eachRetryGetsATokenOfItsOwn() async throws {
        let credential = CountingCredential()
        let service = ScriptedService([
            TransportResponse(status: 503), unauthorized(claimsChallenge()), TransportResponse(status: 503),
            TransportResponse(status: 200),
        ])
        let authorizer = self.authorizer(credential)
        let task = Task { try await self.send(service, by: authorizer, retry: .default) }
        for _ in 0..<2 {
            await self.clock.waitForSleepers(1)
            self.clock.advance(by: .seconds(2))
        }
        #expect(try await task.value.exchange.response.status == 200)
        // The token that answered the claims lasts, so that the service's second pause costs no further one.
        #expect(service.authorizations == ["Bearer t0", "Bearer t1", "Bearer t2", "Bearer t2"])
        #expect(credential.contexts.map(\.claims) == [nil, nil, sampleClaims])
    }

    @Test func aTokenThatAnsweredTheClaimsIsRenewedWhenItHasExpired() async throws {
        let clock = self.clock
        let credential = CountingCredential { number, _ in
            accessToken("t\(number)", expiresOn: clock.date.addingTimeInterval(1))
        }
        let service = ScriptedService([
            unauthorized(claimsChallenge()), TransportResponse(status: 503), TransportResponse(status: 200),
        ])
        let authorizer = self.authorizer(credential)
        let task = Task { try await self.send(service, by: authorizer, retry: .default) }
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: .seconds(2))
        _ = try await task.value
        #expect(service.authorizations == ["Bearer t0", "Bearer t1", "Bearer t2"])
        #expect(credential.contexts.map(\.claims) == [nil, sampleClaims, sampleClaims])
    }

    @Test func theDeadlineIsTheCredentialsToo() async throws {
        let credential = CountingCredential()
        let service = ScriptedService([TransportResponse(status: 200)])
        _ = try await self.send(service, by: self.authorizer(credential), deadline: self.clock.now + .seconds(7))
        #expect(credential.contexts.first?.timeout == .seconds(7))
    }

    @Test(arguments: ["", "a b", "a\r\nX-Evil: 1", "ü"])
    func aTokenThatNoHeaderCanCarryIsAnError(text: String) async throws {
        let credential = CountingCredential { _, _ in accessToken(text) }
        let service = ScriptedService([])
        let error = await #expect(throws: AuthenticationError.self) {
            _ = try await self.send(service, by: self.authorizer(credential))
        }
        #expect(error?.code == .authenticationFailed && service.requests.isEmpty)
        if !text.isEmpty { #expect(error.map { "\($0)".contains(text) } == false) }
    }

    @Test func errorsOfTheCredentialComeThroughOnceAndUnchanged() async throws {
        let credential = CountingCredential { _, _ in
            throw AuthenticationError(.authenticationRequired, credential: "C", message: "sign in", isRetryable: true)
        }
        let service = ScriptedService([])
        let error = await #expect(throws: AuthenticationError.self) {
            _ = try await self.send(service, by: self.authorizer(credential), retry: .default)
        }
        #expect(error?.code == .authenticationRequired && error?.message == "sign in" && credential.contexts.count == 1)
        #expect(service.requests.isEmpty)
    }

    @Test func whoComesLateWithTheSameClaimsGetsTheSameToken() async throws {
        // Keeps a token, as the engine does: a question with claims replaces it.
        let kept = Locked("t0")
        let credential = CountingCredential { _, context in
            accessToken(
                kept.withLock { kept in
                    if context.claims != nil { kept += "+" }
                    return kept
                })
        }
        // Refuses the first token for ever.
        let service = ScriptedService { _, request in
            request.headers["Authorization"] == "Bearer t0" ? unauthorized(claimsChallenge()) : TransportResponse(status: 200)
        }
        let authorizer = self.authorizer(credential)
        var late = try authorizer.authorization(for: try url("https://s.example/"))
        let before = try await late.header()
        _ = try await self.send(service, by: authorizer)
        let continues = try late.continues(afterStatus: 401, challenges: [claimsChallenge()])
        let after = try await late.header()
        #expect(continues && before == "Bearer t0" && after == "Bearer t0+" && late.token?.token == "t0+")
        #expect(credential.contexts.filter { $0.claims != nil }.count == 1)
    }

    @Test func claimsOfARequestThatCanNotBeSentAgainAreAnsweredByTheNext() async throws {
        // A credential that would go on giving the refused token.
        let credential = CountingCredential { _, context in accessToken(context.claims == nil ? "t0" : "t1") }
        let authorizer = self.authorizer(credential)
        var refused = try authorizer.authorization(for: try url("https://s.example/a"), hasBody: true)
        let before = try await refused.header()
        let continues = try refused.continues(afterStatus: 401, challenges: [claimsChallenge()], canSendBodyAgain: false)
        #expect(before == "Bearer t0" && !continues)
        // What one host has refused may be good at another.
        var elsewhere = try authorizer.authorization(for: try url("https://other.example/a"), hasBody: true)
        let there = try await elsewhere.header()
        #expect(there == "Bearer t0")
        for _ in 0..<2 {
            var next = try authorizer.authorization(for: try url("https://s.example/b"), hasBody: true)
            let after = try await next.header(timeout: .seconds(5))
            #expect(after == "Bearer t1" && next.token?.token == "t1")
        }
        #expect(credential.contexts.map(\.claims) == [nil, nil, nil, sampleClaims, nil])
    }

    @Test func requestsThatAreAskedForDifferentClaimsShareAnAnswer() async throws {
        let credential = CountingCredential { number, context in accessToken(context.claims == nil ? "t0" : "c\(number)") }
        let authorizer = self.authorizer(credential)
        var first = try authorizer.authorization(for: try url("https://s.example/a"))
        var second = try authorizer.authorization(for: try url("https://s.example/b"))
        _ = try await first.header()
        _ = try await second.header()
        let firstContinues = try first.continues(afterStatus: 401, challenges: [claimsChallenge(#"{"a":1}"#)])
        let got = try await first.header()
        let secondContinues = try second.continues(afterStatus: 401, challenges: [claimsChallenge(#"{"a":2}"#)])
        let shared = try await second.header()
        #expect(firstContinues && secondContinues && got == "Bearer c2" && shared == "Bearer c2")
        // It wasn't good enough: now the second one asks itself, and that's the end.
        let again = try second.continues(afterStatus: 401, challenges: [claimsChallenge(#"{"a":2}"#)])
        let own = try await second.header()
        let end = try second.continues(afterStatus: 401, challenges: [claimsChallenge(#"{"a":3}"#)])
        #expect(again && own == "Bearer c3" && !end)
        #expect(credential.contexts.map(\.claims) == [nil, nil, #"{"a":1}"#, #"{"a":2}"#])
    }

    @Test func nothingOfItShowsATokenInADump() async throws {
        let authorizer = self.authorizer(CountingCredential { _, _ in accessToken("TOKEN") })
        var authorization = try authorizer.authorization(for: try url("https://s.example/"))
        _ = try await authorization.header()
        var text = ""
        dump(authorization, to: &text)
        dump(authorizer, to: &text)
        #expect(!text.contains("TOKEN") && !"\(authorization)\(authorizer)".contains("TOKEN"))
    }
}
