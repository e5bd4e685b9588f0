// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What a path leads to. Paths are matched exactly, since the libraries build them exactly.
package enum EmulatorRoute: Sendable, Equatable {
    case token(tenant: String)
    case openIDConfiguration(tenant: String)
    case keys(tenant: String)
    case instanceDiscovery
    case adfsToken
    case adfsConfiguration
    case adfsKeys
    case issuerToken(EmulatorConfiguration.OpenIDIssuer)
    case issuerConfiguration(EmulatorConfiguration.OpenIDIssuer)
    case unknown

    package init(path: String, configuration: EmulatorConfiguration) {
        for issuer in configuration.issuers {
            if path == issuer.path + "/.well-known/openid-configuration" {
                self = .issuerConfiguration(issuer)
                return
            }
            if path == issuer.tokenEndpoint {
                self = .issuerToken(issuer)
                return
            }
        }
        if configuration.adfs != nil, let route = Self(adfsPath: path) {
            self = route
            return
        }
        self.init(entraPath: path)
    }

    private init(entraPath path: String) {
        var segments: [String] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            guard segments.count < 5, let segment = FormBody.decoded(part, isForm: false) else {
                self = .unknown
                return
            }
            segments.append(segment)
        }
        let tenant = segments.first ?? ""
        switch segments.dropFirst() {
        case ["oauth2", "v2.0", "token"]: self = .token(tenant: tenant)
        case ["v2.0", ".well-known", "openid-configuration"]: self = .openIDConfiguration(tenant: tenant)
        case ["discovery", "v2.0", "keys"]: self = .keys(tenant: tenant)
        case ["discovery", "instance"] where tenant == "common": self = .instanceDiscovery
        default: self = .unknown
        }
    }

    /// The paths of an AD FS; other paths below its own lead nowhere. `nil`: not below `/adfs`.
    private init?(adfsPath path: String) {
        guard path.lowercased().hasPrefix("/adfs/") else { return nil }
        switch path {
        case "/adfs/oauth2/token", "/adfs/oauth2/token/": self = .adfsToken
        case "/adfs/.well-known/openid-configuration": self = .adfsConfiguration
        case "/adfs/discovery/keys": self = .adfsKeys
        default: self = .unknown
        }
    }

    /// Whether tokens are asked for here.
    package var isTokenEndpoint: Bool {
        switch self {
        case .token, .adfsToken, .issuerToken: true
        default: false
        }
    }

    /// Whether an AD FS answers here, in its own terms.
    var isADFS: Bool { [.adfsToken, .adfsConfiguration, .adfsKeys].contains(self) }

    /// The one method the route answers.
    package var method: String { self.isTokenEndpoint ? "POST" : "GET" }
}
