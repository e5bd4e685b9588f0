// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Logging

/// One document on disk, and what is known of it. All that blocks runs on a queue of its own, one thing at a time.
final class DiskCache: Sendable {
    /// How long after nothing was found to keep tokens it is looked for again.
    private static let retryDelay = Duration.seconds(30)
    /// The most that work may take before its caller goes on without it: waiting for the lock and for a keyring have limits of
    /// their own, which are shorter. A large document takes some seconds to read.
    private static let workLimit = Duration.seconds(20)

    let storages: Result<[any PersistentStorage], StorageProblem>
    /// Where the document may have been before, and isn't looked for: who signs out is removed there too.
    let others: [any PersistentStorage]
    let isRequired: Bool
    let clock: any MachineClock
    private let queue = BlockingQueue(label: "azure-identity.token-cache", limit: workLimit)
    let state = Locked(DiskCacheState())

    /// - Parameters:
    ///   - storages: Where the document may be, the preferred one first; or why it can't be anywhere.
    ///   - others: Where it may have been with other options.
    init(
        _ storages: Result<[any PersistentStorage], StorageProblem>,
        others: [any PersistentStorage],
        isRequired: Bool,
        clock: any MachineClock
    ) {
        self.storages = storages
        self.others = others
        self.isRequired = isRequired
        self.clock = clock
    }

    /// The document. Looks at the stamp of the file alone, as long as that is still the same.
    func document() async throws -> CacheDocument {
        if let document = self.keptDocument() { return document }
        return try await self.perform { () throws(StorageProblem) in
            try self.currentDocument()
        } orElse: { _ in
            self.state.withLock { $0.document }
        }
    }

    /// Changes the document by one read-modify-write under the lock.
    ///
    /// - Parameter needsEncryption: Whether the change is left out where the document isn't encrypted, and where it can't be written.
    func update(needsEncryption: Bool, _ change: @escaping @Sendable (inout CacheDocument) -> Void) async throws {
        try await self.perform { () throws(StorageProblem) in
            try self.change(needsEncryption: needsEncryption, change)
        } orElse: { _ in
            if !needsEncryption { self.state.withLock { $0.keepInMemory(change) } }
        }
    }

    /// Removes entries; those of somebody who signs out wherever they may be.
    ///
    /// - Throws: `CacheProblem` if that didn't come off everywhere.
    func remove(_ removal: VaultRemoval) async throws {
        let answer = await self.queue.run { self.removeEverywhere(removal) }
        self.log()
        if answer == nil { try Task.checkCancellation() }
        let reasons = answer ?? ["the token cache doesn't answer"]
        guard reasons.isEmpty else {
            throw CacheProblem("tokens may be left in the token cache: \(reasons.joined(separator: "; "))")
        }
    }

    func backend() async -> PersistentTokenCacheBackend? {
        let backend = await self.queue.run { try? self.storage().backend }
        self.log()
        return backend ?? nil
    }

    /// Runs work on the queue; if it fails, and nobody requires it, something else instead.
    private func perform<Result: Sendable>(
        _ work: @escaping @Sendable () throws(StorageProblem) -> Result,
        orElse: (StorageProblem) throws -> Result
    ) async throws -> Result {
        let answer = await self.queue.run { () -> Swift.Result<Result, StorageProblem> in
            do throws(StorageProblem) { return .success(try work()) } catch { return .failure(error) }
        }
        defer { self.log() }
        if answer == nil { try Task.checkCancellation() }
        switch answer ?? .failure(StorageProblem(.busy, "the token cache doesn't answer")) {
        case .success(let result): return result
        case .failure(let problem):
            // Somebody else's key, from now on: the next back end may do.
            if problem.kind == .otherKey { self.state.withLock { $0.leaveStorage() } }
            self.state.withLock { $0.note(.warning, "Tokens are kept in memory alone for now: \(problem.reason).") }
            if self.isRequired { throw CacheProblem(problem.reason) }
            return try orElse(problem)
        }
    }

    private func log() {
        for remark in self.state.withLock({ $0.takeRemarks() }) {
            Logger.current.log(level: remark.level, "\(remark.text)")
        }
    }
}

/// What runs on the queue.
extension DiskCache {
    /// The document, if what was read is still what there is.
    private func keptDocument() -> CacheDocument? {
        guard let storage = self.state.withLock({ $0.storage }) else { return nil }
        let stamp = storage.stamp()
        return self.state.withLock { $0.isCurrent(at: stamp) || $0.isUnsaved(at: stamp) ? $0.document : nil }
    }

