// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import OwnCredential
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A broker in memory. Each token is another one.
private final class EmulatedBroker: HTTPTransport {
    static let key = "broker-key-of-the-tests"
    private let count = Mutex(0)
    private let status: Int
    private let body: String?

    init(status: Int = 200, body: String? = nil) {
        self.status = status
        self.body = body
    }

    var requestCount: Int { self.count.withLock { $0 } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        try Task.checkCancellation()
        let number = self.count.withLock { count in
            count += 1
            return count
        }
        guard request.headers["Authorization"] == "Key \(Self.key)" else { return TransportResponse(status: 403) }
        let body = self.body ?? #"{"token": "token-\#(number)-of-the-broker", "lifetime": 3600}"#
        return TransportResponse(status: self.status, body: Array(body.utf8))
    }
}

/// What a broker is that nobody has set up.
private struct Nobody: HTTPTransport {
    func send(_ request: TransportRequest) async throws -> TransportResponse {
        throw TransportError(.connection, message: "Connection refused.")
    }
}

private func makeCredential(_ transport: any HTTPTransport, key: String = EmulatedBroker.key) throws -> BrokerCredential {
    let url = try #require(URL(string: "https://broker.contoso.example/token"))
    return BrokerCredential(url: url, key: Secret(key), transport: transport)
}

@Suite(.timeLimit(.minutes(2))) struct BrokerCredentialTests {
    private static let scope = "https://vault.azure.net/.default"

    @Test func conforms() async throws {
        let url = try #require(URL(string: "https://broker.contoso.example/token"))
        let conformance = CredentialConformance(scope: Self.scope, secrets: [EmulatedBroker.key]) {
            BrokerCredential(url: url, key: Secret(EmulatedBroker.key), transport: EmulatedBroker())
        }
        let violations = await conformance.violations()
        #expect(violations.isEmpty, "\(violations)")
    }

    /// Without the cache of `CachingTokenCredential`, the suite would have said so.
    @Test func theSuiteSeesWhatIsMissing() async throws {
        let conformance = CredentialConformance(scope: Self.scope, secrets: [EmulatedBroker.key]) {
            ClosureTokenCredential { _ in
                let expiry = Date().addingTimeInterval(3600)
                return AccessToken(token: "token-\(UInt64.random(in: .min ... .max))", expiresOn: expiry)
            }
        }
        let checks = Set(await conformance.violations().map(\.check))
        #expect(checks.contains("keepsItsToken") && checks.contains("servesManyCallers"))
    }

    @Test func aThousandCallersAreOneRequest() async throws {
        let broker = EmulatedBroker()
        let credential = try makeCredential(broker)
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<1000 { group.addTask { try await credential.token(forScopes: Self.scope).token } }
            for try await token in group { #expect(token == "token-1-of-the-broker") }
        }
        #expect(broker.requestCount == 1)
    }

    @Test(arguments: [(429, true), (503, true), (403, false), (302, false)])
    func refusalsSayWhetherARetryCanHelp(status: Int, isRetryable: Bool) async throws {
        let credential = try makeCredential(EmulatedBroker(status: status))
        let error = await #expect(throws: AuthenticationError.self) { try await credential.token(forScopes: Self.scope) }
        #expect(error?.code == .authenticationFailed && error?.isRetryable == isRetryable)
    }

    @Test(
        arguments: [
            "", "[]", "{}", #"{"token": "", "lifetime": 3600}"#, #"{"token": "t", "lifetime": -1}"#,
            #"{"token": "t", "lifetime": 1e300}"#,
        ])
    func badAnswersAreRefused(body: String) async throws {
        let credential = try makeCredential(EmulatedBroker(body: body))
        let error = await #expect(throws: AuthenticationError.self) { try await credential.token(forScopes: Self.scope) }
        #expect(error?.code == .authenticationFailed)
    }

    @Test func withoutABrokerAChainGoesOn() async throws {
        let chain = ChainedTokenCredential(
            try makeCredential(Nobody()),
            StaticTokenCredential(AccessToken(token: "the next one's", expiresOn: Date().addingTimeInterval(3600)))
        )
        #expect(try await chain.token(forScopes: Self.scope).token == "the next one's")
    }

    @Test func whatTheBrokerDoesNotUnderstandIsRefused() async throws {
        let broker = EmulatedBroker()
        let credential = try makeCredential(broker)
        for context in [
            TokenRequestContext(scopes: [Self.scope], claims: "{}"),
            TokenRequestContext(scopes: [Self.scope], tenantID: "other"),
            TokenRequestContext(scopes: [Self.scope, Self.scope]),
        ] {
            let error = await #expect(throws: AuthenticationError.self) { try await credential.token(for: context) }
            #expect(error?.code == .invalidConfiguration)
        }
        #expect(broker.requestCount == 0)
    }
}
