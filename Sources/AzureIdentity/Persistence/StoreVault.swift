// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Documents in a store of the application's, encrypted; changed by comparing and swapping, so that no change of another process gets lost.
///
/// A store can't be searched, so a directory for each person says to which applications they have signed in. It is written before their first
/// tokens are, each time that there were none; see `signOut`.
package final class StoreVault: TokenVault {
    /// How long one call of the store may take.
    static let timeLimit = Duration.seconds(5)
    /// How long a change may take in all, the waiting for others of this process and all its tries included.
    static let changeLimit = Duration.seconds(15)
    /// How often a change is tried, each time on what another process has written meanwhile.
    static let maximumTries = 16
    /// The most bytes that are decrypted: what a document may have, and the encryption around it.
    private static let maximumSize = CacheReader.maximumSize + 1024
    /// Of how many parts it is remembered that they were used here: a store can't be asked.
    private static let rememberedParts = 1000
    /// How long refresh tokens are of use when nobody uses them.
    private static let refreshLifetime = Duration.seconds(90 * 86_400)
    /// How long directories are of use; they are written anew each day on which the person's tokens are.
    private static let directoryLifetime = Duration.seconds(120 * 86_400)
    private static let directoryInterval = Duration.seconds(86_400)
    /// How long an empty document is of use: longer than a change may take that began before it.
    private static let emptyLifetime = Duration.seconds(60)

    private let store: any TokenCacheStore
    /// The first one encrypts; the others decrypt what was written before it came.
    let seals: [CacheSeal]
    let clock: any MachineClock
    private let gates = PartGates()
    private let calls = SingleFlight<UInt64, Answer>()
    private let state: Locked<State>

    private struct State: Sendable {
        var lastCall: UInt64 = 0
        var parts = RecentlyUsed<VaultPart, Bool>(capacity: StoreVault.rememberedParts)
        /// When a part was last written down in its person's directory.
        var listings = RecentlyUsed<VaultPart, MonotonicTime>(capacity: StoreVault.rememberedParts)
    }

    private enum Answer: Sendable {
        case blob(TokenCacheBlob?)
        case isWritten(Bool)
        case done
    }

    /// What is in the store under a name.
    struct Entry: Sendable {
        let name: String
        let document: CacheDocument
        let version: String
    }

    /// What is in the store for a part: under the name that is written to, or, if nothing is, under the one of a former key.
    private struct Found {
        var document = CacheDocument()
        var version: String?
        var former: Entry?
    }

    package init(_ store: any TokenCacheStore, keys: [TokenCacheKey], clock: any MachineClock = SystemClock()) {
        self.store = store
        self.seals = keys.map { CacheSeal($0) }
        self.clock = clock
        self.state = Locked(State())
    }

    package var isPersistent: Bool { true }
    package var isRequired: Bool { false }

    package func document(_ part: VaultPart) async throws -> CacheDocument {
        let document = try await self.find(part, deadline: self.clock.now + Self.changeLimit).document
        if !document.isEmpty { self.remember(part) }
        return document
    }

    package func update(_ part: VaultPart, _ change: @escaping @Sendable (inout CacheDocument) -> Void) async throws {
        try await self.changing(part) { deadline in _ = try await self.change(part, deadline: deadline, change) }
    }

    /// Removes entries, under all names that the part may have. Where none are left, an empty document stays for a while.
    package func remove(_ removal: VaultRemoval, from part: VaultPart) async throws {
        try await self.changing(part) { deadline in
            if removal == .all {
                // Those of former keys first: whoever finds the newest empty, finds no older one.
                for seal in self.seals.reversed() { try await self.clear(part, seal, deadline: deadline) }
            } else {
                guard try await self.change(part, deadline: deadline, { removal.apply(to: &$0) }) else { return }
                for seal in self.seals.dropFirst() { try await self.remove(seal.name(of: part), deadline: deadline) }
            }
            self.state.withLock { state in
                state.parts.update(part) { $0 = nil }
                state.listings.update(part) { $0 = nil }
            }
        }
    }

    /// Those that this process has used, of which there may be more: a store isn't searched.
    package func parts() async throws -> [VaultPart] { self.state.withLock { $0.parts.keys }.filter(\.isListed) }

    private func remember(_ part: VaultPart) { self.state.withLock { $0.parts.update(part) { $0 = true } } }
}

