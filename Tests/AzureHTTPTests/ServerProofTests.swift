// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What servers have to prove, and over which transports.
@Suite struct ServerProofTests {
    private static let thumbprint = ServerProof.thumbprint("0123456789abcdef0123456789abcdef01234567")

    /// Counts what it is sent. Honours proofs if it says so.
    private struct Plain: HTTPTransport {
        let count: Locked<Int>
        func send(_ request: TransportRequest) async throws -> TransportResponse {
            self.count.withLock { $0 += 1 }
            return TransportResponse(status: 200)
        }
    }

    private struct Proving: ServerProvingTransport {
        let inner: Plain
        var canProveServers = true
        func send(_ request: TransportRequest) async throws -> TransportResponse { try await self.inner.send(request) }
    }

    private func request(_ url: String = "https://h.example/", proof: ServerProof?) throws -> TransportRequest {
        var request = TransportRequest(url: try #require(URL(string: url)))
        request.serverProof = proof
        return request
    }

    private func outcome(_ transport: any HTTPTransport, _ request: TransportRequest) async throws -> TransportError? {
        let pipeline = HTTPPipeline(
            transport: transport, clock: VirtualClock(), retry: .default, logging: .init(), userAgent: "a")
        do {
            _ = try await pipeline.send(request, context: TokenRequestContext(scopes: ["s"]), deadline: nil)
            return nil
        } catch let error as TransportError {
            return error
        }
    }

    @Test func noOtherTransportGetsTheRequest() async throws {
        let count = Locked(0)
        let plain = Plain(count: count)
        let request = try self.request(proof: Self.thumbprint)
        for transport in [plain, Proving(inner: plain, canProveServers: false)] as [any HTTPTransport] {
            let error = try #require(try await self.outcome(transport, request))
            #expect(error.kind == .configuration && !error.isRetryable && error.message.contains("can't check"))
        }
        #expect(count.withLock { $0 } == 0)
        #expect(try await self.outcome(Proving(inner: plain), request) == nil)
        #expect(try await self.outcome(plain, self.request("http://h.example/", proof: nil)) == nil)
        #expect(count.withLock { $0 } == 2)
        let insecure = try await self.outcome(Proving(inner: plain), self.request("http://h.example/", proof: Self.thumbprint))
        #expect(insecure?.kind == .refused && count.withLock { $0 } == 2)
    }

    private static let table: [(url: String, proof: ServerProof, kind: TransportError.Kind?)] = [
        ("https://h/", thumbprint, nil), ("HTTPS://h/", thumbprint, nil), ("http://h/", thumbprint, .refused),
        ("ftp://h/", thumbprint, .refused), ("http://h/", .named(serverName: nil, authoritiesPEM: nil), .refused),
        ("https://h/", .thumbprint(""), .configuration),
        ("https://h/", .thumbprint("0123456789ABCDEF0123456789abcdef01234567"), .configuration),
        ("https://h/", .thumbprint("0123456789abcdef0123456789abcdef0123456"), .configuration),
        ("https://h/", .thumbprint("0123456789abcdef0123456789abcdef012345678"), .configuration),
        ("https://h/", .thumbprint("01:23:45:67:89:ab:cd:ef:01:23:45:67:89:a"), .configuration),
        ("https://h/", .named(serverName: "a.test", authoritiesPEM: [0]), nil),
        ("https://h/", .named(serverName: "a.test.", authoritiesPEM: nil), nil),
        ("https://h/", .named(serverName: "", authoritiesPEM: nil), .configuration),
        ("https://h/", .named(serverName: "10.0.0.1", authoritiesPEM: nil), .configuration),
        ("https://h/", .named(serverName: "fe80::1", authoritiesPEM: nil), .configuration),
        ("https://h/", .named(serverName: "a\r\nb", authoritiesPEM: nil), .configuration),
        ("https://h/", .named(serverName: String(repeating: "a", count: 254), authoritiesPEM: nil), .configuration),
        ("https://h/", .named(serverName: nil, authoritiesPEM: Array(repeating: 0, count: (1 << 20) + 1)), .configuration),
    ]

    @Test(arguments: table.indices)
    func proofs(index: Int) throws {
        let (url, proof, kind) = Self.table[index]
        let request = try self.request(url, proof: proof)
        let outcome = Result { () throws(TransportError) in try request.checkServerProof() }
        if case .failure(let error) = outcome { #expect(error.kind == kind, "\(error)") } else { #expect(kind == nil) }
    }

    /// Clients in use stay; of the others, the least recently used go first.
    @Test func aShelfKeepsWhatIsInUse() {
        var shelf = ClientShelf<Int, String>(capacity: 2)
        func take(_ key: Int) -> String { shelf.take(key) { "client \(key)" } }
        #expect(shelf.take(1) == nil)
        for key in 1...4 { #expect(take(key) == "client \(key)") }
        #expect(shelf.removeOverflow().isEmpty && shelf.count == 4)
        shelf.giveBack(3)
        shelf.giveBack(1)
        #expect(shelf.removeOverflow() == ["client 1", "client 3"] && shelf.count == 2)
        // Twice in use.
        #expect(shelf.take(2) == "client 2")
        shelf.giveBack(2)
        _ = take(5)
        #expect(shelf.removeOverflow().isEmpty)
        shelf.giveBack(2)
        #expect(shelf.removeOverflow() == ["client 2"])
        shelf.giveBack(4)
        shelf.giveBack(5)
        #expect(shelf.removeOverflow().isEmpty)
        #expect(shelf.take(4) == "client 4")
        shelf.giveBack(4)
        _ = take(6)
        #expect(shelf.removeOverflow() == ["client 5"] && shelf.take(1) == nil)
    }
}
