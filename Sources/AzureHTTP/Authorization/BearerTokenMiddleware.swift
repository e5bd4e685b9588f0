// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
public import HTTPTypes

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.URL
#else
public import struct Foundation.URL
#endif

/// Puts tokens on requests of swift-http-types, and sends them again if the service asks for another token.
///
/// The shape is that of swift-openapi-runtime's `ClientMiddleware`, which this package doesn't depend on. One line makes it one:
///
/// ```swift
/// extension BearerTokenMiddleware: @retroactive ClientMiddleware where Body == HTTPBody {}
///
/// let api = Client(
///     serverURL: try Servers.Server1.url(),
///     transport: OpenAPIAsyncHTTPClient.AsyncHTTPClientTransport(configuration: .init(client: client)),
///     middlewares: [BearerTokenMiddleware<HTTPBody>(authorizer: authorizer) { $0.iterationBehavior == .multiple }]
/// )
/// ```
///
/// Put it last, next to the transport, so that each retry of a middleware before it gets a token that is valid then. The transport must not
/// follow redirects.
///
/// Needs the trait `AsyncHTTPClient`. Keeps no tokens besides its authorizer.
public struct BearerTokenMiddleware<Body: Sendable>: Sendable {
    private let authorizer: BearerTokenAuthorizer
    private let canSendAgain: @Sendable (Body) -> Bool

    /// Creates a middleware.
    ///
    /// - Parameters:
    ///   - authorizer: Gets the tokens and answers challenges.
    ///   - canSendAgain: Whether a body can be sent a second time. If not, a challenge to a request whose body was sent isn't answered, and
    ///     the 401 is returned; the next request with the same token answers it.
    public init(authorizer: BearerTokenAuthorizer, canSendAgain: @escaping @Sendable (Body) -> Bool = { _ in false }) {
        self.authorizer = authorizer
        self.canSendAgain = canSendAgain
    }

    /// Sends a request with a token.
    ///
    /// - Parameters:
    ///   - request: The request. Its path is one, and its scheme and authority, if it has them, are those of the base URL. An
    ///     `Authorization` field of its own is replaced.
    ///   - body: Its body.
    ///   - baseURL: Where the service is. https.
    ///   - operationID: What the operation is called; not used.
    ///   - next: Sends the request. It is called up to four times.
    /// - Returns: The last response, whatever its status.
    /// - Throws: `AuthenticationError` as the credential threw it, ``TransportError`` of the kind ``TransportError/Kind-swift.struct/refused`` for a
    ///   request that no token may be sent with, and what `next` throws.
    @concurrent
    public func intercept(
        _ request: HTTPRequest,
        body: Body?,
        baseURL: URL,
        operationID: String,
        next: @concurrent @Sendable (HTTPRequest, Body?, URL) async throws -> (HTTPResponse, Body?)
    ) async throws -> (HTTPResponse, Body?) {
        try Self.check(request, baseURL: baseURL)
        var authorization = try self.authorizer.authorization(for: baseURL, hasBody: body != nil)
        while true {
            var outgoing = request
            outgoing.headerFields[.authorization] = try await authorization.header()
            if !authorization.includesBody { outgoing.headerFields[.contentLength] = nil }
            let (response, responseBody) = try await next(outgoing, authorization.includesBody ? body : nil, baseURL)
            let continues = try authorization.continues(
                afterStatus: response.status.code,
                challenges: response.headerFields[values: .wwwAuthenticate],
                canSendBodyAgain: body.map(self.canSendAgain) ?? true
            )
            guard continues else { return (response, responseBody) }
        }
    }

    /// Fails if the request may lead to another place than the base URL.
    private static func check(_ request: HTTPRequest, baseURL: URL) throws {
        func refuse(_ reason: String) -> TransportError {
            TransportError(.refused, message: "The request's \(reason). No token was asked for.")
        }
        if let path = request.path, !path.isEmpty, !path.hasPrefix("/") { throw refuse("path doesn't begin with a slash") }
        if let scheme = request.scheme, scheme.lowercased() != "https" { throw refuse("scheme isn't https") }
        if let authority = request.authority {
            let place = URL(string: "https://\(authority)/")
            guard let place, try AuthorizedOrigin(place) == AuthorizedOrigin(baseURL) else {
                throw refuse("authority isn't that of the base URL")
            }
        }
    }
}
#endif
