// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a service asks for in the Bearer challenges of a 401. Pure; what can't be read, or can't be meant, is left out.
struct ServiceChallenge: Sendable, Hashable {
    /// The tenant and scope that the service wants a token of.
    struct Discovery: Sendable, Hashable {
        /// A name with dots in lower case; `nil` if the scope has none that can be read plainly.
        var domain: String?
        var scope: String
        /// `nil` if the service names none in particular.
        var tenantID: String?
    }

    /// The claims of a challenge with the error `insufficient_claims`, as JSON text.
    private(set) var claims: String?
    /// The claims of a challenge with any error, or none.
    private(set) var anyClaims: String?
    private(set) var discovery: Discovery?

    init(_ challenges: [AuthenticationChallenge]) {
        for challenge in challenges where challenge.isScheme("Bearer") {
            if let claims = challenge.parameters["claims"].flatMap(Self.decodedClaims) {
                let isInsufficient = challenge.parameters["error"]?.lowercased() == "insufficient_claims"
                if isInsufficient, self.claims == nil { self.claims = claims }
                if self.anyClaims == nil { self.anyClaims = claims }
            }
            if self.discovery == nil { self.discovery = Self.discovery(in: challenge.parameters) }
        }
    }

    private struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    /// The text of a JSON object, sent as base64, URL-safe or not, padded or not.
    static func decodedClaims(_ value: String) -> String? {
        guard !value.isEmpty, value.utf8.count <= AuthenticationChallenge.maximumLength,
            let bytes = Base64URL.decode(value), bytes.count <= TokenRequestContext.maximumClaimsLength,
            let text = String(validating: bytes, as: UTF8.self),
            (try? JSONDecoder().decode([String: Anything].self, from: Data(bytes))) != nil
        else { return nil }
        return text
    }

    private static func discovery(in parameters: [String: String]) -> Discovery? {
        guard let authority = parameters["authorization"] ?? parameters["authorization_uri"] else { return nil }
        let scope: String
        if let named = parameters["scope"], !named.isEmpty {
            scope = named
        } else if let resource = parameters["resource"], !resource.isEmpty {
            scope = resource + "/.default"
        } else {
            return nil
        }
        guard (try? TokenRequestContext(scopes: [scope]).validate(for: "")) != nil, let tenant = Self.tenant(of: authority) else {
            return nil
        }
        return Discovery(domain: Self.domain(of: scope), scope: scope, tenantID: tenant.id)
    }

    /// The names that stand for any tenant, or for another kind of service.
    private static let generalTenants: Set<String> = ["common", "organizations", "consumers", "adfs"]

    /// A tenant that an authority names; without an id for one that stands for many.
    private struct Tenant {
        var id: String?
    }

    /// The first part of an authority's path. The authority itself doesn't matter: which one is asked is the credential's own affair.
    private static func tenant(of authority: String) -> Tenant? {
        guard authority.utf8.count <= 2_048, authority.lowercased().hasPrefix("https://") else { return nil }
        let parts = authority.dropFirst("https://".utf8.count).prefix { $0 != "?" && $0 != "#" }
            .split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count > 1 else { return nil }
        let tenant = parts[1].lowercased()
        guard !tenant.isEmpty, tenant.utf8.count <= 256, tenant != ".", tenant != "..", tenant.utf8.allSatisfy(Self.isNameByte)
        else {
            return nil
        }
        return Tenant(id: Self.generalTenants.contains(tenant) ? nil : tenant)
    }

    /// The domain of a scope, by a reading that leaves no doubt: `https://`, labels of letters, digits and hyphens, at least two of them and the
    /// last one no number, then the end or a path. No user, no port, no dot at the end, nothing beyond ASCII.
    static func domain(of scope: String) -> String? {
        guard scope.utf8.count <= TokenRequestContext.maximumScopeLength, scope.lowercased().hasPrefix("https://") else {
            return nil
        }
        let host = scope.dropFirst("https://".utf8.count).prefix { $0 != "/" }.lowercased()
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, host.utf8.count <= 253, host.utf8.allSatisfy(Self.isNameByte),
            labels.allSatisfy({ !$0.isEmpty }),
            labels.last?.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == false
        else { return nil }
        return host
    }

    /// Whether a scope is for a domain's resource as a whole, which may be written with a slash at its end: `https://domain/.default` or
    /// `https://domain//.default`.
    static func isWholeResource(_ scope: String, of domain: String) -> Bool {
        ["https://\(domain)/.default", "https://\(domain)//.default"].contains(scope.lowercased())
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
