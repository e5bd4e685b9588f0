// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Many refused requests, and the engine's one request for a token.
@Suite(.timeLimit(.minutes(5))) struct AuthorizerEngineTests {
    private static let claims = #"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#
    private static let challenge = #"Bearer error="insufficient_claims", claims="\#(Base64URL.encode(Array(claims.utf8)))""#
    private static let callers = 200

    /// Accepts nothing but the token that answered the claims.
    private struct Revoked: HTTPTransport {
        let requests: Milestones
        func send(_ request: TransportRequest) async throws -> TransportResponse {
            self.requests.advance()
            let isAccepted = request.headers["Authorization"] == "Bearer t1"
            return isAccepted
                ? TransportResponse(status: 200)
                : TransportResponse(status: 401, headers: ["WWW-Authenticate": AuthorizerEngineTests.challenge])
        }
    }

    @Test func aRevocationCostsOneTokenRequestHoweverManyAreRefused() async throws {
        let tokenRequests = Milestones()
        let release = Milestones()
        let credential = CachingTokenCredential { context in
            let number = tokenRequests.count
            tokenRequests.advance()
            if context.claims != nil { await release.reached(1) }
            return AccessToken(token: "t\(number)", expiresOn: Date(timeIntervalSinceNow: 3_600))
        }
        let requests = Milestones()
        let clock = VirtualClock()
        let pipeline = HTTPPipeline(
            transport: Revoked(requests: requests), clock: clock, retry: .none, logging: .init(), userAgent: "a")
        let authorizer = BearerTokenAuthorizer(credential: credential, scopes: "s")
        let request = TransportRequest(url: try #require(URL(string: "https://s.example/")))
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<Self.callers {
                group.addTask {
                    let context = TokenRequestContext(scopes: [])
                    return try await authorizer.send(request, through: pipeline, context: context, deadline: nil).exchange
                        .response.status
                }
            }
            // All are refused before the first one is answered.
            await requests.reached(Self.callers)
            release.advance()
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: Self.callers))
        #expect(tokenRequests.count == 2 && requests.count == 2 * Self.callers)
    }

    @Test func aTokenRequestThatFailsFailsForAllAndIsForgotten() async throws {
        let isBroken = Locked(true)
        let credential = CachingTokenCredential { context in
            if context.claims != nil, isBroken.withLock({ $0 }) {
                throw AuthenticationError(.authenticationFailed, credential: "C", message: "no")
            }
            return AccessToken(token: context.claims == nil ? "t0" : "t1", expiresOn: Date(timeIntervalSinceNow: 3_600))
        }
        let pipeline = HTTPPipeline(
            transport: Revoked(requests: Milestones()), clock: VirtualClock(), retry: .none, logging: .init(), userAgent: "a")
        let authorizer = BearerTokenAuthorizer(credential: credential, scopes: "s")
        let request = TransportRequest(url: try #require(URL(string: "https://s.example/")))
        let context = TokenRequestContext(scopes: [])
        let error = await #expect(throws: AuthenticationError.self) {
            _ = try await authorizer.send(request, through: pipeline, context: context, deadline: nil)
        }
        #expect(error?.message == "no")
        isBroken.withLock { $0 = false }
        let exchange = try await authorizer.send(request, through: pipeline, context: context, deadline: nil)
        #expect(exchange.exchange.response.status == 200)
    }
}
