// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
#if canImport(FoundationEssentials)
package import struct FoundationEssentials.URL
#else
package import struct Foundation.URL
#endif

extension ServerCertificate {
    /// Looks at the certificate that a server shows, by the way that requests to it take. The connection trusts nothing and carries no request.
    ///
    /// - Parameters:
    ///   - url: The server.
    ///   - network: The proxy.
    ///   - environment: The variables that stand in for what the options leave open.
    ///   - limit: How long it may take.
    /// - Returns: What the certificate says; `nil` if none was seen.
    package static func seen(
        at url: URL,
        network: NetworkOptions,
        environment: [String: String],
        within limit: Duration
    ) async -> ServerCertificate? {
        guard url.scheme?.lowercased() == "https", var host = url.host() else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let proxy: ProxyServer?
        do {
            proxy = try ProxyPlan(options: network, environment: environment).proxy(for: url)
        } catch {
            return nil
        }
        let target = ConnectionProbe.Target(host: host, port: url.port ?? 443, proxy: proxy, serverName: nil)
        guard case .certificate(let der)? = await ProbeDesk.finding(at: target, within: limit),
            let summary = try? CertificateSummary(der: der)
        else { return nil }
        return ServerCertificate(subject: summary.subjectName, issuer: summary.issuerName, notAfter: summary.notAfter)
    }
}
#endif
