// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureCredentials
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One connection that only looks: at what a proxy answers and at the certificate a server shows.
///
/// It trusts nothing, so no TLS session ever comes about, and sends no part of a request; a proxy gets a `CONNECT` with its credentials.
struct ConnectionProbe: Sendable {
    /// Where to look.
    struct Target: Sendable, Hashable {
        let host: String
        let port: Int
        let proxy: ProxyServer?
        /// The name that TLS asks for, if it isn't the host.
        let serverName: String?

        /// What TLS asks for.
        var certificateName: String { self.serverName ?? self.host }
    }

    /// What was seen first.
    enum Finding: Sendable, Hashable {
        /// The server's own certificate in DER.
        case certificate([UInt8])
        /// The status by which a proxy refused a tunnel.
        case proxyStatus(Int)
        /// A proxy's answer that isn't HTTP.
        case proxyGarbage
        /// A proxy that closed the connection without an answer.
        case proxySilence
    }

    let target: Target
    let timeLimit: TimeAmount

    /// Looks, and closes the connection.
    ///
    /// - Parameter result: Gets what was seen; `nil` if there was nothing to see. Is kept in any case, at the time limit at last.
    func run(_ result: EventLoopPromise<Finding?>) {
        let target = self.target
        let context: NIOSSLContext
        do {
            context = try NIOSSLContext(configuration: Self.configuration)
        } catch {
            return result.succeed(nil)
        }
        let loop = result.futureResult.eventLoop
        let timer = loop.scheduleTask(in: self.timeLimit) { result.succeed(nil) }
        result.futureResult.whenComplete { _ in timer.cancel() }
        ClientBootstrap(group: loop)
            .connectTimeout(self.timeLimit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let proxy = target.proxy {
                        try pipeline.addHandler(TunnelProbe(target: target, proxy: proxy, context: context, result: result))
                    } else {
                        try pipeline.addHandler(Self.tls(context, host: target.certificateName, result: result))
                    }
                }
            }
            .connect(host: target.proxy?.host ?? target.host, port: target.proxy?.port ?? target.port)
            .whenComplete { outcome in
                guard case .success(let channel) = outcome else { return result.succeed(nil) }
                channel.closeFuture.whenComplete { _ in result.succeed(nil) }
                result.futureResult.whenComplete { _ in channel.eventLoop.execute { ConnectionGuard.closeBelowTLS(channel) } }
            }
    }

    /// A handler that keeps the server's certificate and refuses it.
    fileprivate static func tls(
        _ context: NIOSSLContext,
        host: String,
        result: EventLoopPromise<Finding?>
    ) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(
            context: context,
            serverHostname: NetworkAddress(host) == nil ? host : nil,
            customVerificationCallback: { chain, verdict in
                result.succeed((try? chain.first?.toDERBytes()).map { .certificate($0) })
                verdict.succeed(.failed)
            }
        )
    }

    private static var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = .certificates([])
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}

/// Asks a proxy for a tunnel by hand, and puts TLS in its own place when there is one. Reads a bounded head and nothing behind it.
private final class TunnelProbe: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let longestHead = 16_384

    private let target: ConnectionProbe.Target
    private let proxy: ProxyServer
    private let context: NIOSSLContext
    private let result: EventLoopPromise<ConnectionProbe.Finding?>
    private var received: [UInt8] = []
    private var isDone = false

    init(
        target: ConnectionProbe.Target,
        proxy: ProxyServer,
        context: NIOSSLContext,
        result: EventLoopPromise<ConnectionProbe.Finding?>
    ) {
        self.target = target
        self.proxy = proxy
        self.context = context
        self.result = result
    }

    func channelActive(context: ChannelHandlerContext) {
        let place = "\(self.target.host):\(self.target.port)"
        var head = "CONNECT \(place) HTTP/1.1\r\nHost: \(place)\r\n"
        if let credentials = self.proxy.credentials {
            let pair = "\(credentials.user.revealed):\(credentials.password.revealed)"
            head += "Proxy-Authorization: Basic \(Data(pair.utf8).base64EncodedString())\r\n"
        }
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: head + "\r\n")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isDone else { return }
        self.received += Self.unwrapInboundIn(data).readableBytesView
        switch TunnelAnswer(self.received) {
        case .incomplete:
            if self.received.count > Self.longestHead { self.finish(.proxyGarbage) }
        case .garbage: self.finish(.proxyGarbage)
        case .status(let status) where (200..<300).contains(status): self.startTLS(context)
        case .status(let status): self.finish(.proxyStatus(status))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { self.finish(self.received.isEmpty ? .proxySilence : .proxyGarbage) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func finish(_ finding: ConnectionProbe.Finding?) {
        guard !self.isDone else { return }
        self.isDone = true
        self.result.succeed(finding)
    }

    private func startTLS(_ context: ChannelHandlerContext) {
        self.isDone = true
        let pipeline = context.pipeline.syncOperations
        do {
            let tls = try ConnectionProbe.tls(self.context, host: self.target.certificateName, result: self.result)
            try pipeline.addHandler(tls, position: .after(self))
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }
}
#endif
