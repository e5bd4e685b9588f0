// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The names of metrics and spans, in one place. The article Observability of AzureIdentity says what each counts or measures; a test
/// compares its table with this one.
package enum TelemetryNames {
    package static let requests = "azure_identity_token_requests_total"
    package static let hits = "azure_identity_token_cache_hits_total"
    package static let refreshes = "azure_identity_token_refreshes_total"
    package static let failures = "azure_identity_token_failures_total"
    package static let retries = "azure_identity_http_retries_total"
    package static let duration = "azure_identity_token_acquisition_duration"
    package static let secondsToExpiry = "azure_identity_token_seconds_to_expiry"
    package static let span = "azure.identity.acquire_token"

    /// All of them, with what they are.
    package static let kinds = [
        Self.requests: "counter", Self.hits: "counter", Self.refreshes: "counter", Self.failures: "counter",
        Self.retries: "counter", Self.duration: "timer", Self.secondsToExpiry: "gauge", Self.span: "span",
    ]

    /// The names of a span's attributes.
    package enum Attribute: String, CaseIterable {
        case credential = "azure.identity.credential"
        case tenantID = "azure.identity.tenant_id"
        case scopes = "azure.identity.scopes"
        case isRenewal = "azure.identity.is_renewal"
        case source = "azure.identity.source"
        case errorType = "error.type"
        case errorCode = "azure.identity.error_code"
        case status = "http.response.status_code"
    }
}
