// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// What an address of a key vault leads to. Paths are matched exactly, but for a slash behind the name of a secret. Pure.
package struct KeyVaultRoute: Sendable, Equatable {
    /// What is there.
    package enum Place: Sendable, Equatable {
        case secrets
        /// Without a version: the latest one.
        case secret(name: String, version: String?)
        case versions(name: String)
        case backup(name: String)
        case deletedSecrets
        case deletedSecret(name: String)
        case recovery(name: String)
        case nothing
    }

    /// The name of the vault. `nil`: there is no such vault.
    var vault: String?
    var place: Place
    /// The resource that its tokens are for.
    var resource = "https://vault.azure.net"
    /// The address of Microsoft Entra ID. `nil`: the host of the request itself.
    var authority: String?

    /// The clouds, by the domain of their vaults.
    private static let clouds = [
        "vault.azure.net": "https://login.microsoftonline.com",
        "vault.azure.cn": "https://login.chinacloudapi.cn",
        "vault.usgovcloudapi.net": "https://login.microsoftonline.us",
    ]

    /// The route of a host in a domain of key vaults. `nil`: it is none.
    init?(host: String, path: String, _ configuration: EmulatorConfiguration) {
        let host = CloudHosts.withoutPort(host).lowercased()
        guard let dot = host.firstIndex(of: "."), let authority = Self.clouds[String(host[dot...].dropFirst())] else {
            return nil
        }
        self.vault = configuration.vault(named: String(host[..<dot]))?.name
        self.place = Self.place(path) ?? .nothing
        self.resource = "https://" + host[dot...].dropFirst()
        self.authority = authority
    }

    /// The route of a path on any other host: of the vault that the host begins with, else of the first one. `nil`: the path is none of
    /// a key vault's, or there is no vault.
    init?(path: String, host: String, _ configuration: EmulatorConfiguration) {
        guard let place = Self.place(path), let first = configuration.vaults.first else { return nil }
        let label = CloudHosts.withoutPort(host).split(separator: ".").first.map(String.init) ?? ""
        self.vault = (configuration.vault(named: label) ?? first).name
        self.place = place
    }

    private static func place(_ path: String) -> Place? {
        var segments: [String] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            guard segments.count < 4, let segment = FormDecoding.text(part, isForm: false) else { return nil }
            segments.append(segment)
        }
        let name = segments.count > 1 ? segments[1] : ""
        switch (segments.first, segments.dropFirst(2).first) {
        case ("secrets", nil): return segments.count == 1 ? .secrets : .secret(name: name, version: nil)
        case ("secrets", "") where segments.count == 3: return .secret(name: name, version: nil)
        case ("secrets", "versions") where segments.count == 3: return .versions(name: name)
        case ("secrets", "backup") where segments.count == 3: return .backup(name: name)
        case ("secrets", let version?) where segments.count == 3: return .secret(name: name, version: version)
        case ("deletedsecrets", nil): return segments.count == 1 ? .deletedSecrets : .deletedSecret(name: name)
        case ("deletedsecrets", "recover") where segments.count == 3: return .recovery(name: name)
        default: return nil
        }
    }

    /// The name of the secret that a backup is restored from: there is no other place for it.
    static let restoration = Place.secret(name: "restore", version: nil)

    /// The methods that are answered.
    var methods: [String] {
        switch self.place {
        case .secrets, .versions, .deletedSecrets: ["GET"]
        case Self.restoration: ["GET", "PUT", "PATCH", "DELETE", "POST"]
        case .secret(_, nil): ["GET", "PUT", "PATCH", "DELETE"]
        case .secret: ["GET", "PATCH"]
        case .backup, .recovery: ["POST"]
        case .deletedSecret: ["GET", "DELETE"]
        case .nothing: []
        }
    }

    /// Whether this is a list.
    var isList: Bool {
        switch self.place {
        case .secrets, .versions, .deletedSecrets: true
        default: false
        }
    }

    /// The name of the secret. `nil`: it isn't about one.
    var secretName: String? {
        switch self.place {
        case .secret(let name, _), .versions(let name), .backup(let name), .deletedSecret(let name), .recovery(let name): name
        case .secrets, .deletedSecrets, .nothing: nil
        }
    }

    /// Whether a text may be the name of a vault or a secret: 1 to 127 letters, digits and hyphens.
    static func isName(_ text: String) -> Bool {
        (1...127).contains(text.utf8.count) && text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || ASCII.isAlphanumeric($0) }
    }
}

extension EmulatorConfiguration {
    /// The vault of a name, without regard to case.
    func vault(named name: String) -> Vault? { self.vaults.first { $0.name.lowercased() == name.lowercased() } }
}
