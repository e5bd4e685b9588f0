// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import NIOCore
import NIOPosix
import Testing

/// A forward proxy that isn't ours: tinyproxy, as Debian has it.
@Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.tinyproxy.isWanted)) struct ProxyTinyproxyTests {
    /// Runs a test with tinyproxy on a port of its own.
    private func withTinyproxy(_ lines: [String] = [], _ body: (String) async throws -> Void) async throws {
        let port = try await self.freePort()
        let folder = FileManager.default.temporaryDirectory.appending(path: "tinyproxy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = folder.appending(path: "tinyproxy.conf")
        let settings = [
            "Port \(port)", "Listen 127.0.0.1", "Timeout 30", "MaxClients 20", "Allow 127.0.0.1", "LogLevel Info",
            "LogFile \"\(folder.appending(path: "log").path())\"",
        ]
        try Data((settings + lines).joined(separator: "\n").appending("\n").utf8).write(to: configuration)
        let program = Program(path: "/usr/bin/tinyproxy", environment: ["PATH": "/usr/bin"])
        try await program.run(["-d", "-c", configuration.path()], awaiting: 0) { _, _ in
            try await self.waitForListener(at: port)
            try await body("127.0.0.1:\(port)")
        }
    }

    /// A port that nothing listens at, from below those that the system gives to clients.
    private func freePort() async throws -> Int {
        while true {
            let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            let port = Int.random(in: 20_000..<32_000)
            guard let channel = try? await bootstrap.bind(host: "127.0.0.1", port: port).get() else { continue }
            try await channel.close().get()
            return port
        }
    }

    private func waitForListener(at port: Int) async throws {
        let start = ContinuousClock.now
        while true {
            do {
                let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                return try await bootstrap.connect(host: "127.0.0.1", port: port).flatMap { $0.close() }.get()
            } catch  where ContinuousClock.now - start < .seconds(20) {
                await Task.yield()
            }
        }
    }

    @Test(arguments: [([], ""), (["BasicAuth user p4ssw0rd"], "user:p4ssw0rd@")])
    func tokensComeThroughIt(settings: [String], user: String) async throws {
        try await self.withTinyproxy(settings) { address in
            try await Stage.with { stage in
                let proxy = try ProxyServer("http://\(user)\(address)")
                let credential = stage.credential { $0.network.proxy = proxy }
                #expect(try await credential.token(forScopes: vaultScope).source == .network)
                #expect(stage.emulator.tokenRequestCount == 1)
            }
        }
    }

    @Test(arguments: [("", "wants credentials (407)"), ("user:SECRET@", "credentials")])
    func wrongCredentialsAreSaidToBe(user: String, text: String) async throws {
        try await self.withTinyproxy(["BasicAuth user p4ssw0rd"]) { address in
            try await Stage.with { stage in
                let proxy = try ProxyServer("http://\(user)\(address)")
                let credential = stage.credential { $0.network.proxy = proxy }
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.message.contains(address) && !"\(error)".contains("SECRET"), "\(error)")
                #expect(error.message.contains(text) || error.message.contains("401"), "\(error)")
                #expect(stage.emulator.requestCount == 0)
            }
        }
    }

    @Test func aPortItMayNotConnectToIsItsRefusal() async throws {
        try await self.withTinyproxy(["ConnectPort 443"]) { address in
            try await Stage.with { stage in
                let proxy = try ProxyServer(address)
                let credential = stage.credential { $0.network.proxy = proxy }
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(
                    error.message.contains("The proxy \(address) did not connect to localhost: it answered with the status 403"))
            }
        }
    }

    @Test func aCertificateIsNamedThroughIt() async throws {
        try await self.withTinyproxy { address in
            try await TestTLSServer.with(TestAuthority().server()) { server in
                let transport = AsyncHTTPClientTransport(network: .init(proxy: try ProxyServer(address)), environment: [:])
                let error = try await transportError(transport, server.url)
                #expect(error.message.contains("subject CN=The server, issued by CN=Corporate Proxy CA"), "\(error)")
            }
        }
    }
}
#endif
