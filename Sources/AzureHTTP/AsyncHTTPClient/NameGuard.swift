// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureCredentials
import NIOCore
import NIOSSL

/// Which names a server's certificate may be for, on the connections of one client.
///
/// Of a server that is held to a thumbprint, no name is asked.
enum ServerNames: Sendable, Hashable {
    /// Servers that are given by an address, and connections without TLS: what the TLS library checked is right.
    case addresses
    /// Servers that are given by a name, with certificates for names alone.
    case namesAlone
    /// One server that is given by this name.
    case only(String)
}

/// A certificate for addresses, on a connection to a server that is given by a name: which of both it was found good for can't be told.
struct AmbiguousCertificate: Error {}

/// Holds certificates to the name that was asked for.
///
/// swift-nio-ssl 2.37 takes a certificate for the address of the peer for good, whatever name was asked for. Behind a proxy that is the
/// proxy's own address, so that a proxy with a certificate for it could pose as any server. Runs after the handshake, before a byte of the
/// request is sent.
enum NameGuard {
    /// Fails if the connection's certificate isn't for the names.
    static func check(_ channel: any Channel, names: ServerNames) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard names != .addresses else { return }
            guard let certificate = try channel.pipeline.syncOperations.nioSSL_peerCertificate(),
                let known = try? CertificateNames(der: try certificate.toDERBytes())
            else { throw TransportError(.tls, message: "TLS failed: the server's certificate can't be read.") }
            // Without an address in it, a name is all that it can have been found good for.
            guard known.hasAddresses else { return }
            guard case .only(let host) = names else { throw AmbiguousCertificate() }
            if known.domains.contains(where: { Self.isName($0, for: host) }) { return }
            let shown = known.names.prefix(3).map { HostileText.sanitized($0, limit: 80) }.joined(separator: ", ")
            throw TransportError(
                .tls,
                message: "TLS with \(host) failed: the server's certificate is for \(shown), not for \(host)."
            )
        }
    }

    /// Whether a name of a certificate is a host's: the same, or with an asterisk for the first label (RFC 6125, section 6.4). Pure.
    static func isName(_ name: String, for host: String) -> Bool {
        func labels(_ text: String) -> [Substring] {
            let text = text.hasSuffix(".") ? text.dropLast() : text[...]
            return text.lowercased().split(separator: ".", omittingEmptySubsequences: false).map { $0[...] }
        }
        let (wanted, given) = (labels(host), labels(name))
        guard wanted.count == given.count, let first = given.first, !wanted.contains("") else { return false }
        if first == "*" { return given.count >= 3 && wanted.dropFirst() == given.dropFirst() }
        return wanted == given
    }
}
#endif
