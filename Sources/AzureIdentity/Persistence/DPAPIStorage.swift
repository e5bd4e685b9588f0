// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A cache in a file that Windows encrypts for the user. Not built or run here: written by the documentation.
struct DPAPIStorage: PersistentStorage {
    let places: PersistentPlaces

    var backend: PersistentTokenCacheBackend { .dataProtection }
    var lock: FileLock { self.places.sharedLock }

    func prepare() throws(StorageProblem) {
        guard DataProtection.isSupported else { throw StorageProblem(.unavailable, "there is no such thing on this system") }
        try self.prepare(self.places.shared, file: self.places.sharedFile)
    }

    func stamp() -> FileStamp? { Host.stamp(ofFile: self.places.sharedFile) }

    func load() throws(StorageProblem) -> [UInt8]? {
        let bytes = try Host.privateContents(ofFile: self.places.sharedFile, limit: Self.limit)
        guard let bytes, !bytes.isEmpty else { return nil }
        return try DataProtection.opened(bytes)
    }

    func save(_ bytes: [UInt8]) throws(StorageProblem) {
        try Host.replaceFile(self.places.sharedFile, with: DataProtection.sealed(bytes))
    }

    func setAside() throws(StorageProblem) -> String { try self.setAside(self.places.sharedFile) }

    var mayHoldTokens: Bool { self.isFilled(self.places.sharedFile) }

    func erase() throws(StorageProblem) { _ = try Host.removeFile(self.places.sharedFile) }

    var hasSetAside: Bool { self.hasSetAside(self.places.sharedFile) }

    func eraseSetAside() throws(StorageProblem) -> String? { try self.eraseSetAside(self.places.sharedFile) }
}
