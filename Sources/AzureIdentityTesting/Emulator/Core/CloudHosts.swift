// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The hosts of Microsoft's clouds. Pure.
enum CloudHosts {
    /// The hosts of one cloud that mean the same.
    struct Group: Sendable {
        /// The preferred one first.
        var hosts: [String]
        /// The host under which libraries keep tokens, where that is another one.
        var cache: String?

        init(_ hosts: String..., cache: String? = nil) {
            self.hosts = hosts
            self.cache = cache
        }
    }

    static let groups = [
        Group(
            "login.microsoftonline.com",
            "login.windows.net",
            "login.microsoft.com",
            "sts.windows.net",
            cache: "login.windows.net"
        ),
        Group("login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
        Group("login.microsoftonline.us", "login.usgovcloudapi.net"),
        Group("login.microsoftonline.de"),
        Group("login-us.microsoftonline.com"),
        Group("login.sovcloud-identity.fr"),
        Group("login.sovcloud-identity.de"),
        Group("login.sovcloud-identity.sg"),
    ]

    static func isKnown(_ host: String) -> Bool { Self.groups.contains { $0.hosts.contains(host) } }

    /// The hosts whose token endpoint an assertion may be made out to, if the request went to this one.
    ///
    /// Assertions for a regional host (`westeurope.login.microsoft.com`) are made out to the central one. Whether the service takes
    /// the regional one as well is not known.
    static func audienceHosts(for host: String, isExact: Bool) -> [String] {
        let name = Self.withoutPort(host).lowercased()
        guard let dot = name.firstIndex(of: "."),
            let group = Self.groups.first(where: { $0.hosts.contains(String(name[dot...].dropFirst())) })
        else { return [host] }
        return group.hosts + (isExact ? [] : [host])
    }

    /// The host without a port; knows addresses in brackets.
    static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().allSatisfy(\.isNumber) else { return host }
        return String(host[..<colon])
    }
}
