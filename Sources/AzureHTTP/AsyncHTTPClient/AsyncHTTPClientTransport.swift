// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
public import AsyncHTTPClient
import AzureCredentials
import NIOCore
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sends requests with async-http-client.
///
/// By default on clients that this library owns: one per process and set of trusted authorities, set up for token requests (no
/// redirects, no retries of connections) and never shut down, since `HTTPClient` has to be dropped by nobody. Give it a client of
/// your own to use your proxy, your event loops or your certificates; you shut that one down.
///
/// Needs the trait `AsyncHTTPClient`.
public final class AsyncHTTPClientTransport: NamedTransport {
    private enum Client: Sendable {
        case ours(TrustRoots)
        case callers(HTTPClient)
    }

    private let client: Client
    package let transportName: String
    private let clock: any MachineClock = SystemClock()

    /// The transport that trusts the system's authorities.
    public static let shared = AsyncHTTPClientTransport(trustRoots: .system)

    /// Uses the process-wide client that trusts the given authorities.
    ///
    /// - Parameter trustRoots: The authorities to trust.
    public init(trustRoots: TrustRoots) {
        self.client = .ours(trustRoots)
        self.transportName = "async-http-client, trusting \(trustRoots.kind)"
    }

    /// Uses a client of the caller's.
    ///
    /// It should disallow redirects (`Configuration.redirectConfiguration = .disallow`): a response that came by one is refused, but
    /// by then the request has been repeated elsewhere. Set `connectionPool.retryConnectionEstablishment = false` too, or a refused
    /// connection is retried until the time is up; and `httpVersion = .http1Only`. The clients of this library also end a connection on
    /// which a status below 100 comes, at which async-http-client 1.37.0 ends the process; yours doesn't.
    ///
    /// - Parameter client: The client. The caller shuts it down, after the last use.
    public init(client: HTTPClient) {
        self.client = .callers(client)
        self.transportName = "async-http-client \(UUID())"
    }

    /// Sends a request.
    ///
    /// - Parameter request: The request, with its limits.
    /// - Returns: The response, whatever its status.
    /// - Throws: ``TransportError``, or `CancellationError`.
    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        let client =
            switch self.client {
            case .ours(let trustRoots): ClientRegistry.client(for: trustRoots)
            case .callers(let client): client
            }
        return try await withTimeout(
            request.timeout,
            clock: self.clock,
            onTimeout: { TransportError(.timeout, message: Self.timeoutMessage(request)) },
            operation: {
                do {
                    return try await Self.exchange(request, client: client)
                } catch let error {
                    throw TransportError.mapping(error, request: request)
                }
            }
        )
    }

    private static func exchange(_ request: TransportRequest, client: HTTPClient) async throws -> TransportResponse {
        var outgoing = HTTPClientRequest(url: request.url.absoluteString)
        outgoing.method = .init(rawValue: request.method.rawValue)
        for field in request.headers.fields { outgoing.headers.add(name: field.name, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
        // The outer deadline covers the body too; this one only keeps the client from waiting any longer than that.
        let limit = TimeAmount.nanoseconds(request.timeout.saturatedNanoseconds / 2 + 1)
        let response = try await client.execute(outgoing, deadline: .now() + limit + limit)
        guard response.history.count <= 1 else {
            throw TransportError(.refused, message: "The server redirected the request; redirects are not followed.")
        }
        if let length = response.headers.first(name: "content-length").flatMap({ Int($0) }), length > request.maximumResponseSize
        {
            throw NIOTooManyBytesError(maxBytes: request.maximumResponseSize)
        }
        let body = try await response.body.collect(upTo: request.maximumResponseSize)
        var headers = TransportHeaders()
        for field in response.headers { headers.append(name: field.name, value: field.value) }
        return TransportResponse(status: Int(response.status.code), headers: headers, body: Array(body.readableBytesView))
    }

    static func timeoutMessage(_ request: TransportRequest) -> String {
        "No response from \(request.url.host() ?? "the server") within \(request.timeout.wholeSeconds) s."
    }
}
#endif
