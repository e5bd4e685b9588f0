// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import NIOCore
import NIOPosix

/// Reads the one request of a connection and answers it, mostly by a tunnel.
///
/// Stays on the channel's event loop. Reads a bounded head; what comes behind it belongs to the tunnel.
final class ConnectRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let longestHead = 16_384

    private let core: EmulatorProxy.Core
    private var received: [UInt8] = []
    private var isAnswered = false

    init(core: EmulatorProxy.Core) { self.core = core }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.received += Self.unwrapInboundIn(data).readableBytesView
        // While the tunnel is made, what comes is kept, within bounds: a client waits for the answer.
        guard self.received.count <= Self.longestHead else { return context.close(promise: nil) }
        guard !self.isAnswered, let end = self.received.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let lines = String(decoding: self.received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        self.received.removeSubrange(..<end.upperBound)
        self.isAnswered = true
        self.answer(lines.map(String.init), context: context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ lines: [String], context: ChannelHandlerContext) {
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3, words[0] == "CONNECT" else { return self.write(.status(405), context: context) }
        let target = String(words[1])
        let (answer, route) = self.core.state.withLock { state in
            state.targets.append(target)
            state.targets.removeFirst(max(0, state.targets.count - EmulatorProxy.maximumTargetCount))
            return (state.answer, state.routes[target])
        }
        if let authorization = self.core.authorization, Self.value(of: "proxy-authorization", in: lines) != authorization {
            return self.write(Self.wantsCredentials, context: context)
        }
        guard answer == .tunnel else { return self.write(answer, context: context) }
        guard let place = route ?? Self.place(target) else { return self.write(.status(400), context: context) }
        self.connect(host: place.host, port: place.port, context: context)
    }

    private static let wantsCredentials = EmulatorProxy.Answer.bytes(
        Array(
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n"
                .utf8)
    )

    private static func value(of name: String, in lines: [String]) -> String? {
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == name else { continue }
            return String(parts[1].drop { $0 == " " })
        }
        return nil
    }

    private static func place(_ target: String) -> (host: String, port: Int)? {
        guard let colon = target.lastIndex(of: ":"), let port = Int(target[target.index(after: colon)...]),
            (1...65_535).contains(port), colon > target.startIndex
        else { return nil }
        let host = target[..<colon]
        return (host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host), port)
    }

    private func write(_ answer: EmulatorProxy.Answer, context: ChannelHandlerContext) {
        switch answer.kind {
        case .tunnel, .silence: break
        case .close: context.close(promise: nil)
        case .bytes(let bytes, let closes):
            let written = context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)))
            if closes { written.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
        }
    }

    private func connect(host: String, port: Int, context: ChannelHandlerContext) {
        let children = self.core.children
        ClientBootstrap(group: context.eventLoop)
            .connectTimeout(.seconds(10))
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                children.add(channel)
                    ? channel.eventLoop.makeSucceededVoidFuture()
                    : channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
            }
            .connect(host: host, port: port)
            .assumeIsolated()
            .whenComplete { result in
                guard context.channel.isActive else {
                    if case .success(let channel) = result { channel.close(promise: nil) }
                    return
                }
                switch result {
                case .success(let channel): self.join(channel, context: context)
                case .failure: self.write(.status(502), context: context)
                }
            }
    }

    /// Makes the tunnel: both channels are of one event loop.
    private func join(_ server: any Channel, context: ChannelHandlerContext) {
        let client = context.channel
        do {
            try client.syncOptions?.setOption(.autoRead, value: false)
            try server.pipeline.syncOperations.addHandler(TunnelHandler(to: client))
            try context.pipeline.syncOperations.addHandler(TunnelHandler(to: server))
        } catch {
            server.close(promise: nil)
            return context.close(promise: nil)
        }
        context.write(Self.wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")), promise: nil)
        context.flush()
        if !self.received.isEmpty { server.writeAndFlush(ByteBuffer(bytes: self.received), promise: nil) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        client.read()
        server.read()
    }
}

/// Passes on what comes on one channel to another, no faster than that takes it.
///
/// Reads the next piece when the last one is written, so at most one piece waits. When one side ends, the other is closed, after what
/// was on its way.
final class TunnelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let partner: any Channel
    private var lastWrite: EventLoopFuture<Void>?

    init(to partner: any Channel) { self.partner = partner }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let write = self.partner.writeAndFlush(Self.unwrapInboundIn(data))
        self.lastWrite = write
        write.assumeIsolated().whenComplete { result in
            if case .failure = result { return context.close(promise: nil) }
            context.read()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let partner = self.partner
        if let lastWrite = self.lastWrite {
            lastWrite.whenComplete { _ in partner.close(promise: nil) }
        } else {
            partner.close(promise: nil)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
#endif
