// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The sockets of a server, each for one listener of the emulator, and the connections to them.
final class ServerSockets: Sendable {
    private let engine: EmulatorEngine
    private let host: String
    private let listening = Locked<[any Channel]>([])
    private let children = ChannelRegistry()

    init(engine: EmulatorEngine, host: String) {
        self.engine = engine
        self.host = host
    }

    /// Listens at a port; 0 for any free one.
    ///
    /// - Returns: The port.
    func listen(_ listener: EmulatorListener, port: Int, tls configuration: TLSConfiguration?) async throws -> Int {
        let tls = try configuration.map { try NIOSSLContext(configuration: $0) }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [engine, children] channel in
                guard children.add(channel) else { return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(EmulatorChannelHandler(engine: engine, listener: listener))
                }
            }
            .bind(host: self.host, port: port)
            .get()
        self.listening.withLock { $0.append(channel) }
        return channel.localAddress?.port ?? 0
    }

    /// Stops listening and closes all connections, and waits for that. Does nothing the second time.
    func stop() async throws {
        for channel in self.listening.withLock({ $0 }) {
            do {
                try await channel.close().get()
            } catch ChannelError.alreadyClosed {
                // Stopped before.
            }
        }
        let channels = self.children.close()
        for channel in channels { channel.closeBelowTLS() }
        for channel in channels { try await channel.closeFuture.get() }
    }

    /// The same without waiting.
    func abandon() {
        for channel in self.listening.withLock({ $0 }) { channel.close(promise: nil) }
        for channel in self.children.close() { channel.closeBelowTLS() }
    }
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
