// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AsyncHTTPClient
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Crypto
import Foundation
import NIOCore
import NIOSSL
import SwiftASN1
import Testing
import X509

/// Servers that are held to one certificate by its thumbprint.
@Suite(.timeLimit(.minutes(5))) struct PinTests {
    /// The thumbprint of a server's certificate.
    private func thumbprint(_ configuration: TLSConfiguration) throws -> String {
        guard case .certificate(let leaf)? = configuration.certificateChain.first else { throw UnexpectedSuccess() }
        return Insecure.SHA1.hash(data: try leaf.toDERBytes()).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
    }

    private func transport(_ environment: [String: String] = [:], proxy: ProxyServer? = nil) -> AsyncHTTPClientTransport {
        AsyncHTTPClientTransport(network: NetworkOptions(proxy: proxy), environment: environment)
    }

    private func servers() throws -> [TLSConfiguration] {
        let authority = try TestAuthority()
        return [
            try authority.server(), try authority.server(days: (-20, -10)), try authority.server(days: (10, 20)),
            try authority.server([.dnsName("other.test")]),
            try authority.server([.ipAddress(.init(contentBytes: [10, 0, 0, 1]))]),
            try TestAuthority.selfSignedServer(),
        ]
    }

    /// Expired, not valid yet, for another name or address, self-signed: nothing else counts.
    @Test func theRightThumbprintIsEnough() async throws {
        for configuration in try self.servers() {
            try await TestTLSServer.with(configuration) { server in
                let proof = ServerProof.thumbprint(try self.thumbprint(configuration))
                for url in [server.url, try #require(URL(string: "https://127.0.0.1:\(server.port)/"))] {
                    for _ in 0..<2 { #expect(try await send(self.transport(), url, proof: proof).body == Array("ok".utf8)) }
                }
                #expect(Set(server.counts.serverNames) == ["localhost", nil])
                #expect(server.counts.text.contains("X-Secret: SECRET"))
                // Without the proof, none of them is trusted.
                #expect(try await transportError(self.transport(), server.url).kind == .tls)
            }
        }
    }

    /// Trusted by the authorities or not: the request stays here, and nobody looks a second time.
    @Test func nothingIsSentToAServerWithAnotherThumbprint() async throws {
        let authority = try TestAuthority()
        let configuration = try authority.server()
        let right = try self.thumbprint(configuration)
        let wrong = String(right.dropLast()) + (right.hasSuffix("0") ? "1" : "0")
        try await authority.withFile { file in
            for environment in [[:], ["SSL_CERT_FILE": file]] {
                try await TestTLSServer.with(configuration) { server in
                    let transport = self.transport(environment)
                    let error = try await proofError(transport, server.url, proof: .thumbprint(wrong))
                    #expect(error.kind == .tls && !error.isRetryable)
                    #expect(
                        error.message
                            == "TLS with localhost failed: the server's certificate has the thumbprint \(right), not \(wrong)"
                            + ". Nothing was sent to it.", "\(error)")
                    await server.closures.reached(1)
                    #expect(server.counts.connections == 1 && server.counts.bytes == 0)
                    #expect(try await send(transport, server.url, proof: .thumbprint(right)).status == 200)
                }
            }
        }
    }

    /// A request never rides on a connection that another one's thumbprint opened.
    @Test func connectionsAreNotSharedBetweenThumbprints() async throws {
        let configuration = try TestAuthority().server()
        let right = ServerProof.thumbprint(try self.thumbprint(configuration))
        try await TestTLSServer.with(configuration) { server in
            let response = try await send(self.transport(), server.url, proof: right)
            #expect(response.status == 200)
            let bytes = server.counts.bytes
            let other = ServerProof.thumbprint(String(repeating: "0", count: 40))
            #expect(try await proofError(self.transport(), server.url, proof: other).kind == .tls)
            #expect(try await transportError(self.transport(), server.url).kind == .tls)
            #expect(server.counts.bytes == bytes)
        }
    }

    @Test func noProxyIsUsed() async throws {
        let configuration = try TestAuthority().server()
        let proof = ServerProof.thumbprint(try self.thumbprint(configuration))
        try await TestTLSServer.with(configuration) { server in
            try await withEmulatorProxy { proxy in
                let variables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
                let environment = Dictionary(uniqueKeysWithValues: variables.map { ($0, proxy.url) })
                // No loopback address by its number, so that the variables would hold for it.
                let url = try #require(URL(string: "https://0.0.0.0:\(server.port)/"))
                let unusable = Dictionary(uniqueKeysWithValues: variables.map { ($0, "socks5://proxy") })
                for transport in [
                    self.transport(environment), self.transport(proxy: try ProxyServer(proxy.url)), self.transport(unusable),
                ] {
                    #expect(try await send(transport, url, proof: proof).status == 200)
                    #expect(try await send(transport, server.url, proof: proof).status == 200)
                }
                #expect(proxy.connectionCount == 0)
            }
        }
    }

    @Test func aProofThatCannotBeHadIsAnError() async throws {
        let configuration = try TestAuthority().server()
        let proof = ServerProof.thumbprint(try self.thumbprint(configuration))
        try await TestTLSServer.with(configuration) { server in
            let plain = try #require(URL(string: "http://localhost:\(server.port)/"))
            #expect(try await proofError(self.transport(), plain, proof: proof).kind == .refused)
            let named = ServerProof.named(serverName: "a.test", authoritiesPEM: nil)
            #expect(try await proofError(self.transport(), plain, proof: named).kind == .refused)
            for text in ["", "SHA1", String(repeating: "A", count: 40), String(repeating: "0", count: 41)] {
                let error = try await proofError(self.transport(), server.url, proof: .thumbprint(text))
                #expect(error.kind == .configuration && error.message.contains("40 hexadecimal digits"), "\(error)")
            }
            for name in ["", "127.0.0.1", "::1", "a b", "a/b", "a.test:443", ".test"] {
                let proof = ServerProof.named(serverName: name, authoritiesPEM: nil)
                #expect(try await proofError(self.transport(), server.url, proof: proof).kind == .configuration, "\(name)")
            }
            #expect(server.counts.connections == 0)
        }
    }

    /// The caller's client could have any authorities, and has no place for the check.
    @Test func aClientOfTheCallersCannotAskForAProof() async throws {
        let configuration = try TestAuthority().server()
        let proof = ServerProof.thumbprint(try self.thumbprint(configuration))
        try await TestTLSServer.with(configuration) { server in
            let transport = AsyncHTTPClientTransport(client: .shared)
            let error = try await proofError(transport, server.url, proof: proof)
            #expect(error.kind == .configuration && error.message.contains("an HTTP client of your own can't check"), "\(error)")
            #expect(server.counts.connections == 0)
        }
    }

    @Test func aRefusedConnectionIsToldFromOthers() async throws {
        let configuration = try TestAuthority().server()
        let (url, other) = try await TestTLSServer.with(configuration) { server in
            let error = try await transportError(self.transport(), server.url)
            #expect(error.kind == .tls && !error.isConnectionRefused)
            return (server.url, try #require(URL(string: "http://127.0.0.1:\(server.port)/")))
        }
        for url in [url, other] {
            let error = try await transportError(self.transport(), url)
            #expect(error.kind == .connection && error.isConnectionRefused, "\(error)")
        }
        let byProxy = try await transportError(self.transport(proxy: try ProxyServer("http://127.0.0.1:1")), url)
        #expect(byProxy.kind == .connection && !byProxy.isConnectionRefused, "\(byProxy)")
        let unknown = try #require(URL(string: "http://no-such-host.invalid/"))
        let resolution = try await transportError(self.transport(), unknown)
        #expect(!resolution.isConnectionRefused)
    }
}

/// Sends a request whose server has to prove itself.
func send(_ transport: AsyncHTTPClientTransport, _ url: URL, proof: ServerProof) async throws -> TransportResponse {
    var request = TransportRequest(url: url, headers: ["X-Secret": "SECRET"], timeout: .seconds(240))
    request.serverProof = proof
    return try await transport.send(request)
}

/// The error of a request that must fail, since its server doesn't prove itself.
func proofError(_ transport: AsyncHTTPClientTransport, _ url: URL, proof: ServerProof) async throws -> TransportError {
    do {
        _ = try await send(transport, url, proof: proof)
    } catch let error as TransportError {
        #expect(!error.message.contains("SECRET"))
        return error
    }
    throw UnexpectedSuccess()
}
#endif
