// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AsyncHTTPClient
import AzureCredentials
import NIOCore
import NIOSSL

/// The HTTP clients this library owns: one per set of trusted authorities, proxy and kind of server names, kept as long as the process runs.
enum ClientRegistry {
    /// What one client is made for.
    struct Key: Sendable, Hashable {
        let roots: TrustRoots
        let proxy: ProxyServer?
        let names: ServerNames
    }

    /// The most clients that this library makes: each is kept.
    private static let capacity = 256

    /// Grows with each new key and is never emptied, since an `HTTPClient` may not be dropped. Programs use one or two.
    private static let clients = Locked<[Key: HTTPClient]>([:])
    private static let plans = Locked<[ProxyPlan: Int]>([:])

    /// The client for a key, made at its first use.
    ///
    /// - Throws: ``TransportError`` if the authorities can't be read, which the next call tries again; `CancellationError`.
    static func client(for key: Key) async throws -> HTTPClient {
        if let client = self.clients.withLock({ $0[key] }) { return client }
        let roots = try await TrustRootsLoader.load(key.roots)
        return try self.clients.withLock { clients in
            if let client = clients[key] { return client }
            guard clients.count < self.capacity else {
                throw TransportError(
                    .configuration, message: "This process uses more than \(self.capacity) kinds of connections.")
            }
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: Self.configuration(roots: roots, key: key)
            )
            clients[key] = client
            return client
        }
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

    private static func configuration(roots: NIOSSLTrustRoots?, key: Key) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let roots { tls.trustRoots = roots }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10)),
            http1_1ConnectionDebugInitializer: { channel in
                NameGuard.check(channel, names: key.names).flatMap { StatusGuard.install(on: channel) }
            }
        )
        configuration.proxy = key.proxy.map { proxy in
            .server(
                host: proxy.host,
                port: proxy.port,
                authorization: proxy.credentials.map { .basic(username: $0.user.revealed, password: $0.password.revealed) }
            )
        }
        // A token request needs no HTTP/2, whose frames a hostile server can send without end and outside the limit on the body.
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}
#endif
