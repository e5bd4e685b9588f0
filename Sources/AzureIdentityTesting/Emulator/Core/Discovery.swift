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
    /// The configuration of a tenant. Of the names that stand for many tenants, the issuer is a template.
    func openIDConfiguration(tenant name: String, _ exchange: EmulatorExchange) throws(EmulatorRefusal) -> EmulatorJSON {
        let tenant = try self.configuration.tenant(named: name)?.id
        let root = exchange.url("/\(tenant ?? name.lowercased())")
        return self.openIDConfiguration(
            root: root,
            tokenEndpoint: "\(root)/oauth2/v2.0/token",
            issuer: exchange.url("/\(tenant ?? "{tenantid}")/v2.0"),
            exchange
        )
    }

    /// The configuration of an issuer with paths of its own, as wrong as it is meant to be.
    func openIDConfiguration(_ issuer: EmulatorConfiguration.OpenIDIssuer, _ exchange: EmulatorExchange) -> EmulatorJSON {
        let endpoint = issuer.tokenEndpoint
        return self.openIDConfiguration(
            root: exchange.url("/\(issuer.tenantID)"),
            tokenEndpoint: endpoint.hasPrefix("/") ? exchange.url(endpoint) : endpoint,
            issuer: issuer.issuer ?? exchange.url(issuer.path),
            exchange
        )
    }

    private func openIDConfiguration(
        root: String,
        tokenEndpoint: String,
        issuer: String,
        _ exchange: EmulatorExchange
    ) -> EmulatorJSON {
        .object([
            "token_endpoint": .string(tokenEndpoint),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "jwks_uri": "\(root)/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [.string(self.signer.algorithm)],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": .string(issuer),
            "request_uri_parameter_supported": false,
            "authorization_endpoint": "\(root)/oauth2/v2.0/authorize",
            "device_authorization_endpoint": "\(root)/oauth2/v2.0/devicecode",
            "http_logout_supported": true,
            "frontchannel_logout_supported": true,
            "end_session_endpoint": "\(root)/oauth2/v2.0/logout",
            "cloud_instance_name": .string(CloudHosts.withoutPort(exchange.request.host)),
        ])
    }

    /// The keys that tokens are checked with: the same for all tenants.
    func keys(tenant name: String) throws(EmulatorRefusal) -> EmulatorJSON {
        _ = try self.configuration.tenant(named: name)
        return try self.keys()
    }

    /// The keys that tokens are checked with.
    func keys() throws(EmulatorRefusal) -> EmulatorJSON {
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
        let name = CloudHosts.withoutPort(own).lowercased()
        let isOwn = host == name
        guard isOwn || CloudHosts.isKnown(host) else { throw .unknownInstance(endpoint) }
        let groups = (CloudHosts.isKnown(name) ? [] : [CloudHosts.Group(own)]) + CloudHosts.groups
        return .object([
            "tenant_discovery_endpoint": "https://\(isOwn ? own : host)/\(String(tenant))/v2.0/.well-known/openid-configuration",
            "api-version": .string(version),
            "metadata": .array(
                groups.map { group in
                    .object([
                        "preferred_network": .string(group.hosts[0]),
                        "preferred_cache": .string(group.cache ?? group.hosts[0]),
                        "aliases": .array(group.hosts.map { .string($0) }),
                    ])
                }
            ),
        ])
    }
}
