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
package final class StoreVault: TokenVault {
    /// How long one call of the store may take.
    static let timeLimit = Duration.seconds(5)
    /// How often a change is tried, each time on what another process has written meanwhile.
    static let maximumTries = 16
    /// From which try on the changes of this process wait for each other.
    private static let patientTry = 2
    /// Of how many parts it is remembered that they were used here: a store can't be asked.
    private static let rememberedParts = 1000
    /// How long refresh tokens are of use when nobody uses them.
    private static let refreshLifetime = Duration.seconds(90 * 86_400)

    private let store: any TokenCacheStore
    /// The first one encrypts; the others decrypt what was written before it came.
    private let seals: [CacheSeal]
    private let clock: any MachineClock
    private let gate = TurnGate(places: 1)
    private let calls = SingleFlight<UInt64, Answer>()
    private let state: Locked<(lastCall: UInt64, parts: RecentlyUsed<VaultPart, Bool>)>

    private enum Answer: Sendable {
        case blob(TokenCacheBlob?)
        case isWritten(Bool)
    }

    /// What is in the store for a part: under the name that is written to, and under the one of a former key.
    private struct Found {
        var document = CacheDocument()
        var version: String?
        var formerName: String?
    }

    package init(_ store: any TokenCacheStore, keys: [TokenCacheKey], clock: any MachineClock = SystemClock()) {
        self.store = store
        self.seals = keys.map { CacheSeal($0) }
        self.clock = clock
        self.state = Locked((0, RecentlyUsed(capacity: Self.rememberedParts)))
    }

    package var isPersistent: Bool { true }
    package var isRequired: Bool { false }

    package func document(_ part: VaultPart) async throws -> CacheDocument {
        let document = try await self.find(part).document
        if !document.isEmpty { self.remember(part) }
        return document
    }

    package func update(_ part: VaultPart, _ change: @escaping @Sendable (inout CacheDocument) -> Void) async throws {
        guard let seal = self.seals.first else { throw CacheProblem("there is no key to encrypt with") }
        let name = seal.name(of: part)
        var isInGate = false
        defer { if isInGate { self.gate.leave() } }
        for attempt in 0..<Self.maximumTries {
            try Task.checkCancellation()
            if attempt == Self.patientTry {
                try await self.gate.enter()
                isInGate = true
            }
            let found = try await self.find(part)
            var document = found.document
            change(&document)
            if found.formerName == nil, document == found.document { return }
            let blob = TokenCacheBlob(bytes: try seal.seal(document.json, as: name), lifetime: self.lifetime(of: document))
            guard try await self.write(blob, to: name, ifUnchanged: found.version) else { continue }
            // Signing out has to remove the tokens there too.
            if let former = found.formerName { try await self.remove(former) }
            self.remember(part)
            return
        }
        throw CacheProblem("the store refused a change \(Self.maximumTries) times, because others were faster")
    }

    /// Those that this process has used, of which there may be more: a store isn't searched.
    package func parts() async throws -> [VaultPart] {
        self.state.withLock { $0.parts.keys }.filter { part in
            if case .session = part.subject { return false }
            return true
        }
    }

    private func remember(_ part: VaultPart) { self.state.withLock { $0.parts.update(part) { $0 = true } } }

    /// What is there. Bytes that can't be decrypted, or are no document, count as nothing, and the next change takes their place.
    private func find(_ part: VaultPart) async throws -> Found {
        for (position, seal) in self.seals.enumerated() {
            let name = seal.name(of: part)
            guard let blob = try await self.read(name) else { continue }
            let json = seal.open(blob.bytes, as: name)
            var found = Found(version: position == 0 ? blob.version ?? "" : nil, formerName: position == 0 ? nil : name)
            found.document = json.flatMap { try? CacheDocument(json: $0) } ?? CacheDocument()
            return found
        }
        return Found()
    }

    /// Until the last token has expired; refresh tokens live long, and nobody says how long.
    private func lifetime(of document: CacheDocument) -> Duration? {
        guard !document.isEmpty else { return .seconds(3600) }
        guard document.refreshEntries.isEmpty, document.accounts.isEmpty,
            let last = document.accessEntries.map(\.expiresOn).max()
        else { return Self.refreshLifetime }
        return .seconds(min(max(60, last.timeIntervalSince(self.clock.date)), Self.refreshLifetime.inSeconds))
    }
}

// Calls of the store, each for so long and no longer.
extension StoreVault {
    private func read(_ name: String) async throws -> TokenCacheBlob? {
        let store = self.store
        guard case .blob(let blob) = try await self.call({ .blob(try await store.read(name)) }) else { return nil }
        return blob
    }

    private func write(_ blob: TokenCacheBlob, to name: String, ifUnchanged version: String?) async throws -> Bool {
        let store = self.store
        let answer = try await self.call { .isWritten(try await store.write(blob, to: name, ifUnchanged: version)) }
        guard case .isWritten(let isWritten) = answer else { return false }
        return isWritten
    }

    private func remove(_ name: String) async throws {
        let store = self.store
        _ = try await self.call {
            try await store.remove(name)
            return .isWritten(true)
        }
    }

    /// Nobody waits for a store that doesn't react to its cancellation.
    private func call(_ operation: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
        let number = self.state.withLock { state in
            state.lastCall += 1
            return state.lastCall
        }
        let limit = SingleFlight<UInt64, Answer>.Limit(Self.timeLimit, clock: self.clock) {
            CacheProblem("the store gave no answer within \(Self.timeLimit.wholeSeconds) s")
        }
        return try await self.calls.value(for: number, patience: nil, limit: limit, operation: operation)
    }
}
#endif
