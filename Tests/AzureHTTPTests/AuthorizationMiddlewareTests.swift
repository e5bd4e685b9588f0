// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import HTTPTypes
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A body as swift-openapi-runtime has one.
private struct HTTPBody: Sendable, Equatable {
    var text: String
    var canBeIteratedAgain = true
}

/// The protocol of swift-openapi-runtime, as a module without upcoming features has it.
private protocol ClientMiddleware: Sendable {
    @concurrent
    func intercept(
        _ request: HTTPRequest,
        body: HTTPBody?,
        baseURL: URL,
        operationID: String,
        next: @concurrent @Sendable (HTTPRequest, HTTPBody?, URL) async throws -> (HTTPResponse, HTTPBody?)
    ) async throws -> (HTTPResponse, HTTPBody?)
}

extension BearerTokenMiddleware: ClientMiddleware where Body == HTTPBody {}

/// The middleware for clients that speak swift-http-types.
@Suite struct AuthorizationMiddlewareTests {
    private struct Sent: Sendable, Equatable {
        var authorization: String?
        var body: HTTPBody?
    }

    /// Sends a request through the middleware as a generated client would.
    private func send(
        _ answers: [(HTTPResponse.Status, String?)], by credential: CountingCredential = CountingCredential(),
        body: HTTPBody? = nil,
        options: BearerTokenAuthorizer.Options = .init(), baseURL: String = "https://contoso.vault.azure.net/api",
        change: (inout HTTPRequest) -> Void = { _ in }
    ) async throws -> (status: Int, sent: [Sent]) {
        let authorizer = BearerTokenAuthorizer(
            credential: credential, scopes: "https://vault.azure.net/.default", options: options)
        let middleware: any ClientMiddleware = BearerTokenMiddleware<HTTPBody>(authorizer: authorizer) { $0.canBeIteratedAgain }
        var request = HTTPRequest(method: .put, scheme: nil, authority: nil, path: "/secrets/a")
        request.headerFields[.authorization] = "mine"
        change(&request)
        let sent = Locked<[Sent]>([])
        let (response, _) = try await middleware.intercept(
            request, body: body, baseURL: try url(baseURL), operationID: "setSecret"
        ) { request, body, _ in
            let number = sent.withLock { sent in
                sent.append(Sent(authorization: request.headerFields[.authorization], body: body))
                return sent.count - 1
            }
            var response = HTTPResponse(status: answers[number].0)
            if let challenge = answers[number].1 { response.headerFields[.wwwAuthenticate] = challenge }
            return (response, nil)
        }
        return (response.status.code, sent.withLock { $0 })
    }

    @Test func claimsAreAnswered() async throws {
        let body = HTTPBody(text: "b")
        let (status, sent) = try await self.send([(.unauthorized, claimsChallenge()), (.ok, nil)], body: body)
        #expect(status == 200)
        #expect(sent == [Sent(authorization: "Bearer t0", body: body), Sent(authorization: "Bearer t1", body: body)])
    }

    @Test func aBodyThatCanBeSentOnceIsSentOnce() async throws {
        let body = HTTPBody(text: "b", canBeIteratedAgain: false)
        let (status, sent) = try await self.send([(.unauthorized, claimsChallenge())], body: body)
        #expect(status == 401 && sent == [Sent(authorization: "Bearer t0", body: body)])
        let (found, twice) = try await self.send(
            [(.unauthorized, vaultChallenge()), (.ok, nil)], body: body, options: .init(discovery: .keyVault))
        #expect(found == 200 && twice == [Sent(), Sent(authorization: "Bearer t0", body: body)])
    }

    @Test(arguments: ["http://contoso.vault.azure.net", "https://user@contoso.vault.azure.net"])
    func noTokenIsSentToAnUnsafeBase(baseURL: String) async throws {
        let credential = CountingCredential()
        let error = await #expect(throws: TransportError.self) {
            _ = try await self.send([], by: credential, baseURL: baseURL)
        }
        #expect(error?.kind == .refused && credential.contexts.isEmpty)
    }

    @Test(
        arguments: [
            (nil, nil, "@evil.example/"), (nil, nil, "evil"), ("http", nil, "/"), (nil, "evil.example", "/"),
            ("https", "contoso.vault.azure.net:8443", "/"), ("https", "x@contoso.vault.azure.net", "/"), ("https", "", "/"),
        ] as [(String?, String?, String?)])
    func aRequestThatLeadsElsewhereIsRefused(scheme: String?, authority: String?, path: String?) async throws {
        let credential = CountingCredential()
        let error = await #expect(throws: TransportError.self) {
            _ = try await self.send([], by: credential) {
                $0.scheme = scheme
                $0.authority = authority
                $0.path = path
            }
        }
        #expect(error?.kind == .refused && credential.contexts.isEmpty)
    }

    @Test func aRequestThatNamesItsPlaceIsSent() async throws {
        let (status, sent) = try await self.send([(.ok, nil)]) {
            $0.scheme = "https"
            $0.authority = "CONTOSO.vault.azure.net:443"
        }
        #expect(status == 200 && sent.count == 1)
    }
}
#endif
