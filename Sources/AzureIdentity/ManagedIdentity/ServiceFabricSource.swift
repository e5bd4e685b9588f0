// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// A cluster of Service Fabric (row G21).
///
/// Its server has a self-signed certificate, whose SHA-1 thumbprint a variable names. The connection is checked against it before the
/// secret, or anything else, is sent; no other certificate is good enough, and neither is a connection without one.
struct ServiceFabricSource: ManagedIdentitySource {
    private let client: SourceClient
    private let endpoint: SourceEndpoint
    private let secret: String
    private let thumbprint: String

    init(_ client: SourceClient, endpoint: String, header: String, thumbprint: String) throws {
        let credential = client.credential
        self.endpoint = try SourceEndpoint(endpoint, variable: "IDENTITY_ENDPOINT", credential: credential)
        self.secret = try SourceSecret.checked(header, variable: "IDENTITY_HEADER", credential: credential)
        guard self.endpoint.isSecure else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: "\(client.source): The endpoint must use HTTPS; IDENTITY_ENDPOINT doesn't."
            )
        }
        guard let normalized = Self.normalized(thumbprint) else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message:
                    "\(client.source): IDENTITY_SERVER_THUMBPRINT must be a SHA-1 certificate thumbprint, 40 hexadecimal digits."
            )
        }
        self.thumbprint = normalized
        try client.requireSystemAssigned(
            """
            The identity is determined by the Service Fabric cluster resource configuration; see \
            https://aka.ms/servicefabricmi for more information.
            """
        )
        self.client = client.withSecret(header)
    }

    /// 40 lower-case digits; blanks and colons are left out. `nil` if the text is no thumbprint.
    static func normalized(_ thumbprint: String) -> String? {
        // By scalars: a line break of two is one character.
        let digits = String(
            String.UnicodeScalarView(thumbprint.unicodeScalars.filter { !" \t\r\n:".unicodeScalars.contains($0) })
        )
        .lowercased()
        let isHexadecimal = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return digits.utf8.count == 40 && isHexadecimal ? digits : nil
    }

    func token(for resource: String, request: AcquisitionRequest) async throws -> AcquiredToken {
        let url = self.endpoint.url([("api-version", "2019-07-01-preview"), ("resource", resource)])
        var transportRequest = self.client.request(url, headers: ["Secret": self.secret])
        transportRequest.serverProof = .thumbprint(self.thumbprint)
        return try await self.client.token(transportRequest, for: request)
    }
}
