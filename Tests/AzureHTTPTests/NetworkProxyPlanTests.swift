// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct NetworkProxyPlanTests {
    private func proxy(
        _ url: String, _ environment: [String: String], _ options: NetworkOptions = NetworkOptions()
    ) throws -> String? {
        let plan = ProxyPlan(options: options, environment: environment)
        return try plan.proxy(for: try #require(URL(string: url)))?.address
    }

    private static let variableTable: [(environment: [String: String], expected: String?)] = [
        ([:], nil), (["HTTPS_PROXY": "http://p:1"], "p:1"), (["https_proxy": "p:1", "HTTPS_PROXY": "q:1"], "p:1"),
        (["ALL_PROXY": "p:1"], "p:1"), (["all_proxy": "p:1", "ALL_PROXY": "q:1"], "p:1"),
        (["HTTPS_PROXY": "p:1", "all_proxy": "q:1"], "p:1"), (["https_proxy": "", "HTTPS_PROXY": "p:1"], "p:1"),
        (["https_proxy": " ", "ALL_PROXY": "p:1"], "p:1"), (["HTTPS_PROXY": ""], nil), (["HTTP_PROXY": "p:1"], nil),
        (["http_proxy": "p:1"], nil), (["HTTP_PROXY": "p:1", "REQUEST_METHOD": "GET"], nil), (["NO_PROXY": "*"], nil),
        (["HTTPS_PROXY": "p:1", "NO_PROXY": "*"], nil), (["HTTPS_PROXY": "p:1", "no_proxy": "x", "NO_PROXY": "*"], "p:1"),
        (["HTTPS_PROXY": "p:1", "no_proxy": "", "NO_PROXY": "*"], nil),
    ]

    @Test(arguments: variableTable)
    func readsTheVariablesInOrder(environment: [String: String], expected: String?) throws {
        #expect(try self.proxy("https://login.example/t", environment) == expected)
        #expect(try self.proxy("https://login.example/t", environment, NetworkOptions(usesEnvironmentProxies: false)) == nil)
    }

    private static let everywhere = [
        "HTTPS_PROXY": "p:1", "https_proxy": "p:1", "HTTP_PROXY": "p:1", "http_proxy": "p:1", "ALL_PROXY": "p:1",
    ]

    /// Metadata services and the machine itself.
    @Test(arguments: [
        ("http://169.254.169.254/metadata/identity/oauth2/token", false), ("https://169.254.169.254/", false),
        ("http://login.example/", false), ("http://10.0.0.1/", false), ("http://localhost:40342/", false),
        ("https://[fd00:ec2::254]/", false), ("https://[fe80::1]/", false), ("https://[::ffff:169.254.169.254]/", false),
        ("https://localhost:2377/", true), ("https://LOCALHOST./", true), ("https://a.localhost/", true),
        ("https://127.0.0.1/", true), ("https://127.8.9.10:1/", true), ("https://[::1]/", true),
    ])
    func someRequestsNeverUseAProxy(url: String, isExplicitlyProxied: Bool) throws {
        #expect(try self.proxy(url, Self.everywhere) == nil)
        let options = NetworkOptions(proxy: try ProxyServer("explicit:2"))
        #expect(try self.proxy(url, Self.everywhere, options) == (isExplicitlyProxied ? "explicit:2" : nil))
    }

    @Test func anExplicitProxyComesBeforeTheVariables() throws {
        var options = NetworkOptions(proxy: try ProxyServer("explicit:2"))
        let environment = ["HTTPS_PROXY": "not a proxy", "NO_PROXY": "*"]
        #expect(try self.proxy("https://login.example/", environment, options) == "explicit:2")
        options.usesEnvironmentProxies = false
        #expect(try self.proxy("https://login.example/", environment, options) == "explicit:2")
    }

    private static let exceptionTable: [(list: String, url: String, isException: Bool)] = [
        ("login.example", "https://login.example/", true), ("LOGIN.Example", "https://login.EXAMPLE/", true),
        ("login.example", "https://a.login.example/", true), ("login.example", "https://xlogin.example/", false),
        (".example", "https://login.example/", true), (".example", "https://example/", true),
        ("*.example", "https://a.example/", true),
        ("example", "https://login.example./", true), ("login.example.", "https://login.example/", true),
        ("login.example.", "https://login.example./", true), ("other, login.example", "https://login.example/", true),
        ("other login.example", "https://login.example/", true), ("other\tlogin.example\n", "https://login.example/", true),
        (" , ,,login.example,", "https://login.example/", true), ("", "https://login.example/", false),
        (",", "https://login.example/", false),
        (".", "https://login.example/", false), ("*", "https://login.example/", true), ("x,*", "https://[2001:db8::1]/", true),
        ("login.example:443", "https://login.example/", true), ("login.example:443", "https://login.example:443/", true),
        ("login.example:444", "https://login.example/", false), ("login.example:444", "https://login.example:444/", true),
        ("login.example:0", "https://login.example/", false), ("http://login.example", "https://login.example/", false),
        ("10.1.2.3", "https://10.1.2.3/", true), ("10.1.2.3", "https://110.1.2.3/", false), (".2.3", "https://10.1.2.3/", false),
        ("10.1.2.3:443", "https://10.1.2.3/", true), ("10.1.2.3:80", "https://10.1.2.3/", false),
        ("10.0.0.0/8", "https://10.255.0.1/", true), ("10.0.0.0/8", "https://11.0.0.1/", false),
        ("10.1.2.77/8", "https://10.200.0.1/", true), ("192.168.4.0/22", "https://192.168.7.255/", true),
        ("192.168.4.0/22", "https://192.168.8.0/", false), ("0.0.0.0/0", "https://10.1.2.3/", true),
        ("0.0.0.0/0", "https://login.example/", false), ("0.0.0.0/0", "https://[2001:db8::1]/", false),
        ("10.1.2.3/32", "https://10.1.2.3/", true), ("10.1.2.3/33", "https://10.1.2.3/", false),
        ("10.0.0.0/", "https://10.1.2.3/", false),
        ("10.0.0.0/+8", "https://10.1.2.3/", false), ("10.0.0.0/8/8", "https://10.1.2.3/", false),
        ("/8", "https://10.1.2.3/", false),
        ("2001:db8::/32", "https://[2001:db8:1::5]/", true), ("2001:db8::/32", "https://[2001:db9::1]/", false),
        ("2001:db8::1", "https://[2001:0db8:0:0::1]/", true), ("[2001:db8::1]", "https://[2001:db8::1]/", true),
        ("[2001:db8::1]:443", "https://[2001:db8::1]/", true), ("[2001:db8::1]:444", "https://[2001:db8::1]/", false),
        ("2001:db8::/129", "https://[2001:db8::1]/", false), ("::/0", "https://[2001:db8::1]/", true),
        ("10.0.0.0/8", "https://[::ffff:10.1.2.3]/", true), ("[::1", "https://login.example/", false),
    ]

    @Test(arguments: exceptionTable)
    func readsTheExceptions(list: String, url: String, isException: Bool) throws {
        #expect(try self.proxy(url, ["HTTPS_PROXY": "p:1", "NO_PROXY": list]) == (isException ? nil : "p:1"))
        #expect(try self.proxy(url, ["HTTPS_PROXY": "p:1", "no_proxy": list]) == (isException ? nil : "p:1"))
    }

    @Test(arguments: [
        (["HTTPS_PROXY": "socks5://SECRET@p:1"], "HTTPS_PROXY"), (["https_proxy": "http://u:SE%CRET@p:1"], "https_proxy"),
        (["all_proxy": "https://SECRET"], "all_proxy"), (["ALL_PROXY": "SECRET:SECRET"], "ALL_PROXY"),
        (["HTTPS_PROXY": "p", "NO_PROXY": String(repeating: "a,", count: 10_001)], "NO_PROXY"),
        (["HTTPS_PROXY": "p", "no_proxy": String(repeating: "a", count: 65_537)], "no_proxy"),
    ])
    func whatCannotBeUsedIsAnErrorThatNamesTheVariable(environment: [String: String], name: String) throws {
        let error = #expect(throws: TransportError.self) { try self.proxy("https://login.example/", environment) }
        #expect(error?.kind == .configuration && error?.message.contains(" \(name) ") == true && error?.isRetryable == false)
        #expect(error?.message.contains("SECRET") == false && error?.message.contains("SE%CRET") == false)
        // Requests that need no proxy go on.
        #expect(try self.proxy("http://169.254.169.254/", environment) == nil)
        #expect(try self.proxy("https://localhost/", environment) == nil)
    }

    @Test func aLongListWithinBoundsIsRead() throws {
        let list = (0..<9_999).map { "\($0)" }.joined(separator: ",") + ",login.example"
        #expect(try self.proxy("https://login.example/", ["HTTPS_PROXY": "p", "NO_PROXY": list]) == nil)
        #expect(try self.proxy("https://login.other/", ["HTTPS_PROXY": "p", "NO_PROXY": list]) == "p:80")
    }

    @Test func equalPlansSendTheSameWay() throws {
        func plan(_ environment: [String: String], _ options: NetworkOptions = NetworkOptions()) -> ProxyPlan {
            ProxyPlan(options: options, environment: environment)
        }
        #expect(plan(["HTTPS_PROXY": "http://p:80"]) == plan(["all_proxy": "P", "HOME": "/x"]))
        #expect(plan(["HTTPS_PROXY": "p"]) != plan(["HTTPS_PROXY": "q"]))
        #expect(plan(["HTTPS_PROXY": "a:b@p"]) != plan(["HTTPS_PROXY": "a:c@p"]))
        #expect(plan(["HTTPS_PROXY": "p"]) != plan(["HTTPS_PROXY": "p", "NO_PROXY": "x"]))
        #expect(plan(["NO_PROXY": "x"]) == .direct && plan([:]) == .direct && plan(["HTTP_PROXY": "p"]) == .direct)
        let explicit = NetworkOptions(proxy: try ProxyServer("p"))
        #expect(plan(["HTTPS_PROXY": "q", "NO_PROXY": "x"], explicit) == plan([:], explicit))
        #expect(plan([:], explicit) != plan(["HTTPS_PROXY": "p"]))
    }

    @Test func trustRootsComeFromBothVariables() {
        #expect(TrustRoots.environment([:]) == .system)
        #expect(TrustRoots.environment(["SSL_CERT_FILE": "", "SSL_CERT_DIR": ""]) == .system)
        #expect(TrustRoots.environment(["SSL_CERT_FILE": "/f", "SSL_CERT_DIR": ""]) == .file("/f"))
        #expect(TrustRoots.environment(["SSL_CERT_DIR": "/d"]) == .directory("/d"))
        let both = TrustRoots.environment(["SSL_CERT_FILE": "/f", "SSL_CERT_DIR": "/d"])
        #expect(both.kind == .fileAndDirectory(file: "/f", directory: "/d"))
    }
}
