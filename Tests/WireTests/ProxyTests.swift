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

/// Requests by way of proxies, and what goes wrong at them.
@Suite(.timeLimit(.minutes(5))) struct ProxyTests {
    private func url(_ proxy: EmulatorProxy, user: String = "") -> String { proxy.url.replacing("://", with: "://\(user)") }

    @Test(arguments: [false, true])
    func tokensComeThroughAProxy(wantsCredentials: Bool) async throws {
        let credentials = (user: "us er", password: Secret("p@ss/w%rd ü"))
        try await Stage.with { stage in
            try await withEmulatorProxy(requiring: wantsCredentials ? credentials : nil) { proxy in
                let server = try ProxyServer(self.url(proxy, user: wantsCredentials ? "us%20er:p%40ss%2Fw%25rd%20%C3%BC@" : ""))
                let credential = stage.credential { $0.network.proxy = server }
                let token = try await credential.token(forScopes: vaultScope)
                #expect(token.source == .network && stage.emulator.tokenRequestCount == 1)
                #expect(proxy.targets == ["localhost:\(stage.server.port)"])
            }
        }
    }

    /// By variables, to a host that only the proxy knows.
    @Test(arguments: [
        ("HTTPS_PROXY", ""), ("https_proxy", "user@"), ("ALL_PROXY", "user:password@"), ("all_proxy", ""),
    ])
    func variablesNameAProxy(name: String, user: String) async throws {
        let authority = try TestAuthority()
        try await authority.withFile { file in
            try await TestTLSServer.with(authority.server([.dnsName("login.example.test")])) { server in
                try await withEmulatorProxy { proxy in
                    proxy.lead("login.example.test:443", toHost: "127.0.0.1", port: server.port)
                    let environment = [
                        name: self.url(proxy, user: user), "SSL_CERT_FILE": file, "NO_PROXY": "other.test,10.0.0.0/8",
                        "HTTP_PROXY": "nonsense",
                    ]
                    let transport = AsyncHTTPClientTransport(network: NetworkOptions(), environment: environment)
                    let url = try #require(URL(string: "https://login.example.test/"))
                    for _ in 0..<2 { #expect(try await transport.send(TransportRequest(url: url)).body == Array("ok".utf8)) }
                    #expect(proxy.targets == ["login.example.test:443"])
                }
            }
        }
    }

    /// 0.0.0.0 leads to this machine, and is no loopback address by its number.
    @Test(arguments: ["*", "0.0.0.0/8", "0.0.0.0", "x 0.0.0.0:PORT"])
    func exceptionsAreReachedDirectly(list: String) async throws {
        let authority = try TestAuthority()
        let addresses = [[0, 0, 0, 0], [127, 0, 0, 1]] as [[UInt8]]
        let configuration = try authority.server(addresses.map { .ipAddress(.init(contentBytes: $0[...])) })
        try await authority.withFile { file in
            try await TestTLSServer.with(configuration) { server in
                try await withEmulatorProxy { proxy in
                    let url = try #require(URL(string: "https://0.0.0.0:\(server.port)/"))
                    var environment = ["HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": file]
                    let list = list.replacing("PORT", with: "\(server.port)")
                    environment["NO_PROXY"] = list
                    let transport = AsyncHTTPClientTransport(network: NetworkOptions(), environment: environment)
                    #expect(try await transport.send(TransportRequest(url: url)).status == 200)
                    environment["NO_PROXY"] = "0.0.0.1"
                    let other = AsyncHTTPClientTransport(network: NetworkOptions(), environment: environment)
                    let error = try await transportError(other, url)
                    #expect(error.kind == .configuration && error.message.contains("use its name"), "\(error)")
                    #expect(proxy.connectionCount == 0)
                }
            }
        }
    }

    /// Metadata services are asked over http, on link-local and loopback addresses.
    @Test func plainRequestsAndLoopbackAddressesNeverTakeTheProxy() async throws {
        try await Stage.with { stage in
            try await withEmulatorProxy { proxy in
                try await withEmulatorProxy { metadataService in
                    let names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
                    let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, proxy.url) })
                    let url = try #require(URL(string: "http://127.0.0.1:\(metadataService.port)/metadata/identity/oauth2/token"))
                    for network in [NetworkOptions(), NetworkOptions(proxy: try ProxyServer(proxy.url))] {
                        let transport = AsyncHTTPClientTransport(network: network, environment: environment)
                        // It is no metadata service, but it has been asked.
                        #expect(try await transport.send(TransportRequest(url: url)).status == 405)
                    }
                    let credential = stage.credential {
                        $0.environment = EnvironmentVariables(stage.environment.merging(environment) { $1 })
                    }
                    #expect(try await credential.token(forScopes: vaultScope).source == .network)
                    #expect(proxy.connectionCount == 0)
                }
            }
        }
    }

    /// As those to hosts of managed identities are, over https too.
    @Test func directRequestsNeverTakeTheProxy() async throws {
        try await Stage.with { stage in
            try await withEmulatorProxy { proxy in
                let network = NetworkOptions(proxy: try ProxyServer(proxy.url))
                let transport = AsyncHTTPClientTransport(network: network, environment: stage.environment)
                var request = TransportRequest(url: try #require(URL(string: "\(stage.server.url)/nowhere")))
                request.isDirect = true
                #expect(try await transport.send(request).status == 404)
                #expect(proxy.connectionCount == 0)
                request.isDirect = false
                #expect(try await transport.send(request).status == 404)
                #expect(proxy.connectionCount == 1)
            }
        }
    }

    @Test func aProxyThatWantsOtherCredentialsSaysSo() async throws {
        try await Stage.with { stage in
            try await withEmulatorProxy(requiring: ("user", "password")) { proxy in
                for (user, text) in [("", "wants credentials (407)"), ("user:SECRET@", "doesn't accept the credentials")] {
                    let server = try ProxyServer(self.url(proxy, user: user))
                    let credential = stage.credential { $0.network.proxy = server }
                    let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                    #expect(error.code == .invalidConfiguration && !error.isRetryable)
                    #expect(error.message.contains("The proxy 127.0.0.1:\(proxy.port) \(text)"), "\(error)")
                    #expect(!String(reflecting: error).contains("SECRET"))
                }
                #expect(stage.emulator.requestCount == 0)
            }
        }
    }

    private static let html = "<html><body>Blocked by policy \u{1B}[2J</body></html>"
    private static let answers: [(answer: EmulatorProxy.Answer, kind: TransportError.Kind?, text: String)] = [
        (.status(403, body: html), .refused, "it answered with the status 403"), (.status(404), .refused, "status 404"),
        (.status(502, body: html), .connection, "status 502"), (.status(301), .refused, "status 301"),
        (.status(101), .refused, "status 101"), (.status(600), .connection, "status 600"),
        (.status(99), .invalidResponse, "did not answer with HTTP"), (.status(0), .invalidResponse, "did not answer with HTTP"),
        (.close, .connection, "closed the connection without an answer"),
        (.bytes(Array(html.utf8)), .invalidResponse, "did not answer with HTTP"),
        (.bytes([0x00, 0xFF, 0x0D, 0x0A, 0x0D, 0x0A]), .invalidResponse, "did not answer with HTTP"),
        (.bytes(Array("HTTP/2 200 OK\r\n\r\n".utf8)), .invalidResponse, "did not answer with HTTP"),
        (.bytes(Array("SSH-2.0-OpenSSH_9.2p1\r\n".utf8)), .invalidResponse, "did not answer with HTTP"),
        (.bytes(Array("HTTP/1.1 200".utf8)), .invalidResponse, "did not answer with HTTP"),
        (.bytes(Array("HTTP/1.1 403 No\r\n\r\nHTTP/1.1 200 OK\r\n\r\n".utf8)), .refused, "status 403"),
        // A tunnel that leads nowhere: whether TLS or the end comes first is left to chance.
        (.status(200, body: html), nil, "localhost by way of the proxy"),
        (.bytes(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".utf8)), nil, "by way of the proxy"),
        (.bytes(Array("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\nHTTP/1.1 407 No\r\n\r\n".utf8)), nil, "by way of the proxy"),
        (.bytes(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)), .refused, "status 100"),
    ]

    @Test(arguments: answers.indices)
    func aProxyThatMakesNoTunnelIsNamed(index: Int) async throws {
        let (answer, kind, text) = Self.answers[index]
        try await withEmulatorProxy { proxy in
            proxy.answer(with: answer)
            let transport = AsyncHTTPClientTransport(network: .init(proxy: try ProxyServer(proxy.url)), environment: [:])
            let error = try await transportError(transport, try #require(URL(string: "https://localhost:1/")))
            #expect(kind.map { $0 == error.kind } ?? (error.kind == .tls || error.kind == .connection), "\(error.kind): \(error)")
            #expect(error.message.contains(text) && error.message.contains("proxy 127.0.0.1:\(proxy.port)"), "\(error)")
            #expect(!error.message.contains("policy") && proxy.targets.count <= 2)
            proxy.answer(with: .close)
            let later = try await transportError(transport, try #require(URL(string: "https://localhost:1/")))
            #expect(later.message.contains("127.0.0.1:\(proxy.port)"))
        }
    }

    @Test(
        arguments: [
            .silence, .bytes([0x00, 0xFF], closes: false), .bytes(Array("HTTP/1.1 2".utf8), closes: false),
            .bytes(Array("HTTP/1.1 200 OK\r\n\r\n".utf8), closes: false), .bytes(Array(html.utf8), closes: false),
            .bytes(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), closes: false),
        ] as [EmulatorProxy.Answer])
    func aSilentProxyEndsAtTheDeadline(answer: EmulatorProxy.Answer) async throws {
        try await withEmulatorProxy { proxy in
            proxy.answer(with: answer)
            let transport = AsyncHTTPClientTransport(network: .init(proxy: try ProxyServer(proxy.url)), environment: [:])
            let url = try #require(URL(string: "https://localhost:1/"))
            let error = try await transportError(transport, url, timeout: .seconds(1))
            // By the request's own time, not by that of a connection, which is longer.
            #expect(error.kind == .timeout)
            #expect(
                error.message == "No response from localhost by way of the proxy 127.0.0.1:\(proxy.port) within 1 s.", "\(error)")
        }
    }

    @Test func aProxyThatIsNotThereIsNamed() async throws {
        let url = try await withEmulatorProxy { $0.url }
        let transport = AsyncHTTPClientTransport(network: .init(proxy: try ProxyServer(url)), environment: [:])
        let error = try await transportError(transport, try #require(URL(string: "https://login.example.test/")))
        let expected = "No connection to login.example.test by way of the proxy \(url.dropFirst(7)): the connection was refused"
        #expect(error.kind == .connection && error.message == expected, "\(error)")
    }

    @Test func aServerThatTheProxyCannotReachIsTheProxysError() async throws {
        try await withEmulatorProxy { proxy in
            let transport = AsyncHTTPClientTransport(network: .init(proxy: try ProxyServer(proxy.url)), environment: [:])
            let error = try await transportError(transport, try #require(URL(string: "https://localhost:1/")))
            #expect(error.kind == .connection && error.message.contains("it answered with the status 502"), "\(error)")
        }
    }

    @Test func aVariableThatCannotBeUsedIsAnErrorNotADirectConnection() async throws {
        let authority = try TestAuthority()
        try await TestTLSServer.with(authority.server()) { server in
            let url = try #require(URL(string: "https://0.0.0.0:\(server.port)/"))
            let environment = ["HTTPS_PROXY": "socks5://user:SECRET@proxy:1080"]
            let transport = AsyncHTTPClientTransport(network: NetworkOptions(), environment: environment)
            let error = try await transportError(transport, url)
            #expect(error.kind == .configuration && error.message.contains("The variable HTTPS_PROXY can't be used: SOCKS"))
            let direct = NetworkOptions(usesEnvironmentProxies: false)
            let other = try await transportError(AsyncHTTPClientTransport(network: direct, environment: environment), url)
            #expect(other.kind == .tls)
        }
    }

    @Test func transportsShareByWhatTheyDo() throws {
        func name(_ environment: [String: String], proxy: String? = nil) throws -> String {
            let network = NetworkOptions(proxy: try proxy.map { try ProxyServer($0) })
            return AsyncHTTPClientTransport(network: network, environment: environment).transportName
        }
        let secret = try name(["HTTPS_PROXY": "http://user:SECRET@p:1"])
        #expect(!secret.contains("SECRET") && !secret.contains("user"))
        #expect(try secret == name(["https_proxy": "user:SECRET@p:1"]) && secret != name(["HTTPS_PROXY": "user:OTHER@p:1"]))
        #expect(try secret != name([:]) && secret != name([:], proxy: "user:SECRET@p:1"))
        #expect(try name([:], proxy: "p") == name(["HTTPS_PROXY": "q"], proxy: "p") && name([:]) == name(["HOME": "/"]))
        #expect(try name(["SSL_CERT_FILE": "/a"]) != name(["SSL_CERT_DIR": "/a"]))
        #expect(try name([:]) == AsyncHTTPClientTransport.shared.transportName)
    }

    @Test func aProxyStopsWithItsTunnels() async throws {
        try await Stage.with { stage in
            stage.emulator.play(FaultScript(steps: [.init(.delay(.seconds(600)))]))
            let proxy = try await EmulatorProxy.start()
            let server = try ProxyServer(proxy.url)
            let credential = stage.credential { $0.network.proxy = server }
            let task = Task { try await credential.token(forScopes: vaultScope) }
            await stage.emulator.waitForRequests(1)
            try await proxy.stop()
            try await proxy.stop()
            let error = try await authenticationError { try await task.value }
            #expect(error.message.contains("127.0.0.1:\(proxy.port)"), "\(error)")
        }
    }
}
#endif
