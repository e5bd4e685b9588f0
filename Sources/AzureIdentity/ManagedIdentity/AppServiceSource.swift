// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// App Service, Functions, Container Apps and Automation, by their interface of 2019-08-01 (rows G18 and G28).
struct AppServiceSource: ManagedIdentitySource {
    private let client: SourceClient
    private let endpoint: SourceEndpoint
    private let header: String

    init(_ client: SourceClient, endpoint: String, header: String) throws {
        self.endpoint = try SourceEndpoint(endpoint, variable: "IDENTITY_ENDPOINT", credential: client.credential)
        self.header = try SourceSecret.checked(header, variable: "IDENTITY_HEADER", credential: client.credential)
        self.client = client.withSecret(header)
    }

    func token(for resource: String, request: AcquisitionRequest) async throws -> AcquiredToken {
        let identity = self.client.identity.parameter(clientID: "client_id", objectID: "object_id", resourceID: "mi_res_id")
        let url = self.endpoint.url([("api-version", "2019-08-01"), ("resource", resource)] + identity)
        // Automation wants the second header.
        let headers: TransportHeaders = ["X-IDENTITY-HEADER": self.header, "Metadata": "true"]
        return try await self.client.token(self.client.request(url, headers: headers), for: request)
    }
}

/// A secret that a host hands over by a variable, and that is sent as a header.
enum SourceSecret {
    /// Throws unless the text can be sent as a header; doesn't repeat it.
    static func checked(_ text: String, variable: String, credential: String) throws -> String {
        guard text.utf8.count <= 16_384, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: "\(variable) holds something that can't be sent as a header."
            )
        }
        return text
    }
}

extension SourceClient {
    /// The same, that shows one more value nowhere.
    func withSecret(_ secret: String) -> SourceClient {
        var client = self
        client.secrets += FormEncoding.echoes(of: secret)
        return client
    }
}
