// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AsyncHTTPClient
import NIOCore
import NIOSSL

/// The HTTP clients this library owns: one per set of trusted authorities, kept as long as the process runs.
enum ClientRegistry {
    /// Grows with each new set and is never emptied, since an `HTTPClient` may not be dropped. Programs use one or two sets.
    private static let clients = Locked<[TrustRoots: HTTPClient]>([:])

    static func client(for roots: TrustRoots) -> HTTPClient {
        self.clients.withLock { clients in
            if let client = clients[roots] { return client }
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: Self.configuration(roots)
            )
            clients[roots] = client
            return client
        }
    }

    private static func configuration(_ roots: TrustRoots) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        switch roots.kind {
        case .system: break
        case .file(let path), .directory(let path): tls.trustRoots = .file(path)
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10)),
            http1_1ConnectionDebugInitializer: { StatusGuard.install(on: $0) }
        )
        // A token request needs no HTTP/2, whose frames a hostile server can send without end and outside the limit on the body.
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}
#endif
