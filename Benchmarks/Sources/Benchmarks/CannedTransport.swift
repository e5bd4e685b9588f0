// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Synchronization

/// Answers from memory at next to no cost, and counts the requests.
final class CannedTransport: HTTPTransport {
    private let answer: @Sendable (Int) -> TransportResponse
    private let count = Mutex(0)

    init(_ answer: @escaping @Sendable (Int) -> TransportResponse) { self.answer = answer }

    /// Gives tokens of a day's life, each another one.
    ///
    /// - Parameter tokenLength: How many bytes each has.
    static func tokens(length tokenLength: Int) -> CannedTransport {
        let head = Array(#"{"token_type":"Bearer","expires_in":86399,"ext_expires_in":86399,"access_token":""#.utf8)
        return CannedTransport { number in
            let digits = Array(String(number).utf8)
            let padding = [UInt8](repeating: UInt8(ascii: "t"), count: max(0, tokenLength - digits.count))
            return Self.response(200, head + padding + digits + Array("\"}".utf8))
        }
    }

    /// Refuses the secret as Microsoft Entra ID does.
    static func refusals() -> CannedTransport {
        let body = Array(
            """
            {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent \
            in the request is the client secret value, not the client secret ID, for a secret added to app \
            'c0000000-0000-4000-8000-000000000001'. Trace ID: 0f0e0d0c-0b0a-4908-8706-050403020100 Correlation ID: \
            00010203-0405-4607-8809-0a0b0c0d0e0f Timestamp: 2026-01-02 03:04:05Z","error_codes":[7000215],"timestamp":\
            "2026-01-02 03:04:05Z","trace_id":"0f0e0d0c-0b0a-4908-8706-050403020100","correlation_id":\
            "00010203-0405-4607-8809-0a0b0c0d0e0f","error_uri":"https://login.microsoftonline.com/error?code=7000215"}
            """.utf8
        )
        return CannedTransport { _ in Self.response(401, body) }
    }

    /// How many requests came so far.
    var requestCount: Int { self.count.withLock { $0 } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let number = self.count.withLock { count in
            count += 1
            return count
        }
        return self.answer(number)
    }

    static let tenantID = "a0000000-0000-4000-8000-000000000001"
    static let clientID = "c0000000-0000-4000-8000-000000000001"

    /// A credential that asks this transport and no variable, clock apart.
    func credential(cache: TokenCache) -> ClientSecretCredential {
        ClientSecretCredential(
            tenantID: Self.tenantID,
            clientID: Self.clientID,
            clientSecret: "not-a-real-secret",
            options: self.options(cache: cache)
        )
    }

    /// Options for such a credential.
    func options(cache: TokenCache) -> CredentialOptions {
        CredentialOptions(additionallyAllowedTenants: [.any], transport: self, tokenCache: cache, environment: [:])
    }

    private static func response(_ status: Int, _ body: [UInt8]) -> TransportResponse {
        TransportResponse(status: status, headers: ["Content-Type": "application/json; charset=utf-8"], body: body)
    }
}
