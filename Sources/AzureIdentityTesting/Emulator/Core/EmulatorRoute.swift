// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

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
    case authorize(tenant: String)
    case deviceCode(tenant: String)
    /// The page on which people enter the code of a device.
    case device
    case userRealm(userName: String)
    case adfsAuthorize
    case adfsDeviceCode
    /// The metadata of the server that checks the passwords of federated users.
    case federationMetadata
    /// Its endpoint for user names and passwords.
    case trust(EmulatorConfiguration.FederationServer.TrustVersion)
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
        if let route = Self(federationPath: path) {
            self = route
            return
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
            guard segments.count < 5, let segment = FormDecoding.text(part, isForm: false) else {
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
        case ["oauth2", "v2.0", "authorize"]: self = .authorize(tenant: tenant)
        case ["oauth2", "v2.0", "devicecode"]: self = .deviceCode(tenant: tenant)
        case [] where tenant == "device": self = .device
        case let rest where tenant == "common" && rest.count == 2 && rest.first?.lowercased() == "userrealm":
            self = .userRealm(userName: rest.last ?? "")
        default: self = .unknown
        }
    }

    /// The paths of the server for federated users, which are those of an AD FS.
    private init?(federationPath path: String) {
        let root = Self.federationRoot
        switch path {
        case root + "mex": self = .federationMetadata
        case root + "13/usernamemixed": self = .trust(.trust13)
        case root + "2005/usernamemixed": self = .trust(.trust2005)
        default: return nil
        }
    }

    /// Where the paths of the server for federated users begin.
    static let federationRoot = "/adfs/services/trust/"

    /// The paths of an AD FS; other paths below its own lead nowhere. `nil`: not below `/adfs`.
    private init?(adfsPath path: String) {
        guard path.lowercased().hasPrefix("/adfs/") else { return nil }
        switch path {
        case "/adfs/oauth2/token", "/adfs/oauth2/token/": self = .adfsToken
        case "/adfs/.well-known/openid-configuration": self = .adfsConfiguration
        case "/adfs/discovery/keys": self = .adfsKeys
        case "/adfs/oauth2/authorize", "/adfs/oauth2/authorize/": self = .adfsAuthorize
        case "/adfs/oauth2/devicecode": self = .adfsDeviceCode
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
    var isADFS: Bool { [.adfsToken, .adfsConfiguration, .adfsKeys, .adfsDeviceCode].contains(self) }

    /// Whether people see what is here.
    var isPage: Bool {
        switch self {
        case .authorize, .adfsAuthorize, .device: true
        default: false
        }
    }

    /// The methods the route answers.
    package var methods: [String] {
        switch self {
        case .authorize, .adfsAuthorize, .device: ["GET", "POST"]
        case .deviceCode, .adfsDeviceCode, .trust: ["POST"]
        default: self.isTokenEndpoint ? ["POST"] : ["GET"]
        }
    }
}
