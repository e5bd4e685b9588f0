// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a build service gives out identity tokens: the URL of a variable, with parameters added to it. Pure.
enum OIDCEndpoint {
    /// The URL to ask.
    ///
    /// - Parameters:
    ///   - text: The variable's value. Its query stays; slashes at the end of its path don't.
    ///   - variable: The variable, for the error.
    ///   - parameters: The parameters to add; their values may be anything.
    ///   - credential: The type name of the credential.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` unless it is an https URL, or an http URL of this machine.
    static func url(
        _ text: String,
        variable: String,
        parameters: [(name: String, value: String)],
        credential: String
    ) throws -> URL {
        let trimmed = HostileText.trimmed(text)
        var (base, query) = (trimmed[...], ""[...])
        if let mark = trimmed.firstIndex(of: "?") { (base, query) = (trimmed[..<mark], trimmed[trimmed.index(after: mark)...]) }
        while base.hasSuffix("/") { base.removeLast() }
        let added = parameters.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
        let separator = query.isEmpty || query.hasSuffix("&") ? "" : "&"
        guard trimmed.utf8.count <= 4096, trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !trimmed.contains("#"),
            let given = URL(string: String(base), encodingInvalidCharacters: false), given.user() == nil, given.password() == nil,
            let host = given.host(),
            !host.isEmpty, AuthorityHost.isValid(port: given.port, in: String(base)), Self.isAllowed(given.scheme, host: host),
            let url = URL(string: "\(base)?\(query)\(separator)\(added)", encodingInvalidCharacters: false)
        else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: """
                    \(credential): \(variable), "\(AuthorityHost.shown(String(base.prefix { $0 != "#" })))", can't be used: it must be an https URL without \
                    user, password and fragment.
                    """
            )
        }
        return url
    }

    /// A value as it can stand anywhere in a query: all but RFC 3986's unreserved characters percent-encoded.
    static func encoded(_ value: String) -> String {
        var result = ""
        for byte in value.utf8 {
            switch byte {
            case _ where TenantID.isLetterOrDigit(byte), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    private static func isAllowed(_ scheme: String?, host: String) -> Bool {
        switch scheme?.lowercased() {
        case "https": true
        case "http": Self.isLoopback(host.lowercased())
        default: false
        }
    }

    /// Whether a host is this machine: by name, or an address of 127.0.0.0/8 or ::1.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isShort = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        return isShort || ["localhost", "::1", "[::1]"].contains(host)
    }
}
