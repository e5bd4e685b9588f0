// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AsyncHTTPClient
import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Says more of failures that the HTTP client tells too little of: which certificate was refused, what a proxy answered.
struct FailureExplanation: Sendable {
    private enum Question {
        case certificate(CertificateRefusal)
        case proxy(ProxyServer)
    }

    private let place: ExchangePlace

    init(_ place: ExchangePlace) { self.place = place }

    /// An error, with what a look at the server or proxy adds to it.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - limit: How long the look may take.
    /// - Returns: The error with a better message; the same if there is nothing to add.
    func explained(_ error: TransportError, within limit: Duration) async -> TransportError {
        guard let question = self.question(error) else { return error }
        let place = self.place
        let target = ConnectionProbe.Target(
            host: place.unbracketedHost, port: place.port, proxy: place.proxy, serverName: place.serverName)
        guard let finding = await ProbeDesk.finding(at: target, within: limit) else { return error }
        var result: TransportError? =
            switch (question, finding) {
            case (.certificate(let refusal), .certificate(let der)):
                Self.message(
                    refusal, der: der, host: place.certificateName, remedy: place.certificateRemedy, now: SystemClock().date
                ).map { TransportError(.tls, message: "TLS with \(place.nameInTLS) failed: \($0).") }
            case (.proxy(let proxy), _): Self.answer(finding, of: proxy, host: place.host)
            case (.certificate, _): nil
            }
        result?.underlyingError = error.underlyingError
        return result ?? error
    }

    /// A thumbprint that isn't the right one raises no question: the error has it all.
    private func question(_ error: TransportError) -> Question? {
        if error.kind == .tls, let refusal = error.underlyingError.flatMap(CertificateRefusal.init(within:)) {
            return .certificate(refusal)
        }
        guard let proxy = self.place.proxy, let failure = error.underlyingError as? HTTPClientError else { return nil }
        return failure == .invalidProxyResponse || failure == .remoteConnectionClosed ? .proxy(proxy) : nil
    }

    /// What to say of a refused certificate; `nil` if it can't be read. Pure.
    static func message(
        _ refusal: CertificateRefusal, der: [UInt8], host: String, remedy: String, now: Date
    ) -> String? {
        guard let certificate = try? CertificateSummary(der: der) else { return nil }
        func shown(_ text: String) -> String { HostileText.sanitized(text, limit: 80) }
        let subjectAndIssuer = "subject \(shown(certificate.subjectName)), issued by \(shown(certificate.issuerName))"
        let subject = "the server's certificate (\(subjectAndIssuer))"
        let clock = "this machine's clock says \(now.formatted(.iso8601))"
        switch refusal {
        case .wrongName:
            guard let names = try? CertificateNames(der: der).names else { return "\(subject) is not for \(host)" }
            let known = names.isEmpty ? "no name" : names.prefix(3).map { shown($0) }.joined(separator: ", ")
            return "\(subject) is for \(known)\(names.count > 3 ? " and \(names.count - 3) more" : ""), not for \(host)"
        case .untrusted where now > certificate.notAfter:
            return "\(subject) expired on \(certificate.notAfter.formatted(.iso8601)); \(clock)"
        case .untrusted where now < certificate.notBefore:
            return "\(subject) is not valid before \(certificate.notBefore.formatted(.iso8601)); \(clock)"
        case .untrusted: return "\(subject) is not trusted; \(remedy)"
        }
    }

    /// What to say of a proxy's answer. A certificate means that the proxy makes a tunnel after all, so the failure was passing. Pure.
    private static func answer(_ finding: ConnectionProbe.Finding, of proxy: ProxyServer, host: String) -> TransportError? {
        let start = "The proxy \(proxy.address) did not connect to \(host)"
        return switch finding {
        case .certificate: nil
        case .proxyStatus(let status):
            // 5xx may pass; any other status is the proxy's will.
            TransportError(status >= 500 ? .connection : .refused, message: "\(start): it answered with the status \(status).")
        case .proxyGarbage: TransportError(.invalidResponse, message: "\(start): it did not answer with HTTP.")
        case .proxySilence: TransportError(.connection, message: "\(start): it closed the connection without an answer.")
        }
    }
}
#endif
