// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// A client that writes the bytes of one request and reads until the server closes the connection. Knows nothing of this library.
struct RawClient: Sendable {
    /// Whom to talk to over TLS, and by which name.
    enum Trust: Sendable {
        /// Anybody.
        case anybody(serverName: String?)
        /// A server of this authority's, with the name it is asked for.
        case authority(pem: String, serverName: String)
    }

    struct Answer: Sendable {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]
        /// The server's own certificate in DER.
        var certificate: [UInt8]?

        var json: [String: any Sendable] {
            (try? JSONSerialization.jsonObject(with: Data(self.body))) as? [String: any Sendable] ?? [:]
        }
    }

    /// The answer is no HTTP, or there is none.
    struct NoAnswer: Error {}

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let promise: EventLoopPromise<[UInt8]>
        private var bytes: [UInt8] = []
        private var problem: (any Error)?
        init(promise: EventLoopPromise<[UInt8]>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.bytes += Self.unwrapInboundIn(data).readableBytesView
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.problem = error
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            if let problem, self.bytes.isEmpty { self.promise.fail(problem) } else { self.promise.succeed(self.bytes) }
        }
    }

    /// Sends a request. With a body it is a form's.
    static func send(
        _ method: String = "GET", _ address: String, headers: [String: String] = [:], form: [String: String]? = nil,
        trust: Trust = .anybody(serverName: nil)
    ) async throws -> Answer {
        guard let url = URL(string: address), let host = url.host(), let port = url.port else { throw NoAnswer() }
        let body = form.map { fields in fields.map { "\($0)=\(Self.encoded($1))" }.sorted().joined(separator: "&") }
        let path = url.path(percentEncoded: true) + (url.query(percentEncoded: true).map { "?" + $0 } ?? "")
        var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host):\(port)", "Connection: close"]
        lines += headers.map { "\($0): \($1)" }
        if let body { lines += ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)"] }
        if body == nil, method == "POST" { lines.append("Content-Length: 0") }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        let certificate = Locked<[UInt8]?>(nil)
        let bytes = try await Self.exchange(
            text, host: host, port: port, trust: url.scheme == "https" ? trust : nil, certificate: certificate)
        return try Self.answer(bytes, certificate: certificate.withLock { $0 })
    }

    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private static func exchange(
        _ text: String, host: String, port: Int, trust: Trust?, certificate: Locked<[UInt8]?>
    ) async throws -> [UInt8] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: [UInt8].self)
        let connecting = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(20))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let trust { try pipeline.addHandler(Self.tls(trust, certificate)) }
                    try pipeline.addHandler(Collector(promise: promise))
                }
            }
            .connect(host: host, port: port)
        connecting.whenFailure { promise.fail($0) }
        connecting.whenSuccess { $0.writeAndFlush(ByteBuffer(string: text), promise: nil) }
        return try await promise.futureResult.get()
    }

    private static func tls(_ trust: Trust, _ certificate: Locked<[UInt8]?>) throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        switch trust {
        case .authority(let pem, let serverName):
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
            return try NIOSSLClientHandler(
                context: try NIOSSLContext(configuration: configuration), serverHostname: serverName)
        case .anybody(let serverName):
            configuration.certificateVerification = .noHostnameVerification
            return try NIOSSLClientHandler(
                context: try NIOSSLContext(configuration: configuration),
                serverHostname: serverName,
                customVerificationCallback: { chain, promise in
                    let leaf = try? chain.first?.toDERBytes()
                    certificate.withLock { $0 = leaf }
                    promise.succeed(.certificateVerified)
                }
            )
        }
    }

    private static func answer(_ bytes: [UInt8], certificate: [UInt8]?) throws -> Answer {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { throw NoAnswer() }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, let status = Int(words[1]) else { throw NoAnswer() }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return Answer(status: status, headers: headers, body: Array(bytes[end.upperBound...]), certificate: certificate)
    }
}
#endif
