// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials

/// The response to an authorized request, and whose word it was made with.
package struct AuthorizedExchange: Sendable {
    package var exchange: HTTPPipeline.Exchange
    /// The token that was sent last; `nil` if the request came to its response without one.
    package var token: AccessToken?

    package init(exchange: HTTPPipeline.Exchange, token: AccessToken?) {
        self.exchange = exchange
        self.token = token
    }
}

extension BearerTokenAuthorizer {
    /// Sends a request with a token through a pipeline, again if the service asks for another token.
    ///
    /// The pipeline's own retries get a token each: one that expires while the service is throttling is renewed.
    ///
    /// - Parameters:
    ///   - request: The request. An `Authorization` header of its own is replaced.
    ///   - pipeline: Sends it, retries and logs.
    ///   - context: Time-out, correlation id and content logging; scopes, tenant, claims and CAE are the authorizer's.
    ///   - deadline: When nobody waits any more, by the pipeline's clock.
    /// - Returns: The last response, whatever its status.
    /// - Throws: ``TransportError``, `AuthenticationError` as the credential threw it, or `CancellationError`.
    package nonisolated(nonsending) func send(
        _ request: TransportRequest,
        through pipeline: HTTPPipeline,
        context: TokenRequestContext,
        deadline: MonotonicTime?
    ) async throws -> AuthorizedExchange {
        var authorization = try self.authorization(for: request.url, hasBody: !request.body.isEmpty, context: context)
        while true {
            var outgoing = request
            if !authorization.includesBody {
                outgoing.body = []
                outgoing.headers["Content-Length"] = nil
            }
            let exchange = try await pipeline.send(
                outgoing,
                context: context,
                deadline: deadline,
                beforeAttempt: { attempt in
                    let header = try await authorization.header(timeout: deadline.map { max(.zero, $0 - pipeline.clock.now) })
                    attempt.headers["Authorization"] = header
                    if let token = authorization.token?.token { attempt.secrets.append(token) }
                }
            )
            let challenges = exchange.response.headers.values(for: "WWW-Authenticate")
            guard try authorization.continues(afterStatus: exchange.response.status, challenges: challenges) else {
                return AuthorizedExchange(exchange: exchange, token: authorization.token)
            }
        }
    }
}
