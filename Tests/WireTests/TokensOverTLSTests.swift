// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AsyncHTTPClient
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import NIOSSL
import Testing

/// Tokens over real TLS sockets, and what goes wrong on them.
@Suite(.timeLimit(.minutes(5))) struct TokensOverTLSTests {
    @Test func aTokenComesOverTLSAndIsKept() async throws {
        try await Stage.with { stage in
            let credential = stage.credential()
            let token = try await credential.token(forScopes: vaultScope)
            #expect(token.source == .network && token.token.split(separator: ".").count == 3)
            #expect(try await credential.token(forScopes: vaultScope) == token)
            #expect(stage.emulator.tokenRequestCount == 1)
        }
    }

    @Test func tenThousandCallersMakeOneRequest() async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.delay(.milliseconds(300)), requests: 1)]))
            let credential = stage.credential()
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10_000 { group.addTask { try await credential.token(forScopes: vaultScope).token } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(tokens.count == 1 && stage.emulator.tokenRequestCount == 1)
        }
    }

    @Test func anUntrustedServerIsSentNothing() async throws {
        try await Stage.with { stage in
            let credential = stage.credential { $0.environment = ["AZURE_AUTHORITY_HOST": stage.server.url] }
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect((error.underlyingError as? TransportError)?.kind == .tls && !error.isRetryable, "\(error)")
            #expect(stage.emulator.requestCount == 0)
        }
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        try await Stage.with { stage in
            let other = stage.server.url.replacing("localhost", with: "127.0.0.2")
            let credential = stage.credential { $0.environment = ["AZURE_AUTHORITY_HOST": other, "SSL_CERT_FILE": stage.caFile] }
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect([.tls, .connection].contains((error.underlyingError as? TransportError)?.kind), "\(error)")
            #expect(stage.emulator.requestCount == 0)
        }
    }

    @Test(arguments: ["/nonexistent/ca.pem", "/dev/null"])
    func anUnreadableAuthorityFileIsAClearError(path: String) async throws {
        try await Stage.with { stage in
            let credential = stage.credential {
                $0.environment = ["AZURE_AUTHORITY_HOST": stage.server.url, "SSL_CERT_FILE": path]
            }
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.code == .invalidConfiguration && error.message.contains("file of trusted authorities"), "\(error)")
            #expect(stage.emulator.requestCount == 0)
        }
    }

    @Test func aServerThatIsNotThereFailsAtOnce() async throws {
        // No port that a server of another test had may be taken: one that runs at the same time may get it.
        let url = "https://localhost:1"
        let credential = ClientSecretCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            clientSecret: "s",
            options: CredentialOptions(retry: .none, environment: ["AZURE_AUTHORITY_HOST": url])
        )
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect((error.underlyingError as? TransportError)?.kind == .connection && error.isRetryable, "\(error)")
    }

    @Test(
        arguments: [
            (.reset, [.connection, .invalidResponse]), (.garbage, [.invalidResponse, .connection]),
            (.truncation(afterBytes: 10), [.invalidResponse, .connection]), (.hugeBody(bytes: 4 << 20), [.tooLarge]),
        ] as [(EmulatorFault, [TransportError.Kind])]
    )
    func aBrokenAnswerIsAnErrorAndIsForgotten(fault: EmulatorFault, kinds: [TransportError.Kind]) async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(fault, requests: 1)]))
            let credential = stage.credential()
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            let kind = try #require((error.underlyingError as? TransportError)?.kind)
            #expect(kinds.contains(kind), "\(kind): \(error)")
            #expect(try await credential.token(forScopes: vaultScope).source == .network)
        }
    }

    @Test(arguments: [EmulatorFault.slowBody(bytesPerSecond: 50), .endlessBody, .delay(.seconds(600))])
    func theDeadlineCoversTheWholeExchange(fault: EmulatorFault) async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(fault)]))
            let transport = AsyncHTTPClientTransport(trustRoots: .file(stage.caFile))
            let url = try #require(URL(string: "\(stage.server.url)/\(Sample.tenantID)/oauth2/v2.0/token"))
            let request = TransportRequest(method: .post, url: url, body: Array("x=y".utf8), timeout: .milliseconds(400))
            let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
            #expect(error?.kind == .timeout)
        }
    }

    @Test func cancellationEndsARequestUnderWay() async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.delay(.seconds(600)))]))
            let credential = stage.credential()
            let task = Task { try await credential.token(forScopes: vaultScope) }
            await stage.emulator.waitForRequests(1)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func aCallersTimeIsItsOwnOverTheWireToo() async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.delay(.seconds(600)))]))
            let credential = stage.credential()
            let error = try await authenticationError {
                try await credential.token(for: .init(scopes: [vaultScope], timeout: .milliseconds(300)))
            }
            #expect(error.code == .timedOut)
        }
    }

    /// async-http-client alone would end the process here.
    @Test(arguments: [0, 1, 99])
    func aStatusBelowAHundredIsAnError(status: Int) async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.response(status: status, body: "body"), requests: 1)]))
            let credential = stage.credential()
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect((error.underlyingError as? TransportError)?.kind == .invalidResponse, "\(error)")
            let token = try await credential.token(forScopes: vaultScope)
            #expect(token.source == .network)
        }
    }

    /// A rate beyond all measure is no overflow in the server.
    @Test(arguments: [Int.max, 100_000_000_000, 0, -1])
    func anAbsurdRateOfABodyIsServed(bytesPerSecond: Int) async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.slowBody(bytesPerSecond: bytesPerSecond), requests: 1)]))
            let credential = stage.credential()
            if bytesPerSecond > 0 {
                let token = try await credential.token(forScopes: vaultScope)
                #expect(token.source == .network)
            } else {
                let error = try await authenticationError {
                    try await credential.token(for: .init(scopes: [vaultScope], timeout: .milliseconds(300)))
                }
                #expect(error.code == .timedOut)
            }
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        try await Stage.with { stage in
            let location = "\(stage.server.url)/\(Sample.otherTenantID)/oauth2/v2.0/token"
            let redirect = EmulatorFault.response(status: 307, headers: ["Location": location], body: "")
            stage.emulator.play(FaultScript(steps: [.init(redirect, requests: 1)]))
            let error = try await authenticationError { try await stage.credential().token(forScopes: vaultScope) }
            #expect(error.message.contains("redirect") && stage.emulator.tokenRequestCount == 1)
        }
    }

    @Test func aClientOfTheCallersIsUsedAndLeftOpen() async throws {
        try await Stage.with { stage in
            var configuration = HTTPClient.Configuration()
            configuration.redirectConfiguration = .disallow
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(stage.caFile)
            configuration.tlsConfiguration = tls
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            do {
                let credential = stage.credential {
                    $0.transport = AsyncHTTPClientTransport(client: client)
                    $0.environment = ["AZURE_AUTHORITY_HOST": stage.server.url]
                }
                _ = try await credential.token(forScopes: vaultScope)
            }
            try await client.shutdown()
            let late = stage.credential { $0.transport = AsyncHTTPClientTransport(client: client) }
            let error = try await authenticationError { try await late.token(forScopes: vaultScope) }
            #expect(error.message.contains("shut down"))
        }
    }

    @Test func faultsOverTimeAreOutlived() async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.status(503), requests: 1), .init(.reset, requests: 1)]))
            let credential = stage.credential { $0.retry = RetryOptions(baseDelay: .milliseconds(1)) }
            let token = try await credential.token(forScopes: vaultScope)
            #expect(token.source == .network && stage.emulator.requestCount == 3)
        }
    }
}
#endif