// Changes: one at a time for each part, all tries within one limit.
extension StoreVault {
    private func changing(
        _ part: VaultPart,
        _ body: @escaping @Sendable (_ deadline: MonotonicTime) async throws -> Void
    ) async throws {
        let deadline = self.clock.now + Self.changeLimit
        _ = try await self.limited(Self.changeLimit) {
            try await self.gates.pass(part) { try await body(deadline) }
            return .done
        }
    }

    /// Changes a document, each time on what is there then, until nobody else was faster.
    ///
    /// - Parameter isForced: Whether it is written though the same is there, so that it lives longer.
    /// - Returns: Whether the document has no entry any more, or never had one.
    private func change(
        _ part: VaultPart,
        isForced: Bool = false,
        deadline: MonotonicTime,
        _ change: (inout CacheDocument) -> Void
    ) async throws -> Bool {
        guard let seal = self.seals.first else { throw CacheProblem("there is no key to encrypt with") }
        for _ in 0..<Self.maximumTries {
            try Task.checkCancellation()
            let found = try await self.find(part, deadline: deadline)
            var document = found.document
            change(&document)
            let isFull = document.takeOverflow()
            if found.former == nil, document == found.document, !isForced {
                if isFull { throw CacheDocument.overflow }
                return document.isEmpty
            }
            // After the version was read that is written over: whoever signs out changes that one first, and then looks for new entries.
            if !document.isEmpty { try await self.list(part, isNew: found.document.isEmpty, deadline: deadline) }
            guard try await self.write(document, of: part, seal, ifUnchanged: found.version, deadline: deadline) else { continue }
            if let former = found.former, try await !self.leave(former, for: part, seal, deadline: deadline) { continue }
            if !document.isEmpty { self.remember(part) }
            if isFull { throw CacheDocument.overflow }
            return document.isEmpty
        }
        throw Self.refusal
    }

    /// Leaves an empty document under the name of a key, with a version of its own, also where nothing is or the same: a change that began on
    /// what was there before doesn't come off then.
    private func clear(_ part: VaultPart, _ seal: CacheSeal, deadline: MonotonicTime) async throws {
        for _ in 0..<Self.maximumTries {
            try Task.checkCancellation()
            let version = try await self.entry(part, seal, deadline: deadline)?.version
            if try await self.write(CacheDocument(), of: part, seal, ifUnchanged: version, deadline: deadline) { return }
        }
        throw Self.refusal
    }

    private static let refusal = CacheProblem("the store refused a change \(maximumTries) times, because others were faster")

    /// Removes what a former key encrypted, after it was written under the name of today's key.
    ///
    /// - Returns: Whether it was still the same. If not, somebody may have signed out meanwhile, and what was written is removed too.
    private func leave(_ former: Entry, for part: VaultPart, _ seal: CacheSeal, deadline: MonotonicTime) async throws -> Bool {
        guard let now = try await self.read(former.name, deadline: deadline), now.version ?? "" == former.version else {
            try await self.clear(part, seal, deadline: deadline)
            return false
        }
        try await self.remove(former.name, deadline: deadline)
        return true
    }

    /// Writes down in a person's directory that they have tokens in a part: with the first ones, and each day anew.
    private func list(_ part: VaultPart, isNew: Bool, deadline: MonotonicTime) async throws {
        guard case .user(let environment, let clientID, let home) = part.subject else { return }
        let now = self.clock.now
        let last = self.state.withLock { $0.listings.value(for: part) }
        if !isNew, let last, now - last < Self.directoryInterval { return }
        let directory = VaultPart(subject: .directory(homeAccountID: home), isCAEEnabled: false)
        _ = try await self.gates.pass(directory) {
            try await self.change(directory, isForced: true, deadline: deadline) {
                $0.insert(CacheDocument.ApplicationEntry(clientID: clientID, environment: environment, familyID: nil))
            }
        }
        self.state.withLock { $0.listings.update(part) { $0 = now } }
    }

