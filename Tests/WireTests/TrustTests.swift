// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import SwiftASN1
import Testing
import X509

/// Which servers are trusted, and what the error says of one that isn't.
@Suite(.timeLimit(.minutes(5))) struct TrustTests {
    private func transport(_ environment: [String: String] = [:], proxy: EmulatorProxy? = nil) throws -> AsyncHTTPClientTransport
    {
        let network = NetworkOptions(proxy: try proxy.map { try ProxyServer($0.url) })
        return AsyncHTTPClientTransport(network: network, environment: environment)
    }

    @Test(arguments: [false, true])
    func aRefusedCertificateIsNamed(isProxied: Bool) async throws {
        try await TestTLSServer.with(TestAuthority().server()) { server in
            try await withEmulatorProxy { proxy in
                let transport = try self.transport(proxy: isProxied ? proxy : nil)
                let error = try await transportError(transport, server.url)
                #expect(error.kind == .tls && !error.isRetryable)
                let expected =
                    "the server's certificate (subject CN=The server, issued by CN=Corporate Proxy CA) is not trusted; if "
                #expect(error.message.contains(expected) && error.message.contains("SSL_CERT_FILE"), "\(error)")
                #expect(error.message.contains("by way of the proxy 127.0.0.1:\(proxy.port)") == isProxied)
                #expect(proxy.targets.count == (isProxied ? 2 : 0))
                #expect(server.counts.bytes == 0 && server.counts.connections == 2)
            }
        }
    }

    @Test func aCredentialsErrorNamesTheCertificate() async throws {
        try await Stage.with { stage in
            let credential = stage.credential { $0.environment = ["AZURE_AUTHORITY_HOST": stage.server.url] }
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(
                error.message.contains("subject CN=localhost") && error.message.contains("issued by CN=Azure Identity emulator"))
            #expect(stage.emulator.requestCount == 0)
        }
    }

    /// A storm of failures makes one look at the certificate.
    @Test func theLookAtACertificateIsRemembered() async throws {
        try await TestTLSServer.with(TestAuthority().server()) { server in
            let transport = try self.transport()
            var messages: [String] = []
            for _ in 0..<5 { messages.append(try await transportError(transport, server.url).message) }
            // The first may have come before the answer, on a machine that is busy.
            #expect(messages.dropFirst().allSatisfy { $0.contains("Corporate Proxy CA") }, "\(messages)")
            #expect(server.counts.connections == 6)
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 { group.addTask { try await transportError(transport, server.url).message } }
                for try await message in group { #expect(message.contains("Corporate Proxy CA")) }
            }
            #expect(server.counts.bytes == 0)
        }
    }

    @Test(arguments: [((-20, -10), "expired on "), ((10, 20), "is not valid before ")])
    func aCertificateOutOfItsTimeIsSaidToBe(days: (Int, Int), text: String) async throws {
        let authority = try TestAuthority()
        try await authority.withFile { file in
            try await TestTLSServer.with(authority.server(days: days)) { server in
                let error = try await transportError(try self.transport(["SSL_CERT_FILE": file]), server.url)
                #expect(
                    error.kind == .tls
                        && error.message.contains("(subject CN=The server, issued by CN=Corporate Proxy CA) \(text)"))
                #expect(error.message.contains("this machine's clock says 20") && server.counts.bytes == 0, "\(error)")
            }
        }
    }

    @Test(arguments: [false, true])
    func aCertificateForOtherNamesNamesThem(isProxied: Bool) async throws {
        let authority = try TestAuthority()
        let names = ["a.example", "*.b.example", "c.example", "d.example", "e.example"]
        let configuration = try authority.server(names.map { .dnsName($0) } + [.ipAddress(.init(contentBytes: [10, 0, 0, 1]))])
        try await authority.withFile { file in
            try await TestTLSServer.with(configuration) { server in
                try await withEmulatorProxy { proxy in
                    let transport = try self.transport(["SSL_CERT_FILE": file], proxy: isProxied ? proxy : nil)
                    let error = try await transportError(transport, server.url)
                    #expect(error.kind == .tls && server.counts.bytes == 0)
                    #expect(
                        error.message.contains("is for a.example, *.b.example, c.example and 3 more, not for localhost"),
                        "\(error)")
                }
            }
        }
    }

    private static let loopback = GeneralName.ipAddress(.init(contentBytes: [127, 0, 0, 1]))
    private static let ambiguous: [(names: [GeneralName], isGood: Bool)] = [
        ([loopback], false), ([loopback, .dnsName("other.test")], false), ([loopback, .dnsName("login.example.test")], true),
        ([.dnsName("*.example.test"), loopback], true),
    ]

    /// The TLS library would take a certificate for the address of the peer, which is the proxy's, for any name.
    @Test(arguments: ambiguous.indices, [false, true])
    func anAddressInACertificateIsNoName(index: Int, isProxied: Bool) async throws {
        let (names, isGood) = Self.ambiguous[index]
        let authority = try TestAuthority()
        let configuration = try authority.server(isProxied ? names : names + (isGood ? [.dnsName("localhost")] : []))
        try await authority.withFile { file in
            try await TestTLSServer.with(configuration) { server in
                try await withEmulatorProxy { proxy in
                    let port = try #require(server.url.port)
                    proxy.lead("login.example.test:443", toHost: "127.0.0.1", port: port)
                    let transport = try self.transport(["SSL_CERT_FILE": file], proxy: isProxied ? proxy : nil)
                    let url = isProxied ? try #require(URL(string: "https://login.example.test/")) : server.url
                    if isGood {
                        for _ in 0..<3 { #expect(try await transport.send(TransportRequest(url: url)).status == 200) }
                        // One more to find out that the name has to be checked, where that isn't known beforehand.
                        #expect(server.counts.connections <= (isProxied ? 2 : 1))
                    } else {
                        let error = try await transportError(transport, url)
                        #expect(error.kind == .tls && error.message.contains("not for \(url.host() ?? "")"), "\(error)")
                        #expect(server.counts.bytes == 0)
                    }
                }
            }
        }
    }

    @Test func aServerGivenByItsAddressIsTakenByIt() async throws {
        let authority = try TestAuthority()
        try await authority.withFile { file in
            try await TestTLSServer.with(authority.server([Self.loopback])) { server in
                let url = try #require(URL(string: "https://127.0.0.1:\(server.url.port ?? 0)/"))
                let response = try await self.transport(["SSL_CERT_FILE": file]).send(TransportRequest(url: url))
                #expect(response.status == 200)
            }
        }
    }

    /// The look ends with the request's time; without a limit it would go on for ever.
    @Test func aSilentServerDoesNotHoldTheErrorUp() async throws {
        try await TestTLSServer.with(TestAuthority().server(), talkative: 1) { server in
            let error = try await transportError(try self.transport(), server.url, timeout: .seconds(4))
            #expect(error.kind == .tls && error.message.contains("the server's certificate is not trusted; "), "\(error)")
            #expect(server.counts.connections <= 2 && server.counts.bytes == 0)
        }
    }

    /// Makes a directory with the certificates under the given names.
    private func withDirectory<Result>(_ files: [String: String], _ body: (String) async throws -> Result) async throws -> Result
    {
        let directory = FileManager.default.temporaryDirectory.appending(path: "authorities-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
        return try await body(directory.path())
    }

    @Test func aDirectoryOfAuthoritiesIsTrusted() async throws {
        let authority = try TestAuthority()
        let files = ["0a1b2c3d.0": "no certificate", "ffffffff.12": authority.pem, "readme.txt": "nothing"]
        try await self.withDirectory(files) { directory in
            try await TestTLSServer.with(authority.server()) { server in
                for path in [directory, "\(directory):\(directory)"] {
                    let response = try await self.transport(["SSL_CERT_DIR": path]).send(TransportRequest(url: server.url))
                    #expect(response.body == Array("ok".utf8))
                }
            }
        }
    }

    @Test(.enabled(if: RealPart.openssl.isWanted))
    func aDirectoryThatOpenSSLHashedIsTrusted() async throws {
        let authority = try TestAuthority()
        try await self.withDirectory(["authority.pem": authority.pem, "other.pem": TestAuthority(name: "Other").pem]) {
            directory in
            let run = try await Program(path: "/usr/bin/openssl", environment: ["PATH": "/usr/bin"]).run(["rehash", directory])
            #expect(run.status == 0, "\(run)")
            try await TestTLSServer.with(authority.server()) { server in
                let response = try await self.transport(["SSL_CERT_DIR": directory]).send(TransportRequest(url: server.url))
                #expect(response.status == 200)
            }
        }
    }

    @Test func fileAndDirectoryAreBothTrusted() async throws {
        let (one, other, neither) = (try TestAuthority(name: "1"), try TestAuthority(name: "2"), try TestAuthority(name: "3"))
        try await one.withFile { file in
            try await self.withDirectory(["0a1b2c3d.0": other.pem]) { directory in
                let transport = try self.transport(["SSL_CERT_FILE": file, "SSL_CERT_DIR": directory])
                for authority in [one, other] {
                    try await TestTLSServer.with(authority.server()) { server in
                        let response = try await transport.send(TransportRequest(url: server.url))
                        #expect(response.status == 200)
                    }
                }
                try await TestTLSServer.with(neither.server()) { server in
                    let error = try await transportError(transport, server.url)
                    #expect(error.message.contains("issued by CN=3) is not trusted"), "\(error)")
                }
            }
        }
    }

    @Test(arguments: [
        (
            ["SSL_CERT_FILE": "/nonexistent/ca.pem"],
            "(SSL_CERT_FILE or trustRoots), /nonexistent/ca.pem, can't be used: it can't be found"
        ),
        (["SSL_CERT_FILE": "/dev/null"], "(SSL_CERT_FILE or trustRoots), /dev/null, can't be used: it is not a regular file"),
        (["SSL_CERT_FILE": "/dev/zero"], "(SSL_CERT_FILE or trustRoots), /dev/zero, can't be used: it is not a regular file"),
        (["SSL_CERT_FILE": "/"], "(SSL_CERT_FILE or trustRoots), /, can't be used: it is not a regular file"),
        (["SSL_CERT_FILE": "/etc/passwd"], "(SSL_CERT_FILE or trustRoots), /etc/passwd, holds no certificate"),
        (["SSL_CERT_DIR": "/nonexistent"], "(SSL_CERT_DIR or trustRoots), /nonexistent, can't be read"),
        (["SSL_CERT_DIR": "/etc/passwd"], "(SSL_CERT_DIR or trustRoots), /etc/passwd, can't be read"),
        (["SSL_CERT_DIR": "/dev"], "(SSL_CERT_DIR or trustRoots), /dev, holds no certificate under a hashed name"),
        (["SSL_CERT_DIR": ":"], "(SSL_CERT_DIR or trustRoots), :, holds no certificate"),
        (["SSL_CERT_FILE": "/nonexistent", "SSL_CERT_DIR": "/dev"], "SSL_CERT_FILE"),
    ])
    func whatHoldsNoAuthorityIsAnErrorThatNamesTheVariable(environment: [String: String], text: String) async throws {
        try await TestTLSServer.with(TestAuthority().server()) { server in
            let error = try await transportError(try self.transport(environment), server.url)
            #expect(error.kind == .configuration && !error.isRetryable && error.message.contains(text), "\(error)")
            #expect(server.counts.connections == 0)
        }
    }

    @Test func anErrorOfTheAuthoritiesIsForgotten() async throws {
        let authority = try TestAuthority()
        let path = FileManager.default.temporaryDirectory.appending(path: "late-\(UUID().uuidString).pem")
        defer { try? FileManager.default.removeItem(at: path) }
        try await TestTLSServer.with(authority.server()) { server in
            let transport = try self.transport(["SSL_CERT_FILE": path.path()])
            #expect(try await transportError(transport, server.url).kind == .configuration)
            try Data(authority.pem.utf8).write(to: path)
            #expect(try await transport.send(TransportRequest(url: server.url)).status == 200)
        }
    }
}
#endif
