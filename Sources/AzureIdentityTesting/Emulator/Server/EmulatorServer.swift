// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// An ``EntraEmulator`` on a TLS socket, for clients that need a real one.
///
/// ```swift
/// let server = try await EmulatorServer.start(EntraEmulator())
/// print(server.url)  // https://localhost:41234
/// try await server.stop()
/// ```
///
/// Its certificate comes from an authority made for the occasion: clients have to trust ``certificateAuthorityPEM``.
/// Faults happen on the connection: a reset is a reset, garbage is garbage. Waits of faults take real time, whatever the
/// emulator's clock.
///
/// Needs the trait `Tools`.
public final class EmulatorServer: Sendable {
    /// The emulator that is served.
    public let emulator: EntraEmulator
    /// The port.
    public let port: Int
    /// The address of the server, to use as an authority host.
    public let url: String
    /// The certificate of the authority that clients have to trust, in PEM.
    public let certificateAuthorityPEM: String

    private let channel: any Channel
    private let children: ChannelRegistry

    private init(
        emulator: EntraEmulator,
        channel: any Channel,
        host: String,
        authority: EmulatorCertificateAuthority,
        children: ChannelRegistry
    ) {
        self.emulator = emulator
        self.channel = channel
        self.port = channel.localAddress?.port ?? 0
        let name = ["127.0.0.1", "::1", "localhost", "0.0.0.0", "::"].contains(host) ? "localhost" : host
        self.url = "https://\(name.contains(":") ? "[\(name)]" : name):\(self.port)"
        self.certificateAuthorityPEM = authority.certificatePEM
        self.children = children
    }

    deinit {
        self.channel.close(promise: nil)
        for child in self.children.close() { child.closeBelowTLS() }
    }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - emulator: The emulator to serve. It may be served several times, and be used in memory as well.
    ///   - host: The address to listen at; the loopback by default. Whoever reaches it gets tokens, worthless as they are.
    ///   - port: The port. 0: any free one.
    ///   - certificateAuthority: The authority that vouches for the server. `nil`: a new one.
    /// - Returns: The server, ready. It runs until ``stop()``, or until it is released.
    /// - Throws: An error of SwiftNIO if the address can't be bound.
    public static func start(
        _ emulator: EntraEmulator,
        host: String = "127.0.0.1",
        port: Int = 0,
        certificateAuthority: EmulatorCertificateAuthority? = nil
    ) async throws -> EmulatorServer {
        let authority = try certificateAuthority ?? EmulatorCertificateAuthority()
        let tls = try NIOSSLContext(configuration: try authority.serverConfiguration(host: host))
        let engine = emulator.engine
        _ = try engine.signer.keyID()  // Makes the key now, rather than on an event loop.
        let children = ChannelRegistry()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard children.add(channel) else { return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: tls))
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(EmulatorChannelHandler(engine: engine))
                }
            }
            .bind(host: host, port: port)
            .get()
        return EmulatorServer(emulator: emulator, channel: channel, host: host, authority: authority, children: children)
    }

    /// Stops listening and closes all connections. Does nothing the second time.
    ///
    /// - Throws: An error of SwiftNIO if the socket can't be closed.
    public func stop() async throws {
        do {
            try await self.channel.close().get()
        } catch ChannelError.alreadyClosed {
            // Stopped before.
        }
        let channels = self.children.close()
        for channel in channels { channel.closeBelowTLS() }
        for channel in channels { try await channel.closeFuture.get() }
    }
}

/// Serves an emulator while a closure runs.
///
/// Needs the trait `Tools`.
///
/// - Parameters:
///   - emulator: The emulator to serve.
///   - body: What to do with the server. When it ends, in whatever way, the server is stopped.
/// - Returns: What the closure returns.
/// - Throws: What the closure throws, or an error of SwiftNIO.
public func withEmulatorServer<Result>(
    _ emulator: EntraEmulator,
    body: (EmulatorServer) async throws -> Result
) async throws -> Result {
    let server = try await EmulatorServer.start(emulator)
    let result: Result
    do {
        result = try await body(server)
    } catch {
        try? await server.stop()
        throw error
    }
    try await server.stop()
    return result
}

/// The open connections of a server. Once closed it takes no more, so that none outlives the server.
final class ChannelRegistry: Sendable {
    private struct State: Sendable {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Locked(State())

    /// Keeps a channel until it closes.
    ///
    /// - Returns: Whether the registry takes channels.
    func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isTaken = self.state.withLock { state in
            guard !state.isClosed else { return false }
            state.channels[id] = channel
            return true
        }
        if isTaken {
            channel.closeFuture.whenComplete { _ in self.state.withLock { state in _ = state.channels.removeValue(forKey: id) } }
        }
        return isTaken
    }

    /// Takes no more channels.
    ///
    /// - Returns: Those that are open.
    func close() -> [any Channel] {
        self.state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
    }
}

extension Channel {
    /// Closes the connection at once, without the goodbyes of TLS, which wait for the client's.
    func closeBelowTLS() {
        self.eventLoop.execute {
            if let context = try? self.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
                context.close(promise: nil)
            } else {
                self.close(promise: nil)
            }
        }
    }
}
#endif
