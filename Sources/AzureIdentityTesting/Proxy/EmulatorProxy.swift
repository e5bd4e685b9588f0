// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
public import AzureCredentials
import AzureHTTP
import NIOCore
import NIOPosix

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A small HTTP proxy on a socket that makes tunnels (`CONNECT`), for clients that must be seen to use one.
///
/// ```swift
/// let proxy = try await EmulatorProxy.start()
/// proxy.lead("login.example.test:443", toHost: "127.0.0.1", port: server.port)
/// // … a client with HTTPS_PROXY set to proxy.url …
/// print(proxy.targets)  // ["login.example.test:443"]
/// try await proxy.stop()
/// ```
///
/// It connects to whatever a client names, unless ``lead(_:toHost:port:)`` says that a name leads elsewhere, and can be told to answer
/// in other ways. It is for tests: whoever reaches it can use it.
///
/// Needs the trait `Tools`.
public final class EmulatorProxy: Sendable {
    /// How a proxy answers a `CONNECT`. More may be added.
    public struct Answer: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case tunnel
            case bytes([UInt8], closes: Bool)
            case silence
            case close
        }

        let kind: Kind

        /// A tunnel. The usual answer.
        public static let tunnel = Answer(kind: .tunnel)
        /// None; the connection stays open.
        public static let silence = Answer(kind: .silence)
        /// None; the connection is closed.
        public static let close = Answer(kind: .close)

        /// A status with a body, after which the connection is closed.
        ///
        /// - Parameters:
        ///   - status: The status code.
        ///   - body: The body.
        ///   - contentType: The body's media type.
        /// - Returns: The answer.
        public static func status(_ status: Int, body: String = "", contentType: String = "text/html") -> Answer {
            let head = [
                "HTTP/1.1 \(status) Status", "Content-Type: \(contentType)", "Content-Length: \(body.utf8.count)",
                "Connection: close",
            ]
            return .bytes(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        }

        /// Any bytes, HTTP or not.
        ///
        /// - Parameters:
        ///   - bytes: The bytes.
        ///   - closes: Whether the connection is closed after them.
        /// - Returns: The answer.
        public static func bytes(_ bytes: [UInt8], closes: Bool = true) -> Answer { Answer(kind: .bytes(bytes, closes: closes)) }
    }

    /// The most targets that are kept; the oldest go first.
    static let maximumTargetCount = 10_000

    struct State: Sendable {
        var answer = Answer.tunnel
        var targets: [String] = []
        var connectionCount = 0
        var routes: [String: (host: String, port: Int)] = [:]
    }

    /// What connections of a proxy share.
    struct Core: Sendable {
        let state = Locked(State())
        let children = ChannelRegistry()
        /// The value of `Proxy-Authorization` that is wanted, if one is.
        let authorization: String?
    }

    /// The port.
    public let port: Int
    /// The proxy's URL without credentials.
    public let url: String

    private let channel: any Channel
    private let core: Core

    private init(channel: any Channel, host: String, core: Core) {
        self.channel = channel
        self.port = channel.localAddress?.port ?? 0
        self.url = "http://\(host.contains(":") ? "[\(host)]" : host):\(self.port)"
        self.core = core
    }

    deinit {
        self.channel.close(promise: nil)
        for child in self.core.children.close() { child.close(promise: nil) }
    }

    /// Starts a proxy.
    ///
    /// - Parameters:
    ///   - host: The address to listen at; the loopback by default.
    ///   - port: The port. 0: any free one.
    ///   - credentials: The user and the password that clients must send. `nil`: none are asked for.
    /// - Returns: The proxy, ready. It runs until ``stop()``, or until it is released.
    /// - Throws: An error of SwiftNIO if the address can't be bound.
    public static func start(
        host: String = "127.0.0.1",
        port: Int = 0,
        requiring credentials: (user: String, password: Secret)? = nil
    ) async throws -> EmulatorProxy {
        let authorization = credentials.map { credentials in
            "Basic " + Data("\(credentials.user):\(credentials.password.revealed)".utf8).base64EncodedString()
        }
        let core = Core(authorization: authorization)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard core.children.add(channel) else {
                    return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
                }
                core.state.withLock { $0.connectionCount += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectRequestHandler(core: core))
                }
            }
            .bind(host: host, port: port)
            .get()
        return EmulatorProxy(channel: channel, host: host, core: core)
    }

    /// What clients wanted to be connected to, as they wrote it, in order; refused ones too. At most the last 10,000.
    public var targets: [String] { self.core.state.withLock { $0.targets } }

    /// How many connections clients have made.
    public var connectionCount: Int { self.core.state.withLock { $0.connectionCount } }

    /// Lets a target lead somewhere else, such as a name that doesn't exist to a server of a test.
    ///
    /// - Parameters:
    ///   - target: The target as clients write it, such as `login.example.test:443`.
    ///   - host: The host to connect to instead.
    ///   - port: Its port.
    public func lead(_ target: String, toHost host: String, port: Int) {
        self.core.state.withLock { $0.routes[target] = (host, port) }
    }

    /// Sets how all further requests are answered.
    ///
    /// - Parameter answer: The answer.
    public func answer(with answer: Answer) { self.core.state.withLock { $0.answer = answer } }

    /// Stops listening and closes all connections and tunnels. Does nothing the second time.
    ///
    /// - Throws: An error of SwiftNIO if the socket can't be closed.
    public func stop() async throws {
        do {
            try await self.channel.close().get()
        } catch ChannelError.alreadyClosed {
            // Stopped before.
        }
        let channels = self.core.children.close()
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { try await channel.closeFuture.get() }
    }
}

/// Runs a proxy while a closure runs.
///
/// Needs the trait `Tools`.
///
/// - Parameters:
///   - credentials: The user and the password that clients must send. `nil`: none are asked for.
///   - body: What to do with the proxy. When it ends, in whatever way, the proxy is stopped.
/// - Returns: What the closure returns.
/// - Throws: What the closure throws, or an error of SwiftNIO.
public func withEmulatorProxy<Result>(
    requiring credentials: (user: String, password: Secret)? = nil,
    body: (EmulatorProxy) async throws -> Result
) async throws -> Result {
    let proxy = try await EmulatorProxy.start(requiring: credentials)
    let result: Result
    do {
        result = try await body(proxy)
    } catch {
        try? await proxy.stop()
        throw error
    }
    try await proxy.stop()
    return result
}
#endif
