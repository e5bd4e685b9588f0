// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An issuer of tokens that is reached by OpenID Connect discovery instead of a host and a tenant: Microsoft Entra External ID
/// (`ciamlogin.com`), Azure AD B2C (`b2clogin.com`), or any other.
///
/// Such an authority is never guessed from a host's name; it has to be given. Its configuration document is fetched before the first
/// token, and used only if the `issuer` in it is exactly the expected one and its token endpoint is an https URL (OpenID Connect Discovery
/// 1.0, section 4.3).
///
/// ```swift
/// var options = CredentialOptions()
/// options.openIDAuthority = try OpenIDAuthority(issuer: "https://<tenant-id>.ciamlogin.com/<tenant-id>/v2.0")
/// ```
public struct OpenIDAuthority: Sendable, Hashable, CustomStringConvertible {
    /// The issuer, exactly as the configuration document names it.
    public let issuer: String
    /// Where the configuration document is.
    public let configurationURL: String

    /// Creates an authority.
    ///
    /// - Parameters:
    ///   - issuer: The issuer, exactly as the configuration document names it: an https URL.
    ///   - configurationURL: Where the configuration document is; `nil`: the issuer with `/.well-known/openid-configuration` behind it. B2C's
    ///     differs: `https://contoso.b2clogin.com/contoso.onmicrosoft.com/<policy>/v2.0/.well-known/openid-configuration`.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` unless both are https URLs without user and fragment, the issuer
    ///   without a query too.
    public init(issuer: String, configurationURL: String? = nil) throws {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let document = configurationURL ?? base + "/.well-known/openid-configuration"
        guard Self.isPlainHTTPS(issuer) else { throw Self.invalid(issuer, "without user, query and fragment") }
        guard Self.isHTTPS(document) else { throw Self.invalid(document, "without user and fragment") }
        self.issuer = issuer
        self.configurationURL = document
    }

    /// The issuer.
    public var description: String { self.issuer }

    /// Whether a text is an https URL with nothing in it but host, port and path.
    static func isPlainHTTPS(_ text: String) -> Bool { Self.isHTTPS(text) && !text.utf8.contains(UInt8(ascii: "?")) }

    /// Whether a text is an https URL without user and fragment. A query may be part of an endpoint (RFC 6749, section 3.2).
    static func isHTTPS(_ text: String) -> Bool {
        guard text.utf8.count <= 500, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = URL(string: text),
            url.scheme?.lowercased() == "https", url.host()?.isEmpty == false, AuthorityHost.isValid(port: url.port, in: text)
        else { return false }
        return url.user() == nil && url.password() == nil && url.fragment() == nil
    }

    private static func invalid(_ text: String, _ rule: String) -> AuthenticationError {
        AuthenticationError(
            .invalidConfiguration,
            credential: "OpenIDAuthority",
            message: """
                "\(AuthorityHost.shown(text))" can't be an issuer or its configuration document: it must be an https URL \(rule).
                """
        )
    }
}
