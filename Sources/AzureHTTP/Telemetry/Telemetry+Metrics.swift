// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureCredentials
package import CoreMetrics
import Tracing

/// Counts and times what one credential does, with swift-metrics, and traces it, with swift-distributed-tracing.
package final class Telemetry: Sendable {
    private let credential: String
    private let requests: Counter
    private let hits: Counter
    private let refreshes: Counter
    private let duration: Timer
    private let secondsToExpiry: Meter
    private let factory: any MetricsFactory

    /// - Parameters:
    ///   - credential: The type name of the credential; the label of its metrics.
    ///   - factory: Where the metrics go. `nil`: wherever the program has bootstrapped `MetricsSystem`.
    package init(credential: String, factory: (any MetricsFactory)? = nil) {
        let factory = factory ?? MetricsSystem.factory
        let labels = [("credential", credential)]
        self.credential = credential
        self.factory = factory
        self.requests = Counter(label: TelemetryNames.requests, dimensions: labels, factory: factory)
        self.hits = Counter(label: TelemetryNames.hits, dimensions: labels, factory: factory)
        self.refreshes = Counter(label: TelemetryNames.refreshes, dimensions: labels, factory: factory)
        self.duration = Timer(label: TelemetryNames.duration, dimensions: labels, factory: factory)
        self.secondsToExpiry = Meter(label: TelemetryNames.secondsToExpiry, dimensions: labels, factory: factory)
    }

    package func countRequest() { self.requests.increment() }

    package func countHit() {
        self.requests.increment()
        self.hits.increment()
    }

    package func countRefresh() { self.refreshes.increment() }

    package func countFailure(code: String) {
        Counter(
            label: TelemetryNames.failures,
            dimensions: [("credential", self.credential), ("code", code)],
            factory: self.factory
        ).increment()
    }

    package func record(duration: Duration) { self.duration.recordNanoseconds(duration.saturatedNanoseconds) }

    package func set(remainingLifetime: Duration) { self.secondsToExpiry.set(remainingLifetime.inSeconds.rounded()) }

    /// Counts a request that is sent again.
    package static func countRetry() { Counter(label: TelemetryNames.retries).increment() }

    /// Runs an acquisition in a span of its own.
    package func traced<Result: Sendable>(
        tenantID: String?,
        _ operation: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withSpan(TelemetryNames.span, ofKind: .client) { span in
            span.attributes["azure.identity.credential"] = self.credential
            if let tenantID { span.attributes["azure.identity.tenant_id"] = tenantID }
            return try await operation()
        }
    }
}
#endif
