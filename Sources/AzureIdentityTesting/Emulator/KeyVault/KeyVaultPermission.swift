// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What somebody wants to do with the secrets of a vault. Pure.
enum KeyVaultPermission: String, Sendable {
    case get, list, set, update, delete, recover, purge, backup, restore

    /// The data action of roles.
    var action: String {
        let secrets = "Microsoft.KeyVault/vaults/secrets/"
        return switch self {
        case .get: secrets + "getSecret/action"
        case .list: secrets + "readMetadata/action"
        case .set: secrets + "setSecret/action"
        case .delete: secrets + "delete"
        case .update, .recover, .purge, .backup, .restore: secrets + "\(self.rawValue)/action"
        }
    }

    /// The word of access policies.
    var word: String { self == .update ? "set" : self.rawValue }

    /// Whether a role has it.
    func isGranted(by role: EmulatorConfiguration.VaultRole) -> Bool {
        switch role {
        case .administrator, .secretsOfficer: true
        case .secretsUser: self == .get || self == .list
        case .reader: self == .list
        }
    }

    /// What a request wants. Its method is one of the route's.
    init(_ place: KeyVaultRoute.Place, method: String) {
        switch (place, method) {
        case (.secrets, _), (.versions, _), (.deletedSecrets, _): self = .list
        case (.secret, "PUT"): self = .set
        case (.secret, "PATCH"): self = .update
        case (.secret, "DELETE"): self = .delete
        case (.secret, "POST"): self = .restore
        case (.backup, _): self = .backup
        case (.recovery, _): self = .recover
        case (.deletedSecret, "DELETE"): self = .purge
        case (.secret, _), (.deletedSecret, _), (.nothing, _): self = .get
        }
    }
}
