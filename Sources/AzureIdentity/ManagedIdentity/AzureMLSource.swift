// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// A compute of Azure Machine Learning. Without an id, the compute's default identity is asked for by the client id that its variable
/// names, as MSAL Go and MSAL.NET do.
struct AzureMLSource: ManagedIdentitySource {
    private let client: SourceClient
    private let endpoint: SourceEndpoint
    private let secret: String
    private let defaultClientID: String?

    init(_ client: SourceClient, endpoint: String, secret: String, defaultClientID: String?) throws {
        self.endpoint = try SourceEndpoint(endpoint, variable: "MSI_ENDPOINT", credential: client.credential)
        self.secret = try SourceSecret.checked(secret, variable: "MSI_SECRET", credential: client.credential)
        try client.requireClientID()
        self.defaultClientID = defaultClientID
        self.client = client.withSecret(secret)
    }

    func token(for resource: String, request: AcquisitionRequest) async throws -> AcquiredToken {
        let clientID = self.client.identity.clientID ?? self.defaultClientID
        let identity = clientID.map { [("clientid", $0)] } ?? []
        let url = self.endpoint.url([("api-version", "2017-09-01"), ("resource", resource)] + identity)
        return try await self.client.token(self.client.request(url, headers: ["secret": self.secret]), for: request)
    }
}
