// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A cache in a file of plain text. The Azure Identity library for Python uses the same file when it is allowed to.
struct CacheFileStorage: PersistentStorage {
    let places: PersistentPlaces

    var backend: PersistentTokenCacheBackend { .unencryptedFile }
    var lock: FileLock { self.places.sharedLock }
    var remark: String? { "Tokens are kept in plain text: \(Host.shown(self.places.sharedFile))." }

    func prepare() throws(StorageProblem) { try self.prepare(self.places.shared, file: self.places.sharedFile) }

    func stamp() -> FileStamp? { Host.stamp(ofFile: self.places.sharedFile) }

    func load() throws(StorageProblem) -> [UInt8]? {
        try Host.privateContents(ofFile: self.places.sharedFile, limit: Self.limit)
    }

    func save(_ bytes: [UInt8]) throws(StorageProblem) { try Host.replaceFile(self.places.sharedFile, with: bytes) }

    func setAside() throws(StorageProblem) -> String { try self.setAside(self.places.sharedFile) }

    var mayHoldTokens: Bool { self.isFilled(self.places.sharedFile) }

    func erase() throws(StorageProblem) { _ = try Host.removeFile(self.places.sharedFile) }

    var hasSetAside: Bool { self.hasSetAside(self.places.sharedFile) }

    func eraseSetAside() throws(StorageProblem) -> String? { try self.eraseSetAside(self.places.sharedFile) }
}
