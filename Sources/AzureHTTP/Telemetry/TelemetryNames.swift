// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The names of metrics and spans, in one place. ARCHITECTURE.md has them as a table.
package enum TelemetryNames {
    /// Counter: calls of `token(for:)`.
    package static let requests = "azure_identity_token_requests_total"
    /// Counter: calls answered from memory.
    package static let hits = "azure_identity_token_cache_hits_total"
    /// Counter: early renewals begun.
    package static let refreshes = "azure_identity_token_refreshes_total"
    /// Counter, by code: acquisitions and renewals that failed.
    package static let failures = "azure_identity_token_failures_total"
    /// Counter: requests sent again.
    package static let retries = "azure_identity_http_retries_total"
    /// Timer: acquisitions over the network.
    package static let duration = "azure_identity_token_acquisition_duration"
    /// Gauge: seconds until the token last stored or returned expires.
    package static let secondsToExpiry = "azure_identity_token_seconds_to_expiry"
    /// Span: one acquisition over the network.
    package static let span = "azure.identity.acquire_token"
}
