// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A cache in an encrypted file, which no other library reads.
struct EncryptedFileStorage: PersistentStorage {
    /// Who has the key.
    enum KeyPlace: Sendable {
        /// The kernel, in memory.
        case kernel
        /// The application.
        case application(TokenCacheKey?)
    }

    let places: PersistentPlaces
    let key: KeyPlace

    var backend: PersistentTokenCacheBackend {
        switch self.key {
        case .kernel: .kernelKeyring
        case .application: .encryptedFile
        }
    }

    var lock: FileLock { FileLock(path: "\(self.file).lock") }

    /// One for each kind of key, so that none hides the other's tokens.
    private var file: String {
        switch self.key {
        case .kernel: self.places.own.file("\(self.places.name).kernel")
        case .application: self.places.own.file("\(self.places.name).encrypted")
        }
    }

    /// The kernel's name of the key. Each file has a key of its own.
    private var keyName: String { "azure-identity-swift:\(self.file)" }

    func prepare() throws(StorageProblem) {
        guard EncryptedFileFormat.isSupported else {
            throw StorageProblem(.unavailable, "this program was built without the trait Cryptography")
        }
        switch self.key {
        case .application(nil): throw StorageProblem(.unavailable, "the application gave no key")
        case .application(let key?):
            try self.prepare(self.places.own, file: self.file)
            if let bytes = try Host.privateContents(ofFile: self.file, limit: Self.limit) {
                try EncryptedFileFormat.checkKey(of: bytes, key, isKeyShortLived: false)
            }
        case .kernel:
            // Asked before anything is made.
            let secret = try KernelKeyring.secret(self.keyName)
            try self.prepare(self.places.own, file: self.file)
            if secret == nil {
                try self.lock.hold(within: Self.patience) { () throws(StorageProblem) in _ = try self.newestKey() }
            }
        }
    }

    func stamp() -> FileStamp? { Host.stamp(ofFile: self.file) }

    func load() throws(StorageProblem) -> [UInt8]? {
        guard let bytes = try Host.privateContents(ofFile: self.file, limit: Self.limit), !bytes.isEmpty else { return nil }
        guard let key = try self.knownKey() else {
            let kind: StorageProblem.Kind = self.isKeyShortLived ? .keyLost : .otherKey
            throw StorageProblem(kind, "there is no key for \(Host.shown(self.file))")
        }
        return try EncryptedFileFormat.opened(bytes, with: key, name: self.places.name, isKeyShortLived: self.isKeyShortLived)
    }

    func save(_ bytes: [UInt8]) throws(StorageProblem) {
        try Host.replaceFile(self.file, with: EncryptedFileFormat.sealed(bytes, with: self.newestKey(), name: self.places.name))
    }

    func setAside() throws(StorageProblem) -> String { try self.setAside(self.file) }

    var mayHoldTokens: Bool { self.isFilled(self.file) }

    func erase() throws(StorageProblem) { _ = try Host.removeFile(self.file) }

    var hasSetAside: Bool { self.hasSetAside(self.file) }

    func eraseSetAside() throws(StorageProblem) -> String? { try self.eraseSetAside(self.file) }

    private var isKeyShortLived: Bool {
        if case .kernel = self.key { true } else { false }
    }

    private func knownKey() throws(StorageProblem) -> TokenCacheKey? {
        switch self.key {
        case .application(let key): key
        case .kernel: try KernelKeyring.secret(self.keyName).flatMap { TokenCacheKey(stored: $0) }
        }
    }

    /// The key; a new one, if the kernel has none. With the lock held, since a new key takes the place of what others have made.
    private func newestKey() throws(StorageProblem) -> TokenCacheKey {
        if let key = try self.knownKey() { return key }
        guard case .kernel = self.key else { throw StorageProblem(.unavailable, "the application gave no key") }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<TokenCacheKey.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try KernelKeyring.store(bytes, as: self.keyName)
        guard let key = try self.knownKey() else {
            throw StorageProblem(.unavailable, "the kernel's key ring doesn't give back what it was given")
        }
        return key
    }
}
