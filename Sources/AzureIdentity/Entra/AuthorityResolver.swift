// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds the token endpoint of a tenant: by rule for Microsoft Entra ID and AD FS, by discovery for OpenID issuers.
struct AuthorityResolver: Sendable {
    /// How long an answer of an authority about itself is kept.
    static let lifetime = Duration.seconds(86_400)
    /// How long it is kept that an authority doesn't answer, or a machine doesn't know its region.
    static let failureLifetime = Duration.seconds(600)
    /// How long discovery may take in all.
    static let timeout = Duration.seconds(10)
    /// How long this machine's metadata service has to say which region it is in.
    static let metadataTimeout = Duration.seconds(2)

    let credential: String
    let authority: Authority
    let pipeline: HTTPPipeline
    /// The same for documents that are worth one retry only.
    let briefPipeline: HTTPPipeline
    /// The same for what must not be sent twice.
    let pipelineWithoutRetries: HTTPPipeline
    let host: Host
    let transportName: String
    let logger: Logger?
    /// What is known of the service's clock.
    let serviceClock = ServiceClock()
    var store = DiscoveryStore.shared

    /// The token endpoint for a request.
    ///
    /// - Throws: `AuthenticationError`, or `CancellationError`.
    func endpoint(for request: AcquisitionRequest) async throws -> TokenEndpoint {
        if let openID = self.authority.openID { return try await self.endpoint(of: openID, request: request) }
        if let discoveryHost = self.authority.discoveryHost, !Authority.isADFS(request.tenantID) {
            try await self.checkInstance(discoveryHost, request: request)
        }
        let region =
            if let region = self.authority.region { try await self.name(of: region, request: request) } else { nil as String? }
        guard let endpoint = self.authority.endpoint(tenantID: request.tenantID, region: region) else {
            throw TenantID.invalid(request.tenantID, credential: self.credential)
        }
        return endpoint
    }

    /// The current logger.
    var currentLogger: Logger { self.logger ?? .current }

    /// A document, by a GET.
    func document(
        _ url: String,
        headers: TransportHeaders = [:],
        timeout: Duration,
        request: AcquisitionRequest
    ) async throws -> HTTPPipeline.Exchange {
        guard let address = URL(string: url) else { throw TransportError(.refused, message: "The URL can't be requested.") }
        var headers = headers
        headers["Accept"] = "application/json"
        let outgoing = TransportRequest(method: .get, url: address, headers: headers, timeout: timeout)
        let deadline = min(request.deadline, self.host.clock.now + timeout)
        return try await self.briefPipeline.send(outgoing, context: request.context, deadline: deadline)
    }

    /// What is known of something, else found out, by one caller for all.
    func finding(
        _ subject: String,
        timeout: Duration,
        find: @escaping @Sendable () async throws -> (DiscoveryStore.Finding, Duration)
    ) async throws -> DiscoveryStore.Finding {
        try await self.store.finding(
            for: .init(subject: subject, transport: self.transportName),
            clock: self.host.clock,
            limit: .init(timeout + .seconds(1), clock: self.host.clock) {
                TransportError(.timeout, message: "No answer within \(timeout.wholeSeconds) s.")
            },
            find: find
        )
    }
}
