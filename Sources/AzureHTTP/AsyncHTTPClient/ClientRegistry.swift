// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AsyncHTTPClient
import AzureCredentials
import NIOCore
import NIOSSL

/// The HTTP clients this library owns: one per set of trusted authorities, proxy and kind of server names, kept as long as the process runs.
///
/// Those for a server that has to prove itself are made for a while: its authorities are replaced as the process runs. At most eight are
/// kept, and those in use.
enum ClientRegistry {
    /// What one client is made for.
    struct Key: Sendable, Hashable {
        let roots: TrustRoots
        let proxy: ProxyServer?
        let names: ServerNames
        /// Whether the server is given by a link-local address: it is near, or it isn't there.
        let isLinkLocal: Bool
        /// What the server has to prove.
        let proof: ServerProof?
        /// The name by which TLS asks for the server, and the host that connections go to, if these are two.
        let detour: Detour?

        /// How long a connection may take to come about.
        var connectTimeout: Duration { self.isLinkLocal ? .seconds(2) : .seconds(10) }

        /// For servers of which TLS asks what it always asks.
        init(roots: TrustRoots, proxy: ProxyServer?, names: ServerNames, isLinkLocal: Bool) {
            self.roots = roots
            self.proxy = proxy
            self.names = names
            self.isLinkLocal = isLinkLocal
            self.proof = nil
            self.detour = nil
        }

        /// For a server that has to prove itself. Never by way of a proxy.
        init(proof: ServerProof, roots: TrustRoots, place: ExchangePlace) {
            self.proxy = nil
            self.isLinkLocal = place.isLinkLocal
            self.proof = proof
            switch proof {
            case .thumbprint:
                self.roots = .system
                self.names = .addresses
                self.detour = nil
            case .named(_, let authorities):
                self.roots = authorities == nil ? roots : .system
                self.names = place.isNameChecked ? .only(place.certificateName.lowercased()) : .addresses
                self.detour = place.serverName.map { Detour(serverName: $0, host: place.unbracketedHost) }
            }
        }
    }

    /// A server that TLS asks for by another name than connections do.
    struct Detour: Sendable, Hashable {
        let serverName: String
        let host: String
    }

    /// The most clients that this library makes and keeps.
    private static let capacity = 256

    /// Grows with each new key and is never emptied, since an `HTTPClient` may not be dropped. Programs use one or two.
    private static let clients = Locked<[Key: HTTPClient]>([:])
    /// The clients for servers that prove themselves.
    private static let passing = Locked(ClientShelf<Key, HTTPClient>(capacity: 8))
    private static let plans = Locked<[ProxyPlan: Int]>([:])

    /// Uses the client for a key, made at its first use.
    ///
    /// - Throws: What the use throws; ``TransportError`` if the authorities can't be read, which the next call tries again;
    ///   `CancellationError`.
    static func withClient<Result>(
        for key: Key, _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        if key.proof == nil { return try await body(try await self.client(for: key)) }
        let client = try await self.passingClient(for: key)
        defer {
            self.passing.withLock { $0.giveBack(key) }
            self.retireOverflow()
        }
        self.retireOverflow()
        return try await body(client)
    }

    private static func passingClient(for key: Key) async throws -> HTTPClient {
        if let client = self.passing.withLock({ $0.take(key) }) { return client }
        let roots = try await self.roots(for: key)
        return self.passing.withLock { shelf in shelf.take(key) { self.make(key, roots: roots) } }
    }

    private static func client(for key: Key) async throws -> HTTPClient {
        if let client = self.clients.withLock({ $0[key] }) { return client }
        let roots = try await self.roots(for: key)
        return try self.clients.withLock { clients in
            if let client = clients[key] { return client }
            guard clients.count < self.capacity else {
                throw TransportError(
                    .configuration, message: "This process uses more than \(self.capacity) kinds of connections.")
            }
            let client = self.make(key, roots: roots)
            clients[key] = client
            return client
        }
    }

    /// Shuts the clients down that are too many. No exchange is under way on them; a connection that nobody waits for any more ends.
    private static func retireOverflow() {
        for client in self.passing.withLock({ $0.removeOverflow() }) { _ = client.shutdown() }
    }

    /// Whether there is a client for a key already.
    static func has(_ key: Key) -> Bool { self.clients.withLock { $0.index(forKey: key) != nil } }

    /// A name of a plan within this process, which tells nothing of it: a plan may hold a password.
    static func name(of plan: ProxyPlan) -> String {
        if plan == .direct { return "no proxy" }
        let number = self.plans.withLock { plans in
            if let number = plans[plan] { return number }
            let number = plans.count + 1
            plans[plan] = number
            return number
        }
        return "proxies \(number)"
    }

    /// The authorities that a client trusts; `nil` for the system's.
    private static func roots(for key: Key) async throws -> NIOSSLTrustRoots? {
        switch key.proof {
        case .named(_, let pem?)?: .certificates(try TrustRootsLoader.certificates(ofPEM: pem))
        case .thumbprint?: nil
        case .named(_, nil)?, nil: try await TrustRootsLoader.load(key.roots)
        }
    }

    private static func make(_ key: Key, roots: NIOSSLTrustRoots?) -> HTTPClient {
        HTTPClient(eventLoopGroupProvider: .singleton, configuration: self.configuration(roots: roots, key: key))
    }

    private static func configuration(roots: NIOSSLTrustRoots?, key: Key) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let roots { tls.trustRoots = roots }
        // The thumbprint is all that counts then; `ConnectionGuard` compares it.
        if case .thumbprint? = key.proof { tls.certificateVerification = .none }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(key.connectTimeout.saturatedNanoseconds)),
            http1_1ConnectionDebugInitializer: { channel in ConnectionGuard.install(on: channel, for: key) }
        )
        configuration.proxy = key.proxy.map { proxy in
            .server(
                host: proxy.host,
                port: proxy.port,
                authorization: proxy.credentials.map { .basic(username: $0.user.revealed, password: $0.password.revealed) }
            )
        }
        if let detour = key.detour { configuration.dnsOverride = [detour.serverName: detour.host] }
        // A token request needs no HTTP/2, whose frames a hostile server can send without end and outside the limit on the body. The guard
        // of connections is one of HTTP/1.1 too.
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}
#endif
