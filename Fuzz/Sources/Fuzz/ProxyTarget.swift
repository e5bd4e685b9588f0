// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Proxy variables, `NAME=value` in a line; the name `url` is where requests go, and a line without a name is a proxy's URL.
enum ProxyTarget {
    private static let hosts = ["https://login.microsoftonline.com/", "https://10.1.2.3:8443/", "https://[fd00::1]/"]
    private static let direct = ["http://example.com/", "https://169.254.169.254/", "https://[fe80::1]/"]
    private static let loopback = ["https://localhost/", "https://a.localhost:1/", "https://127.9.9.9/", "https://[::1]/"]

    static func run(_ bytes: [UInt8]) async {
        // An input that holds the secret says it in places where it is no secret, such as a host.
        guard !Promises.containsSecret(bytes) else { return }
        var variables: [String: String] = [:]
        var urls = Self.hosts
        for line in lines(of: bytes) {
            let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if halves.count == 2, halves[0] == "url" {
                urls.append(halves[1])
            } else if halves.count == 2, halves[0].lowercased().hasSuffix("proxy") {
                variables[halves[0]] = halves[1]
            } else {
                Self.checkServer(line)
            }
        }
        for value in variables.values { Self.checkServer(value) }
        Self.check(variables, urls: urls)
        Self.check(variables.mapValues(Self.withSecret), urls: urls)
    }

    /// A proxy's URL with a user and the secret as its password.
    private static func withSecret(_ text: String) -> String {
        let mark = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        return "\(text[..<mark])user:\(Promises.secret)@\(text[mark...])"
    }

    /// What is accepted has a host and a port, shows no password, and is accepted again as it is shown.
    private static func checkServer(_ text: String) {
        for text in [text, Self.withSecret(text)] {
            let server: ProxyServer
            do {
                server = try ProxyServer(text)
            } catch {
                Promises.check(error)
                if (error as? AuthenticationError)?.code != .invalidConfiguration { Violation.report("a proxy's URL: \(error)") }
                continue
            }
            Self.check(server)
            if let again = try? ProxyServer(server.description), again.host == server.host, again.port == server.port { continue }
            Violation.report("\(text.debugDescription) is accepted as \(server.description.debugDescription), which isn't")
        }
    }

    private static func check(_ server: ProxyServer) {
        var dumped = ""
        dump(server, to: &dumped)
        for text in ["\(server)", String(reflecting: server)] { Promises.checkLine(text, "the proxy's description") }
        Promises.checkSecret(dumped, "the proxy's dump")
        let isPlain = server.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#@%\\\"[]".utf8.contains($0) }
        if server.host.isEmpty || server.host.utf8.count > 253 || !isPlain || !(1...65_535).contains(server.port) {
            Violation.report("the proxy \(server.host.debugDescription), port \(server.port)")
        }
        guard let credentials = server.credentials else { return }
        let text = credentials.user.revealed + credentials.password.revealed
        // A line break would end the header that carries them.
        if credentials.user.revealed.utf8.contains(UInt8(ascii: ":")) || text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            Violation.report("credentials that can't be sent: \(text.debugDescription)")
        }
    }

    private static func check(_ variables: [String: String], urls: [String]) {
        let plan = ProxyPlan(options: NetworkOptions(), environment: variables)
        if plan != ProxyPlan(options: NetworkOptions(), environment: variables) { Violation.report("two plans for \(variables)") }
        for text in urls {
            if let proxy = Self.proxy(of: plan, for: text) { Self.check(proxy) }
        }
        for text in Self.direct + Self.loopback where Self.proxy(of: plan, for: text) != nil {
            Violation.report("a proxy for \(text)")
        }

        let off = ProxyPlan(options: NetworkOptions(usesEnvironmentProxies: false), environment: variables)
        guard let proxy = try? ProxyServer("http://proxy.example:8080") else { Violation.report("a good proxy is refused") }
        let explicit = ProxyPlan(options: NetworkOptions(proxy: proxy), environment: variables)
        for text in Self.hosts + Self.loopback {
            if Self.proxy(of: off, for: text) != nil { Violation.report("a proxy for \(text) though there must be none") }
            if Self.proxy(of: explicit, for: text) != proxy { Violation.report("not the explicit proxy for \(text)") }
        }
        for text in Self.direct where Self.proxy(of: explicit, for: text) != nil {
            Violation.report("the explicit proxy for \(text)")
        }
    }

    private static func proxy(of plan: ProxyPlan, for text: String) -> ProxyServer? {
        guard let url = URL(string: text) else { return nil }
        do throws(TransportError) {
            return try plan.proxy(for: url)
        } catch {
            Promises.checkLine(error.message, "the transport's error")
            if error.kind != .configuration || error.isRetryable { Violation.report("a variable that can't be used is \(error)") }
            return nil
        }
    }
}
