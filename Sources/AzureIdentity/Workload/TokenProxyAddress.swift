// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the token proxy of an AKS cluster is, and which URL a request to Microsoft Entra ID has there. Pure.
struct TokenProxyAddress: Sendable, Hashable {
    /// The variable that holds it.
    static let variable = "AZURE_KUBERNETES_TOKEN_PROXY"

    /// The host in lower case, with brackets around an address of IPv6.
    private let host: String
    private let port: Int?
    /// Begins with a slash and doesn't end with one, or is empty.
    private let path: String

    /// - Parameters:
    ///   - text: An https URL without user, password, query and fragment.
    ///   - credential: The type name of the credential.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` that never shows what may be a password.
    init(_ text: String, credential: String) throws {
        let trimmed = HostileText.trimmed(text)
        let shown = Self.shown(trimmed)
        func invalid(_ problem: String) -> AuthenticationError {
            AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: "\(credential): \(Self.variable), \"\(shown)\", \(problem)."
            )
        }
        guard trimmed.utf8.count <= 2048, trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let url = URL(string: trimmed, encodingInvalidCharacters: false)
        else {
            throw invalid("is no URL")
        }
        guard let scheme = url.scheme?.lowercased(), scheme == "https" else {
            throw invalid("must use the https scheme")
        }
        guard !Self.hasUser(trimmed), url.user() == nil, url.password() == nil else {
            throw invalid("must not contain a user name or password")
        }
        guard url.fragment() == nil else { throw invalid("must not contain a fragment") }
        guard url.query() == nil else { throw invalid("must not contain query parameters") }
        guard let host = url.host(), !host.isEmpty, AuthorityHost.isValid(port: url.port, in: trimmed) else {
            throw invalid("must name a host, and a port from 1 to 65535 if any")
        }
        self.host = Self.normalized(host)
        self.port = url.port.flatMap { $0 == 443 ? nil : $0 }
        var path = url.path(percentEncoded: true)[...]
        while path.hasSuffix("/") { path.removeLast() }
        self.path = String(path)
    }

    /// What tells two proxies apart.
    var identity: String { "https://\(self.host)\(self.port.map { ":\($0)" } ?? "")\(self.path)" }

    /// The URL of a request at the proxy: the proxy's scheme, host and port, its path before the request's, the request's query. One that
    /// leads there already stays as it is.
    func rewritten(_ url: URL) -> URL? {
        let path = url.path(percentEncoded: true)
        if self.isOrigin(of: url), path == self.path || path.hasPrefix(self.path + "/") { return url }
        let query = url.query(percentEncoded: true).map { "?\($0)" } ?? ""
        return URL(string: "\(self.identity)/\(path.drop { $0 == "/" })\(query)")
    }

    private func isOrigin(of url: URL) -> Bool {
        url.scheme?.lowercased() == "https" && url.host().map(Self.normalized) == self.host
            && (url.port ?? 443) == (self.port ?? 443)
    }

    private static func normalized(_ host: String) -> String {
        let isBare = host.contains(":") && !host.hasPrefix("[")
        return (isBare ? "[\(host)]" : host).lowercased()
    }

    /// Whether there is a user's name or password, an empty one too.
    private static func hasUser(_ text: String) -> Bool {
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        return rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }.contains("@")
    }

    /// The URL as an error may show it: without what may be a password, without query and fragment.
    private static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let rest = scalars.lastIndex(of: "@").map { "…@" + String(scalars[scalars.index(after: $0)...]) } ?? text
        return HostileText.sanitized(String(rest.unicodeScalars.prefix { $0 != "?" && $0 != "#" }), limit: 100)
    }
}
