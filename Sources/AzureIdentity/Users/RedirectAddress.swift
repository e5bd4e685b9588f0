// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The address that the browser comes back to: the one that is registered for the application, or any free port of `localhost`. Pure.
struct RedirectAddress: Sendable, Hashable {
    /// As it was given, which is how it is sent; `nil`: `http://localhost:` and a free port.
    private let given: String?
    /// `nil`: any free one.
    let port: Int?
    /// The path that requests must have.
    let path: String

    /// A free port of `localhost`, which an application may use that has `http://localhost` registered.
    static let anyPort = RedirectAddress(given: nil, port: nil, path: "/")

    /// Where the listener is reached, in the order that hosts are mentioned in errors.
    static let hosts = ["localhost", "127.0.0.1", "[::1]"]

    private init(given: String?, port: Int?, path: String) {
        self.given = given
        self.port = port
        self.path = path
    }

    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if it is no address of this machine with a port.
    init(_ text: String, credential: String) throws {
        let scheme = "http://"
        func invalid(_ problem: String) -> AuthenticationError {
            AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message:
                    "The redirect URL \(problem); it must be like http://localhost:8400, with a port, and be registered for the application."
            )
        }
        guard text.utf8.count <= 1000, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            throw invalid("has characters that no URL has, or too many")
        }
        guard text.lowercased().hasPrefix(scheme) else {
            throw invalid("isn't http: browsers come back to a listener without TLS")
        }
        let rest = text.dropFirst(scheme.count)
        guard !rest.contains(where: { "?#@".contains($0) }) else { throw invalid("has a query, a fragment or a user") }
        let place = rest.prefix { $0 != "/" }.lowercased()
        guard let colon = place.lastIndex(of: ":"), !place.hasSuffix("]") else { throw invalid("has no port") }
        guard Self.hosts.contains(String(place[..<colon])) else { throw invalid("isn't localhost") }
        let digits = place[place.index(after: colon)...]
        guard digits.count <= 5, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits),
            (1...65_535).contains(port)
        else { throw invalid("has no port between 1 and 65535") }
        let path = rest.drop { $0 != "/" }
        self.init(given: text, port: port, path: path.isEmpty ? "/" : String(path))
    }

    /// The redirect URL as it is sent, for a listener at a port.
    func url(port: Int) -> String { self.given ?? "http://localhost:\(port)" }

    /// Another page of the same listener: at the same name, so that what can't be reached there couldn't be come back to either.
    func url(port: Int, path: String) -> URL? {
        let address = self.url(port: port)
        let scheme = "http://"
        return URL(string: scheme + address.dropFirst(scheme.count).prefix { $0 != "/" } + path)
    }
}
