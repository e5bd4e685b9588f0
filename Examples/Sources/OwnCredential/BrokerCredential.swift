// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP
public import AzureIdentity

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A credential of one's own: tokens from a company's token broker, an imaginary HTTP service.
///
/// The broker is asked with a key, `POST {"scope": "…"}`, and answers `{"token": "…", "lifetime": 3600}`. Keeping tokens, renewing them early and
/// sharing one request among all callers is left to `CachingTokenCredential`; `CredentialConformance` of AzureIdentityTesting checks
/// that nothing of what callers rely on is missing, in `Tests/OwnCredentialTests`.
///
/// Keeps tokens in memory, in a cache of its own.
public struct BrokerCredential: TokenCredential {
    private let caching: CachingTokenCredential

    /// Creates a credential. Nothing is requested yet.
    ///
    /// - Parameters:
    ///   - url: Where the broker is.
    ///   - key: What the broker knows this program by.
    ///   - transport: What sends the requests.
    public init(url: URL, key: Secret, transport: any HTTPTransport = AsyncHTTPClientTransport.shared) {
        let broker = Broker(url: url, key: key, transport: transport)
        self.caching = CachingTokenCredential(name: Broker.credential) { context in try await broker.token(for: context) }
    }

    /// Gets a token: a kept one, or a new one of the broker's.
    ///
    /// - Parameter context: The request. Claims and tenants are more than the broker understands, and are refused.
    /// - Returns: A token that is valid now.
    /// - Throws: `AuthenticationError`: `.credentialUnavailable` if there is no broker, so that a chain goes on; `.authenticationFailed` if it refuses;
    ///   `.invalidConfiguration` for a request that it can't serve. Rethrows `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        try await self.caching.token(for: context)
    }
}

/// One request and its answer.
private struct Broker: Sendable {
    static let credential = "BrokerCredential"

    private struct Question: Encodable { let scope: String }

    private struct Answer: Decodable {
        let token: String
        let lifetime: Double
    }

    let url: URL
    let key: Secret
    let transport: any HTTPTransport

    func token(for context: TokenRequestContext) async throws -> AccessToken {
        guard context.scopes.count == 1, let scope = context.scopes.first, context.claims == nil, context.tenantID == nil
        else {
            throw Self.error(.invalidConfiguration, "The broker takes one scope, and neither claims nor a tenant.")
        }
        let request = TransportRequest(
            method: .post,
            url: self.url,
            headers: ["Authorization": "Key \(self.key.revealed)", "Content-Type": "application/json"],
            body: Array(try JSONEncoder().encode(Question(scope: scope))),
            timeout: .seconds(10),
            maximumResponseSize: 64 << 10
        )
        let response = try await self.response(to: request)
        switch response.status {
        case 200: return try Self.token(response.body)
        case 429, 500...599:
            let message = "The broker is busy or broken (status \(response.status))."
            throw Self.error(.authenticationFailed, message, isRetryable: true)
        default: throw Self.error(.authenticationFailed, "The broker refused (status \(response.status)).")
        }
    }

    /// Without a broker this credential is simply not set up here, which is no reason for a chain to stop.
    private func response(to request: TransportRequest) async throws -> TransportResponse {
        do {
            return try await self.transport.send(request)
        } catch let error as TransportError {
            var unavailable = AuthenticationError.credentialUnavailable("There is no broker here.", credential: Self.credential)
            unavailable.isRetryable = true
            unavailable.underlyingError = error
            throw unavailable
        }
    }

    private static func token(_ body: [UInt8]) throws -> AccessToken {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)), !answer.token.isEmpty,
            (1...86_400).contains(answer.lifetime)
        else { throw Self.error(.authenticationFailed, "The broker's answer can't be understood.") }
        return AccessToken(
            token: answer.token,
            expiresOn: Date().addingTimeInterval(answer.lifetime),
            provenance: AccessToken.Provenance(credential: Self.credential)
        )
    }

    private static func error(
        _ code: AuthenticationError.Code,
        _ message: String,
        isRetryable: Bool = false
    ) -> AuthenticationError {
        AuthenticationError(
            code,
            credential: Self.credential,
            message: "\(Self.credential): \(message)",
            isRetryable: isRetryable
        )
    }
}
