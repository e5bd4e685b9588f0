// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// App Service by its interface of 2017-09-01, which knows client ids alone and writes `expires_on` as a date.
struct AppService2017Source: ManagedIdentitySource {
    private let client: SourceClient
    private let endpoint: SourceEndpoint
    private let secret: String

    init(_ client: SourceClient, endpoint: String, secret: String) throws {
        self.endpoint = try SourceEndpoint(endpoint, variable: "MSI_ENDPOINT", credential: client.credential)
        self.secret = try SourceSecret.checked(secret, variable: "MSI_SECRET", credential: client.credential)
        try client.requireClientID()
        self.client = client.withSecret(secret)
    }

    func token(for resource: String, request: AcquisitionRequest) async throws -> AcquiredToken {
        let identity = self.client.identity.clientID.map { [("clientid", $0)] } ?? []
        let url = self.endpoint.url([("api-version", "2017-09-01"), ("resource", resource)] + identity)
        return try await self.client.token(self.client.request(url, headers: ["secret": self.secret]), for: request)
    }
}

extension SourceClient {
    /// Throws if the identity is given by an id that the host doesn't know.
    func requireClientID() throws {
        switch self.identity.kind {
        case .systemAssigned, .clientID: return
        case .objectID, .resourceID:
            throw AuthenticationError(
                .invalidConfiguration,
                credential: self.credential,
                message: """
                    \(self.source) supports specifying a user-assigned managed identity by client ID only, not \(self.identity).
                    """
            )
        }
    }

    /// Throws if the identity is a user-assigned one.
    ///
    /// - Parameter reason: Why the host doesn't serve those.
    func requireSystemAssigned(_ reason: String) throws {
        guard self.identity == .systemAssigned else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: self.credential,
                message: "\(self.source) doesn't support specifying a user-assigned managed identity. \(reason)"
            )
        }
    }
}
