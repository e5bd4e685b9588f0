// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// The instance metadata service (IMDS) of virtual machines and scale sets, and what answers in its place in pods of AKS (rows G20, G22 to
/// G26, and G30).
struct MetadataSource: ManagedIdentitySource {
    private let client: SourceClient
    private let endpoint: SourceEndpoint
    private let host: String
    /// Whether this is a pod of Kubernetes.
    private let isPod: Bool

    init(_ client: SourceClient, host: String, isPod: Bool) throws {
        self.endpoint = try SourceEndpoint(metadataHost: host, credential: client.credential)
        self.client = client
        self.host = host
        self.isPod = isPod
    }

    func token(for resource: String, request: AcquisitionRequest) async throws -> AcquiredToken {
        let identity = self.client.identity.parameter(clientID: "client_id", objectID: "object_id", resourceID: "msi_res_id")
        let url = self.endpoint.url([("api-version", "2018-02-01"), ("resource", resource)] + identity)
        let exchange: HTTPPipeline.Exchange
        do {
            exchange = try await self.client.exchange(
                self.client.request(url, headers: ["Metadata": "true"]),
                for: request,
                failure: self.failure(of:),
                unreachable: { MetadataFailure.unreachable($0, credential: self.client.credential, host: self.host) }
            )
        } catch let error as TransportError {
            throw MetadataFailure.unreachable(error, credential: self.client.credential, host: self.host)
        }
        guard (200..<300).contains(exchange.response.status), case .token(let answer) = HostAnswer(exchange.response).content
        else { throw self.failure(of: exchange) }
        return try self.client.token(answer, of: exchange)
    }

    private func failure(of exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        let answer = HostAnswer(exchange.response)
        let failure = MetadataFailure(
            answer, identity: self.client.identity, isPod: self.isPod, retryCount: exchange.retryCount, host: self.host)
        return failure.error(of: exchange, client: self.client)
    }
}
