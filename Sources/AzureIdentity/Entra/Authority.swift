// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a credential's tokens come from, as its options and the variables say. Pure.
struct Authority: Sendable {
    /// The host, where no OpenID authority is given.
    let host: AuthorityHost
    /// The issuer that stands in for host and tenant.
    let openID: OpenIDAuthority?
    /// The cloud that scopes must not contradict, if it is known.
    let cloud: AzureCloud?
    /// The host that is asked whether ``host`` is an authority; `nil`: nobody is.
    let discoveryHost: AuthorityHost?
    /// The region whose token service is used.
    let region: RegionalAuthority?

    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if a variable can't be what it should be.
    init(options: CredentialOptions, tenantID: String = "", environment: EnvironmentVariables) throws {
        self.openID = options.openIDAuthority
        guard options.openIDAuthority == nil else {
            (self.host, self.cloud, self.discoveryHost, self.region) = (.publicCloud, nil, nil, nil)
            return
        }
        let explicit = options.authorityHost ?? options.cloud?.authorityHost
        let host = try explicit ?? environment["AZURE_AUTHORITY_HOST"].map(AuthorityHost.init) ?? .publicCloud
        self.host = host
        self.cloud = options.cloud ?? AzureCloud.known(authority: host.name)
        try Self.checkAgreement(of: options.cloud, host: host)
        if Self.isADFS(tenantID) {
            self.region = nil
        } else {
            self.region =
                try options.regionalAuthority ?? environment["AZURE_REGIONAL_AUTHORITY_NAME"].map(RegionalAuthority.init)
        }
        let isKnown = KnownAuthorities.clouds[host.name] != nil
        let isGiven = options.cloud?.authorityHost == host
        if isKnown || isGiven || !options.isInstanceDiscoveryEnabled {
            self.discoveryHost = nil
        } else {
            // An unknown host is asked about itself, unless the options name its cloud: discovery stays in the chosen cloud.
            self.discoveryHost = options.cloud?.authorityHost ?? host
        }
    }

    /// What tells two authorities apart, for keys: also what decides whether a request is made at all.
    var identity: [String] {
        let audiences = self.cloud.map { [$0.name] + $0.audiences.sorted() } ?? []
        return [
            self.openID?.issuer ?? "", self.openID?.configurationURL ?? "", self.host.description, self.region?.description ?? "",
            self.discoveryHost?.description ?? "", "\(audiences.count)",
        ] + audiences
    }

    /// The host as caches on disk name it: without its port.
    var environment: String {
        (self.openID.flatMap { URL(string: $0.issuer)?.host() } ?? self.host.name).lowercased()
    }

    /// ``environment``, and the other names of the same authority: other libraries may have used those.
    var environments: [String] {
        let name = self.environment
        guard let cloud = KnownAuthorities.clouds[name] else { return [name] }
        return [name] + KnownAuthorities.clouds.filter { $0.value == cloud && $0.key != name }.keys.sorted()
    }

    /// Throws if the host is a known one of another cloud than the given one.
    private static func checkAgreement(of cloud: AzureCloud?, host: AuthorityHost) throws {
        guard let cloud, let mine = KnownAuthorities.clouds[cloud.authorityHost.name],
            let other = KnownAuthorities.clouds[host.name],
            mine != other
        else { return }
        throw AuthenticationError(
            .invalidConfiguration,
            credential: "CredentialOptions",
            message: "The authority host \(host) belongs to \(other), the cloud to \(mine): set one of them, or both alike."
        )
    }

    /// What a sign-in asks for that is for nothing else: the resource manager of the authority's cloud.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` where nobody knows that one.
    func signInContext(credential: String) throws -> TokenRequestContext {
        if let resource = self.cloud?.resourceManager { return TokenRequestContext(scopes: [resource + "/.default"]) }
        throw AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: "\(credential): Signing in at \(self.environment) needs a request with scopes."
        )
    }

    /// The error for scopes that belong to another cloud; `nil` if none does, or nobody can tell.
    func mismatch(scopes: [String], credential: String) -> AuthenticationError? {
        self.cloud.flatMap {
            CloudResources.mismatch(scopes: scopes, cloud: $0, authorityHost: self.host, credential: credential)
        }
    }

    /// The token endpoint of a tenant; of the tenant `adfs`, that of AD FS.
    ///
    /// - Parameters:
    ///   - tenantID: The tenant.
    ///   - region: The region whose host is asked, if any; the audience stays the central one.
    /// - Returns: The endpoint, or `nil` if the tenant can't be part of a URL.
    func endpoint(tenantID: String, region: String?) -> TokenEndpoint? {
        guard TenantID.isValid(tenantID) else { return nil }
        let isADFS = Self.isADFS(tenantID)
        let path = isADFS ? "adfs/oauth2/token" : "\(tenantID)/oauth2/v2.0/token"
        let central = "\(self.host)/\(path)"
        let place = isADFS ? nil : region.flatMap { self.regional($0) }
        guard let url = URL(string: place.map { "\($0)/\(path)" } ?? central) else { return nil }
        var endpoint = TokenEndpoint(url: url, audience: central, isADFS: isADFS)
        // People sign in at the central host, whatever the region.
        endpoint.authorizationURL = URL(string: central.dropLast("token".count) + "authorize")
        endpoint.deviceAuthorizationURL = URL(string: central.dropLast("token".count) + "devicecode")
        return endpoint
    }

    /// Whether a tenant stands for AD FS, which has none.
    static func isADFS(_ tenantID: String) -> Bool { tenantID.lowercased() == "adfs" }

    /// The host of a region: before `login.microsoft.com` in the public cloud, before the host's own name elsewhere.
    private func regional(_ region: String) -> String? {
        guard RegionalAuthority.isRegion(region) else { return nil }
        if KnownAuthorities.publicHosts.contains(self.host.name) { return "https://\(region).login.microsoft.com" }
        return "https://\(region)." + self.host.description.dropFirst("https://".count)
    }
}

/// One tenant's token endpoint.
struct TokenEndpoint: Sendable, Hashable {
    /// Where requests go.
    let url: URL
    /// What assertions are made out to.
    let audience: String
    /// Whether it is AD FS, which knows older signatures only.
    let isADFS: Bool
    /// Where a person signs in by a browser, if the authority has such a place.
    var authorizationURL: URL?
    /// Where a device asks for a code, if the authority has such a place.
    var deviceAuthorizationURL: URL?
}
