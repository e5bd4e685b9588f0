// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The secrets of one vault. Pure but for the random ids of versions.
struct VaultContents: Sendable {
    /// The most secrets, deleted ones included.
    static let secretLimit = 10_000
    /// The most versions of a secret; the oldest make room.
    static let versionLimit = 500
    /// The most backups; the oldest make room.
    static let backupLimit = 100
    /// The most bytes of values, content types and tags, deleted secrets included. Backups may have as many again.
    static let byteLimit = 64 << 20

    struct Version: Sendable {
        var id: String
        var value: String
        var contentType: String?
        var tags: [String: String] = [:]
        var isEnabled = true
        /// In seconds since 1970.
        var notBefore: Int?
        /// In seconds since 1970.
        var expiry: Int?
        var created: Int
        var updated: Int

        init(value: String, at epoch: Int) {
            var generator = SystemRandomNumberGenerator()
            let numbers = (0..<2).map { _ in String(UInt64.random(in: .min ... .max, using: &generator), radix: 16) }
            self.id = numbers.map { String(repeating: "0", count: 16 - $0.count) + $0 }.joined()
            self.value = value
            self.created = epoch
            self.updated = epoch
        }

        var byteCount: Int {
            self.value.utf8.count + (self.contentType?.utf8.count ?? 0)
                + self.tags.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        }
    }

    struct Stored: Sendable {
        /// As it was first written; names are the same in any case.
        var name: String
        /// The latest one last. Never empty.
        var versions: [Version]
        /// When it was deleted, in seconds since 1970. `nil`: it isn't.
        var deleted: Int?

        var byteCount: Int { self.versions.reduce(0) { $0 + $1.byteCount } }
    }

    /// By name in lower case.
    private var secrets: [String: Stored] = [:]
    /// The sum over the secrets.
    private(set) var byteCount = 0
    private let byteLimit: Int
    /// Oldest first, so that these make room.
    private var backups: [(id: String, stored: Stored)] = []
    private var backupByteCount = 0

    init(_ vault: EmulatorConfiguration.Vault, at epoch: Int, byteLimit: Int = VaultContents.byteLimit) {
        self.byteLimit = byteLimit
        for secret in vault.secrets {
            var version = Version(value: secret.value, at: epoch)
            version.contentType = secret.contentType
            version.tags = secret.tags
            version.isEnabled = secret.isEnabled
            self.secrets[secret.name.lowercased()] = Stored(name: secret.name, versions: [version])
            self.byteCount += version.byteCount
        }
    }

    /// The secrets that are, or that aren't, deleted, by name.
    func list(areDeleted: Bool) -> [Stored] {
        self.secrets.filter { ($0.value.deleted != nil) == areDeleted }.sorted { $0.key < $1.key }.map(\.value)
    }

    func secret(_ name: String) throws(KeyVaultRefusal) -> Stored {
        guard let stored = self.secrets[name.lowercased()], stored.deleted == nil else { throw .unknownSecret(name) }
        return stored
    }

    func deletedSecret(_ name: String) throws(KeyVaultRefusal) -> Stored {
        guard let stored = self.secrets[name.lowercased()], stored.deleted != nil else { throw .unknownDeletedSecret(name) }
        return stored
    }

    func version(_ name: String, _ id: String?) throws(KeyVaultRefusal) -> (Stored, Version) {
        let stored = try self.secret(name)
        let version = id.map { id in stored.versions.first { $0.id == id.lowercased() } } ?? stored.versions.last
        guard let version else { throw .unknownSecret([name, id].compactMap { $0 }.joined(separator: "/")) }
        return (stored, version)
    }

    mutating func set(_ name: String, _ version: Version) throws(KeyVaultRefusal) -> Stored {
        let key = name.lowercased()
        guard var stored = self.secrets[key] else {
            guard self.secrets.count < Self.secretLimit else { throw .full }
            let stored = Stored(name: name, versions: [version])
            try self.take(stored, instead: 0)
            return stored
        }
        guard stored.deleted == nil else { throw .deletedName(name) }
        let former = stored.byteCount
        stored.versions.append(version)
        if stored.versions.count > Self.versionLimit { stored.versions.removeFirst() }
        try self.take(stored, instead: former)
        return stored
    }

    mutating func update(_ name: String, _ id: String?, _ change: (inout Version) -> Void) throws(KeyVaultRefusal) -> (
        Stored, Version
    ) {
        var (stored, version) = try self.version(name, id)
        let former = stored.byteCount
        change(&version)
        if let index = stored.versions.firstIndex(where: { $0.id == version.id }) { stored.versions[index] = version }
        try self.take(stored, instead: former)
        return (stored, version)
    }

    mutating func delete(_ name: String, at epoch: Int) throws(KeyVaultRefusal) -> Stored {
        var stored = try self.secret(name)
        stored.deleted = epoch
        self.secrets[name.lowercased()] = stored
        return stored
    }

    mutating func recover(_ name: String) throws(KeyVaultRefusal) -> Stored {
        var stored = try self.deletedSecret(name)
        stored.deleted = nil
        self.secrets[name.lowercased()] = stored
        return stored
    }

    mutating func purge(_ name: String) throws(KeyVaultRefusal) {
        let stored = try self.deletedSecret(name)
        self.byteCount -= stored.byteCount
        self.secrets[name.lowercased()] = nil
    }

    /// - Returns: What stands for the secret as it is now.
    mutating func backUp(_ name: String) throws(KeyVaultRefusal) -> String {
        let stored = try self.secret(name)
        let backup = PeopleLedger.randomCode("")
        let size = stored.byteCount
        while let oldest = self.backups.first,
            self.backups.count >= Self.backupLimit || self.backupByteCount + size > self.byteLimit
        {
            self.backupByteCount -= oldest.stored.byteCount
            self.backups.removeFirst()
        }
        self.backups.append((backup, stored))
        self.backupByteCount += size
        return backup
    }

    mutating func restore(_ backup: String) throws(KeyVaultRefusal) -> Stored {
        guard let stored = self.backups.first(where: { $0.id == backup })?.stored else {
            throw .badParameter("The backup is none of this vault's.")
        }
        if let other = self.secrets[stored.name.lowercased()] {
            throw other.deleted == nil ? .takenName(stored.name) : .deletedName(stored.name)
        }
        guard self.secrets.count < Self.secretLimit else { throw .full }
        try self.take(stored, instead: 0)
        return stored
    }

    /// Keeps a secret if there is room for it.
    ///
    /// - Parameter former: The bytes of what it replaces. What shrinks always has room.
    private mutating func take(_ stored: Stored, instead former: Int) throws(KeyVaultRefusal) {
        let growth = stored.byteCount - former
        guard growth <= 0 || self.byteCount + growth <= self.byteLimit else { throw .full }
        self.byteCount += growth
        self.secrets[stored.name.lowercased()] = stored
    }
}
