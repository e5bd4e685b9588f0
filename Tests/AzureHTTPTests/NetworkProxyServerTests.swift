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

@Suite struct NetworkProxyServerTests {
    @Test(arguments: [
        ("http://proxy.example:8080", "http://proxy.example:8080"), ("proxy.example:8080", "http://proxy.example:8080"),
        ("HTTP://Proxy.Example:8080/", "http://proxy.example:8080"), ("http://proxy.example", "http://proxy.example:80"),
        ("proxy", "http://proxy:80"), ("  http://10.0.0.1:3128/path?query#fragment\n", "http://10.0.0.1:3128"),
        ("http://[::1]:3128", "http://[::1]:3128"), ("[fd00::1]", "http://[fd00::1]:80"),
        ("http://a_b.example:1", "http://a_b.example:1"),
        ("http://user@proxy:81", "http://proxy:81"), ("http://user:password@proxy:81", "http://proxy:81"),
        ("user:password@proxy:81", "http://proxy:81"), ("http://:@proxy:81", "http://proxy:81"),
        ("http://@proxy:81", "http://proxy:81"),
    ])
    func readsURLs(text: String, expected: String) throws {
        #expect(try ProxyServer(text).description == expected)
    }

    @Test(arguments: [
        ("", "must be like"), (" ", "must be like"), ("http://", "must be like"), ("://proxy", "must be like"),
        ("ftp://proxy", "must be like"), ("https://proxy:443", "https://"), ("socks5://proxy:1080", "SOCKS"),
        ("socks5h://proxy", "SOCKS"), ("SOCKS://proxy", "SOCKS"), ("http://proxy:", "must be like"),
        ("http://proxy:0", "must be like"),
        ("http://proxy:65536", "must be like"), ("http://proxy:+80", "must be like"), ("http://proxy:8o", "must be like"),
        ("http://::1:80", "must be like"), ("http://[::1", "must be like"), ("http://[::g]:80", "must be like"),
        ("http://[proxy]:80", "must be like"), ("http://[::1]80", "must be like"), ("http://pro xy", "must be like"),
        ("http://prößy", "must be like"), ("http://.proxy", "must be like"), ("http://proxy\r\nX: y", "must be like"),
        ("http://user:SEC%RET@proxy", "%25"), ("http://user:SECRET%0D@proxy", "can't be sent"),
        ("http://user:SECRET%FF@proxy", "can't be sent"), ("http://us%3Aer:SECRET@proxy", "colon"),
        ("http://user:12/SECRET@proxy", "percent-encoded"), ("http://user:12#SECRET@proxy:80", "percent-encoded"),
        ("http://" + String(repeating: "a", count: 254), "must be like"),
        (String(repeating: "a", count: 1 << 20), "must be like"),
    ])
    func refusesOthersWithoutRepeatingThem(text: String, reason: String) throws {
        let error = #expect(throws: AuthenticationError.self) { try ProxyServer(text) }
        #expect(error?.code == .invalidConfiguration && error?.credential == "ProxyServer")
        #expect(error?.message.contains(reason) == true && "\(String(describing: error))".contains("SECRET") == false)
    }

    @Test func credentialsAreDecodedAndNeverShown() throws {
        let proxy = try ProxyServer("http://us%20er:SE%40CRET:%C3%BC%2f@proxy:81")
        #expect(proxy.credentials?.user.revealed == "us er" && proxy.credentials?.password.revealed == "SE@CRET:ü/")
        #expect(try ProxyServer("http://a@b@proxy").credentials?.user.revealed == "a@b")
        #expect(try ProxyServer("http://:SECRET@proxy").credentials?.user.revealed == "")
        #expect(try ProxyServer("http://proxy").credentials == nil && ProxyServer("http://@proxy").credentials == nil)
        var dumped = ""
        dump(NetworkOptions(proxy: proxy), to: &dumped)
        dump([proxy], to: &dumped)
        let plan = ProxyPlan(options: NetworkOptions(), environment: ["https_proxy": "http://us%20er:SE%40CRET@proxy:81"])
        dump(plan, to: &dumped)
        let texts = [dumped, "\(proxy)", String(reflecting: proxy), String(reflecting: NetworkOptions(proxy: proxy)), "\(plan)"]
        for text in texts { #expect(!text.contains("us er") && !text.contains("SE@CRET")) }
        #expect(dumped.contains("proxy") && dumped.contains("81"))
    }

    @Test func equalsAreThoseThatDoTheSame() throws {
        #expect(try ProxyServer("http://u:p@proxy:80") == ProxyServer("u:%70@PROXY"))
        #expect(try ProxyServer("http://u:p@proxy") != ProxyServer("http://u:q@proxy"))
        #expect(try ProxyServer("http://u:p@proxy") != ProxyServer("http://proxy"))
    }
}
