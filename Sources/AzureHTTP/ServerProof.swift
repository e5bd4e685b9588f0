// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a server has to prove before a request is sent to it, instead of what TLS asks of every server.
package enum ServerProof: Sendable, Hashable {
    /// The leaf certificate has this SHA-1 thumbprint (40 lower-case hexadecimal digits), whatever else it says: expired, self-signed, for
    /// another name. Checked before any byte of the request is sent.
    case thumbprint(String)
    /// TLS with this server name (SNI, and what the certificate must be for; `nil`: the URL's host), trusting these PEM authorities alone
    /// (`nil`: the transport's). The connection goes to the URL's host and port; the `Host` header stays the URL's.
    case named(serverName: String?, authoritiesPEM: [UInt8]?)

    /// The most bytes that authorities in PEM may have.
    package static let largestAuthorities = 1 << 20
}

/// A transport that honours ``TransportRequest/serverProof``, or refuses the request. No other gets such a request.
package protocol ServerProvingTransport: HTTPTransport {
    /// Whether it does. For a transport that stands before another: whether that one does.
    var canProveServers: Bool { get }
}

extension ServerProvingTransport {
    package var canProveServers: Bool { true }
}

extension TransportRequest {
    /// Fails if the request wants a proof that can't be had: over plain http, or one that is none. Pure.
    ///
    /// - Throws: ``TransportError`` of the kind `refused` or `configuration`.
    package func checkServerProof() throws(TransportError) {
        guard let proof = self.serverProof else { return }
        guard self.url.scheme?.lowercased() == "https" else {
            throw TransportError(.refused, message: "A server proves itself over https alone; the URL is another one's.")
        }
        switch proof {
        case .thumbprint(let thumbprint):
            guard thumbprint.utf8.count == 40, thumbprint.utf8.allSatisfy(Self.isHexadecimal) else {
                throw TransportError(.configuration, message: "The server's thumbprint is none: it has 40 hexadecimal digits.")
            }
        case .named(let serverName, let authorities):
            if let serverName, !HostAndPort.isHost(serverName) || NetworkAddress(serverName) != nil {
                throw TransportError(
                    .configuration, message: "The server's name, \(HostileText.sanitized(serverName, limit: 80)), is none.")
            }
            guard authorities.map({ $0.count <= ServerProof.largestAuthorities }) ?? true else {
                throw TransportError(
                    .configuration, message: "The server's authorities are larger than \(ServerProof.largestAuthorities) bytes.")
            }
        }
    }

    /// Fails if the request wants a proof and the transport wouldn't ask for it.
    func checkServerProof(over transport: any HTTPTransport) throws(TransportError) {
        guard self.serverProof != nil else { return }
        try self.checkServerProof()
        guard let transport = transport as? any ServerProvingTransport, transport.canProveServers else {
            throw TransportError(
                .configuration,
                message: "This request's server has to prove itself by its certificate, which this transport can't check; "
                    + "use AsyncHTTPClientTransport."
            )
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
