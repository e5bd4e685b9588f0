// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// OpenID Connect and instance discovery.
extension EmulatorCore {
    /// Hosts of Microsoft's clouds, the preferred one first in each list.
    private static let clouds = [
        ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    ]

    /// The configuration of a tenant. Of the names that stand for many tenants, the issuer is a template.
    func openIDConfiguration(tenant name: String, _ exchange: EmulatorExchange) throws(EmulatorRefusal) -> EmulatorJSON {
        let tenant = try self.configuration.tenant(named: name)?.id
        let root = exchange.url("/\(tenant ?? name.lowercased())")
        return .object([
            "token_endpoint": "\(root)/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "jwks_uri": "\(root)/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [.string(self.signer.algorithm)],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": .string(exchange.url("/\(tenant ?? "{tenantid}")/v2.0")),
            "request_uri_parameter_supported": false,
            "authorization_endpoint": "\(root)/oauth2/v2.0/authorize",
            "device_authorization_endpoint": "\(root)/oauth2/v2.0/devicecode",
            "http_logout_supported": true,
            "frontchannel_logout_supported": true,
            "end_session_endpoint": "\(root)/oauth2/v2.0/logout",
            "cloud_instance_name": .string(Self.withoutPort(exchange.request.host)),
        ])
    }

    /// The keys that tokens are checked with: the same for all tenants.
    func keys(tenant name: String) throws(EmulatorRefusal) -> EmulatorJSON {
        _ = try self.configuration.tenant(named: name)
        guard let keys = try? self.signer.publicKeys() else { throw .signingFailed }
        return .object(["keys": .array(keys)])
    }

    /// Says whether an authority is one of Microsoft's or this emulator.
    func instanceDiscovery(_ exchange: EmulatorExchange) throws(EmulatorRefusal) -> EmulatorJSON {
        let own = exchange.request.host
        guard let query = FormBody(exchange.request.query.utf8) else {
            throw .malformed("the query is not percent-encoded UTF-8")
        }
        if let duplicate = query.firstDuplicate { throw .duplicate(duplicate) }
        for name in ["authorization_endpoint", "api-version"] where query.values[name, default: ""].isEmpty {
            throw .missing(name)
        }
        let endpoint = query.values["authorization_endpoint"] ?? ""
        let version = query.values["api-version"] ?? ""
        guard ["1.0", "1.1"].contains(version) else { throw .malformed("api-version has to be 1.0 or 1.1") }
        guard let url = URL(string: endpoint), url.scheme?.lowercased() == "https", let host = url.host()?.lowercased(),
            let tenant = url.path().split(separator: "/").first
        else { throw .unknownInstance(endpoint) }

        // Some libraries leave the port away, so it doesn't tell hosts apart.
        let isOwn = host == Self.withoutPort(own).lowercased()
        guard isOwn || Self.clouds.joined().contains(host) else { throw .unknownInstance(endpoint) }
        let groups = Self.clouds.contains { $0.contains(Self.withoutPort(own)) } ? Self.clouds : [[own]] + Self.clouds
        return .object([
            "tenant_discovery_endpoint": "https://\(isOwn ? own : host)/\(String(tenant))/v2.0/.well-known/openid-configuration",
            "api-version": .string(version),
            "metadata": .array(
                groups.map { hosts in
                    .object([
                        "preferred_network": .string(hosts[0]),
                        "preferred_cache": .string(hosts[0]),
                        "aliases": .array(hosts.map { .string($0) }),
                    ])
                }
            ),
        ])
    }

    /// The host without a port; knows addresses in brackets.
    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().allSatisfy(\.isNumber) else { return host }
        return String(host[..<colon])
    }
}
