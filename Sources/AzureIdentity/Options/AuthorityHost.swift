// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where Microsoft Entra ID of a cloud is reached: the authority without the tenant.
public struct AuthorityHost: Sendable, Hashable, CustomStringConvertible {
    /// The URL without a slash at the end, such as `https://login.microsoftonline.com`.
    public let description: String

    /// The public cloud: `login.microsoftonline.com`.
    public static let publicCloud = AuthorityHost(trusted: "https://login.microsoftonline.com")
    /// The cloud of the US government: `login.microsoftonline.us`.
    public static let usGovernment = AuthorityHost(trusted: "https://login.microsoftonline.us")
    /// The cloud in China, operated by 21Vianet: `login.chinacloudapi.cn`.
    public static let china = AuthorityHost(trusted: "https://login.chinacloudapi.cn")
    /// Bleu, the cloud in France: `login.sovcloud-identity.fr`.
    public static let bleu = AuthorityHost(trusted: "https://login.sovcloud-identity.fr")
    /// Delos, the cloud in Germany: `login.sovcloud-identity.de`.
    public static let delos = AuthorityHost(trusted: "https://login.sovcloud-identity.de")
    /// GovSG, the cloud of Singapore's government: `login.sovcloud-identity.sg`.
    public static let govSG = AuthorityHost(trusted: "https://login.sovcloud-identity.sg")

    private init(trusted: String) { self.description = trusted }

    /// Creates an authority host from a host name or an https URL; blanks around it and slashes at its end don't matter.
    ///
    /// - Parameter text: The host or URL.
    /// - Throws: ``AuthenticationError`` with the code ``AuthenticationError/Code-swift.struct/invalidConfiguration`` if it is no
    ///   https URL, or has a user, a query or a fragment.
    public init(_ text: String) throws {
        let trimmed = HostileText.trimmed(text)
        let candidate = trimmed.contains("://") ? trimmed : "https://" + trimmed
        guard candidate.utf8.count <= 300, candidate.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let url = URL(string: candidate), url.scheme?.lowercased() == "https",
            let host = url.host(), Self.isValid(host: host),
            url.user() == nil, url.password() == nil, url.query() == nil, url.fragment() == nil,
            Self.isValid(port: url.port, in: candidate), Self.isValid(path: url.path())
        else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: "AuthorityHost",
                message: """
                    "\(Self.shown(text))" is not a valid authority host: \
                    it must be a host name or an https URL, such as https://login.microsoftonline.com.
                    """
            )
        }
        let port = url.port.map { ":\($0)" } ?? ""
        let path = String(url.path().reversed().drop { $0 == "/" }.reversed())
        let bracketed = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        self.description = "https://\(bracketed.lowercased())\(port)\(path)"
    }

    /// A refused URL as an error may show it: without what may be a password, shortened.
    static func shown(_ text: String) -> String {
        // By scalars: with a combining mark behind it, the sign is another character.
        let scalars = text.unicodeScalars
        let rest = scalars.lastIndex(of: "@").map { "…@" + String(scalars[scalars.index(after: $0)...]) } ?? text
        return HostileText.sanitized(rest, limit: 100)
    }

    /// The host's own name, without scheme, port and path.
    var name: String { URL(string: self.description)?.host() ?? "" }

    private static func isValid(host: String) -> Bool {
        !host.isEmpty
            && host.utf8.allSatisfy { byte in
                TenantID.isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
            }
    }

    /// Whether there is no port, or a good one: a URL with an empty or an overflowing port has none to show.
    static func isValid(port: Int?, in text: String) -> Bool {
        if let port { return (1...65_535).contains(port) }
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let authority = rest.prefix { $0 != "/" }
        let end = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        return !authority[end...].contains(":")
    }

    private static func isValid(path: String) -> Bool {
        !path.contains("..")
            && path.utf8.allSatisfy { byte in
                TenantID.isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
            }
    }
}
