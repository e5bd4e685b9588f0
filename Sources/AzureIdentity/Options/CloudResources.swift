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
    static func mismatch(scopes: [String], cloud: AzureCloud, credential: String) -> AuthenticationError? {
        for scope in scopes {
            guard let host = Self.host(of: scope), let owner = Self.owner(of: host), owner != cloud.name,
                !cloud.audiences.contains(where: { Self.host(of: $0) == host })
            else { continue }
            let counterpart = Self.counterparts.first { $0.values.contains(host) }?[cloud.name]
            let advice = counterpart.map { " Ask for https://\($0)/.default, or" } ?? " Ask for a resource of this cloud, or"
            return AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: """
                    The scope "\(HostileText.sanitized(scope, limit: 200))" belongs to another cloud (\(owner)) than the credential's \
                    authority \(cloud.authorityHost) (\(HostileText.sanitized(cloud.name, limit: 60))).\(advice) set the authority \
                    host (AZURE_AUTHORITY_HOST) of the other one.
                    """
            )
        }
        return nil
    }

    private static func owner(of host: String) -> String? {
        if let domain = Self.domains.first(where: { host == $0.suffix || host.hasSuffix("." + $0.suffix) }) {
            return domain.cloud
        }
        return Self.counterparts.contains { $0["AzureCloud"] == host } ? "AzureCloud" : nil
    }

    private static func host(of resource: String) -> String? {
        guard resource.utf8.count <= 2_048, resource.contains("://") else { return nil }
        return URL(string: resource)?.host()?.lowercased()
    }
}
