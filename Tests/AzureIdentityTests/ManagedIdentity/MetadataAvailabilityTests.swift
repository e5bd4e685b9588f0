// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// How a chain finds out that there is no metadata service: by files, by one short request, and not for ever.
@Suite struct MetadataAvailabilityTests {
    private static let context = TokenRequestContext(scopes: [vaultScope])

    private func client(_ transport: any HTTPTransport) -> SourceClient {
        SourceClient(
            credential: "ManagedIdentityCredential",
            source: "IMDS",
            identity: .systemAssigned,
            pipeline: CredentialOptions().pipeline(
                transport, host: Host(environment: [:], transport: transport), rules: RetryRules(base: .none)),
            clock: SystemClock()
        )
    }

    @Test(
        arguments: [
            (400, #"{"error":"invalid_request","error_description":"Required metadata header not specified"}"#, true, true, true),
            (200, MetadataSourceTests.token, true, true, true),
            (403, #"{"error":"unreachable network"}"#, false, false, false),
            (403, "kein Zugriff", false, false, false),
            (302, "", false, false, false),
            (200, "<html></html>", false, false, false),
            (404, "<html></html>", false, false, false),
            (400, "metadata header not found", false, false, true),
            (404, "", false, true, true),
            (429, "", false, true, true),
            (503, "busy", false, true, true),
            (200, "", false, false, false),
            (400, "{}", false, false, false),
            (404, #"{"message":"Not Found"}"#, false, false, false),
            (200, #"{"status":"ok","message":"welcome"}"#, false, false, false),
            (200, #"{"error":"connecting"}"#, false, false, false),
            (400, #"{"error":{"code":"x"}}"#, false, false, false),
        ] as [(Int, String, Bool, Bool, Bool)])
    func whoAnswers(row: (status: Int, body: String, isService: Bool, isServiceInAzure: Bool, isServiceInPod: Bool)) {
        let response = TransportResponse(status: row.status, body: Array(row.body.utf8))
        var tagged = HostFacts()
        tagged.chassisAssetTag = "7783-7084-3265-9085-8269-3286-77"
        for (facts, isPod, expected) in [
            (HostFacts(), false, row.isService), (tagged, false, row.isServiceInAzure), (HostFacts(), true, row.isServiceInPod),
        ] {
            let probe = MetadataProbe(
                client: self.client(ScriptedTransport { _ in response }), host: "http://169.254.169.254", isPod: isPod,
                likelihood: AzureLikelihood(facts))
            #expect(probe.isService(response) == expected, "\(isPod)")
        }
    }

    @Test func theRequestIsShortAndHasNoHeader() async throws {
        let transport = ScriptedTransport { _ in throw TransportError(.timeout, message: "silence") }
        let probe = MetadataProbe(
            client: self.client(transport), host: "http://169.254.169.254", isPod: false, likelihood: AzureLikelihood(HostFacts())
        )
        let error = try await probe.finding(context: Self.context)
        #expect(error?.code == .credentialUnavailable && error?.remedy?.guide == "G25")
        let request = try #require(transport.requests.first)
        #expect(request.headers["Metadata"] == nil && request.timeout <= .seconds(1) && transport.requests.count == 1)
    }

    @Test func aChainAsksBeforeItAsksForAToken() async throws {
        let emulator = EntraEmulator()
        let credential = ManagedIdentityCredential(options: emulator.options(on: nil))
        _ = try await credential.tokenInChain(for: Self.context)
        #expect(emulator.requests.map { $0.headers["Metadata"] } == [nil, "true"])
        _ = try await credential.tokenInChain(for: .init(scopes: ["https://other/.default"]))
        #expect(emulator.requestCount == 3)
        _ = try await credential.tokenInChain(for: Self.context)
        #expect(emulator.requestCount == 3)
    }

    @Test func aMachineOfAnotherMakerIsNotAsked() async throws {
        let emulator = EntraEmulator()
        var facts = HostFacts()
        facts.vendor = "LENOVO"
        let credential = ManagedIdentityCredential(options: emulator.options(on: nil, facts: facts))
        let error = try await authenticationError { try await credential.tokenInChain(for: Self.context) }
        #expect(error.code == .credentialUnavailable && error.message.contains("LENOVO") && emulator.requestCount == 0)
        // Alone, nobody knows better than the caller.
        _ = try await credential.token(for: Self.context)
        #expect(emulator.requestCount == 1)
    }

    @Test func hostsThatVariablesNameAreNotProbed() async throws {
        let emulator = EntraEmulator()
        let credential = ManagedIdentityCredential(options: emulator.options(on: .appService))
        _ = try await credential.tokenInChain(for: Self.context)
        #expect(emulator.requestCount == 1)
    }

    @Test func aNoIsKeptForAWhileAndNotForEver() async throws {
        let clock = VirtualClock.inTheFixturesTime
        let emulator = EntraEmulator(clock: clock)
        emulator.update { $0.hosts.isMetadataServiceThere = false }
        let attempts = Locked(0)
        let emulated = emulator.transport
        let transport = CountingTransport(emulated) { attempts.withLock { $0 += 1 } }
        let credential = ManagedIdentityCredential(options: emulator.options(on: nil, transport: transport))
        for _ in 0..<3 { _ = try await authenticationError { try await credential.tokenInChain(for: Self.context) } }
        #expect(attempts.withLock { $0 } == 1)
        clock.advance(by: MetadataAvailability.negativeLifetime)
        emulator.update { $0.hosts.isMetadataServiceThere = true }
        _ = try await credential.tokenInChain(for: Self.context)
        #expect(attempts.withLock { $0 } == 3)
    }

    @Test func aThousandMembersShareOneQuestion() async throws {
        let emulator = EntraEmulator()
        emulator.update { $0.hosts.isMetadataServiceThere = false }
        let attempts = Locked(0)
        let transport = CountingTransport(emulator.transport) { attempts.withLock { $0 += 1 } }
        let options = emulator.options(on: nil, transport: transport)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<1000 {
                group.addTask { _ = try? await ManagedIdentityCredential(options: options).tokenInChain(for: Self.context) }
            }
        }
        #expect(attempts.withLock { $0 } == 1)
    }
}

/// A transport that counts what goes through it.
final class CountingTransport: HTTPTransport {
    private let inner: any HTTPTransport
    private let count: @Sendable () -> Void

    init(_ inner: any HTTPTransport, count: @escaping @Sendable () -> Void) {
        self.inner = inner
        self.count = count
    }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        self.count()
        return try await self.inner.send(request)
    }
}
