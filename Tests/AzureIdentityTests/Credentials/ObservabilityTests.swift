// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import CoreMetrics
import InMemoryTracing
import MetricsTestKit
import Testing
import Tracing

/// Metrics and spans, by the names of the tables in Observability.md.
@Suite(.timeLimit(.minutes(5))) struct ObservabilityTests {
    /// Tracing is set up once per process; tests find their own spans by the tenant.
    private static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    private let labels = [("credential", "ClientSecretCredential")]

    private func credential(
        _ emulator: EntraEmulator,
        metrics: TestMetrics,
        tenantID: String = Sample.tenantID,
        secret: String = Sample.clientSecret,
        cache: TokenCache = .inMemory
    ) -> ClientSecretCredential {
        var options = emulator.credentialOptions(tokenCache: cache, retry: .none)
        let replace = options.hostOverride
        options.hostOverride = { host in
            var host = replace?(host) ?? host
            host.telemetry = { Telemetry(credential: $0, factory: metrics) }
            return host
        }
        return ClientSecretCredential(
            tenantID: tenantID, clientID: Sample.clientID, clientSecret: Secret(secret), options: options)
    }

    @Test func countsRequestsHitsRenewalsAndFailures() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        let metrics = TestMetrics()
        let cache = TokenCache.inMemory
        let credential = self.credential(emulator, metrics: metrics, cache: cache)
        for _ in 0..<3 { _ = try await credential.token(forScopes: vaultScope) }
        clock.advance(by: .seconds(3400))
        _ = try await credential.token(forScopes: vaultScope)
        await emulator.waitForRequests(2)
        while cache.requestCount > 0 { await Task.yield() }
        emulator.play(FaultScript(steps: [.init(.status(503))]))
        _ = try? await credential.token(forScopes: "https://other/.default")
        #expect(try metrics.expectCounter(TelemetryNames.requests, self.labels).totalValue == 5)
        #expect(try metrics.expectCounter(TelemetryNames.hits, self.labels).totalValue == 3)
        #expect(try metrics.expectCounter(TelemetryNames.refreshes, self.labels).totalValue == 1)
        #expect(
            try metrics.expectCounter(TelemetryNames.failures, self.labels + [("code", "authenticationFailed")]).totalValue == 1)
        #expect(try metrics.expectTimer(TelemetryNames.duration, self.labels).values.count == 2)
        let seconds = try metrics.expectMeter(TelemetryNames.secondsToExpiry, self.labels).values
        #expect(seconds.first == 3599 && seconds.contains(199) && seconds.last == 3599)
    }

    @Test func aSpanPerRequestAndNonePerHit() async throws {
        let tracer = Self.tracer
        let emulator = EntraEmulator()
        let tenantID = "span-\(UInt32.random(in: 0 ... .max)).example"
        emulator.update { $0.tenants[0].domains.append(tenantID) }
        let credential = self.credential(emulator, metrics: TestMetrics(), tenantID: tenantID)
        for _ in 0..<5 { _ = try await credential.token(forScopes: vaultScope) }
        let refused = self.credential(emulator, metrics: TestMetrics(), tenantID: tenantID, secret: "MARKED-wrong")
        _ = try? await refused.token(forScopes: vaultScope)
        let spans = tracer.finishedSpans.filter {
            $0.attributes["azure.identity.tenant_id"]?.toSpanAttribute() == .string(tenantID)
        }
        #expect(spans.map(\.operationName) == [TelemetryNames.span, TelemetryNames.span])
        #expect(spans.map(\.kind) == [.client, .client] && spans.map(\.errors.count) == [0, 1])
        #expect(!"\(spans)".contains("MARKED"))
        let (good, bad) = (try #require(spans.first), try #require(spans.last))
        #expect(
            self.attributes(good) == [
                .credential: "ClientSecretCredential", .tenantID: tenantID, .scopes: vaultScope,
                .isRenewal: "false", .source: "network",
            ])
        #expect(
            self.attributes(bad) == [
                .credential: "ClientSecretCredential", .tenantID: tenantID, .scopes: vaultScope,
                .isRenewal: "false", .errorType: "authenticationFailed", .errorCode: "AADSTS7000215", .status: "401",
            ])
        #expect(good.status == nil && bad.status?.code == .error)
        #expect(bad.status?.message?.contains("AADSTS7000215") == true)
    }

    @Test func aSpanNamesNobodyAndACancellationIsNoFailure() {
        let error = AuthenticationError(
            .authenticationFailed, credential: "X", message: "The account ada@contoso.example is locked.")
        let failure = TracedFailure(error)
        #expect(failure.description == "X: The account <account> is locked." && failure.type == "authenticationFailed")
        #expect(failure.code == nil && failure.status == nil && !failure.isCancellation)
        let cancellation = TracedFailure(CancellationError())
        #expect(cancellation.type == "cancelled" && cancellation.isCancellation)
        #expect(TracedFailure(TransportError(.connection, message: "MARKED")).description == "TransportError")
    }

    /// Metrics of the process are set up once; other tests send requests again too.
    private static let processMetrics: TestMetrics = {
        let metrics = TestMetrics()
        MetricsSystem.bootstrap(metrics)
        return metrics
    }()

    @Test func requestsThatAreSentAgainAreCounted() async throws {
        let metrics = Self.processMetrics
        let before = metrics.counterTotal(label: TelemetryNames.retries)
        let emulator = EntraEmulator()
        emulator.play(FaultScript(steps: [.init(.status(503), requests: 2)]))
        let options = emulator.credentialOptions(retry: RetryOptions(baseDelay: .zero))
        _ = try await ClientSecretCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: Secret(Sample.clientSecret), options: options
        ).token(forScopes: vaultScope)
        #expect(emulator.requestCount == 3 && metrics.counterTotal(label: TelemetryNames.retries) - before >= 2)
    }

    /// A span's attributes as text.
    private func attributes(_ span: FinishedInMemorySpan) -> [TelemetryNames.Attribute: String] {
        var attributes: [TelemetryNames.Attribute: String] = [:]
        for name in TelemetryNames.Attribute.allCases {
            switch span.attributes[name.rawValue]?.toSpanAttribute() {
            case .string(let text): attributes[name] = text
            case .bool(let flag): attributes[name] = "\(flag)"
            case .int32(let number): attributes[name] = "\(number)"
            case .int64(let number): attributes[name] = "\(number)"
            default: break
            }
        }
        return attributes
    }
}
#endif
