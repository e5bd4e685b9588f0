// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A broker that gets its tokens from an emulator, so that the checks of all credentials see and hold back what it asks for.
private struct EmulatedTokens: BrokerClient {
    private struct Answer: Decodable {
        let access_token: String
    }

    let name = "emulated tokens"
    let transport: any HTTPTransport

    func accounts(_ request: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount] { [.ada] }

    func acquireInteractively(
        _ request: BrokerRequest,
        account: BrokerAccount?
    ) async throws(BrokerFailure) -> BrokerAnswer { throw BrokerFailure(.userCanceled) }

    func signOut(_ account: BrokerAccount, request: BrokerRequest) async throws(BrokerFailure) {}

    func acquireSilently(_ request: BrokerRequest, account: BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer {
        let response: TransportResponse
        do {
            response = try await self.transport.send(try self.form(request))
        } catch {
            throw BrokerFailure(error is CancellationError ? .cancelled : .temporary)
        }
        guard response.status == 200 else {
            let context = String(decoding: response.body, as: UTF8.self)
            throw BrokerFailure(response.status >= 500 || response.status == 429 ? .temporary : .refused, context: context)
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
            throw BrokerFailure(.protocolError)
        }
        return BrokerAnswer(token: Secret(answer.access_token), account: account ?? .ada)
    }

    private func form(_ request: BrokerRequest) throws -> TransportRequest {
        let fields = [
            ("grant_type", "client_credentials"), ("client_id", Sample.clientID), ("client_secret", Sample.clientSecret),
            ("scope", request.scopes.joined(separator: " ")),
        ]
        let url = try #require(URL(string: "https://login.microsoftonline.com/\(Sample.tenantID)/oauth2/v2.0/token"))
        return TransportRequest(
            method: .post,
            url: url,
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: FormEncoding.body(fields)
        )
    }
}

/// The promises of all credentials, on this one.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BrokerConformanceTests {
    private static func make(_ options: CredentialOptions, _ transport: any HTTPTransport) -> BrokerCredential {
        BrokerCredential(
            options: .init(credentialOptions: options, usesDefaultBrokerAccount: true),
            broker: BrokeredSignIn(client: { _ in EmulatedTokens(transport: transport) }, platform: .linux)
        )
    }

    private var fixture: EngineFixture {
        let clock = VirtualClock(date: BrokerStage.start)
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        let gate = GatedTransport(emulator.transport)
        var fixture = EngineFixture(
            clock: clock,
            gate: gate,
            scope: vaultScope,
            secret: nil,
            requestsPerFailure: 1,
            supportsClaims: true,
            make: { cache in Self.make(emulator.credentialOptions(tokenCache: cache), gate) },
            fail: { requests, status, retryAfter in
                emulator.play(FaultScript(steps: [.init(.status(status, retryAfter: retryAfter), requests: requests)]))
            },
            refuse: { emulator.update { $0.tenants[0].applications[0].secrets = [] } },
            setLifetime: { seconds, _ in emulator.update { $0.tokenLifetime = seconds } }
        )
        fixture.sharesAcrossInstances = false
        fixture.knowsRefreshIn = false
        fixture.knowsRetryAfter = false
        // That of the whole, and that of the broker without a person.
        fixture.limitsPerRequest = 2
        return fixture
    }

    @Test(arguments: EngineConformance.all) func keepsTheEnginesPromises(check: EngineConformance) async {
        let violations = await check.violations(self.fixture)
        #expect(violations.isEmpty, "\(violations)")
    }

    @Test func keepsThePublicPromises() async {
        let emulator = EntraEmulator(configuration: .sample)
        let conformance = CredentialConformance(scope: vaultScope, secrets: [Sample.clientSecret]) {
            Self.make(emulator.credentialOptions(), emulator.transport)
        }
        let violations = await conformance.violations()
        #expect(violations.isEmpty, "\(violations)")
    }
}
