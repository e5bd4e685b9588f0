// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.URL
#else
package import struct Foundation.URL
#endif

/// Decides which parts of an exchange a log may show. Pure.
package struct LogRedaction: Sendable {
    /// The value shown in place of one that may not be.
    package static let mark = "REDACTED"

    /// The headers whose values are shown; the list of azure-core 1.41.0.
    private static let headers: Set<String> = [
        "x-ms-request-id", "x-ms-client-request-id", "x-ms-return-client-request-id", "x-ms-error-code", "traceparent",
        "accept", "cache-control", "connection", "content-length", "content-type", "date", "etag", "expires",
        "if-match", "if-modified-since", "if-none-match", "if-unmodified-since", "last-modified", "pragma",
        "request-id", "retry-after", "server", "transfer-encoding", "user-agent", "www-authenticate",
        "x-vss-e2eid", "x-msedge-ref", "client-request-id", "retry-after-ms", "x-ms-retry-after-ms",
    ]

    /// Headers and query parameters that say who the user is: an allow-list alone doesn't show them.
    private static let accountNames: Set<String> = [
        "x-anchormailbox", "login_hint", "logout_hint", "username", "user_name", "upn", "user", "domain_hint", "sid",
        "client_info",
    ]

    private let options: LoggingOptions
    private let allowedHeaders: Set<String>
    private let allowedParameters: Set<String>
    private let secrets: [String]

    /// - Parameters:
    ///   - options: The options, for the allow-lists.
    ///   - secrets: What was sent and must not be shown, should a server send it back.
    package init(options: LoggingOptions, secrets: [String]) {
        self.options = options
        self.secrets = secrets
        let hidden = options.isAccountIdentifierLoggingEnabled ? [] : Self.accountNames
        self.allowedHeaders = Self.headers.union(options.additionalAllowedHeaders.map { $0.lowercased() }).subtracting(hidden)
        self.allowedParameters = Set(options.additionalAllowedQueryParameters.map { $0.lowercased() }).union(["api-version"])
            .subtracting(hidden)
    }

    /// The headers on one line, those that aren't allowed redacted.
    package func rendered(_ headers: TransportHeaders) -> String {
        headers.fields.map { field in
            let isAllowed = self.allowedHeaders.contains(field.name.lowercased())
            let value = isAllowed ? self.rendered(field.value, limit: 300) : Self.mark
            return "\(HostileText.sanitized(field.name, removing: self.secrets, limit: 100)): \(value)"
        }.joined(separator: ", ")
    }

    /// A text, such as an error's message or a header's value, as the log may show it.
    package func rendered(_ text: String, limit: Int = HostileText.defaultLimit) -> String {
        self.options.shown(HostileText.sanitized(text, removing: self.secrets, limit: limit))
    }

    /// The headers that may be attached to an error, with lower-case names.
    package func allowed(_ headers: TransportHeaders) -> [String: String] {
        var result: [String: String] = [:]
        for field in headers.fields where self.allowedHeaders.contains(field.name.lowercased()) {
            result[field.name.lowercased()] = HostileText.sanitized(field.value, removing: self.secrets, limit: 300)
        }
        return result
    }

    /// The URL without user, password and fragment, the values of query parameters that aren't allowed redacted, and what has no name.
    package func rendered(_ url: URL) -> String {
        let port = url.port.map { ":\($0)" } ?? ""
        var text = "\(url.scheme ?? "")://\(url.host() ?? "")\(port)\(self.path(of: url))"
        if let query = url.query() {
            text += "?" + query.split(separator: "&").map { self.rendered(parameter: $0) }.joined(separator: "&")
        }
        return self.rendered(text, limit: 1000)
    }

    /// The path, in which a question for a user's realm has the user's name.
    private func path(of url: URL) -> String {
        let path = url.path()
        guard !self.options.isAccountIdentifierLoggingEnabled else { return path }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if let place = parts.firstIndex(where: { $0.lowercased() == "userrealm" }), place + 1 < parts.count {
            parts.replaceSubrange((place + 1)..., with: [Substring(AccountText.mark)])
        }
        return parts.joined(separator: "/")
    }

    /// A part without a name may be anything, a signature too. A semicolon separates parameters for some servers, so what follows one
    /// isn't the allowed parameter's any more.
    private func rendered(parameter: Substring) -> String {
        guard let separator = parameter.firstIndex(of: "=") else { return Self.mark }
        let name = parameter[..<separator]
        guard !name.contains(";") else { return Self.mark }
        guard self.allowedParameters.contains(name.lowercased()) else { return "\(name)=\(Self.mark)" }
        guard let semicolon = parameter.firstIndex(of: ";") else { return String(parameter) }
        return "\(parameter[..<semicolon]);\(Self.mark)"
    }
}
