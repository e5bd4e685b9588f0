// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Ends a connection whose server answers with a status below 100.
///
/// async-http-client 1.37.0 takes such a status for an interim response, and ends the process at the body that follows it. This handler
/// stands before the client's own and lets no such head through.
final class StatusGuard: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private var hasFailed = false

    /// Puts a guard behind the decoder of an HTTP/1.1 connection.
    static func install(on channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(StatusGuard(), position: .after(decoder))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.hasFailed else { return }
        if case .head(let head) = self.unwrapInboundIn(data), head.status.code < 100 {
            self.hasFailed = true
            context.fireErrorCaught(TransportError(.invalidResponse, message: "The server answered with a status that is none."))
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}
#endif
