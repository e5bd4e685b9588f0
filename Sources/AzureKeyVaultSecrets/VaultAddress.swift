// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a vault is, and the addresses of what it holds. Pure.
///
/// Every address it makes is on the vault's own host, whatever names and links say.
struct VaultAddress: Sendable {
    /// The longest link that is followed, in bytes.
    private static let linkLimit = 16 << 10

    /// https, a host, perhaps a port; no path and no query.
    private let base: URLComponents
    private let apiVersion: String

    init(_ url: URL, apiVersion: SecretClientOptions.APIVersion) throws(SecretClientError) {
        func refuse(_ reason: String) -> SecretClientError {
            .argument("The vault's address \(reason); one is https://<name>.vault.azure.net.")
        }
        guard var components = URLComponents(url: url, resolvingAgainstBaseURL: true), components.scheme?.lowercased() == "https"
        else { throw refuse("doesn't begin with https://") }
        guard let host = components.host, !host.isEmpty else { throw refuse("has no host") }
        guard components.user == nil, components.password == nil else { throw refuse("has a user or a password") }
        guard ["", "/"].contains(components.percentEncodedPath), components.query == nil, components.fragment == nil else {
            throw refuse("has more than a host")
        }
        guard !apiVersion.rawValue.isEmpty, apiVersion.rawValue.utf8.allSatisfy(Self.isVersionByte) else {
            throw .argument("The API version isn't one.")
        }
        components.percentEncodedPath = ""
        self.base = components
        self.apiVersion = apiVersion.rawValue
    }

    /// The vault's name, if its host begins with one.
    var vaultName: String? {
        guard let host = self.base.host, let dot = host.firstIndex(of: ".") else { return nil }
        let name = String(host[..<dot])
        return Self.isName(name) && name.utf8.contains { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? name : nil
    }

    /// An address in the vault.
    ///
    /// - Parameters:
    ///   - path: Parts of the path, of which none needs to be encoded.
    ///   - pageSize: The size of a page of a list.
    func url(_ path: [String], pageSize: Int? = nil) throws(SecretClientError) -> URL {
        let size = pageSize.map { "&maxresults=\($0)" } ?? ""
        return try self.url(path: "/" + path.joined(separator: "/"), query: "api-version=\(self.apiVersion)\(size)")
    }

    /// The address of the next page of a list. Only the query of the link counts: it has to lead to the same list of the same vault.
    func url(following link: String, of path: [String]) throws(SecretClientError) -> URL {
        func refuse(_ reason: String) -> SecretClientError {
            SecretClientError(.foreignLink, message: "The list goes on \(reason); the link wasn't followed.")
        }
        guard link.utf8.count <= Self.linkLimit, let found = URLComponents(string: link) else {
            throw .response("The link to the next page of the list isn't one.")
        }
        guard found.scheme?.lowercased() == "https", found.user == nil, found.password == nil,
            found.host?.lowercased() == self.base.host?.lowercased(), (found.port ?? 443) == (self.base.port ?? 443)
        else { throw refuse("at another place than the vault") }
        let expected = "/" + path.joined(separator: "/")
        var foundPath = found.percentEncodedPath[...]
        while foundPath.hasPrefix("//") { foundPath.removeFirst() }
        guard foundPath.lowercased() == expected.lowercased() else { throw refuse("at another list") }
        let rest = (found.percentEncodedQuery ?? "").split(separator: "&").filter { !$0.lowercased().hasPrefix("api-version=") }
        return try self.url(path: expected, query: (["api-version=\(self.apiVersion)"] + rest).joined(separator: "&"))
    }

    private func url(path: String, query: String) throws(SecretClientError) -> URL {
        var components = self.base
        components.percentEncodedPath = path
        components.percentEncodedQuery = query
        guard let url = components.url else { throw .argument("The vault's address can't be used.") }
        return url
    }

    // MARK: Names

    /// Whether a text may be the name of a secret: 1 to 127 letters, digits and hyphens.
    static func isName(_ text: String) -> Bool {
        (1...127).contains(text.utf8.count) && text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || Self.isAlphanumeric($0) }
    }

    static func checkName(_ name: String) throws(SecretClientError) {
        guard Self.isName(name) else {
            throw .argument("The name of a secret is 1 to 127 letters, digits and hyphens, of ASCII; this one isn't.")
        }
    }

    /// Versions are 32 hexadecimal digits; any letters and digits will do, so that a new form needs no new client.
    static func isVersion(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(Self.isAlphanumeric)
    }

    static func checkVersion(_ version: String?) throws(SecretClientError) {
        guard let version else { return }
        guard Self.isVersion(version) else { throw .argument("The version of a secret is letters and digits; this one isn't.") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    private static func isVersionByte(_ byte: UInt8) -> Bool {
        Self.isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
}
