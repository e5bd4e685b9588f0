// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AzurePipelinesTests {
    private static let address = "https://vs.example/contoso/_apis/oidctoken/"
    private static let bearer = "MARKED-system-token"
    private static let identityToken = "MARKED.identity.token"
    private let clock = VirtualClock()

    /// Azure Pipelines that answers as it is told, and Microsoft Entra ID.
    private func transport(
        _ issued: TransportResponse = ScriptedTransport.json(#"{"oidcToken":"\#(identityToken)"}"#),
        entra: TransportResponse = ScriptedTransport.token
    ) -> ScriptedTransport {
        ScriptedTransport { $0.url.host() == "vs.example" ? issued : entra }
    }

    private func credential(
        _ transport: any HTTPTransport,
        connectionID: String = "connection-1",
        systemAccessToken: Secret = Secret(bearer),
        environment: EnvironmentVariables = ["SYSTEM_OIDCREQUESTURI": address],
        retry: RetryOptions = .none,
        cache: TokenCache = .inMemory
    ) -> AzurePipelinesCredential {
        var options = ScriptedTransport { _ in ScriptedTransport.token }
            .options(environment: environment, clock: JumpingClock(clock: self.clock), retry: retry, cache: cache)
        options.transport = transport
        return AzurePipelinesCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            serviceConnectionID: connectionID,
            systemAccessToken: systemAccessToken,
            options: options
        )
    }

    private func error(_ transport: ScriptedTransport, retry: RetryOptions = .none) async throws -> AuthenticationError {
        let credential = self.credential(transport, retry: retry)
        return try await authenticationError { try await credential.token(forScopes: vaultScope) }
    }

    @Test func asksForAnIdentityTokenAndTradesItIn() async throws {
        let transport = self.transport()
        let credential = self.credential(transport, connectionID: "a b&c/ü")
        _ = try await credential.token(forScopes: vaultScope)
        _ = try await credential.token(forScopes: vaultScope)
        #expect(
            transport.places == [
                "POST vs.example/contoso/_apis/oidctoken", "POST login.microsoftonline.com/\(Sample.tenantID)/oauth2/v2.0/token",
            ]
        )
        let request = try #require(transport.requests.first)
        #expect(request.url.query(percentEncoded: true) == "api-version=7.1&serviceConnectionId=a%20b%26c%2F%C3%BC")
        #expect(request.headers["Authorization"] == "Bearer \(Self.bearer)" && request.body.isEmpty)
        #expect(request.headers["Content-Type"] == "application/json" && request.headers["X-TFS-FedAuthRedirect"] == "Suppress")
        #expect(transport.assertions == [Self.identityToken])
    }

    @Test func anIdentityTokenIsForOneRequest() async throws {
        let transport = self.transport()
        let credential = self.credential(transport)
        _ = try await credential.token(forScopes: vaultScope)
        _ = try await credential.token(forScopes: "https://storage.azure.com/.default")
        #expect(transport.requests.count == 4)
    }

    @Test(arguments: [nil, "", "  "])
    func G46_notInAPipeline(address: String?) async throws {
        let transport = self.transport()
        let environment = EnvironmentVariables(address.map { ["SYSTEM_OIDCREQUESTURI": $0] } ?? [:])
        let credential = self.credential(transport, connectionID: "", systemAccessToken: "", environment: environment)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && !error.isRetryable && transport.requests.isEmpty)
        #expect(error.message.contains("Missing value for the SYSTEM_OIDCREQUESTURI environment variable."))
        #expect(error.remedy?.guide == "G46" && error.remedy?.variables == ["SYSTEM_OIDCREQUESTURI"])
        #expect(throws: AuthenticationError.self) { try credential.validate() }
    }

    @Test func G44_badSystemAccessToken() async throws {
        let transport = self.transport(TransportResponse(status: 401, headers: ["x-vss-e2eid": "e2e-1"]))
        let error = try await self.error(transport, retry: .default)
        #expect(
            error.code == .authenticationFailed && !error.isUnavailable && !error.isRetryable && transport.requests.count == 1)
        #expect(error.message.contains("401 (Unauthorized) response from OIDC endpoint.") && error.message.contains("e2e-1"))
        #expect(error.remedy?.guide == "G44" && error.remedy?.text.contains("System.AccessToken") == true)
    }

    @Test(arguments: [302, 203])
    func G44_signInPage(status: Int) async throws {
        let page = TransportResponse(
            status: status, headers: ["Content-Type": "text/html", "Location": "https://elsewhere.example/"],
            body: Array("<html>".utf8))
        let transport = self.transport(page)
        let error = try await self.error(transport)
        #expect(error.remedy?.guide == "G44" && error.message.contains("status \(status)") && transport.requests.count == 1)
    }

    @Test func G43_wrongServiceConnection() async throws {
        let text = "No service connection found with identifier 5ab1."
        let transport = self.transport(ScriptedTransport.json(#"{"$id":"1","message":"\#(text)","errorCode":0}"#, status: 404))
        let error = try await self.error(transport)
        #expect(error.code == .authenticationFailed && error.message.contains(text) && transport.requests.count == 1)
        #expect(
            error.remedy?.guide == "G43" && error.remedy?.text.contains("resourceId") == true && error.response?.status == 404)
    }

    @Test func G45_noTokenInTheAnswer() async throws {
        let body =
            #"{"$id":"1","message":"The requested version is under preview.","typeKey":"VssInvalidPreviewVersionException"}"#
        let transport = self.transport(ScriptedTransport.json(body, status: 400))
        let error = try await self.error(transport)
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G45" && transport.requests.count == 1)
        #expect(error.message.contains("OIDC token not found in response."))
        #expect(error.message.contains("The requested version is under preview. (VssInvalidPreviewVersionException)"))
        #expect(error.response?.body?.contains(#""typeKey""#) == true)
        let empty = self.transport(ScriptedTransport.json("{}"))
        #expect(try await self.error(empty).remedy?.guide == "G45" && empty.requests.count == 1)
    }

    @Test func G42_wrongTenant() async throws {
        let transport = self.transport(entra: ScriptedTransport.refusal(900_023, error: "invalid_request", status: 400))
        let error = try await self.error(transport)
        #expect(error.code == .authenticationFailed && error.message.contains("AADSTS900023") && transport.requests.count == 2)
        #expect(error.remedy?.guide == "G42")
    }

    @Test func G47_wrongClient() async throws {
        let transport = self.transport(entra: ScriptedTransport.refusal(700_016, error: "unauthorized_client", status: 400))
        let error = try await self.error(transport)
        #expect(error.code == .authenticationFailed && error.message.contains("unauthorized_client: 700016 - AADSTS700016"))
        #expect(error.remedy?.guide == "G47" && transport.requests.count == 2)
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func whatPassesIsTriedAgain(status: Int) async throws {
        let transport = self.transport(ScriptedTransport.json("{}", status: status))
        let error = try await self.error(transport, retry: .default)
        #expect(error.isRetryable && transport.requests.count == 4 && self.clock.elapsed > .seconds(4))
    }

    @Test func aServiceThatIsBusyIsLeftAlone() async throws {
        let transport = self.transport(TransportResponse(status: 429, headers: ["Retry-After": "30"]))
        let credential = self.credential(transport)
        let first = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        _ = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(first.retryAfter == .seconds(30) && transport.requests.count == 1)
    }

    @Test func theRequestsTimeIsForBoth() async throws {
        let timeouts = Locked<[Duration]>([])
        let transport = ScriptedTransport { request in
            timeouts.withLock { $0.append(request.timeout) }
            throw TransportError(.timeout, message: "No answer.")
        }
        let error = try await self.error(
            transport, retry: RetryOptions(maximumRetries: 1000, baseDelay: .seconds(5), maximumDelay: .seconds(5)))
        #expect(error.isRetryable && error.message.contains("No answer from the OIDC endpoint."))
        #expect(self.clock.elapsed <= .seconds(300) && timeouts.withLock { $0.allSatisfy { $0 <= .seconds(30) } })
    }

    @Test(arguments: [
        ("", "token", "https://vs.example"), (String(repeating: "a", count: 257), "token", "https://vs.example"),
        ("id", "", "https://vs.example"), ("id", "MARKED token", "https://vs.example"),
        ("id", "MARKED\r\nX: y", "https://vs.example"),
        ("id", "token", "http://vs.example"), ("id", "token", "no url"),
    ])
    func wrongArgumentsAreRefused(connectionID: String, token: String, address: String) async throws {
        let transport = self.transport()
        let credential = self.credential(
            transport,
            connectionID: connectionID,
            systemAccessToken: Secret(token),
            environment: ["SYSTEM_OIDCREQUESTURI": address]
        )
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(
            error.code == .invalidConfiguration && error.credential == "AzurePipelinesCredential" && transport.requests.isEmpty)
        #expect(!"\(error)".contains("MARKED"))
        #expect(throws: AuthenticationError.self) { try credential.validate() }
    }

    @Test func equalConfigurationSharesTokens() async throws {
        let transport = self.transport()
        let cache = TokenCache.inMemory
        for connectionID in ["1", "1", "2"] {
            _ = try await self.credential(transport, connectionID: connectionID, cache: cache).token(forScopes: vaultScope)
        }
        _ = try await self.credential(transport, connectionID: "1", systemAccessToken: "other", cache: cache).token(
            forScopes: vaultScope)
        #expect(transport.tokenRequests.count == 3)
    }

    static let leaks: [TransportResponse] = [
        ScriptedTransport.json(#"{"oidcToken":"\#(identityToken)"}"#),
        ScriptedTransport.json(#"{"message":"\#(bearer) \#(identityToken)","oidcToken":"\#(identityToken)"}"#, status: 400),
        TransportResponse(status: 500, headers: ["x-vss-e2eid": bearer, "Content-Type": bearer], body: Array(bearer.utf8)),
        TransportResponse(
            status: 302, headers: ["Location": "https://h.example/?t=\(bearer)"], body: Array("<html>\(bearer)".utf8)),
        TransportResponse(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>\(identityToken)".utf8)),
    ]

    @Test(arguments: leaks.indices, [true, false])
    func nothingShowsASecret(index: Int, isRefused: Bool) async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        let echo = ScriptedTransport.refusal(50_027, text: "The assertion \(Self.identityToken) is malformed.")
        let transport = self.transport(Self.leaks[index], entra: isRefused ? echo : ScriptedTransport.token)
        var options = transport.options(environment: ["SYSTEM_OIDCREQUESTURI": Self.address], clock: self.clock)
        options.logging = LoggingOptions(logger: logger)
        let credential = AzurePipelinesCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, serviceConnectionID: "1",
            systemAccessToken: Secret(Self.bearer),
            options: options)
        var dumped = ""
        dump(credential, to: &dumped)
        do {
            dump(try await withLogger(logger) { _ in try await credential.token(forScopes: vaultScope) }, to: &dumped)
        } catch let error as AuthenticationError {
            dump(error, to: &dumped)
            dumped += "\(error) \(String(decoding: try JSONEncoder().encode(error), as: UTF8.self))"
        }
        for request in transport.requests { dump(request, to: &dumped) }
        dumped += handler.entries.map { "\($0.message) \($0.metadata)" }.joined()
        #expect(!dumped.contains("MARKED"), "\(dumped.prefix(4000))")
        #expect(handler.entries.contains { "\($0.metadata)".contains("REDACTED") })
    }

}
