// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// A machine outside of Azure with the agent of Azure Arc (row G19): a first request is answered with the name of a key file, a second one
/// carries what is in it.
struct AzureArcSource: ManagedIdentitySource {
    private let client: SourceClient
    private let endpoint: SourceEndpoint
    private let directory: String?

    /// - Parameters:
    ///   - client: What asks.
    ///   - endpoint: The agent's address.
    ///   - directory: Where the agent puts its key files; `nil` where there is no agent for this system.
    init(_ client: SourceClient, endpoint: String, directory: String?) throws {
        self.endpoint = try SourceEndpoint(endpoint, variable: "IDENTITY_ENDPOINT", credential: client.credential)
        self.client = client
        self.directory = directory
    }

    private static let unconfirmed = "Azure Arc did not confirm"

    /// Whether an error is that of an agent that passed over the identity.
    static func isUnconfirmed(_ error: AuthenticationError) -> Bool { error.message.contains(Self.unconfirmed) }

    func token(for resource: String, request: AcquisitionRequest) async throws -> AcquiredToken {
        var answer = try await self.answer(to: resource, request)
        // A key is good once: if an answer got lost on its way, the same request can't be repeated, but both can.
        if answer.exchange.response.status == 401 { answer = try await self.answer(to: resource, request) }
        let (exchange, client) = answer
        guard (200..<300).contains(exchange.response.status),
            case .token(let token) = HostAnswer(exchange.response).content
        else { throw client.failure(of: exchange) }
        // An agent that knows no user-assigned identities passes over the parameter, and gives the machine's own token.
        guard token.confirms(client.identity) else {
            throw client.error(
                .authenticationFailed,
                """
                \(Self.unconfirmed) \(client.identity) in its answer. The agent likely doesn't support user-assigned managed \
                identities and gave a token of the system-assigned one, which is not used.
                """,
                exchange
            )
        }
        return try client.token(token, of: exchange)
    }

    /// The answer to a request with a key, and the client that knows the key, to show it nowhere.
    private func answer(
        to resource: String,
        _ request: AcquisitionRequest
    ) async throws -> (exchange: HTTPPipeline.Exchange, client: SourceClient) {
        let key = try await self.key(of: try await self.challenge(resource, request))
        let client = self.client.withSecret(key)
        var transportRequest = self.transportRequest(resource)
        transportRequest.headers["Authorization"] = "Basic \(key)"
        transportRequest.secrets = client.secrets
        do {
            let exchange = try await client.exchange(
                transportRequest, for: request, failure: client.failure(of:), unreachable: client.unreachable(_:))
            return (exchange, client)
        } catch let error as TransportError {
            throw client.unreachable(error)
        }
    }

    private func transportRequest(_ resource: String) -> TransportRequest {
        let identity = self.client.identity.parameter(clientID: "client_id", objectID: "object_id", resourceID: "msi_res_id")
        let url = self.endpoint.url([("api-version", "2020-06-01"), ("resource", resource)] + identity)
        return self.client.request(url, headers: ["Metadata": "true"])
    }

    /// The answer to a request without a key. Anything but a challenge is an error, a token too: whoever gives it without a key isn't the
    /// agent.
    private func challenge(_ resource: String, _ request: AcquisitionRequest) async throws -> HTTPPipeline.Exchange {
        let exchange: HTTPPipeline.Exchange
        do {
            exchange = try await self.client.exchange(
                self.transportRequest(resource), for: request, failure: self.client.failure(of:),
                unreachable: self.client.unreachable(_:))
        } catch let error as TransportError {
            throw self.client.unreachable(error)
        }
        if exchange.response.status == 401 { return exchange }
        guard (200..<300).contains(exchange.response.status) else { throw self.client.failure(of: exchange) }
        throw self.client.error(
            .authenticationFailed,
            "The agent was expected to answer with a challenge, and answered without one. Its answer is not used.",
            exchange
        )
    }

    private func key(of exchange: HTTPPipeline.Exchange) async throws -> String {
        guard let directory = self.directory else {
            throw self.client.error(.credentialUnavailable, "Azure Arc is not supported on this system.", exchange)
        }
        let file: ArcKeyFile
        do {
            file = try ArcKeyFile(challenges: exchange.response.headers.values(for: "WWW-Authenticate"), directory: directory)
        } catch let problem {
            throw self.client.error(.authenticationFailed, "The agent's challenge can't be used: \(problem.reason).", exchange)
        }
        do {
            return try file.key()
        } catch let problem {
            throw self.client.error(
                .credentialUnavailable,
                """
                The agent's key file \(file.name) can't be used: \(problem.reason). Reading it takes membership in the group himds (Linux) \
                or an administrator (Windows).
                """,
                exchange
            )
        }
    }
}