    /// Where the document is: the first storage that can be used, once there is one.
    func storage() throws(StorageProblem) -> any PersistentStorage {
        let storages = try self.storages.get()
        let now = self.clock.now
        if let found = try self.state.withLock({ state throws(StorageProblem) in try state.choice(at: now) }) { return found }
        var reasons: [String] = []
        for storage in storages {
            do throws(StorageProblem) {
                try storage.prepare()
                let remark = storage.remark
                self.state.withLock { state in
                    state.storage = storage
                    state.note(.debug, "The token cache is kept by: \(storage.backend).")
                    if let remark { state.note(.notice, remark) }
                }
                return storage
            } catch {
                reasons.append("\(storage.backend): \(error.reason)")
                self.state.withLock {
                    $0.note(
                        error.kind == .refused || error.kind == .otherKey ? .warning : .debug,
                        "The token cache can't be kept by: \(storage.backend) (\(error.reason)).")
                }
            }
        }
        let problem = StorageProblem(
            .unavailable, "no place to keep tokens can be used here (\(reasons.joined(separator: "; ")))")
        self.state.withLock { $0.absence = (problem, now + Self.retryDelay) }
        throw problem
    }

    private func currentDocument() throws(StorageProblem) -> CacheDocument {
        let storage = try self.storage()
        if let document = self.keptDocument() { return document }
        do throws(StorageProblem) {
            _ = try self.read(storage)
        } catch  where error.kind == .damaged {
            // Others write some files in place: under the lock nobody does.
            try storage.lock.hold(within: Self.lockLimit) { () throws(StorageProblem) in _ = try self.readOrSetAside(storage) }
        }
        return self.state.withLock { $0.document }
    }

    func change(
        needsEncryption: Bool = false,
        _ change: (inout CacheDocument) -> Void
    ) throws(StorageProblem) {
        let storage = try self.storage()
        guard storage.isEncrypted || !needsEncryption else {
            let text = "tokens of managed identities are kept in encrypted places alone, and this one isn't: \(storage.backend)"
            if self.isRequired { throw StorageProblem(.unavailable, text) }
            self.state.withLock { $0.note(.notice, "Not kept: \(text).") }
            return
        }
        try storage.lock.hold(within: Self.lockLimit) { () throws(StorageProblem) in
            let stamp = storage.stamp()
            let isKnown = storage.hasSafeStamp && self.state.withLock { $0.isCurrent(at: stamp) }
            let earlier = isKnown ? self.state.withLock { $0.document } : try self.readOrSetAside(storage)
            var document = earlier
            if let unsaved = self.state.withLock({ $0.unsaved(over: earlier) }) { document.merge(unsaved) }
            change(&document)
            if document.takeOverflow() {
                self.state.withLock { $0.note(.warning, "A token isn't kept: \(CacheDocument.overflow.message).") }
            }
            if document != earlier { try storage.save(document.json) }
            let newStamp = storage.stamp()
            self.state.withLock { $0.read(document, stamp: newStamp, isSettled: true) }
        }
    }

    private func read(_ storage: any PersistentStorage) throws(StorageProblem) -> CacheDocument {
        // Before the bytes: if they change meanwhile, the stamp is not that of the next look.
        let stamp = storage.stamp()
        let isSettled = !Host.isRecent(stamp)
        var document = CacheDocument()
        do throws(StorageProblem) {
            if let bytes = try storage.load(), bytes.contains(where: { $0 > 0x20 }) { document = try Self.parsed(bytes) }
        } catch  where error.kind == .keyLost {
            self.state.withLock {
                $0.note(.info, "Kept tokens can't be read any more: \(error.reason).")
                $0.lose(stamp: stamp, isSettled: isSettled)
            }
            return CacheDocument()
        }
        self.state.withLock { [document] in $0.takeUp(document, stamp: stamp, isSettled: isSettled) }
        return document
    }

    /// Reads the document under the lock; what can't be read is put out of the way.
    private func readOrSetAside(_ storage: any PersistentStorage) throws(StorageProblem) -> CacheDocument {
        do throws(StorageProblem) {
            return try self.read(storage)
        } catch  where error.kind == .damaged {
            let place = try storage.setAside()
            let stamp = storage.stamp()
            self.state.withLock {
                $0.note(.warning, "Kept tokens can't be read: \(error.reason). They are set aside: \(place).")
                $0.lose(stamp: stamp, isSettled: true)
            }
            return CacheDocument()
        }
    }

    static var lockLimit: Duration { .seconds(5) }

    static func parsed(_ bytes: [UInt8]) throws(StorageProblem) -> CacheDocument {
        do throws(CacheProblem) {
            return try CacheDocument(json: bytes)
        } catch {
            throw StorageProblem(.damaged, error.message)
        }
    }
}
