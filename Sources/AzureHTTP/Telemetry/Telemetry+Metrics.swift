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

    /// Notes how long the token that was just stored or returned is still good for: one value for all keys, since scopes and tenants as labels
    /// would be without a bound.
    package func set(remainingLifetime: Duration) { self.secondsToExpiry.set(remainingLifetime.inSeconds.rounded()) }

    /// Counts a request that is sent again.
    package static func countRetry() { Counter(label: TelemetryNames.retries).increment() }

    /// Runs an acquisition in a span of its own.
    ///
    /// - Parameters:
    ///   - acquisition: What the span says of it.
    ///   - source: Where the result came from.
    ///   - operation: The acquisition.
    package func traced<Value: Sendable>(
        _ acquisition: TracedAcquisition,
        source: @Sendable (Value) -> String,
        _ operation: @Sendable () async throws -> Value
    ) async throws -> Value {
        // What is thrown through a span is recorded as it is, with its whole text.
        let outcome: Result<Value, any Error> = await withSpan(TelemetryNames.span, ofKind: .client) { span in
            span.set(.credential, self.credential)
            if let tenantID = acquisition.tenantID { span.set(.tenantID, tenantID) }
            span.set(.scopes, acquisition.scopes.joined(separator: " "))
            span.set(.isRenewal, acquisition.isRenewal)
            do {
                let result = try await operation()
                span.set(.source, source(result))
                return .success(result)
            } catch let error {
                span.record(TracedFailure(error))
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

extension Span {
    fileprivate func set(_ name: TelemetryNames.Attribute, _ value: some SpanAttributeConvertible) {
        self.attributes[name.rawValue] = value
    }

    fileprivate func record(_ failure: TracedFailure) {
        self.set(.errorType, failure.type)
        guard !failure.isCancellation else { return }
        if let code = failure.code { self.set(.errorCode, code) }
        if let status = failure.status { self.set(.status, status) }
        self.recordError(failure)
        self.setStatus(SpanStatus(code: .error, message: failure.description))
    }
}
#endif
