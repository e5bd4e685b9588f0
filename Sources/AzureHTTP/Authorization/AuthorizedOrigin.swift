// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The host and port that a token may be sent to. Pure; there is none for an URL that no token may be sent to.
struct AuthorizedOrigin: Sendable, Hashable {
    /// In lower case, without the dot that may end it. ASCII.
    let host: String
    let port: Int

    /// The longest name of a host.
    private static let maximumLength = 253

    /// - Throws: ``TransportError`` for an URL that isn't https, that has a user or password in it, or no host that can be read plainly.
    init(_ url: URL) throws {
        guard url.scheme?.lowercased() == "https" else {
            throw Self.refusal("Tokens are sent over https alone, and this URL isn't https. No token was asked for.")
        }
        guard url.user() == nil, url.password() == nil else {
            throw Self.refusal("The URL has a user or password in it, which may hide where it leads. No token was asked for.")
        }
        var host = Substring((url.host() ?? "").lowercased())
        if host.hasSuffix(".") { host = host.dropLast() }
        let isPlain = host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "@") }
        guard !host.isEmpty, !host.hasSuffix("."), host.utf8.count <= Self.maximumLength, isPlain else {
            throw Self.refusal("The URL has no host that a token could be sent to. No token was asked for.")
        }
        let port = url.port ?? 443
        guard (1...65_535).contains(port) else { throw Self.refusal("The URL's port is none. No token was asked for.") }
        self.host = String(host)
        self.port = port
    }

    /// Whether the host is in a domain: below it, not the domain itself. Never for an address.
    func isBelow(_ domain: String) -> Bool {
        NetworkAddress(self.host) == nil && !domain.isEmpty && self.host.hasSuffix("." + domain)
    }

    private static func refusal(_ message: String) -> TransportError { TransportError(.refused, message: message) }
}
