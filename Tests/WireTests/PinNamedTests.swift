// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Foundation
import SwiftASN1
import Testing
import X509

/// Servers that TLS asks for by another name, or that authorities of their own vouch for.
@Suite(.timeLimit(.minutes(5))) struct PinNamedTests {
    private func transport(_ environment: [String: String] = [:]) -> AsyncHTTPClientTransport {
        AsyncHTTPClientTransport(network: NetworkOptions(), environment: environment)
    }

    private func proof(_ name: String?, _ authorities: TestAuthority...) -> ServerProof {
        .named(serverName: name, authoritiesPEM: Array(authorities.map(\.pem).joined(separator: "\n").utf8))
    }

    @Test(arguments: ["127.0.0.1", "localhost"], ["abc.ests.aks", "ABC.ests.aks."])
    func theNameIsAskedForAndTheHostHeaderStays(host: String, name: String) async throws {
        let authority = try TestAuthority()
        try await TestTLSServer.with(authority.server([.dnsName("abc.ests.aks")])) { server in
            let url = try #require(URL(string: "https://\(host):\(server.port)/a%2Fb/token?x=%201"))
            for _ in 0..<2 {
                #expect(try await send(self.transport(), url, proof: self.proof(name, authority)).body == Array("ok".utf8))
            }
            #expect(Set(server.counts.serverNames) == ["abc.ests.aks"])
            let lines = server.counts.text.split(separator: "\r\n")
            #expect(lines.first == "GET /a%2Fb/token?x=%201 HTTP/1.1")
            #expect(
                lines.filter { $0.lowercased().hasPrefix("host:") } == Array(repeating: "Host: \(host):\(server.port)", count: 2))
        }
    }

    @Test func theHostIsTheNameUnlessThereIsAnother() async throws {
        let authority = try TestAuthority()
        try await TestTLSServer.with(authority.server()) { server in
            for name in [nil, "localhost", "LOCALHOST"] {
                #expect(try await send(self.transport(), server.url, proof: self.proof(name, authority)).status == 200)
            }
            let address = try #require(URL(string: "https://127.0.0.1:\(server.port)/"))
            let error = try await proofError(self.transport(), address, proof: self.proof(nil, authority))
            #expect(error.kind == .tls && error.message.contains("is for localhost, not for 127.0.0.1"), "\(error)")
            #expect(Set(server.counts.serverNames) == ["localhost", nil])
        }
    }

    /// A certificate for the server's address or for the host of the URL is none for the name.
    @Test func anotherNameIsRefused() async throws {
        let authority = try TestAuthority()
        let address = GeneralName.ipAddress(.init(contentBytes: [127, 0, 0, 1]))
        for names in [[.dnsName("localhost")], [address], [.dnsName("localhost"), address]] as [[GeneralName]] {
            try await TestTLSServer.with(authority.server(names)) { server in
                for host in ["localhost", "127.0.0.1"] {
                    let url = try #require(URL(string: "https://\(host):\(server.port)/"))
                    let error = try await proofError(self.transport(), url, proof: self.proof("abc.ests.aks", authority))
                    #expect(error.kind == .tls && !error.isRetryable)
                    #expect(error.message.contains("not for abc.ests.aks"), "\(error)")
                }
                #expect(server.counts.bytes == 0)
                #expect(server.counts.serverNames.allSatisfy { $0 == "abc.ests.aks" })
            }
        }
    }

    /// Neither the system's authorities nor those of the variable count.
    @Test func onlyTheGivenAuthoritiesAreTrusted() async throws {
        let (one, other) = (try TestAuthority(name: "1"), try TestAuthority(name: "2"))
        try await one.withFile { file in
            let transport = self.transport(["SSL_CERT_FILE": file])
            try await TestTLSServer.with(one.server([.dnsName("abc.ests.aks")])) { server in
                let error = try await proofError(transport, server.url, proof: self.proof("abc.ests.aks", other))
                #expect(error.kind == .tls && server.counts.bytes == 0)
                #expect(error.message.contains("TLS with localhost by the name abc.ests.aks failed"), "\(error)")
                #expect(
                    error.message.contains("issued by CN=1) is not trusted; only the authorities given for this server count"),
                    "\(error)")
                // The look at the certificate asks for the name too.
                #expect(server.counts.serverNames.allSatisfy { $0 == "abc.ests.aks" })
                #expect(try await send(transport, server.url, proof: self.proof("abc.ests.aks", other, one)).status == 200)
                // Without any given, those of the transport count.
                let proof = ServerProof.named(serverName: "abc.ests.aks", authoritiesPEM: nil)
                #expect(try await send(transport, server.url, proof: proof).status == 200)
                #expect(try await proofError(self.transport(), server.url, proof: proof).message.contains("SSL_CERT_FILE"))
            }
        }
    }

    @Test func authoritiesThatAreNoneAreAnError() async throws {
        try await TestTLSServer.with(TestAuthority().server()) { server in
            for bytes in [[], Array("nothing".utf8), Array(repeating: 0x20, count: (1 << 20) + 1)] as [[UInt8]] {
                let proof = ServerProof.named(serverName: nil, authoritiesPEM: bytes)
                let error = try await proofError(self.transport(), server.url, proof: proof)
                #expect(error.kind == .configuration && error.message.contains("authorities"), "\(error)")
            }
            #expect(server.counts.connections == 0)
        }
    }

    /// No proxy is asked, a variable that can't be used neither.
    @Test func noProxyIsUsed() async throws {
        let authority = try TestAuthority()
        try await TestTLSServer.with(authority.server([.dnsName("abc.ests.aks")])) { server in
            let url = try #require(URL(string: "https://0.0.0.0:\(server.port)/"))
            try await withEmulatorProxy { proxy in
                for value in [proxy.url, "socks5://proxy"] {
                    let transport = self.transport(["HTTPS_PROXY": value])
                    let response = try await send(transport, url, proof: self.proof("abc.ests.aks", authority))
                    #expect(response.status == 200)
                }
                #expect(proxy.connectionCount == 0)
            }
        }
    }

    @Test func authoritiesMayBeReplaced() async throws {
        let (old, new) = (try TestAuthority(name: "old"), try TestAuthority(name: "new"))
        try await TestTLSServer.with(old.server()) { server in
            let response = try await send(self.transport(), server.url, proof: self.proof(nil, old))
            #expect(response.status == 200)
            let bytes = server.counts.bytes
            // The connection that the old authority vouched for isn't used any more.
            let error = try await proofError(self.transport(), server.url, proof: self.proof(nil, new))
            #expect(error.kind == .tls)
            #expect(server.counts.bytes == bytes)
        }
        try await TestTLSServer.with(new.server()) { server in
            let response = try await send(self.transport(), server.url, proof: self.proof(nil, new))
            #expect(response.status == 200)
        }
    }

    /// More authorities than clients are kept: the oldest clients end, and an exchange that is under way on one of them doesn't.
    @Test func replacedAuthoritiesEndNoExchange() async throws {
        let authority = try TestAuthority()
        try await TestTLSServer.with(authority.server()) { held in
            try await TestTLSServer.with(authority.server()) { server in
                held.hold()
                let proof = self.proof(nil, authority)
                let transport = self.transport()
                async let slow = send(transport, held.url, proof: proof)
                await held.requests.reached(1)
                let start = SystemClock().now
                for number in 0..<20 {
                    let further = self.proof(nil, authority, try TestAuthority(name: "further \(number)"))
                    #expect(try await send(transport, server.url, proof: further).status == 200)
                }
                #expect(server.counts.connections == 20)
                await server.closures.reached(12)
                // By their end, not by the end of idle connections, which comes after a minute.
                #expect(SystemClock().now - start < .seconds(60))
                #expect(held.closures.count == 0)
                held.release()
                #expect(try await slow.body == Array("ok".utf8))
                #expect(try await send(transport, held.url, proof: proof).status == 200)
            }
        }
    }

    @Test func manyAtOnceWithManyAuthorities() async throws {
        let authority = try TestAuthority()
        try await TestTLSServer.with(authority.server()) { server in
            let proofs = try (0..<12).map { self.proof(nil, authority, try TestAuthority(name: "further \($0)")) }
            let transport = self.transport()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<120 {
                    group.addTask { try await send(transport, server.url, proof: proofs[number % 12]).status }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    /// Clients end while connections of theirs are being made, refused or given up.
    @Test func exchangesThatAreGivenUpOrRefusedHarmNobody() async throws {
        let authority = try TestAuthority()
        try await TestTLSServer.with(authority.server()) { server in
            let proofs = try (0..<12).map { number in
                let further = try TestAuthority(name: "further \(number)")
                return number % 3 == 0 ? self.proof(nil, further) : self.proof(nil, authority, further)
            }
            let pins = (0..<12).map { ServerProof.thumbprint(String(repeating: String($0 % 10), count: 40)) }
            let transport = self.transport()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    var request = TransportRequest(url: server.url, timeout: .milliseconds(1 + number % 40))
                    request.serverProof = number % 4 == 0 ? pins[number % 12] : proofs[number % 12]
                    group.addTask { [request] in _ = try? await transport.send(request) }
                }
            }
            let response = try await send(transport, server.url, proof: self.proof(nil, authority))
            #expect(response.status == 200)
        }
    }
}
#endif
