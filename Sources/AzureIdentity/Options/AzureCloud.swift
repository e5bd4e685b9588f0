// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// An Azure cloud: where its Microsoft Entra ID is reached, and which services' tokens it gives.
///
/// The clouds of Microsoft and its partners are static members. Of another one, say how it is reached, or read what its resource manager
/// says of itself with ``AzureCloud/init(metadata:named:)`` or ``AzureCloud/described(by:named:timeout:options:)``:
///
/// ```swift
/// var options = CredentialOptions()
/// options.cloud = .usGovernment
/// ```
///
/// A request whose scope belongs to another known cloud, such as `https://management.azure.com/.default` in ``usGovernment``, is refused
/// before anything is sent. Some resources have one name in all clouds, `https://storage.azure.com` for one; they pass.
public struct AzureCloud: Sendable, Hashable {
    /// The cloud's name, as `az cloud list` shows it.
    public var name: String
    /// Where Microsoft Entra ID, or AD FS, of the cloud is reached.
    public var authorityHost: AuthorityHost
    /// The resource manager of the cloud, such as `https://management.azure.com`.
    public var resourceManager: String?
    /// Resources that tokens of this cloud may be for although they have a name of another cloud.
    public var audiences: [String]

    /// Creates a cloud.
    ///
    /// - Parameters:
    ///   - name: The cloud's name.
    ///   - authorityHost: Where Microsoft Entra ID, or AD FS, of the cloud is reached.
    ///   - resourceManager: The resource manager of the cloud.
    ///   - audiences: Resources that tokens of this cloud may be for although they have a name of another cloud.
    public init(name: String, authorityHost: AuthorityHost, resourceManager: String? = nil, audiences: [String] = []) {
        self.name = name
        self.authorityHost = authorityHost
        self.resourceManager = resourceManager
        self.audiences = audiences
    }

    /// The public cloud.
    public static let publicCloud = AzureCloud(
        name: "AzureCloud",
        authorityHost: .publicCloud,
        resourceManager: "https://management.azure.com"
    )
    /// The cloud of the US government.
    public static let usGovernment = AzureCloud(
        name: "AzureUSGovernment",
        authorityHost: .usGovernment,
        resourceManager: "https://management.usgovcloudapi.net"
    )
    /// The cloud in China, operated by 21Vianet.
    public static let china = AzureCloud(
        name: "AzureChinaCloud",
        authorityHost: .china,
        resourceManager: "https://management.chinacloudapi.cn"
    )
    /// Bleu, the cloud in France.
    public static let bleu = AzureCloud(name: "AzureBleuCloud", authorityHost: .bleu)
    /// Delos, the cloud in Germany.
    public static let delos = AzureCloud(name: "AzureDelosCloud", authorityHost: .delos)
    /// GovSG, the cloud of Singapore's government.
    public static let govSG = AzureCloud(name: "AzureGovSGCloud", authorityHost: .govSG)
}

extension AzureCloud {
    /// Microsoft's and its partners' clouds.
    static let all: [AzureCloud] = [.publicCloud, .usGovernment, .china, .bleu, .delos, .govSG]

    /// The cloud that a host of Microsoft Entra ID belongs to, if it is a known one.
    static func known(authority host: String) -> AzureCloud? {
        KnownAuthorities.clouds[host].flatMap { name in Self.all.first { $0.name == name } }
    }
}

/// The hosts of Microsoft Entra ID that need no discovery (protocol facts: MSAL's list of known authorities). Pure.
enum KnownAuthorities {
    /// The cloud's name by the host's.
    static let clouds: [String: String] = [
        "login.microsoftonline.com": "AzureCloud", "login.windows.net": "AzureCloud", "login.microsoft.com": "AzureCloud",
        "sts.windows.net": "AzureCloud",
        "login.microsoftonline.us": "AzureUSGovernment", "login.usgovcloudapi.net": "AzureUSGovernment",
        "login-us.microsoftonline.com": "AzureUSGovernment",
        "login.chinacloudapi.cn": "AzureChinaCloud", "login.partner.microsoftonline.cn": "AzureChinaCloud",
        "login.microsoftonline.de": "AzureGermanCloud",
        "login.sovcloud-identity.fr": "AzureBleuCloud", "login.sovcloud-identity.de": "AzureDelosCloud",
        "login.sovcloud-identity.sg": "AzureGovSGCloud",
    ]

    /// The hosts that stand for the public cloud, whose regional hosts have a name of their own.
    static let publicHosts: Set<String> = [
        "login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net",
    ]
}
