// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import NIOCore
import NIOHTTP1
import NIOSSL

#if canImport(Glibc)
import struct Glibc.linger
#elseif canImport(Musl)
import struct Musl.linger
#elseif canImport(Darwin)
import struct Darwin.linger
#endif

/// Reads requests of one connection and answers them one after the other, with their faults.
///
/// Stays on the channel's event loop. A request that arrives while another is answered waits in `waiting`.
final class EmulatorChannelHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private struct Incoming {
        var request: EmulatorRequest
        var isKeptAlive: Bool
    }

    private static let maximumWaiting = 16

    private let engine: EmulatorEngine
    private let listener: EmulatorListener
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var waiting: [Incoming] = []
    private var isAnswering = false
    private var timer: Scheduled<Void>?

    init(engine: EmulatorEngine, listener: EmulatorListener) {
        self.engine = engine
        self.listener = listener
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body = []
        case .body(let buffer):
            // One byte more than allowed tells the core that there was more.
            let room = EmulatorRequest.maximumBodySize + 1 - self.body.count
            self.body += buffer.readableBytesView.prefix(room)
        case .end:
            guard let head = self.head else { return }
            self.head = nil
            let isTooLarge = self.body.count > EmulatorRequest.maximumBodySize
            let incoming = Incoming(request: self.request(head, body: self.body), isKeptAlive: head.isKeepAlive && !isTooLarge)
            self.body = []
            self.waiting.append(incoming)
            if self.waiting.count > Self.maximumWaiting { return context.close(promise: nil) }
            self.answerNext(context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.stop() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.stop()
        context.close(promise: nil)
    }

    private func stop() {
        self.timer?.cancel()
        self.timer = nil
        self.waiting = []
    }

    private func request(_ head: HTTPRequestHead, body: [UInt8]) -> EmulatorRequest {
        var headers = TransportHeaders()
        for field in head.headers { headers.append(name: field.name, value: field.value) }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return EmulatorRequest(
            method: head.method.rawValue,
            path: String(parts[0]),
            query: parts.count > 1 ? String(parts[1]) : "",
            headers: headers,
            body: body,
            host: headers["Host"] ?? "localhost",
            listener: self.listener
        )
    }

    private func answerNext(context: ChannelHandlerContext) {
        guard !self.isAnswering, !self.waiting.isEmpty else { return }
        self.isAnswering = true
        let incoming = self.waiting.removeFirst()
        self.answer(incoming, self.engine.reply(to: incoming.request), context: context)
    }

    private func answer(_ incoming: Incoming, _ reply: EmulatorReply, context: ChannelHandlerContext) {
        let response = reply.response
        func head(_ framing: ResponseBytes.Framing) -> [UInt8] {
            ResponseBytes.head(response, framing: framing, isKeptAlive: incoming.isKeptAlive)
        }
        func whole() {
            let isHead = incoming.request.method == "HEAD"
            self.write(ResponseBytes.whole(response, isHead: isHead, isKeptAlive: incoming.isKeptAlive), context: context)
            self.finish(incoming, context: context)
        }
        switch reply.delivery {
        case .whole: whole()
        case .delayed(let duration): self.schedule(in: .nanoseconds(duration.saturatedNanoseconds), context: context, whole)
        case .reset: Self.reset(context)
        case .garbage: self.writeAndClose(ResponseBytes.garbage, context: context)
        case .truncated(let count):
            let sent = response.body.prefix(count)
            self.writeAndClose(head(.length(max(response.body.count, sent.count + 1))) + sent, context: context)
        case .padded(let count):
            let length = max(count, response.body.count)
            self.write(head(.length(length)), context: context)
            self.pump(.padded(response.body, to: length), isChunked: false, incoming, context: context)
        case .slow(let bytesPerSecond):
            self.write(head(.chunked), context: context)
            self.pump(.slow(response.body, bytesPerSecond: bytesPerSecond), isChunked: true, incoming, context: context)
        case .endless:
            self.write(head(.chunked), context: context)
            self.pump(.endless(response.body), isChunked: true, incoming, context: context)
        }
    }

    /// Sends the next piece of a body, and goes on when it is written and the pump's interval is over.
    private func pump(_ pump: BodyPump, isChunked: Bool, _ incoming: Incoming, context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var pump = pump
        guard let piece = pump.next() else {
            if isChunked { self.write(ResponseBytes.chunk([]), context: context) }
            return self.finish(incoming, context: context)
        }
        let bytes = isChunked ? ResponseBytes.chunk(piece) : piece
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes))).assumeIsolated().whenSuccess {
            // Also without an interval by way of the event loop: a call from here would nest as deep as the body is long.
            self.schedule(in: pump.interval ?? .zero, context: context) {
                self.pump(pump, isChunked: isChunked, incoming, context: context)
            }
        }
    }

    private func finish(_ incoming: Incoming, context: ChannelHandlerContext) {
        guard incoming.isKeptAlive else { return context.close(promise: nil) }
        self.isAnswering = false
        self.answerNext(context: context)
    }

    private func write(_ bytes: [UInt8], context: ChannelHandlerContext) {
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func writeAndClose(_ bytes: [UInt8], context: ChannelHandlerContext) {
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func schedule(in amount: TimeAmount, context: ChannelHandlerContext, _ task: @escaping () -> Void) {
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: amount) {
            guard context.channel.isActive else { return }
            task()
        }
    }

    /// Closes with unsent data thrown away, which makes TCP send a reset instead of a goodbye.
    private static func reset(_ context: ChannelHandlerContext) {
        let channel = context.channel
        guard let socket = channel as? any SocketOptionProvider else { return channel.closeBelowTLS() }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.closeBelowTLS() }
    }
}
#endif
