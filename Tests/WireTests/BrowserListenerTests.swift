// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import Foundation
import NIOCore
import NIOPosix
import Testing

/// The listener to which the browser comes back, on real sockets, among all that others may send to it.
@Suite(.timeLimit(.minutes(5))) struct BrowserListenerTests {
    /// What a client gets until the listener closes the connection.
    private static func exchange(_ text: String, port: Int, host: String = "127.0.0.1") async throws -> String {
        let connection = try await Self.connect(port: port, host: host)
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            do {
                for try await part in inbound { answer.writeImmutableBuffer(part) }
            } catch is IOError {
                // What was left unread made the goodbye a reset.
            }
            return String(buffer: answer)
        }
    }

    private static func connect(port: Int, host: String) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: host, port: port) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    }

    /// A listener that answers with the request's method and path, but keeps the replies to what goes to `/later`.
    private func listener(
        port: Int? = nil,
        limits: RedirectLimits = RedirectLimits(),
        later: Locked<[RedirectReply]> = Locked([])
    ) async throws -> RedirectListener {
        try await RedirectListener.start(port: port, limits: limits) { request, reply in
            guard request.path == "/later" else {
                let text = "\(request.method) \(request.path) \(request.query ?? "-") \(request.body.count) \(request.port)"
                return TransportResponse(status: 200, body: Array(text.utf8))
            }
            later.withLock { $0.append(reply) }
            return nil
        }
    }

    @Test func answersAtBothAddressesOfTheLoopback() async throws {
        let listener = try await self.listener()
        let request = "GET /a?b=c HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for host in ["127.0.0.1", "::1"] {
            let answer = try await Self.exchange(request, port: listener.port, host: host)
            #expect(
                answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\nGET /a b=c 0 \(listener.port)"), "\(answer)")
            #expect(answer.contains("Connection: close\r\n"))
        }
        await listener.close()
        await #expect(throws: (any Error).self) { try await Self.exchange(request, port: listener.port) }
    }

    @Test func aPortIsForOneListenerAlone() async throws {
        let first = try await self.listener()
        await #expect(throws: RedirectListenerProblem.portInUse(first.port)) { try await self.listener(port: first.port) }
        await first.close()
        let second = try await self.listener(port: first.port)
        #expect(second.port == first.port)
        await second.close()
    }

    @Test func noPortIsUsedThatSomebodyElseHasAtTheOtherAddress() async throws {
        let other = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "::1", port: 0).get()
        let port = try #require(other.localAddress?.port)
        await #expect(throws: RedirectListenerProblem.portInUse(port)) { try await self.listener(port: port) }
        try await other.close().get()
    }

    /// Something that a listener must not take for a request, or not read to its end.
    enum Nonsense: String, CaseIterable, Sendable {
        case greetingOfTLS, absoluteAddress, endlessHeader, endlessBody

        var text: String {
            let filling = String(repeating: "x", count: 200_000)
            return switch self {
            case .greetingOfTLS: "\u{16}\u{3}\u{1}\r\n\r\n"
            case .absoluteAddress: "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"
            case .endlessHeader: "GET /a HTTP/1.1\r\nHost: localhost\r\nX: \(filling)\r\n\r\n"
            case .endlessBody: "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n\(filling)"
            }
        }
    }

    @Test(arguments: Nonsense.allCases)
    func whatIsNoRequestOrTooLargeIsRefused(nonsense: Nonsense) async throws {
        let listener = try await self.listener()
        let answer = try await Self.exchange(nonsense.text, port: listener.port)
        #expect(answer.hasPrefix("HTTP/1.1 \(nonsense == .endlessBody ? 413 : 400) "), "\(answer.prefix(200))")
        await listener.close()
    }

    @Test func oneRequestIsAnsweredAConnection() async throws {
        let listener = try await self.listener()
        let request = "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
        let answer = try await Self.exchange(request + "GET /b HTTP/1.1\r\nHost: localhost\r\n\r\n", port: listener.port)
        #expect(answer.hasSuffix("POST /a - 3 \(listener.port)") && !answer.contains("GET /b"))
        let head = try await Self.exchange("HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n", port: listener.port)
        #expect(head.contains("Content-Length: ") && head.hasSuffix("\r\n\r\n"))
        await listener.close()
    }

    @Test func anAnswerMayComeLater() async throws {
        let later = Locked<[RedirectReply]>([])
        let listener = try await self.listener(later: later)
        let request = "GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n"
        async let answer = Self.exchange(request, port: listener.port)
        // Others are answered meanwhile.
        while later.withLock({ $0.isEmpty }) {
            let other = try await Self.exchange("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n", port: listener.port)
            #expect(other.hasSuffix("GET /a - 0 \(listener.port)"))
        }
        for reply in later.withLock({ $0 }) {
            await reply.send(TransportResponse(status: 200, body: Array("at last".utf8)))
            await reply.send(TransportResponse(status: 500))
        }
        await listener.close()
        #expect(try await answer.hasSuffix("at last"))
        // Whose connection is gone is answered without harm.
        for reply in later.withLock({ $0 }) { await reply.send(TransportResponse(status: 200)) }
    }

    @Test func whoeverTakesTooLongOrTooMuchHasToGo() async throws {
        var limits = RedirectLimits()
        limits.requestTime = .milliseconds(500)
        limits.connections = 8
        let listener = try await self.listener(limits: limits)
        var slow: [any Channel] = []
        for _ in 0..<50 {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: listener.port).get()
            channel.writeAndFlush(ByteBuffer(string: "GET /slow HTTP/1.1\r\nHost: loc"), promise: nil)
            slow.append(channel)
        }
        let answer = try await Self.exchange("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n", port: listener.port)
        #expect(answer.hasSuffix("GET /a - 0 \(listener.port)"))
        for channel in slow { try await channel.closeFuture.get() }
        await listener.close()
    }
}
#endif