    /// What is there: the first that there is, today's key before former ones.
    private func find(_ part: VaultPart, deadline: MonotonicTime) async throws -> Found {
        for (position, seal) in self.seals.enumerated() {
            guard let entry = try await self.entry(part, seal, deadline: deadline) else { continue }
            if position > 0 { return Found(document: entry.document, former: entry) }
            return Found(document: entry.document, version: entry.version)
        }
        return Found()
    }

    /// What is there under the name of a key. Bytes that can't be decrypted, or are no document, count as nothing, and the next change takes
    /// their place.
    func entry(_ part: VaultPart, _ seal: CacheSeal, deadline: MonotonicTime) async throws -> Entry? {
        let name = seal.name(of: part)
        guard let blob = try await self.read(name, deadline: deadline) else { return nil }
        let json = blob.bytes.count <= Self.maximumSize ? seal.open(blob.bytes, as: name) : nil
        let document = json.flatMap { try? CacheDocument(json: $0) } ?? CacheDocument()
        return Entry(name: name, document: document, version: blob.version ?? "")
    }

    /// Writes a document under the name of a key; whether nobody was faster.
    func write(
        _ document: CacheDocument,
        of part: VaultPart,
        _ seal: CacheSeal,
        ifUnchanged version: String?,
        deadline: MonotonicTime
    ) async throws -> Bool {
        let name = seal.name(of: part)
        let blob = TokenCacheBlob(bytes: try seal.seal(document.json, as: name), lifetime: self.lifetime(of: document, part))
        return try await self.write(blob, to: name, ifUnchanged: version, deadline: deadline)
    }

    /// Until the last token has expired; refresh tokens live long, and nobody says how long.
    private func lifetime(of document: CacheDocument, _ part: VaultPart) -> Duration {
        guard !document.isEmpty else { return Self.emptyLifetime }
        if case .directory = part.subject { return Self.directoryLifetime }
        guard document.refreshEntries.isEmpty, document.accounts.isEmpty,
            let last = document.accessEntries.map(\.expiresOn).max()
        else { return Self.refreshLifetime }
        return .seconds(min(max(60, last.timeIntervalSince(self.clock.date)), Self.refreshLifetime.inSeconds))
    }
}

// Calls of the store, each for so long and no longer.
extension StoreVault {
    private func read(_ name: String, deadline: MonotonicTime) async throws -> TokenCacheBlob? {
        let store = self.store
        guard case .blob(let blob) = try await self.call(deadline, { .blob(try await store.read(name)) }) else { return nil }
        return blob
    }

    private func write(
        _ blob: TokenCacheBlob,
        to name: String,
        ifUnchanged version: String?,
        deadline: MonotonicTime
    ) async throws -> Bool {
        let store = self.store
        let answer = try await self.call(deadline) { .isWritten(try await store.write(blob, to: name, ifUnchanged: version)) }
        guard case .isWritten(let isWritten) = answer else { return false }
        return isWritten
    }

    private func remove(_ name: String, deadline: MonotonicTime) async throws {
        let store = self.store
        _ = try await self.call(deadline) {
            try await store.remove(name)
            return .done
        }
    }

    private func call(
        _ deadline: MonotonicTime,
        _ operation: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let rest = deadline - self.clock.now
        guard rest > .zero else { throw Self.silence(Self.changeLimit) }
        return try await self.limited(min(Self.timeLimit, rest), operation)
    }

    /// Nobody waits for a store that doesn't react to its cancellation.
    private func limited(
        _ duration: Duration,
        _ operation: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let number = self.state.withLock { state in
            state.lastCall += 1
            return state.lastCall
        }
        let limit = SingleFlight<UInt64, Answer>.Limit(duration, clock: self.clock) { Self.silence(duration) }
        return try await self.calls.value(for: number, patience: nil, limit: limit, operation: operation)
    }

    private static func silence(_ duration: Duration) -> CacheProblem {
        CacheProblem("the store gave no answer within \(max(1, duration.wholeSeconds)) s")
    }
}
#endif
