// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// Cloud Shell, whose tokens are those of the user in front of it.
struct CloudShellSource: ManagedIdentitySource {
    private let client: SourceClient
    private let endpoint: SourceEndpoint

    init(_ client: SourceClient, endpoint: String) throws {
        self.endpoint = try SourceEndpoint(endpoint, variable: "MSI_ENDPOINT", credential: client.credential)
        try client.requireSystemAssigned("It gives tokens of the user who is signed in.")
        self.client = client
    }

    func token(for resource: String, request: AcquisitionRequest) async throws -> AcquiredToken {
        let headers: TransportHeaders = ["Metadata": "true", "Content-Type": "application/x-www-form-urlencoded"]
        var transportRequest = self.client.request(self.endpoint.address, method: .post, headers: headers)
        transportRequest.body = FormEncoding.body([("resource", resource)])
        return try await self.client.token(transportRequest, for: request)
    }
}
