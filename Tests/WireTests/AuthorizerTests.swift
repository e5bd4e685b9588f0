// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AsyncHTTPClient
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// Tokens on requests of async-http-client, over real TLS.
@Suite(.timeLimit(.minutes(5))) struct AuthorizerTests {
    private typealias Answer = AuthorizerServer.Answer

    /// Gives `t0`, `t1` and so on, and records what it was asked for.
    private final class Credential: TokenCredential {
        private let seen = Locked<[TokenRequestContext]>([])
        var contexts: [TokenRequestContext] { self.seen.withLock { $0 } }

        nonisolated(nonsending) func token(for context: TokenRequestContext) async throws -> AccessToken {
            let number = self.seen.withLock { seen in
                seen.append(context)
                return seen.count - 1
            }
            return AccessToken(token: "t\(number)", expiresOn: Date(timeIntervalSinceNow: 3_600))
        }
    }

    private static let claims = #"{"access_token":{"nbf":{"value":"1"}}}"#
    private static let claimsChallenge =
        #"WWW-Authenticate: Bearer error="insufficient_claims", claims="\#(Base64URL.encode(Array(claims.utf8)))""#

    /// Runs a test with a server, a client that trusts it, and a credential.
    private func withService(
        redirects: HTTPClient.Configuration.RedirectConfiguration = .disallow,
        answer: @escaping @Sendable (Int, AuthorizerServer.Request) -> AuthorizerServer.Answer,
        _ body: (AuthorizerServer, HTTPClient, Credential) async throws -> Void
    ) async throws {
        let authority = try TestAuthority()
        try await AuthorizerServer.with(try authority.server(), answer: answer) { server in
            let certificates = try NIOSSLCertificate.fromPEMBytes(Array(authority.pem.utf8))
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(certificates)
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: .init(tlsConfiguration: tls, redirectConfiguration: redirects))
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(server, client, Credential()))
            } catch {
                result = .failure(error)
            }
            try await client.shutdown()
            try result.get()
        }
    }

    private func authorizer(_ credential: Credential, options: BearerTokenAuthorizer.Options = .init()) -> BearerTokenAuthorizer {
        BearerTokenAuthorizer(credential: credential, scopes: "s", options: options)
    }

    private func request(_ url: String, body: HTTPClientRequest.Body? = nil) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = body == nil ? .GET : .PUT
        request.headers.add(name: "authorization", value: "mine")
        request.body = body
        return request
    }

    @Test func aClaimsChallengeIsAnsweredWithTheSameBody() async throws {
        try await self.withService(answer: { number, _ in number == 0 ? Answer(401, Self.claimsChallenge) : Answer(200) }) {
            server, client, credential in
            let request = self.request(server.url, body: .bytes(ByteBuffer(string: "secret")))
            let response = try await client.execute(
                request, authorizedBy: self.authorizer(credential), timeout: .seconds(60), replaysBody: true)
            #expect(response.status == .ok)
            #expect(server.requests.map(\.authorization) == ["Bearer t0", "Bearer t1"])
            #expect(server.requests.map(\.body) == ["secret", "secret"])
            #expect(credential.contexts.map(\.claims) == [nil, Self.claims])
            #expect(credential.contexts.allSatisfy { ($0.timeout ?? .seconds(100)) <= .seconds(60) })
        }
    }

    @Test func aStreamIsSentOnce() async throws {
        try await self.withService(answer: { _, _ in Answer(401, Self.claimsChallenge) }) { server, client, credential in
            let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
            continuation.yield(ByteBuffer(string: "secret"))
            continuation.finish()
            let request = self.request(server.url, body: .stream(stream, length: .known(6)))
            let response = try await client.execute(request, authorizedBy: self.authorizer(credential), timeout: .seconds(60))
            #expect(response.status == .unauthorized && server.requests.map(\.body) == ["secret"])
            #expect(credential.contexts.count == 1)
        }
    }

    @Test func aStreamIsHeldBackUntilTheServiceHasSaidWhatItWants() async throws {
        let challenge =
            #"WWW-Authenticate: Bearer authorization="https://login.microsoftonline.com/t-1", resource="https://vault.azure.net""#
        try await self.withService(answer: { number, _ in number == 0 ? Answer(401, challenge) : Answer(200) }) {
            server, client, credential in
            let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
            continuation.yield(ByteBuffer(string: "secret"))
            continuation.finish()
            let request = self.request(server.url, body: .stream(stream, length: .known(6)))
            let authorizer = self.authorizer(credential, options: .init(discovery: .keyVaultUnverified))
            let response = try await client.execute(request, authorizedBy: authorizer, timeout: .seconds(60))
            #expect(response.status == .ok && server.requests.map(\.authorization) == [nil, "Bearer t0"])
            #expect(server.requests.map(\.body) == ["", "secret"] && credential.contexts.map(\.tenantID) == ["t-1"])
        }
    }

    /// A refusal that never ends, and one that is too long to be read: the one is waited for briefly, the other not at all.
    @Test(arguments: [10, 1 << 30])
    func aRefusalWhoseBodyNeverEndsHoldsNothingUp(length: Int) async throws {
        var endless = Answer(401, Self.claimsChallenge)
        endless.text = endless.text.replacing("Content-Length: 1", with: "Content-Length: \(length)")
        let first = endless
        try await self.withService(answer: { number, _ in number == 0 ? first : Answer(200) }) { server, client, credential in
            let start = ContinuousClock.now
            let response = try await client.execute(
                self.request(server.url), authorizedBy: self.authorizer(credential), timeout: .seconds(120))
            #expect(response.status == .ok && ContinuousClock.now - start < .seconds(60))
            #expect(server.requests.map(\.authorization) == ["Bearer t0", "Bearer t1"])
        }
    }

    @Test func aSecondRefusalIsReturned() async throws {
        try await self.withService(answer: { _, _ in Answer(401, Self.claimsChallenge, body: "no") }) {
            server, client, credential in
            let response = try await client.execute(
                self.request(server.url), authorizedBy: self.authorizer(credential), timeout: .seconds(60))
            let body = try await response.body.collect(upTo: 100)
            #expect(response.status == .unauthorized && String(buffer: body) == "no" && server.requests.count == 2)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectToAnotherHostTakesNoTokenAlong(status: Int) async throws {
        try await self.withService(answer: { _, _ in Answer(401, Self.claimsChallenge) }) { other, _, _ in
            let location = "Location: \(other.url)"
            // The other server's certificate isn't trusted by this client, so what follows must not even depend on it.
            try await self.withService(answer: { _, _ in Answer(status, location) }) { server, client, credential in
                let response = try await client.execute(
                    self.request(server.url), authorizedBy: self.authorizer(credential), timeout: .seconds(60))
                #expect(Int(response.status.code) == status && other.requests.isEmpty && credential.contexts.count == 1)
            }
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aClientThatFollowsRedirectsLeavesTheTokenBehind(status: Int) async throws {
        let authority = try TestAuthority()
        try await AuthorizerServer.with(try authority.server(), answer: { _, _ in Answer(401, Self.claimsChallenge) }) { other in
            let location = "Location: \(other.url)"
            try await AuthorizerServer.with(try authority.server(), answer: { _, _ in Answer(status, location) }) { server in
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.pem.utf8)))
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .init(tlsConfiguration: tls))
                let credential = Credential()
                let error = await #expect(throws: TransportError.self) {
                    _ = try await client.execute(
                        self.request(server.url), authorizedBy: self.authorizer(credential), timeout: .seconds(60))
                }
                try await client.shutdown()
                #expect(error?.kind == .refused && credential.contexts.count == 1)
                // Too late to prevent it: the error says so, and what to change.
                #expect(error?.message.contains("already followed") == true && error?.message.contains(".disallow") == true)
                #expect(server.requests.map(\.authorization) == ["Bearer t0"])
                #expect(other.requests.map(\.authorization) == [nil])
            }
        }
    }

    @Test func plainHTTPIsRefusedBeforeATokenIsAskedFor() async throws {
        try await self.withService(answer: { _, _ in Answer(200) }) { server, client, credential in
            for url in ["http://localhost:\(server.port)/", "https://user:pw@localhost:\(server.port)/", "localhost"] {
                let error = await #expect(throws: TransportError.self) {
                    _ = try await client.execute(
                        self.request(url), authorizedBy: self.authorizer(credential), timeout: .seconds(60))
                }
                #expect(error?.kind == .refused)
            }
            #expect(credential.contexts.isEmpty && server.requests.isEmpty)
        }
    }
}
#endif
