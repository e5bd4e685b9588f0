// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The authority that a token request came to, and what is checked and issued in its name.
package struct EmulatorAuthority: Sendable {
    /// Whose rules apply.
    package enum Kind: Sendable { case entra, adfs }

    package var kind: Kind
    /// The `aud` that client assertions may have.
    package var audiences: [String]
    /// The `iss` of tokens.
    package var issuer: String

    /// A tenant of Microsoft Entra ID, by the name that the request has for it.
    ///
    /// Assertions are made out to the token endpoint, by the name in the request or by the tenant's id, or to the issuer.
    init(tenant: EmulatorConfiguration.Tenant, name: String, exchange: EmulatorExchange, isExact: Bool) {
        self.kind = .entra
        self.issuer = exchange.url("/\(tenant.id)/v2.0")
        self.audiences = CloudHosts.audienceHosts(for: exchange.request.host, isExact: isExact).flatMap { host in
            [
                "https://\(host)/\(name)/oauth2/v2.0/token", "https://\(host)/\(tenant.id)/oauth2/v2.0/token",
                "https://\(host)/\(tenant.id)/v2.0",
            ]
        }
    }

    /// An issuer with paths of its own.
    init(_ issuer: EmulatorConfiguration.OpenIDIssuer, exchange: EmulatorExchange) {
        self.kind = .entra
        self.issuer = exchange.url(issuer.path)
        self.audiences = [exchange.url(issuer.tokenEndpoint), exchange.url(issuer.path)]
    }

    /// An AD FS. It publishes its token endpoint with a slash at the end; clients leave that away.
    init(adfs exchange: EmulatorExchange) {
        self.kind = .adfs
        self.issuer = "http://\(exchange.request.host)/adfs/services/trust"
        self.audiences = [exchange.url("/adfs/oauth2/token"), exchange.url("/adfs/oauth2/token/")]
    }
}

extension EmulatorConfiguration {
    /// The AD FS, if there is one.
    package var adfs: Tenant? { self.tenants.first { $0.isADFS } }
}
