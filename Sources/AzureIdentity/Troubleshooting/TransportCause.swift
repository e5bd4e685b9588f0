// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Why an exchange came to no answer of the service, by the words for it: of this library, and of others. Pure. The rows of the guide have none for
/// these, so each is row G51 with a remedy of its own. In the order of how much they say: where several fit, the first one is meant.
enum TransportCause: Int, CaseIterable, Sendable {
    /// The proxy asks who this is (407).
    case proxyCredentials
    /// A certificate out of its time, or a clock that is wrong.
    case certificateTime
    /// A certificate by an authority that isn't trusted.
    case untrusted
    /// A variable that names a proxy can't be used.
    case proxyVariable
    /// The proxy can't be reached, or makes no tunnel.
    case proxy
    /// A host's name can't be resolved.
    case name
    /// A page came back in place of JSON.
    case page
    /// Nothing answers there.
    case unreachable

    /// The words, as ``GuideNeedles/normalized(_:)`` makes them, that are this whoever says them.
    var signs: [String] {
        switch self {
        case .proxyCredentials:
            [
                "wants credentials (407)", "accept the credentials in its url (407)", "proxy authentication required",
            ]
        case .certificateTime:
            [
                "; this machine's clock says", "certificate verify failed: certificate has expired", "cert_has_expired",
                "certificate verify failed: certificate is not yet valid", "cert_not_yet_valid",
                "certificate has expired or is not yet valid",
            ]
        case .untrusted:
            [
                ") is not trusted;", "the server's certificate is not trusted", "certificate_verify_failed",
                "certificate verify failed", "certificate signed by unknown authority", "unable_to_get_issuer_cert_locally",
                "unable to get local issuer certificate", "self_signed_cert_in_chain",
                "self-signed certificate in certificate chain",
                "self signed certificate in certificate chain", "pkix path building failed",
                "the remote certificate is invalid",
            ]
        case .proxyVariable: ["proxy ca not be used:"]
        case .proxy:
            [
                "by way of the proxy", "the proxy's name ca not be resolved", "cannot connect to proxy",
                "unable to connect to proxy",
                "proxyconnect tcp", "tunnel connection failed",
            ]
        case .name:
            [
                "the host's name ca not be resolved", "name or service not known", "temporary failure in name resolution",
                "nodename nor servname provided", "getaddrinfo failed", "getaddrinfo enotfound", "getaddrinfo eai_again",
                "failed to resolve '", "no such host",
            ]
        case .page:
            [
                "it looks like the page of a proxy or gateway", "unexpected token < in json", "unexpected token '<'",
                "invalid character '<' looking for beginning of value", "'<' is an invalid start of a value",
            ]
        case .unreachable: []
        }
    }

    /// The words that are this only in an error of this library's transport: elsewhere they may be about anything.
    private var ownSigns: [String] {
        switch self {
        case .proxy: ["the proxy ", "the http client's proxy "]
        case .unreachable:
            ["no connection to ", "no answer from ", "no response from ", "was not set up in time"]
        default: []
        }
    }

    /// What a transport's message says; `nil`: none of these.
    ///
    /// - Parameter message: The message of a `TransportError`, or an error's that was made of one.
    init?(message: String) {
        let text = String(decoding: GuideNeedles.normalized(message), as: UTF8.self)
        let found = Self.allCases.first { cause in (cause.signs + cause.ownSigns).contains { text.contains($0) } }
        guard let found else { return nil }
        self = found
    }

    /// The cause that has exactly these words among its signs.
    init?(sign: String) {
        guard let found = Self.allCases.first(where: { $0.signs.contains(sign) }) else { return nil }
        self = found
    }

    /// What to do about an error without a remedy of its own: that of its cause, else row G51's.
    static func remedy(message: String) -> AuthenticationError.Remedy {
        TransportCause(message: message)?.remedy ?? Guide.remedy(.g51)
    }

    /// What to do.
    var remedy: AuthenticationError.Remedy {
        var remedy = Guide.remedy(.g51)
        remedy.text = self.text
        remedy.commands = self == .certificateTime ? [["timedatectl"]] : []
        remedy.variables = self.variables
        remedy.link = "https://learn.microsoft.com/azure/azure-portal/azure-portal-safelist-urls"
        return remedy
    }

    private var text: String {
        switch self {
        case .proxyCredentials:
            """
            The proxy wants to know who you are: put user and password into its URL (HTTPS_PROXY), before the host and with special \
            characters percent-encoded. Hosts in NO_PROXY are reached without it.
            """
        case .certificateTime:
            """
            Look at the clock first (timedatectl), and set it right: a wrong one makes good certificates look expired, or not yet valid. If it is \
            right, whoever runs the server, or the proxy before it, has to renew the certificate.
            """
        case .untrusted:
            """
            Somebody on the way opens TLS, or the server's authority is private. If you know the issuer that the message names, put its \
            certificate into a PEM file together with the system's authorities, and name that file in SSL_CERT_FILE (in a program: \
            NetworkOptions.trustRoots; the Azure CLI and Python read REQUESTS_CA_BUNDLE). If you don't, trust it not, and ask whoever runs \
            the network.
            """
        case .proxyVariable:
            "Mend the variable that the message names, or unset it: a proxy's URL is http://host:port, with user and password before the host."
        case .proxy:
            """
            Check that HTTPS_PROXY (else ALL_PROXY) names the proxy by its right host and port, that it is running, and that it lets through \
            requests to the host in the message. If the host can be reached without it, add that host to NO_PROXY.
            """
        case .name:
            """
            Check the host's name in the message: a wrong one comes from AZURE_AUTHORITY_HOST. If it is right, this machine's DNS doesn't know \
            it. Where a proxy is the only way out, name it in HTTPS_PROXY.
            """
        case .page:
            """
            What answered is no token service: a proxy, a gateway, or a network's sign-in page. Open the address in a browser, or ask whoever runs \
            the network to let the host through; AZURE_AUTHORITY_HOST may also name the wrong host.
            """
        case .unreachable:
            """
            Check that this machine reaches the host in the message on its port: network, firewall, and DNS. Where a proxy is the only way out, \
            name it in HTTPS_PROXY.
            """
        }
    }

    private var variables: [String] {
        switch self {
        case .proxyCredentials, .proxy: ["HTTPS_PROXY", "NO_PROXY"]
        case .proxyVariable: ["HTTPS_PROXY", "ALL_PROXY"]
        case .certificateTime: []
        case .untrusted: ["SSL_CERT_FILE"]
        case .name, .page, .unreachable: ["HTTPS_PROXY", "AZURE_AUTHORITY_HOST"]
        }
    }
}
