// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A cache in an item of the Keychain, and the empty file beside it whose time tells that the item has changed. Not built or run
/// here: written by the documentation.
struct KeychainStorage: PersistentStorage {
    let places: PersistentPlaces

    var backend: PersistentTokenCacheBackend { .keychain }
    var lock: FileLock { self.places.sharedLock }
    /// A writer may have ended between the item and the file.
    var hasSafeStamp: Bool { false }

    private static let service = "Microsoft.Developer.IdentityService"

    /// The default cache has an account name of its own, as in Python's library.
    private var account: String { self.places.name == "msal.cache.nocae" ? "MSALCache" : self.places.name }

    func prepare() throws(StorageProblem) {
        try self.places.shared.prepare()
        _ = try Host.checkPrivateFile(self.places.sharedFile)
        _ = try Keychain.contents(service: Self.service, account: self.account)
    }

    func stamp() -> FileStamp? { Host.stamp(ofFile: self.places.sharedFile) }

    func load() throws(StorageProblem) -> [UInt8]? { try Keychain.contents(service: Self.service, account: self.account) }

    func save(_ bytes: [UInt8]) throws(StorageProblem) {
        try Keychain.store(bytes, service: Self.service, account: self.account)
        try Host.touchFile(self.places.sharedFile)
    }

    func setAside() throws(StorageProblem) -> String {
        if let bytes = try self.load() { try Keychain.store(bytes, service: Self.service, account: self.otherAccount) }
        try self.save(Array("{}".utf8))
        return "the Keychain's item \(self.otherAccount)"
    }

    var mayHoldTokens: Bool { self.stamp() != nil }

    func erase() throws(StorageProblem) {
        _ = try Keychain.remove(service: Self.service, account: self.account)
        try Host.touchFile(self.places.sharedFile)
    }

    var hasSetAside: Bool { (try? Keychain.contents(service: Self.service, account: self.otherAccount)) != nil }

    func eraseSetAside() throws(StorageProblem) -> String? {
        let isGone = try Keychain.remove(service: Self.service, account: self.otherAccount)
        return isGone ? "the Keychain's item \(self.otherAccount)" : nil
    }

    private var otherAccount: String { "\(self.account).damaged" }
}
