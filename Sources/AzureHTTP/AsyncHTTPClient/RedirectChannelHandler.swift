// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Reads the one request of a connection, has it answered, and closes.
///
/// Stays on the channel's event loop. Whatever the other side does, the connection has a request and an answer within a bounded time, or
/// is closed; only an answer that is kept for later may take longer.
final class RedirectChannelHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let place: RedirectConnections.Place
    private let limits: RedirectLimits
    private let handler: RedirectHandler
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isWhole = false
    private var isAnswered = false
    private var timer: Scheduled<Void>?
    private var later: (answer: EventLoopPromise<TransportResponse>, sent: EventLoopPromise<Void>)?

    init(place: RedirectConnections.Place, limits: RedirectLimits, handler: @escaping RedirectHandler) {
        self.place = place
        self.limits = limits
        self.handler = handler
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.closeAfter(self.limits.requestTime, context: context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.stop() }

    func channelInactive(context: ChannelHandlerContext) {
        self.stop()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, !self.isWhole else { return context.close(promise: nil) }
        self.refuse(400, context: context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // One request a connection; what comes after it is read and forgotten.
        guard !self.isWhole else { return }
        switch Self.unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let buffer):
            guard self.body.count + buffer.readableBytes <= self.limits.bodySize else {
                return self.refuse(413, context: context)
            }
            self.body += buffer.readableBytesView
        case .end: self.answer(context: context)
        }
    }

    private func answer(context: ChannelHandlerContext) {
        guard let head = self.head else { return }
        self.isWhole = true
        self.timer?.cancel()
        guard head.uri.hasPrefix("/") else { return self.refuse(400, context: context) }
        let loop = context.eventLoop
        let promises = (answer: loop.makePromise(of: TransportResponse.self), sent: loop.makePromise(of: Void.self))
        self.later = promises
        let goodbye = self.limits.goodbyeTime
        let reply = RedirectReply { response in
            promises.answer.succeed(response)
            _ = await promises.sent.futureResult.value(within: goodbye)
        }
        // Before the handler is asked: it may have the answer sent at once, from elsewhere.
        self.place.move(to: .waiting)
        promises.answer.futureResult.assumeIsolated().whenSuccess { self.write($0, context: context) }
        if let response = self.handler(self.request(head, context: context), reply) { promises.answer.succeed(response) }
    }

    private func request(_ head: HTTPRequestHead, context: ChannelHandlerContext) -> RedirectRequest {
        var headers = TransportHeaders()
        for field in head.headers { headers.append(name: field.name, value: field.value) }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return RedirectRequest(
            method: head.method.rawValue,
            path: String(parts[0]),
            query: parts.count > 1 ? String(parts[1]) : nil,
            headers: headers,
            body: self.body,
            port: context.localAddress?.port ?? 0
        )
    }

    private func refuse(_ status: Int, context: ChannelHandlerContext) {
        self.isWhole = true
        self.write(TransportResponse(status: status), context: context)
    }

    /// Writes the answer, says that there is no more, and leaves the other side some time to read it. To close at once could take the
    /// answer away from a browser that has sent more than was read.
    private func write(_ response: TransportResponse, context: ChannelHandlerContext) {
        guard !self.isAnswered, context.channel.isActive else { return }
        self.isAnswered = true
        self.place.move(to: .answered)
        self.closeAfter(self.limits.goodbyeTime, context: context)
        let bytes = Self.bytes(response, isHead: self.head?.method == .HEAD)
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes))).assumeIsolated().whenComplete { result in
            self.later?.sent.completeWith(result)
            context.close(mode: .output, promise: nil)
        }
    }

    private static func bytes(_ response: TransportResponse, isHead: Bool) -> [UInt8] {
        let status = HTTPResponseStatus(statusCode: response.status)
        var lines = ["HTTP/1.1 \(status.code) \(status.reasonPhrase)"]
        for (name, value) in response.headers.fields { lines.append("\(name): \(value)") }
        if response.status != 204 { lines.append("Content-Length: \(response.body.count)") }
        lines.append("Connection: close")
        let head = lines.map { "\($0)\r\n" }.joined() + "\r\n"
        return Array(head.utf8) + (isHead || response.status == 204 ? [] : response.body)
    }

    private func closeAfter(_ duration: Duration, context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(duration.saturatedNanoseconds)) {
            context.close(promise: nil)
        }
    }

    private func stop() {
        self.timer?.cancel()
        self.timer = nil
        self.isAnswered = true
        self.later?.answer.fail(ChannelError.ioOnClosedChannel)
        self.later?.sent.fail(ChannelError.ioOnClosedChannel)
        self.later = nil
    }
}
#endif
