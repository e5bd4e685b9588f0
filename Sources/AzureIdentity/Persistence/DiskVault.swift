// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Logging

/// The vault of a persistent cache: one document for tokens with CAE and one for those without, whoever's they are.
///
/// It fails nobody who doesn't require it: what can't be written stays in memory, and the log says so once. A removal is the exception: who
/// signs out has to know that it didn't come off. It goes through all back ends that may have the cache, whatever the options say.
package struct DiskVault: TokenVault {
    package let isPersistent = true
    package let separatesSubjects = false
    package let isRequired: Bool

    private let withoutCAE: DiskCache
    private let withCAE: DiskCache

    /// A vault at the places that the options name.
    package init(name: String, options: PersistentTokenCacheOptions) {
        self.isRequired = options.isRequired
        self.withoutCAE = Self.cache(name, options, isCAEEnabled: false)
        self.withCAE = Self.cache(name, options, isCAEEnabled: true)
    }

    /// A vault of storages, the preferred one first. Both kinds of tokens share them, so tests use one kind.
    init(
        storages: [any PersistentStorage],
        others: [any PersistentStorage] = [],
        isRequired: Bool,
        clock: any MachineClock = SystemClock()
    ) {
        self.isRequired = isRequired
        self.withoutCAE = DiskCache(.success(storages), others: others, isRequired: isRequired, clock: clock)
        self.withCAE = self.withoutCAE
    }

    package func document(_ part: VaultPart) async throws -> CacheDocument {
        try await self.cache(part.isCAEEnabled).document()
    }

    package func update(_ part: VaultPart, _ change: @escaping @Sendable (inout CacheDocument) -> Void) async throws {
        try await self.cache(part.isCAEEnabled).update(needsEncryption: part.needsEncryption, change)
    }

    package func remove(_ removal: VaultRemoval, from part: VaultPart) async throws {
        try await self.cache(part.isCAEEnabled).remove(removal)
    }

    package func parts() async throws -> [VaultPart] {
        [false, true].map { VaultPart(subject: .other("disk"), isCAEEnabled: $0) }
    }

    /// What keeps the tokens; `nil` if nothing does.
    package func backend() async -> PersistentTokenCacheBackend? { await self.withoutCAE.backend() }

    private func cache(_ isCAEEnabled: Bool) -> DiskCache { isCAEEnabled ? self.withCAE : self.withoutCAE }

    private static func cache(_ name: String, _ options: PersistentTokenCacheOptions, isCAEEnabled: Bool) -> DiskCache {
        let storages: Result<[any PersistentStorage], StorageProblem>
        var others: [any PersistentStorage] = []
        do {
            let places = try PersistentPlaces(
                cache: name,
                isCAEEnabled: isCAEEnabled,
                directory: options.directory,
                environment: options.environment,
                systemHome: Host.systemHomeDirectory
            )
            let order = options.order
            storages = .success(order.map { Self.storage($0, places, options) })
            others = PersistentTokenCacheOptions.allBackends.filter { !order.contains($0) }.map {
                Self.storage($0, places, options)
            }
        } catch {
            storages = .failure(error)
        }
        return DiskCache(storages, others: others, isRequired: options.isRequired, clock: SystemClock())
    }

    private static func storage(
        _ backend: PersistentTokenCacheBackend,
        _ places: PersistentPlaces,
        _ options: PersistentTokenCacheOptions
    ) -> any PersistentStorage {
        switch backend {
        case .secretService: SecretServiceStorage(places: places, environment: options.environment)
        case .kernelKeyring: EncryptedFileStorage(places: places, key: .kernel)
        case .encryptedFile: EncryptedFileStorage(places: places, key: .application(options.encryptionKey))
        case .unencryptedFile: CacheFileStorage(places: places)
        case .keychain: KeychainStorage(places: places)
        case .dataProtection: DPAPIStorage(places: places)
        default: AbsentStorage(places: places, backend: backend)
        }
    }
}

/// A back end that this version doesn't know.
private struct AbsentStorage: PersistentStorage {
    let places: PersistentPlaces
    let backend: PersistentTokenCacheBackend

    private static let problem = StorageProblem(.unavailable, "this version doesn't know it")

    var lock: FileLock { self.places.sharedLock }

    func prepare() throws(StorageProblem) { throw Self.problem }
    func stamp() -> FileStamp? { nil }
    func load() throws(StorageProblem) -> [UInt8]? { throw Self.problem }
    func save(_ bytes: [UInt8]) throws(StorageProblem) { throw Self.problem }
    func setAside() throws(StorageProblem) -> String { throw Self.problem }
    var mayHoldTokens: Bool { false }
    var hasSetAside: Bool { false }
    func erase() throws(StorageProblem) { throw Self.problem }
    func eraseSetAside() throws(StorageProblem) -> String? { throw Self.problem }
}
