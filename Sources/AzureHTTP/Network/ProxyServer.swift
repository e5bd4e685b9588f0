// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials

/// An HTTP proxy that is asked for a tunnel (`CONNECT`), with its credentials if it wants any.
///
/// User and password show in no description and no dump.
public struct ProxyServer: Sendable, Hashable {
    /// What the proxy is told of its user, by Basic authentication.
    package struct Credentials: Sendable, Hashable {
        package let user: Secret
        package let password: Secret
    }

    /// The proxy's name or address; one of IPv6 without brackets.
    public let host: String
    /// The proxy's port.
    public let port: Int
    package let credentials: Credentials?

    /// Creates a proxy from its URL: `http://proxy.example:8080`, or the same without `http://`.
    ///
    /// A user and a password may stand before the host, `http://user:password@proxy.example:8080`, with characters that mean something
    /// in a URL percent-encoded. Addresses of IPv6 stand in brackets. The port is 80 where none is given, as with the libraries for
    /// Python and Go (curl takes 1080). A path is ignored. Proxies that are reached over TLS (`https://`) and SOCKS proxies are not
    /// supported.
    ///
    /// - Parameter url: The URL.
    /// - Throws: `AuthenticationError` with the code `.invalidConfiguration` if it is no such URL.
    ///   The error doesn't repeat it.
    public init(_ url: String) throws {
        do {
            self = try ProxyURL.server(url)
        } catch let problem {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: "ProxyServer",
                message: "The proxy's URL can't be used: \(problem.reason)."
            )
        }
    }

    init(host: String, port: Int, credentials: Credentials?) {
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    /// Host and port, as they are shown.
    package var address: String { "\(self.host.contains(":") ? "[\(self.host)]" : self.host):\(self.port)" }
}

extension ProxyServer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL without user and password.
    public var description: String { "http://\(self.address)" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows host and port alone.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: ["host": self.host, "port": self.port] as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}

/// Reads proxies' URLs. Pure. What it says of a bad one doesn't repeat any of it.
enum ProxyURL {
    /// Why a URL can't be used: a part of a sentence, without the URL.
    struct Problem: Error, Hashable {
        let reason: String

        static let malformed = Problem(reason: "it must be like http://proxy.example:8080")
        static let secure = Problem(reason: "proxies that are reached by https:// are not supported; use http://")
        static let unencoded = Problem(reason: "a /, ? or # in its user or password must be percent-encoded")
        static let socks = Problem(reason: "SOCKS proxies are not supported; use an http:// proxy")
    }

    /// The longest URL that is read, in bytes.
    static let maximumLength = 4096

    static func server(_ text: String) throws(Problem) -> ProxyServer {
        let trimmed = HostileText.trimmed(text)
        guard !trimmed.isEmpty, trimmed.utf8.count <= Self.maximumLength else { throw .malformed }
        var rest = trimmed[...]
        if let mark = rest.firstRange(of: "://") {
            let scheme = rest[..<mark.lowerBound].lowercased()
            guard scheme == "http" else {
                throw scheme == "https" ? .secure : scheme.hasPrefix("socks") ? .socks : .malformed
            }
            rest = rest[mark.upperBound...]
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // Else a part of the password could be taken for the host.
        guard !rest[authority.endIndex...].contains("@") else { throw .unencoded }
        rest = authority
        var credentials: ProxyServer.Credentials?
        if let mark = rest.lastIndex(of: "@") {
            credentials = try Self.credentials(rest[..<mark])
            rest = rest[rest.index(after: mark)...]
        }
        guard let (host, port) = HostAndPort.split(rest), HostAndPort.isHost(host) else { throw .malformed }
        return ProxyServer(host: host.lowercased(), port: port ?? 80, credentials: credentials)
    }

    private static func credentials(_ text: Substring) throws(Problem) -> ProxyServer.Credentials? {
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let user = try Self.decoded(parts[0])
        let password = parts.count > 1 ? try Self.decoded(parts[1]) : ""
        // Basic authentication has no way to send a colon in the user's name.
        guard !user.contains(":") else { throw Problem(reason: "a user's name can't hold a colon") }
        return ProxyServer.Credentials(user: Secret(user), password: Secret(password))
    }

    private static func decoded(_ text: Substring) throws(Problem) -> String {
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(Self.digit), let low = iterator.next().flatMap(Self.digit) else {
                throw Problem(reason: "a % in its user or password must be written %25")
            }
            bytes.append(high << 4 | low)
        }
        guard let result = String(validating: bytes, as: UTF8.self), bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Problem(reason: "its user or password holds what can't be sent")
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
