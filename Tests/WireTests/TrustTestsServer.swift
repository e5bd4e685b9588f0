// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Crypto
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import SwiftASN1
import Testing
import X509

/// A certificate authority of a test. It vouches for whatever it is asked to.
struct TestAuthority: Sendable {
    private let key: P256.Signing.PrivateKey
    private let certificate: Certificate
    /// The authority's certificate in PEM.
    let pem: String

    init(name: String = "Corporate Proxy CA") throws {
        let key = P256.Signing.PrivateKey()
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
            Critical(KeyUsage(keyCertSign: true))
        }
        let subject = try Self.name(name)
        self.key = key
        self.certificate = try Self.certificate(
            for: key, subject: subject, extensions: extensions, days: (-1000, 1000), issuer: subject, issuerKey: key)
        self.pem = try self.certificate.serializeAsPEM().pemString
    }

    /// A TLS configuration with a certificate of this authority's, valid from so many days after today to so many.
    func server(_ names: [GeneralName] = [.dnsName("localhost")], days: (from: Int, to: Int) = (-1, 1)) throws -> TLSConfiguration
    {
        let key = P256.Signing.PrivateKey()
        let extensions = try Certificate.Extensions {
            try ExtendedKeyUsage([.serverAuth])
            SubjectAlternativeNames(names)
        }
        let leaf = try Self.certificate(
            for: key, subject: Self.name("The server"), extensions: extensions, days: days, issuer: self.certificate.subject,
            issuerKey: self.key)
        return try Self.configuration(leaf, key: key)
    }

    /// A TLS configuration with a certificate that nobody vouches for but itself.
    static func selfSignedServer() throws -> TLSConfiguration {
        let key = P256.Signing.PrivateKey()
        let name = try Self.name("The server")
        let leaf = try Self.certificate(
            for: key, subject: name, extensions: try Certificate.Extensions { Critical(KeyUsage(digitalSignature: true)) },
            days: (-1, 1), issuer: name, issuerKey: key)
        return try Self.configuration(leaf, key: key)
    }

    private static func configuration(_ leaf: Certificate, key: P256.Signing.PrivateKey) throws -> TLSConfiguration {
        let pem = try leaf.serializeAsPEM().pemString
        return TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))
        )
    }

    private static func name(_ text: String) throws -> DistinguishedName { try DistinguishedName { CommonName(text) } }

    private static func certificate(
        for key: P256.Signing.PrivateKey, subject: DistinguishedName, extensions: Certificate.Extensions,
        days: (from: Int, to: Int), issuer: DistinguishedName, issuerKey: P256.Signing.PrivateKey
    ) throws -> Certificate {
        try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: Double(days.from) * 86_400),
            notValidAfter: Date(timeIntervalSinceNow: Double(days.to) * 86_400),
            issuer: issuer,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions,
            issuerPrivateKey: .init(issuerKey)
        )
    }

    /// Runs a test with the authority's certificate in a file.
    func withFile<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID().uuidString).pem")
        try Data(self.pem.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path())
    }
}

/// A TLS server that answers every request with `ok` and counts.
struct TestTLSServer: Sendable {
    struct Counts: Sendable {
        var connections = 0
        /// Bytes that came through TLS, as text too.
        var bytes = 0
        var text = ""
        /// The name that TLS asked for, per connection.
        var serverNames: [String?] = []
        /// Whose requests wait for an answer; `nil`: each is answered at once.
        fileprivate var held: [any Channel]?
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let server: TestTLSServer
        init(server: TestTLSServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = Self.unwrapInboundIn(data)
            self.server.state.withLock {
                $0.bytes += buffer.readableBytes
                $0.text += String(buffer: buffer)
            }
            guard buffer.readableBytesView.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) else { return }
            let isHeld = self.server.state.withLock { state in
                state.held?.append(context.channel)
                return state.held != nil
            }
            self.server.requests.advance()
            if !isHeld { context.writeAndFlush(Self.wrapOutboundOut(TestTLSServer.answer), promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) { self.server.closures.advance() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private static let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    private let state = Locked(Counts())
    var counts: Counts { self.state.withLock { $0 } }
    /// Requests that have come.
    let requests = Milestones()
    /// Connections that were closed.
    let closures = Milestones()
    private let address = Locked<Int?>(nil)
    var port: Int { self.address.withLock { $0 ?? 0 } }
    var url: URL { URL(string: "https://localhost:\(self.port)/") ?? URL(filePath: "/") }

    /// Lets further requests wait for their answers.
    func hold() { self.state.withLock { $0.held = $0.held ?? [] } }

    /// Answers the requests that wait, and further ones at once.
    func release() {
        let held = self.state.withLock { state in
            defer { state.held = nil }
            return state.held ?? []
        }
        for channel in held { channel.writeAndFlush(Self.answer, promise: nil) }
    }

    /// Runs a test with a server.
    ///
    /// - Parameter talkative: How many connections get TLS; later ones get silence.
    static func with<Result>(
        _ configuration: TLSConfiguration, talkative: Int = .max, _ body: (TestTLSServer) async throws -> Result
    ) async throws -> Result {
        let server = TestTLSServer()
        var configuration = configuration
        configuration.sslContextCallback = { values, promise in
            server.state.withLock { $0.serverNames.append(values.serverHostname) }
            promise.succeed(.noChanges)
        }
        let context = try NIOSSLContext(configuration: configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = server.state.withLock { state in
                        state.connections += 1
                        return state.connections
                    }
                    guard number <= talkative else { return }
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
        // Closes what is open, and the threads.
        try await group.shutdownGracefully()
        return try result.get()
    }
}

/// The error of a request that must fail with a `TransportError`.
func transportError(
    _ transport: AsyncHTTPClientTransport, _ url: URL, timeout: Duration = .seconds(60)
) async throws -> TransportError {
    do {
        _ = try await transport.send(TransportRequest(url: url, headers: ["X-Secret": "SECRET"], timeout: timeout))
    } catch let error as TransportError {
        #expect(!error.message.contains("SECRET"))
        return error
    }
    throw UnexpectedSuccess()
}
#endif
