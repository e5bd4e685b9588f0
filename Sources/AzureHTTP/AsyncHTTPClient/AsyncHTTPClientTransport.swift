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
/// By default on clients that this library owns: one per process, set of trusted authorities and proxy, set up for token requests (no
/// redirects, no retries of connections) and never shut down, since `HTTPClient` has to be dropped by nobody. Give it a client of
/// your own to use your event loops or your client certificates; you shut that one down.
///
/// When a server's certificate is refused, or a proxy's answer is none, a client of this library's connects once more to see what the
/// error says of it: whom the certificate is for and who issued it, or the proxy's status. That connection trusts nothing and carries no
/// part of the request. It is made at most once in 30 seconds per host.
///
/// Some identity services prove themselves by a certificate of their own: one with a known thumbprint, or of an authority that is trusted
/// for this service alone. Requests to these never use a proxy, and a client of yours can't send them.
///
/// Needs the trait `AsyncHTTPClient`.
public final class AsyncHTTPClientTransport: NamedTransport, ServerProvingTransport {
    private enum Client: Sendable {
        case ours(TrustRoots, ProxyPlan)
        case callers(HTTPClient)
    }

    private let client: Client
    package let transportName: String
    private let clock: any MachineClock = SystemClock()

    /// The transport that trusts the system's authorities and uses no proxy.
    public static let shared = AsyncHTTPClientTransport(trustRoots: .system)

    /// Uses the process-wide client that trusts the given authorities, and no proxy.
    ///
    /// - Parameter trustRoots: The authorities to trust.
    public convenience init(trustRoots: TrustRoots) {
        self.init(network: NetworkOptions(trustRoots: trustRoots, usesEnvironmentProxies: false), environment: [:])
    }

    /// Uses process-wide clients, set up as options and variables say.
    ///
    /// A variable that can't be used is an error of the first request that needs it.
    ///
    /// - Parameters:
    ///   - network: The proxy and the trusted authorities.
    ///   - environment: The environment variables that stand in for what `network` leaves open; see ``NetworkOptions``.
    public init(network: NetworkOptions, environment: [String: String]) {
        let roots = network.trustRoots ?? .environment(environment)
        let plan = ProxyPlan(options: network, environment: environment)
        self.client = .ours(roots, plan)
        self.transportName = "async-http-client, trusting \(roots.kind), \(ClientRegistry.name(of: plan))"
    }

    /// Uses a client of the caller's.
    ///
    /// It should disallow redirects (`Configuration.redirectConfiguration = .disallow`): a response that came by one is refused, but
    /// by then the request has been repeated elsewhere. Set `connectionPool.retryConnectionEstablishment = false` too, or a refused
    /// connection is retried until the time is up; and `httpVersion = .http1Only`. The clients of this library also end a connection on
    /// which a status below 100 comes, at which async-http-client 1.37.0 ends the process; yours doesn't. They take a
    /// certificate for the name alone that was asked for, which async-http-client alone doesn't (see ARCHITECTURE.md). Variables don't concern
    /// a client of yours. It can't reach services that prove themselves by a certificate of their own, which Service Fabric's managed identity
    /// and the identity binding of AKS do: such a request is an error.
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
        let start = self.clock.now
        guard request.url.port.map({ (1...65_535).contains($0) }) ?? true else {
            throw TransportError(.refused, message: "The URL's port is none.")
        }
        try self.checkServerProof(of: request)
        let place = ExchangePlace(request, proxy: try self.proxy(for: request))
        do {
            return try await withTimeout(
                request.timeout,
                clock: self.clock,
                onTimeout: { place.timeout() },
                operation: {
                    do {
                        return try await self.exchange(request, place: place)
                    } catch let error {
                        throw place.mapping(error)
                    }
                }
            )
        } catch let error as TransportError {
            guard case .ours = self.client else { throw error }
            // After the exchange, in the time that is left of it: waiting for an explanation must not turn the error into a timeout.
            throw await FailureExplanation(place).explained(error, within: request.timeout - (self.clock.now - start))
        }
    }

    /// Fails if the request's server has to prove itself and can't.
    private func checkServerProof(of request: TransportRequest) throws {
        try request.checkServerProof()
        guard request.serverProof != nil, case .callers = self.client else { return }
        throw TransportError(
            .configuration,
            message:
                "This request's server has to prove itself by its certificate, which a transport with an HTTP client of your own "
                + "can't check; use AsyncHTTPClientTransport.init(network:environment:)."
        )
    }

    private func proxy(for request: TransportRequest) throws -> ProxyServer? {
        guard !request.isDirect, request.serverProof == nil, case .ours(_, let plan) = self.client,
            let proxy = try plan.proxy(for: request.url)
        else { return nil }
        // async-http-client 1.37.0 would compare the certificate with the address of the proxy.
        guard NetworkAddress(request.url.host() ?? "") == nil else {
            throw TransportError(
                .configuration,
                message: "A server can't be named by an address where a proxy is used (\(proxy.address)); use its name."
            )
        }
        return proxy
    }

    /// Sends a request on a client of the right kind. Where the server's certificate is for addresses too, a client for this name alone
    /// checks it; nothing has been sent before that.
    private func exchange(_ request: TransportRequest, place: ExchangePlace) async throws -> TransportResponse {
        switch self.client {
        case .callers(let client): return try await Self.exchange(request, url: request.url.absoluteString, client: client)
        case .ours(let chosen, _):
            // Nobody proves himself over plain http, so no file of authorities needs to be read.
            let roots = request.url.scheme?.lowercased() == "http" ? .system : chosen
            if let proof = request.serverProof {
                return try await Self.exchange(request, place: place, key: .init(proof: proof, roots: roots, place: place))
            }
            func key(_ names: ServerNames) -> ClientRegistry.Key {
                .init(roots: roots, proxy: place.proxy, names: names, isLinkLocal: place.isLinkLocal)
            }
            let own = key(.only(place.unbracketedHost.lowercased()))
            do {
                let key =
                    place.isNameChecked
                    ? (place.isLoopbackName || ClientRegistry.has(own) ? own : key(.namesAlone)) : key(.addresses)
                return try await Self.exchange(request, place: place, key: key)
            } catch is AmbiguousCertificate {
                return try await Self.exchange(request, place: place, key: own)
            }
        }
    }

    /// Sends a request on the client for a key. Where TLS asks for the server by another name, that stands in the client's URL, and the
    /// client turns it back into the host; the `Host` header stays the URL's.
    private static func exchange(
        _ request: TransportRequest, place: ExchangePlace, key: ClientRegistry.Key
    ) async throws -> TransportResponse {
        var request = request
        var url = request.url.absoluteString
        if let detour = key.detour {
            var components = URLComponents(url: request.url, resolvingAgainstBaseURL: true)
            components?.encodedHost = detour.serverName
            guard let text = components?.string else { throw TransportError(.refused, message: "The URL can't be requested.") }
            url = text
            request.headers["Host"] = place.hostHeader
        }
        return try await ClientRegistry.withClient(for: key) { client in
            try await Self.exchange(request, url: url, client: client)
        }
    }

    private static func exchange(
        _ request: TransportRequest, url: String, client: HTTPClient
    ) async throws -> TransportResponse {
        var outgoing = HTTPClientRequest(url: url)
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
}
#endif
