// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AsyncHTTPClient
import AzureCredentials
import NIOCore
import NIOSSL

/// The HTTP clients this library owns: one per set of trusted authorities and proxy, kept as long as the process runs.
enum ClientRegistry {
    /// What one client is made for.
    struct Key: Sendable, Hashable {
        let roots: TrustRoots
        let proxy: ProxyServer?
    }

    /// Grows with each new key and is never emptied, since an `HTTPClient` may not be dropped. Programs use one or two.
    private static let clients = Locked<[Key: HTTPClient]>([:])
    private static let plans = Locked<[ProxyPlan: Int]>([:])

    /// The client for a key, made at its first use.
    ///
    /// - Throws: ``TransportError`` if the authorities can't be read, which the next call tries again; `CancellationError`.
    static func client(for key: Key) async throws -> HTTPClient {
        if let client = self.clients.withLock({ $0[key] }) { return client }
        let roots = try await TrustRootsLoader.load(key.roots)
        return self.clients.withLock { clients in
            if let client = clients[key] { return client }
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: Self.configuration(roots: roots, proxy: key.proxy)
            )
            clients[key] = client
            return client
        }
    }

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

    private static func configuration(roots: NIOSSLTrustRoots?, proxy: ProxyServer?) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let roots { tls.trustRoots = roots }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10)),
            http1_1ConnectionDebugInitializer: { StatusGuard.install(on: $0) }
        )
        configuration.proxy = proxy.map { proxy in
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
