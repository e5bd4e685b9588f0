// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Foundation
import Logging
import Testing

@testable import AzureIdentity

/// A directory of a test's own.
struct DiskPlace: Sendable {
    let path: String

    static func with<Result>(_ body: (DiskPlace) async throws -> Result) async throws -> Result {
        let path = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await withLogger(Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }) { _ in
            try await body(DiskPlace(path: path))
        }
    }

    /// The file of a cache named `test`, in plain text.
    var file: String { "\(self.path)/test.nocae" }

    func options(_ backends: [PersistentTokenCacheBackend]? = [.unencryptedFile], isRequired: Bool = false)
        -> PersistentTokenCacheOptions
    {
        PersistentTokenCacheOptions(isRequired: isRequired, directory: self.path, backends: backends, environment: [:])
    }

    func vault(_ backends: [PersistentTokenCacheBackend]? = [.unencryptedFile], isRequired: Bool = false) -> DiskVault {
        DiskVault(name: "test", options: self.options(backends, isRequired: isRequired))
    }

    func storage(_ name: String = "test") throws -> CacheFileStorage {
        CacheFileStorage(
            places: try PersistentPlaces(
                cache: name, isCAEEnabled: false, directory: self.path, environment: [:], systemHome: nil))
    }

    func write(_ text: String, to file: String? = nil, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: file ?? self.file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file ?? self.file)
    }

    func text(_ file: String? = nil) throws -> String { try String(contentsOfFile: file ?? self.file, encoding: .utf8) }

    func mode(_ file: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: self.path).sorted() } }
}

extension DiskVault {
    static let part = VaultPart(subject: .other("test"), isCAEEnabled: false)

    /// The secrets of all refresh tokens, sorted.
    var secrets: [String] {
        get async throws { try await self.document(Self.part).refreshEntries.map(\.secret.revealed).sorted() }
    }

    func signOut(_ user: String) async throws { try await self.signOut(homeAccountID: user, environments: nil) }

    func add(_ user: String, secret: String) async throws {
        try await self.update(Self.part) { $0.insert(.disk(user, secret: secret)) }
    }
}

extension CacheDocument.RefreshEntry {
    static func disk(_ user: String, secret: String) -> CacheDocument.RefreshEntry {
        CacheDocument.RefreshEntry(
            homeAccountID: user, environment: "login.microsoftonline.com", clientID: "client", secret: Secret(secret))
    }
}

/// A storage that counts, and fails when it is told to.
final class ScriptedStorage: PersistentStorage {
    struct State: Sendable {
        var loads = 0
        var saves = 0
        var preparations = 0
        var saveProblem: StorageProblem?
        var absence: StorageProblem?
        var loadProblem: StorageProblem?
    }

    let state = Locked(State())
    let backend: PersistentTokenCacheBackend
    private let storage: CacheFileStorage

    init(_ storage: CacheFileStorage, as backend: PersistentTokenCacheBackend = .unencryptedFile) {
        self.storage = storage
        self.backend = backend
    }

    var lock: FileLock { self.storage.lock }

    func prepare() throws(StorageProblem) {
        if let problem = self.state.withLock({ state in
            state.preparations += 1
            return state.absence
        }) {
            throw problem
        }
        try self.storage.prepare()
    }

    func stamp() -> FileStamp? { self.storage.stamp() }

    func load() throws(StorageProblem) -> [UInt8]? {
        if let problem = self.state.withLock({ state in
            state.loads += 1
            return state.loadProblem
        }) {
            throw problem
        }
        return try self.storage.load()
    }

    func save(_ bytes: [UInt8]) throws(StorageProblem) {
        if let problem = self.state.withLock({ state in
            state.saves += 1
            return state.saveProblem
        }) {
            throw problem
        }
        try self.storage.save(bytes)
    }

    func setAside() throws(StorageProblem) -> String { try self.storage.setAside() }
    var mayHoldTokens: Bool { self.storage.mayHoldTokens }
    var hasSetAside: Bool { self.storage.hasSetAside }
    func erase() throws(StorageProblem) { try self.storage.erase() }
    func eraseSetAside() throws(StorageProblem) -> String? { try self.storage.eraseSetAside() }
}
