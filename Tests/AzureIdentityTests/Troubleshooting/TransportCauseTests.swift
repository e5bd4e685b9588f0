// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// Failures of the network, of proxies and of TLS: no row is about them, and each has a remedy.
@Suite struct TransportCauseTests {
    @Test(
        arguments: [
            ("The proxy http://p:3128 wants credentials (407): put user and password into its URL.", .proxyCredentials),
            ("The proxy http://p:3128 doesn't accept the credentials in its URL (407).", .proxyCredentials),
            ("No connection to h by way of the proxy http://p:1: the connection was refused", .proxy),
            ("No connection to h by way of the proxy http://p:1: the proxy's name can't be resolved", .proxy),
            ("The proxy http://p:1 did not connect to h: it answered with the status 403.", .proxy),
            ("The variable HTTPS_PROXY can't be used: it has no host.", .proxyVariable),
            ("TLS with h failed: the server's certificate (subject CN=a, issued by CN=b) is not trusted; if its", .untrusted),
            (
                "TLS with h by way of the proxy http://p:1 failed: the server's certificate is not trusted; if its authority",
                .untrusted
            ),
            (
                "TLS with h failed: the server's certificate (subject CN=a) expired on x; this machine's clock says y",
                .certificateTime
            ),
            (
                "TLS with h failed: the certificate is not valid before x; this machine's clock says y.", .certificateTime
            ),
            ("No connection to h: the host's name can't be resolved", .name),
            (
                "Unexpected response from the token service: status 200, text/html. It looks like the page of a proxy or gateway.",
                .page
            ),
            ("No connection to h: the connection was refused", .unreachable), ("No response from h within 4 s.", .unreachable),
            ("something odd", nil), ("", nil),
        ] as [(String, TransportCause?)])
    func wordsOfThisLibrary(message: String, cause: TransportCause?) {
        #expect(TransportCause(message: message) == cause)
        #expect(TransportCause.remedy(message: message).guide == "G51")
    }

    @Test(arguments: TransportCause.allCases) func everyCauseHasARemedy(cause: TransportCause) {
        let remedy = cause.remedy
        #expect(remedy.guide == "G51" && !remedy.text.isEmpty && !remedy.text.contains("\n") && remedy.link != nil)
        #expect(remedy.text != Guide.remedy(.g51).text && !remedy.commands.contains(["azid", "doctor", "--json"]))
        #expect(AccountText.redacted(remedy.text) == remedy.text)
        for sign in cause.signs { #expect(TransportCause(sign: sign) == cause) }
    }

    /// As Python, Go, .NET, Java and JavaScript say it.
    @Test(
        arguments: [
            (
                "(Caused by ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required')))",
                .proxyCredentials
            ),
            ("ProxyError('Unable to connect to proxy', NewConnectionError('[Errno 111] Connection refused'))", .proxy),
            ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate", .untrusted),
            ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired", .certificateTime),
            ("x509: certificate signed by unknown authority", .untrusted),
            ("x509: certificate has expired or is not yet valid", .certificateTime),
            ("PKIX path building failed: unable to find valid certification path", .untrusted),
            ("[Errno -2] Name or service not known", .name), ("getaddrinfo ENOTFOUND login.microsoftonline.com", .name),
            ("dial tcp: lookup login.microsoftonline.com: no such host", .name),
            ("SyntaxError: Unexpected token '<', \"<html>\" is not valid JSON", .page),
        ] as [(String, TransportCause)])
    func wordsOfOthers(text: String, cause: TransportCause) throws {
        let found = TroubleshootingGuide.explain(text)
        let first = try #require(found.first)
        #expect(found.count == 1 && first.entry.id == "G51" && first.certainty == .recognised, "\(found)")
        #expect(first.remedy == cause.remedy)
    }

    @Test func whatAnotherRowIsAboutComesFirst() {
        let rows = TroubleshootingGuide.explain("AADSTS7000215 after [Errno -2] Name or service not known").map(\.entry.id)
        #expect(rows == ["G09", "G51"])
    }
}
