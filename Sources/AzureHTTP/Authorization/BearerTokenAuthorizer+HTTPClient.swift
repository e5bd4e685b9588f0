// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
public import AsyncHTTPClient
import AzureCredentials
public import NIOCore
import NIOHTTP1

public import struct Logging.Logger

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension HTTPClient {
    /// Sends a request with a token, again if the service asks for another token.
    ///
    /// Use a client that disallows redirects (`Configuration.redirectConfiguration = .disallow`). One that follows them, as
    /// `HTTPClient.shared` does, leaves the token behind where a redirect leads to another host, port or scheme, but sends it along to the same
    /// one; a response that came by a redirect is an error here, and no challenge of it is answered.
    ///
    /// Needs the trait `AsyncHTTPClient`.
    ///
    /// - Parameters:
    ///   - request: The request. An `Authorization` header of its own is replaced.
    ///   - authorizer: Gets the token and answers challenges.
    ///   - deadline: When all of it must be done, the token requests included. The body of the response isn't part of it.
    ///   - replaysBody: Whether the request's body can be sent a second time. Say `true` for one of bytes; a stream can't, and the request
    ///     doesn't tell which it is. If not, a challenge to a request whose body was sent isn't answered, and the 401 is returned; the next
    ///     request with the same token answers it.
    ///   - logger: The logger of async-http-client.
    /// - Returns: The last response, whatever its status.
    /// - Throws: `AuthenticationError` as the credential threw it, ``TransportError`` of the kind ``TransportError/Kind-swift.struct/refused`` for an URL
    ///   that no token may be sent to or a response that came by a redirect, what async-http-client throws, or `CancellationError`.
    public nonisolated(nonsending) func execute(
        _ request: HTTPClientRequest,
        authorizedBy authorizer: BearerTokenAuthorizer,
        deadline: NIODeadline,
        replaysBody: Bool = false,
        logger: Logger? = nil
    ) async throws -> HTTPClientResponse {
        guard let url = URL(string: request.url) else {
            throw TransportError(.refused, message: "The request's URL can't be read. No token was asked for.")
        }
        var authorization = try authorizer.authorization(for: url, hasBody: request.body != nil)
        while true {
            var outgoing = request
            outgoing.headers.remove(name: "Authorization")
            if !authorization.includesBody {
                outgoing.body = nil
                outgoing.headers.remove(name: "Content-Length")
                outgoing.headers.remove(name: "Transfer-Encoding")
            }
            let timeLeft = Duration.nanoseconds((deadline - .now()).nanoseconds)
            if let header = try await authorization.header(timeout: max(.zero, timeLeft)) {
                outgoing.headers.add(name: "Authorization", value: header)
            }
            let response = try await self.execute(outgoing, deadline: deadline, logger: logger)
            guard response.history.count <= 1 else {
                throw TransportError(
                    .refused,
                    message: """
                        The server redirected the request, and the client had already followed when this could be seen; the response isn't \
                        used. A request with a token isn't sent across redirects: use a client that follows none \
                        (Configuration.redirectConfiguration = .disallow), not HTTPClient.shared.
                        """
                )
            }
            let continues = try authorization.continues(
                afterStatus: Int(response.status.code),
                challenges: response.headers["WWW-Authenticate"],
                canSendBodyAgain: replaysBody
            )
            guard continues else { return response }
            await Self.drain(response.body, until: deadline)
        }
    }

    /// Reads a refusal's body to its end, so that its connection can be used again. Not for long and not if it is large: then the connection
    /// is given up, which is what dropping the body comes to.
    private nonisolated(nonsending) static func drain(_ body: HTTPClientResponse.Body, until deadline: NIODeadline) async {
        let timeLeft = Duration.nanoseconds((deadline - .now()).nanoseconds)
        _ = try? await withTimeout(
            min(.seconds(2), max(.zero, timeLeft)),
            clock: SystemClock(),
            onTimeout: { CancellationError() },
            operation: { try await body.collect(upTo: 65_536) }
        )
    }

    /// Sends a request with a token, again if the service asks for another token.
    ///
    /// As `execute(_:authorizedBy:deadline:replaysBody:logger:)`, with a time instead of a point of time.
    ///
    /// - Parameters:
    ///   - request: The request. An `Authorization` header of its own is replaced.
    ///   - authorizer: Gets the token and answers challenges.
    ///   - timeout: How long all of it may take, the token requests included. The body of the response isn't part of it.
    ///   - replaysBody: Whether the request's body can be sent a second time.
    ///   - logger: The logger of async-http-client.
    /// - Returns: The last response, whatever its status.
    /// - Throws: As `execute(_:authorizedBy:deadline:replaysBody:logger:)`.
    public nonisolated(nonsending) func execute(
        _ request: HTTPClientRequest,
        authorizedBy authorizer: BearerTokenAuthorizer,
        timeout: TimeAmount,
        replaysBody: Bool = false,
        logger: Logger? = nil
    ) async throws -> HTTPClientResponse {
        try await self.execute(
            request, authorizedBy: authorizer, deadline: .now() + timeout, replaysBody: replaysBody, logger: logger)
    }
}
#endif
