// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import AzureIdentityTesting
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// A TLS server whose answers a test writes, request by request, and which tells what it was sent.
struct AuthorizerServer: Sendable {
    struct Request: Sendable, Equatable {
        /// `GET /path`
        var line: String
        /// By their names in lower case.
        var headers: [String: String]
        var body: String
        var authorization: String? { self.headers["authorization"] }
    }

    /// An answer as it goes over the wire.
    struct Answer: Sendable {
        var text: String

        init(_ status: Int, _ headers: String..., body: String = "x") {
            let lines = ["HTTP/1.1 \(status) Status"] + headers + ["Content-Length: \(body.utf8.count)", "", body]
            self.text = lines.joined(separator: "\r\n")
        }
    }

    /// Collects a request to its end, then answers it.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let server: AuthorizerServer
        private var text = ""

        init(server: AuthorizerServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.text += String(buffer: Self.unwrapInboundIn(data))
            guard let request = AuthorizerServer.whole(self.text) else { return }
            self.text = ""
            let number = self.server.state.withLock { seen in
                seen.append(request)
                return seen.count - 1
            }
            let answer = self.server.answer(number, request)
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer.text)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let state = Locked<[Request]>([])
    private let address = Locked<Int?>(nil)
    private let answer: @Sendable (Int, Request) -> Answer

    var requests: [Request] { self.state.withLock { $0 } }
    var port: Int { self.address.withLock { $0 ?? 0 } }
    var url: String { "https://localhost:\(self.port)/secrets/a" }

    private init(answer: @escaping @Sendable (Int, Request) -> Answer) { self.answer = answer }

    /// Runs a test with a server.
    ///
    /// - Parameter answer: Answers a request, by its number from 0 and by what it is.
    static func with<Result>(
        _ configuration: TLSConfiguration, answer: @escaping @Sendable (Int, Request) -> Answer,
        _ body: (AuthorizerServer) async throws -> Result
    ) async throws -> Result {
        let server = AuthorizerServer(answer: answer)
        let context = try NIOSSLContext(configuration: configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.addHandler(Handler(server: server))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        server.address.withLock { $0 = channel.localAddress?.port }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        return try result.get()
    }

    /// A request that has come to its end; `nil`: there is more to come. Of a chunked body, the text as it was sent.
    private static func whole(_ text: String) -> Request? {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
        }
        let body = String(text[end.upperBound...])
        if headers["transfer-encoding"] != nil {
            guard body.hasSuffix("0\r\n\r\n") else { return nil }
        } else if body.utf8.count < headers["content-length"].flatMap(Int.init) ?? 0 {
            return nil
        }
        let words = lines[0].split(separator: " ")
        return Request(line: words.prefix(2).joined(separator: " "), headers: headers, body: body)
    }
}
#endif
