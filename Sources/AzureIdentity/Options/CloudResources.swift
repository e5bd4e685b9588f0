// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Says which cloud a resource belongs to, where its name tells. Pure.
///
/// Sovereign clouds have domains of their own. Of the public cloud, only resources with a counterpart elsewhere are listed: many others,
/// such as `https://storage.azure.com` or `https://servicebus.azure.net`, are the same in all clouds.
enum CloudResources {
    private static let domains: [(suffix: String, cloud: String)] = [
        ("usgovcloudapi.net", "AzureUSGovernment"), ("azure.us", "AzureUSGovernment"), ("microsoft.us", "AzureUSGovernment"),
        ("chinacloudapi.cn", "AzureChinaCloud"), ("azure.cn", "AzureChinaCloud"),
        ("sovcloud-api.fr", "AzureBleuCloud"), ("sovcloud-api.de", "AzureDelosCloud"), ("sovcloud-api.sg", "AzureGovSGCloud"),
    ]

    /// One service a row.
    private static let counterparts: [[String: String]] = [
        Self.row("management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"),
        Self.row("management.core.windows.net", "management.core.usgovcloudapi.net", "management.core.chinacloudapi.cn"),
        Self.row("vault.azure.net", "vault.usgovcloudapi.net", "vault.azure.cn"),
        Self.row("managedhsm.azure.net", "managedhsm.usgovcloudapi.net", "managedhsm.azure.cn"),
        Self.row("graph.microsoft.com", "graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"),
        Self.row("database.windows.net", "database.usgovcloudapi.net", "database.chinacloudapi.cn"),
        Self.row("search.azure.com", "search.azure.us", "search.azure.cn"),
        Self.row("azconfig.io", "azconfig.azure.us", "azconfig.azure.cn"),
    ]

    private static func row(_ publicCloud: String, _ government: String, _ china: String) -> [String: String] {
        ["AzureCloud": publicCloud, "AzureUSGovernment": government, "AzureChinaCloud": china]
    }

    /// The error for a scope that belongs to another cloud than the credential; `nil` if none does, or nobody can tell.
    ///
    /// - Parameters:
    ///   - scopes: The scopes of a request.
    ///   - cloud: The credential's cloud.
    ///   - authorityHost: The credential's authority host. Which cloud it belongs to counts, whatever the cloud is called; a cloud with an
    ///     unknown host that names no audiences gives tokens for everything.
    ///   - credential: The name of the credential.
    static func mismatch(
        scopes: [String],
        cloud: AzureCloud,
        authorityHost: AuthorityHost,
        credential: String
    ) -> AuthenticationError? {
        let known = KnownAuthorities.clouds[authorityHost.name]
        guard known != nil || !cloud.audiences.isEmpty else { return nil }
        let name = known ?? cloud.name
        let own = (cloud.audiences + [cloud.resourceManager].compactMap(\.self)).compactMap { Self.host(of: $0) }
        for scope in scopes {
            guard let host = Self.host(of: scope), let owner = Self.owner(of: host, for: name), owner != name, !own.contains(host)
            else { continue }
            let counterpart = Self.counterparts.first { $0.values.contains(host) }?[name]
            let advice = counterpart.map { " Ask for https://\($0)/.default, or" } ?? " Ask for a resource of this cloud, or"
            return AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: """
                    The scope "\(HostileText.sanitized(scope, limit: 200))" belongs to another cloud (\(owner)) than the credential's \
                    authority \(authorityHost) (\(HostileText.sanitized(name, limit: 60))).\(advice) set the authority \
                    host (AZURE_AUTHORITY_HOST) of the other one.
                    """
            )
        }
        return nil
    }

    /// The clouds that have names of their own for the services of the table; of the partners' clouds nobody knows.
    private static func hasCounterparts(_ cloud: String) -> Bool {
        !["AzureBleuCloud", "AzureDelosCloud", "AzureGovSGCloud", "AzureGermanCloud"].contains(cloud)
    }

    private static func owner(of host: String, for cloud: String) -> String? {
        let domain = Self.domains.first { host == $0.suffix || host.hasSuffix("." + $0.suffix) }
        if let domain { return domain.cloud }
        guard Self.hasCounterparts(cloud) else { return nil }
        return Self.counterparts.contains { $0["AzureCloud"] == host } ? "AzureCloud" : nil
    }

    private static func host(of resource: String) -> String? {
        guard resource.utf8.count <= 2_048, resource.contains("://") else { return nil }
        return URL(string: resource)?.host()?.lowercased()
    }
}
