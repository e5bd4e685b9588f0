// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A cache in one item of the Secret Service: the one that the Azure Identity library for Python uses, and the empty file beside
/// it whose time tells that the item has changed.
struct SecretServiceStorage: PersistentStorage {
    let places: PersistentPlaces
    let environment: EnvironmentVariables

    var backend: PersistentTokenCacheBackend { .secretService }
    var lock: FileLock { self.places.sharedLock }
    /// A writer may have ended between the item and the file.
    var hasSafeStamp: Bool { false }

    var remark: String? {
        guard let size = self.stamp()?.size, size > 0 else { return nil }
        return "Tokens in plain text are left over, and not used: \(Host.shown(self.places.sharedFile))."
    }

    private var item: SecretItem {
        SecretItem(
            schema: self.places.name, attributes: ["MsalClientID": "Microsoft.Developer.IdentityService"], label: "MSALCache")
    }

    func prepare() throws(StorageProblem) {
        try self.checkBus()
        try self.places.shared.prepare()
        _ = try Host.checkPrivateFile(self.places.sharedFile)
        try self.service().check()
    }

    private func checkBus() throws(StorageProblem) { try Host.checkSessionBus(self.environment) }

    func stamp() -> FileStamp? { Host.stamp(ofFile: self.places.sharedFile) }

    func load() throws(StorageProblem) -> [UInt8]? { try self.service().contents(of: self.item) }

    func save(_ bytes: [UInt8]) throws(StorageProblem) {
        try self.service().store(bytes, as: self.item)
        try Host.touchFile(self.places.sharedFile)
    }

    func setAside() throws(StorageProblem) -> String {
        if let bytes = try self.load() { try self.service().store(bytes, as: self.otherItem) }
        // An empty item is an empty cache.
        try self.save(Array("{}".utf8))
        return "the keyring's item \(self.otherItem.schema)"
    }

    /// An empty file is what this leaves beside an item. One with tokens in it is another back end's, which says nothing of an item.
    var mayHoldTokens: Bool {
        guard let size = self.stamp()?.size else { return false }
        return size == 0 || (try? self.checkBus()) != nil
    }

    func erase() throws(StorageProblem) {
        if try self.service().remove(self.item) { try Host.touchFile(self.places.sharedFile) }
    }

    var hasSetAside: Bool { (try? self.service().contents(of: self.otherItem)) != nil }

    func eraseSetAside() throws(StorageProblem) -> String? {
        return try self.service().remove(self.otherItem) ? "the keyring's item \(self.otherItem.schema)" : nil
    }

    /// Where what can't be read is put.
    private var otherItem: SecretItem {
        var other = self.item
        other.schema += ".damaged"
        return other
    }

    private func service() throws(StorageProblem) -> SecretServiceLibrary {
        try self.checkBus()
        return try SecretServiceLibrary(limit: Self.patience)
    }
}
