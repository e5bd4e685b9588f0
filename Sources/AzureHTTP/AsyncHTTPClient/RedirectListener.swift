// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureCredentials
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#elseif canImport(ucrt)
import ucrt
#endif

/// Listens at one port of the loopback, 127.0.0.1 and ::1 alike, for the browser of a person who signs in.
///
/// Both, since a browser may take either for `localhost`, and whoever else listened at the other one would get the answer.
package final class RedirectListener: RedirectListening {
    /// How often another free port is tried, where the other address has it in use.
    private static let attempts = 16

    package let port: Int
    private let channels: [any Channel]
    private let connections: RedirectConnections

    private init(port: Int, channels: [any Channel], connections: RedirectConnections) {
        self.port = port
        self.channels = channels
        self.connections = connections
    }

    deinit {
        for channel in self.channels { channel.close(promise: nil) }
        self.connections.close()
    }

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - port: The port. `nil`: any free one.
    ///   - limits: How much a connection may take up.
    ///   - handler: What answers requests. Called on an event loop, so it mustn't wait.
    /// - Throws: ``RedirectListenerProblem``.
    package static func start(
        port: Int?,
        limits: RedirectLimits = RedirectLimits(),
        handler: @escaping RedirectHandler
    ) async throws(RedirectListenerProblem) -> RedirectListener {
        var last = RedirectListenerProblem.notBound(reason: "no port is free")
        for _ in 0..<(port == nil ? Self.attempts : 1) {
            let connections = RedirectConnections(limit: limits.connections)
            let bootstrap = Self.bootstrap(connections, limits: limits, handler: handler)
            do {
                let channels = try await Self.bind(bootstrap, port: port ?? 0)
                let bound = channels.first?.localAddress?.port ?? 0
                return RedirectListener(port: bound, channels: channels, connections: connections)
            } catch let problem {
                last = problem
                guard case .portInUse = problem else { break }
            }
        }
        throw last
    }

    package func close() async {
        for channel in self.channels { try? await channel.close().get() }
        self.connections.close()
    }

    private static func bootstrap(
        _ connections: RedirectConnections,
        limits: RedirectLimits,
        handler: @escaping RedirectHandler
    ) -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard let place = connections.add(channel) else {
                    return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
                }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(RedirectChannelHandler(place: place, limits: limits, handler: handler))
                }
            }
        #if os(Windows)
        // There the option would let another program listen at the same port.
        return bootstrap
        #else
        // A port given by the caller may have been used a moment ago.
        return bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        #endif
    }

    /// Binds both addresses, or the one that this machine has.
    private static func bind(_ bootstrap: ServerBootstrap, port: Int) async throws(RedirectListenerProblem) -> [any Channel] {
        let first: any Channel
        switch await Self.bind(bootstrap, host: "127.0.0.1", port: port) {
        case .success(let channel): first = channel
        case .failure(.notBound(let reason)):
            guard case .success(let channel) = await Self.bind(bootstrap, host: "::1", port: port) else {
                throw .notBound(reason: reason)
            }
            return [channel]
        case .failure(let problem): throw problem
        }
        switch await Self.bind(bootstrap, host: "::1", port: first.localAddress?.port ?? port) {
        case .success(let second): return [first, second]
        case .failure(.notBound): return [first]
        case .failure(let problem):
            try? await first.close().get()
            throw problem
        }
    }

    private static func bind(
        _ bootstrap: ServerBootstrap,
        host: String,
        port: Int
    ) async -> Result<any Channel, RedirectListenerProblem> {
        do {
            let address = try SocketAddress(ipAddress: host, port: port)
            return .success(try await bootstrap.bind(to: address).get())
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            return .failure(.portInUse(port))
        } catch let error {
            return .failure(.notBound(reason: HostileText.sanitized("\(error)", limit: 200)))
        }
    }
}

/// How much of this process others on the machine may take up through a listener.
package struct RedirectLimits: Sendable {
    /// How many connections are open at once; the oldest ones that wait for nothing go first.
    package var connections = 64
    /// How many bytes of a body are read. Codes and error texts have a few thousand.
    package var bodySize = 1 << 16
    /// How long a connection may take over its request.
    package var requestTime = Duration.seconds(15)
    /// How long a connection stays for the browser to read its answer.
    package var goodbyeTime = Duration.seconds(2)

    package init() {}
}
#endif
