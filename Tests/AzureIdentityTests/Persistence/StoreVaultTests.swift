// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// A store in memory, with what can go wrong with one.
final class StoreInMemory: TokenCacheStore {
    struct State: Sendable {
        var blobs: [String: TokenCacheBlob] = [:]
        var lastVersion = 0
        var calls: [String] = []
        var error: (any Error)?
        /// How many writes are refused, as if somebody else had been faster.
        var refusals = 0
        /// Runs before the next write.
        var intruder: (@Sendable () async throws -> Void)?
        var isSilent = false
        /// Runs before each write.
        var beforeWrite: (@Sendable () -> Void)?
        /// The names that all calls fail for.
        var failing: Set<String> = []
        /// Whether versions are counted in what is kept, so that they start again after a removal.
        var restartsVersions = false
    }

    struct NameError: Error {}

    let state = Locked(State())

    /// How many partitions have something in them: empty ones are forgotten within a minute.
    var filledCount: Int {
        self.state.withLock { state in state.blobs.values.count { blob in blob.lifetime != .seconds(60) } }
    }

    func read(_ partition: String) async throws -> TokenCacheBlob? {
        try await self.enter("read", partition)
        return self.state.withLock { $0.blobs[partition] }
    }

    func write(_ blob: TokenCacheBlob, to partition: String, ifUnchanged version: String?) async throws -> Bool {
        try await self.enter("write", partition)
        let (intruder, beforeWrite) = self.state.withLock { state in
            defer { state.intruder = nil }
            return (state.intruder, state.beforeWrite)
        }
        beforeWrite?()
        try await intruder?()
        return self.state.withLock { state in
            if state.refusals > 0 {
                state.refusals -= 1
                return false
            }
            guard state.blobs[partition]?.version == version else { return false }
            state.lastVersion += 1
            let number = state.restartsVersions ? (version.flatMap { Int($0) } ?? 0) + 1 : state.lastVersion
            state.blobs[partition] = TokenCacheBlob(bytes: blob.bytes, version: "\(number)", lifetime: blob.lifetime)
            return true
        }
    }

    func remove(_ partition: String) async throws {
        try await self.enter("remove", partition)
        self.state.withLock { $0.blobs[partition] = nil }
    }

    private func enter(_ call: String, _ partition: String) async throws {
        let (error, isFailing, isSilent) = self.state.withLock { state in
            state.calls.append(call)
            return (state.error, state.failing.contains(partition), state.isSilent)
        }
        if let error { throw error }
        if isFailing { throw NameError() }
        // For ever, and deaf to its cancellation.
        while isSilent { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
    }
}

@Suite struct StoreVaultTests {
    private static let part = VaultPart(subject: .other("part"), isCAEEnabled: false)
    private static let other = VaultPart(subject: .other("part"), isCAEEnabled: true)

    private static func user(_ clientID: String = "c", isCAEEnabled: Bool = false) -> VaultPart {
        VaultPart(
            subject: .user(environment: CacheSamples.host, clientID: clientID, homeAccountID: CacheSamples.home),
            isCAEEnabled: isCAEEnabled)
    }

    private static func key(_ first: UInt8) throws -> TokenCacheKey { try TokenCacheKey((0..<32).map { $0 &+ first }) }

    private func vault(_ store: StoreInMemory, _ keys: UInt8..., clock: VirtualClock = VirtualClock()) throws -> StoreVault {
        StoreVault(store, keys: try keys.map { try Self.key($0) }, clock: clock)
    }

    private func secrets(_ vault: StoreVault, _ part: VaultPart = part) async throws -> [String] {
        try await vault.document(part).refreshEntries.map(\.secret.revealed)
    }

