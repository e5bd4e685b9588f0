// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !AsyncHTTPClient
/// Does nothing: metrics and traces need the trait `AsyncHTTPClient`.
package final class Telemetry: Sendable {
    package init(credential: String) {}
    package func countRequest() {}
    package func countHit() {}
    package func countRefresh() {}
    package func countFailure(code: String) {}
    package func record(duration: Duration) {}
    package func set(remainingLifetime: Duration) {}
    package static func countRetry() {}

    /// Runs an acquisition.
    package func traced<Value: Sendable>(
        _ acquisition: TracedAcquisition,
        source: @Sendable (Value) -> String,
        _ operation: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await operation()
    }
}
#endif
