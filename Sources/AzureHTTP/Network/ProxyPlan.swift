// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.URL
#else
package import struct Foundation.URL
#endif

/// Which proxy a request takes: options and variables, read once. Pure.
///
/// Two plans are equal if and only if they send every request the same way.
package struct ProxyPlan: Sendable, Hashable {
    private enum Choice: Sendable, Hashable {
        case direct
        /// All https requests, those to loopback addresses too.
        case explicit(ProxyServer)
        /// https requests to other machines, but for the exceptions.
        case variable(ProxyServer, exceptions: NoProxyList)
        /// The same, but the variable can't be used.
        case unusable(variable: String, problem: ProxyURL.Problem, exceptions: NoProxyList)
    }

    /// The variables that name a proxy of https requests; the first that isn't empty counts. Lower case comes first, as with curl.
    /// `HTTP_PROXY` is none of them: only metadata services are reached over http, and in a CGI program a client can set it.
    private static let variables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    private static let exceptionVariables = ["no_proxy", "NO_PROXY"]

    private let choice: Choice

    /// No proxy for any request.
    package static let direct = ProxyPlan(choice: .direct)

    private init(choice: Choice) { self.choice = choice }

    /// Reads options and variables.
    ///
    /// - Parameters:
    ///   - options: The options.
    ///   - environment: The environment variables.
    package init(options: NetworkOptions, environment: [String: String]) {
        if let proxy = options.proxy {
            self.choice = .explicit(proxy)
        } else if options.usesEnvironmentProxies, let (name, value) = Self.first(of: Self.variables, in: environment) {
            self.choice = Self.choice(name: name, value: value, environment: environment)
        } else {
            self.choice = .direct
        }
    }

    /// The proxy of a request.
    ///
    /// - Parameter url: Where the request goes.
    /// - Returns: The proxy; `nil` if the request goes straight to its server.
    /// - Throws: ``TransportError`` of the kind `configuration` if a variable can't be used. It names the variable, not its value.
    package func proxy(for url: URL) throws(TransportError) -> ProxyServer? {
        guard self.choice != .direct, url.scheme?.lowercased() == "https", var host = url.host()?.lowercased() else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.hasSuffix(".") { host.removeLast() }
        let address = NetworkAddress(host)
        if address?.isLinkLocal ?? false { return nil }
        let isLoopback = address?.isLoopback ?? (host == "localhost" || host.hasSuffix(".localhost"))
        func isException(_ exceptions: NoProxyList) -> Bool {
            isLoopback || exceptions.contains(host: host, address: address, port: url.port ?? 443)
        }
        switch self.choice {
        case .direct: return nil
        case .explicit(let proxy): return proxy
        case .variable(let proxy, let exceptions): return isException(exceptions) ? nil : proxy
        case .unusable(let variable, let problem, let exceptions):
            if isException(exceptions) { return nil }
            throw TransportError(.configuration, message: "The variable \(variable) can't be used: \(problem.reason).")
        }
    }

    private static func choice(name: String, value: String, environment: [String: String]) -> Choice {
        var exceptions = NoProxyList.none
        if let (name, value) = Self.first(of: Self.exceptionVariables, in: environment) {
            guard let list = NoProxyList(value) else {
                let reason = "it has more than \(NoProxyList.maximumCount) hosts or \(NoProxyList.maximumLength) bytes"
                return .unusable(variable: name, problem: .init(reason: reason), exceptions: .none)
            }
            exceptions = list
        }
        do {
            return .variable(try ProxyURL.server(value), exceptions: exceptions)
        } catch let problem {
            return .unusable(variable: name, problem: problem, exceptions: exceptions)
        }
    }

    private static func first(of names: [String], in environment: [String: String]) -> (name: String, value: String)? {
        for name in names {
            if let value = environment[name], !HostileText.trimmed(value).isEmpty { return (name, value) }
        }
        return nil
    }
}