    @Test func anotherProcessFindsWhatOneHasKept() async throws {
        let store = StoreInMemory()
        try await self.vault(store, 1).update(Self.part) { $0.insert(CacheSamples.refresh("hunter2")) }
        #expect(try await self.secrets(self.vault(store, 1)) == ["hunter2"])
        #expect(try await self.secrets(self.vault(store, 1), Self.other) == [])
        let (name, blob) = try #require(store.state.withLock { $0.blobs.first.map { ($0.key, $0.value) } })
        #expect(name.utf8.count == 64 && name.utf8.allSatisfy { CacheText.digit($0) != nil })
        let bytes = String(decoding: blob.bytes, as: UTF8.self)
        for text in ["hunter2", "UID", CacheSamples.host, "RefreshToken"] { #expect(!bytes.contains(text)) }
        #expect(blob.lifetime == .seconds(90 * 86_400))
    }

    @Test func nothingIsWrittenWithoutAChange() async throws {
        let store = StoreInMemory()
        let vault = try self.vault(store, 1)
        try await vault.update(Self.part) { $0.insert(CacheSamples.refresh("a")) }
        store.state.withLock { $0.calls = [] }
        try await vault.update(Self.part) { _ in }
        #expect(store.state.withLock { $0.calls } == ["read"])
    }

    @Test func noChangeOfOthersIsLost() async throws {
        let store = StoreInMemory()
        let (mine, theirs) = (try self.vault(store, 1), try self.vault(store, 1))
        store.state.withLock {
            $0.intruder = {
                try await theirs.update(Self.part) { $0.insert(CacheSamples.refresh("theirs") { $0.clientID = "t" }) }
            }
        }
        try await mine.update(Self.part) { $0.insert(CacheSamples.refresh("mine")) }
        #expect(try await self.secrets(mine) == ["theirs", "mine"])
    }

    @Test func manyChangesAtOnce() async throws {
        let store = StoreInMemory()
        let vaults = [try self.vault(store, 1), try self.vault(store, 1)]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await vaults[number % 2].update(Self.part) { document in
                        document.insert(CacheSamples.refresh("\(number)") { $0.clientID = "\(number)" })
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await Set(self.secrets(vaults[0])) == Set((0..<100).map { "\($0)" }))
    }

    @Test func triesAreBounded() async throws {
        let store = StoreInMemory()
        let vault = try self.vault(store, 1)
        store.state.withLock { $0.refusals = StoreVault.maximumTries - 1 }
        try await vault.update(Self.part) { $0.insert(CacheSamples.refresh("a")) }
        #expect(try await self.secrets(vault) == ["a"])
        store.state.withLock { ($0.refusals, $0.calls) = (1000, []) }
        await #expect(throws: CacheProblem.self) { try await vault.update(Self.part) { $0.insert(CacheSamples.refresh("b")) } }
        #expect(store.state.withLock { $0.calls.count } == 2 * StoreVault.maximumTries)
        store.state.withLock { $0.refusals = 0 }
        try await vault.update(Self.part) { $0.insert(CacheSamples.refresh("c")) }
        #expect(try await self.secrets(vault) == ["c"])
    }

    @Test func keysAreChangedInTwoSteps() async throws {
        let store = StoreInMemory()
        try await self.vault(store, 1).update(Self.part) { $0.insert(CacheSamples.refresh("a")) }
        // The new key is known, but the old one is used.
        #expect(try await self.secrets(self.vault(store, 1, 2)) == ["a"])
        // The new one is used; what is written goes over to it.
        let new = try self.vault(store, 2, 1)
        #expect(try await self.secrets(new) == ["a"])
        try await new.update(Self.part) { $0.insert(CacheSamples.refresh("b") { $0.clientID = "b" }) }
        #expect(try await self.secrets(new) == ["a", "b"])
        #expect(try await self.secrets(self.vault(store, 1, 2)) == ["a", "b"])
        #expect(try await self.secrets(self.vault(store, 2)) == ["a", "b"])
        #expect(try await self.secrets(self.vault(store, 1)) == [])
        #expect(store.state.withLock { $0.blobs.count } == 1)
    }

    @Test func signingOutRemovesWhatAFormerKeyEncrypted() async throws {
        let store = StoreInMemory()
        try await self.vault(store, 1).update(Self.part) { $0.insert(CacheSamples.refresh("a")) }
        try await self.vault(store, 2, 1).remove(.account(homeAccountID: CacheSamples.home, environments: nil), from: Self.part)
        #expect(store.filledCount == 0)
        for keys in [[1], [2], [1, 2]] as [[UInt8]] {
            let vault = StoreVault(store, keys: try keys.map { try Self.key($0) }, clock: VirtualClock())
            #expect(try await self.secrets(vault) == [])
        }
    }

    @Test func damagedAndExchangedBytesCountAsNothing() async throws {
        let store = StoreInMemory()
        let vault = try self.vault(store, 1)
        try await vault.update(Self.part) { $0.insert(CacheSamples.refresh("a")) }
        let name = try #require(store.state.withLock { $0.blobs.keys.first })
        let good = try #require(store.state.withLock { $0.blobs[name]?.bytes })
        try await vault.update(Self.other) { $0.insert(CacheSamples.refresh("other")) }
        let swapped = try #require(store.state.withLock { state in state.blobs.first { $0.key != name }?.value.bytes })
        var flipped = good
        flipped[good.count / 2] ^= 1
        for bytes in [[], [1], Array("AIS1".utf8), Array(good.dropLast()), good + [0], flipped, swapped, Array("{}".utf8)] {
            store.state.withLock { $0.blobs[name]?.bytes = bytes }
            #expect(try await self.secrets(vault) == [])
        }
        try await vault.update(Self.part) { $0.insert(CacheSamples.refresh("new")) }
        #expect(try await self.secrets(vault) == ["new"])
    }

    private struct StoreError: Error {}

    @Test func whatAStoreThrowsComesOut() async throws {
        let store = StoreInMemory()
        let vault = try self.vault(store, 1)
        store.state.withLock { $0.error = StoreError() }
        await #expect(throws: StoreError.self) { try await vault.document(Self.part) }
        await #expect(throws: StoreError.self) { try await vault.update(Self.part) { $0.insert(CacheSamples.refresh("a")) } }
    }

    @Test func aSilentStoreIsGivenUp() async throws {
        let (store, clock) = (StoreInMemory(), VirtualClock())
        let vault = try self.vault(store, 1, clock: clock)
        store.state.withLock { $0.isSilent = true }
        let read = Task { try await vault.document(Self.part) }
        await clock.waitForSleepers(1)
        clock.advance(by: StoreVault.timeLimit)
        await #expect(throws: CacheProblem("the store gave no answer within 5 s")) { try await read.value }
        let cancelled = Task { try await vault.document(Self.part) }
        await clock.waitForSleepers(1)
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
    }

    @Test func anApplicationsTokensAreKeptAsLongAsTheyLive() async throws {
        let store = StoreInMemory()
        let clock = VirtualClock(date: CacheSamples.cachedAt)
        try await self.vault(store, 1, clock: clock).update(Self.part) {
            $0.insert(CacheSamples.access("a") { $0.homeAccountID = nil })
        }
        #expect(store.state.withLock { $0.blobs.values.map(\.lifetime) } == [.seconds(3600)])
    }

    @Test func thePartsThatWereUsedAreListed() async throws {
        let store = StoreInMemory()
        let vault = try self.vault(store, 1)
        #expect(try await vault.document(Self.user()).isEmpty)
        #expect(try await vault.parts().isEmpty)
        try await vault.update(Self.user()) { $0.insert(CacheSamples.refresh("a")) }
        #expect(try await vault.parts() == [Self.user()])
        let cache = TokenCache(vault: vault)
        try await vault.update(Self.user()) {
            $0.insert(
                CacheDocument.AccountEntry(
                    homeAccountID: CacheSamples.home, environment: CacheSamples.host, realm: "r", localAccountID: "l",
                    username: "u"))
        }
        #expect(try await cache.accounts().map(\.username) == ["u"])
        let account = try #require(try await cache.accounts().first)
        try await cache.signOut(account)
        #expect(try await cache.accounts().isEmpty)
        #expect(try await cache.entries().isEmpty)
        #expect(store.filledCount == 0)
    }

    @Test func aDirectoryIsWrittenBeforeTheTokensAndAnewEachDay() async throws {
        let (store, clock) = (StoreInMemory(), VirtualClock())
        let vault = try self.vault(store, 1, clock: clock)
        try await vault.update(Self.user()) { $0.insert(CacheSamples.refresh("a")) }
        #expect(store.state.withLock { $0.calls } == ["read", "read", "write", "write"])
        store.state.withLock { $0.calls = [] }
        try await vault.update(Self.user()) { $0.insert(CacheSamples.refresh("b")) }
        #expect(store.state.withLock { $0.calls } == ["read", "write"])
        clock.advance(by: .seconds(86_400))
        store.state.withLock { $0.calls = [] }
        try await vault.update(Self.user()) { $0.insert(CacheSamples.refresh("c")) }
        #expect(store.state.withLock { $0.calls } == ["read", "read", "write", "write"])
        #expect(store.state.withLock { Set($0.blobs.values.map(\.lifetime)) } == [.seconds(90 * 86_400), .seconds(120 * 86_400)])
    }

    // MARK: Time

    @Test func allTriesTogetherHaveOneDeadline() async throws {
        let (store, clock) = (StoreInMemory(), VirtualClock())
        let vault = try self.vault(store, 1, clock: clock)
        store.state.withLock { state in
            state.refusals = 1000
            // Under the limit of one call, so that none is given up by itself.
            state.beforeWrite = { clock.advance(by: .seconds(4)) }
        }
        await #expect(throws: CacheProblem.self) { try await vault.update(Self.part) { $0.insert(CacheSamples.refresh("a")) } }
        #expect(store.state.withLock { state in state.calls.count { $0 == "write" } } <= 4)
    }

    @Test func callersOfOneProcessTakeTurnsAndThoseOfOtherPartsDoNotWait() async throws {
        let gates = PartGates()
        let (entered, release) = (TurnGate(places: 1), TurnGate(places: 1))
        try await release.enter()
        try await entered.enter()
        let first = Task {
            try await gates.pass(Self.part) {
                entered.leave()
                try await release.enter()
                return 1
            }
        }
        try await entered.enter()
        // The first is in.
        let second = Task { try await gates.pass(Self.part) { 2 } }
        #expect(try await gates.pass(Self.other) { 3 } == 3)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        release.leave()
        #expect(try await first.value == 1)
        #expect(gates.count == 0)
    }

    @Test func theKeyIsNotShown() throws {
        var text = ""
        dump(try self.vault(StoreInMemory(), 1), to: &text)
        dump(try Self.key(1), to: &text)
        #expect(!text.contains("- 17"))
    }
}
#endif
