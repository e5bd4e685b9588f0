// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// Who signs out of a store is signed out of what all processes keep there.
@Suite struct StoreSignOutTests {
    private static let account = TokenCacheAccount(homeAccountID: CacheSamples.home, environment: CacheSamples.host)

    private static func user(
        _ clientID: String = "c",
        isCAEEnabled: Bool = false,
        home: String = CacheSamples.home
    ) -> VaultPart {
        VaultPart(
            subject: .user(environment: CacheSamples.host, clientID: clientID, homeAccountID: home), isCAEEnabled: isCAEEnabled)
    }

    private static func key(_ first: UInt8) throws -> TokenCacheKey { try TokenCacheKey((0..<32).map { $0 &+ first }) }

    /// A process of its own.
    private func vault(_ store: StoreInMemory, _ keys: UInt8...) throws -> StoreVault {
        StoreVault(store, keys: try keys.map { try Self.key($0) }, clock: VirtualClock())
    }

    /// What a process finds that has not used the store before.
    private func secrets(_ store: StoreInMemory, _ part: VaultPart = Self.user()) async throws -> [String] {
        try await self.vault(store, 1).document(part).refreshEntries.map(\.secret.revealed)
    }

    @Test func aSignOutFindsWhatOtherProcessesHaveKept() async throws {
        let store = StoreInMemory()
        try await self.vault(store, 1).update(Self.user("one")) { $0.insert(CacheSamples.refresh("a")) }
        try await self.vault(store, 1).update(Self.user("two", isCAEEnabled: true)) { $0.insert(CacheSamples.refresh("b")) }
        let stranger = Self.user("one", home: "stranger")
        try await self.vault(store, 1).update(stranger) { $0.insert(CacheSamples.refresh("s") { $0.homeAccountID = "stranger" }) }
        try await TokenCache(vault: self.vault(store, 1)).signOut(Self.account)
        #expect(try await self.secrets(store, Self.user("one")) == [])
        #expect(try await self.secrets(store, Self.user("two", isCAEEnabled: true)) == [])
        #expect(try await self.secrets(store, stranger) == ["s"])
        // The stranger's partition and directory alone.
        #expect(store.filledCount == 2)
    }

    @Test func aSignOutGoesThroughTheNamesOfAllKeys() async throws {
        let store = StoreInMemory()
        // As if a process had ended between writing under the new name and removing the old one.
        try await self.vault(store, 1).update(Self.user()) { $0.insert(CacheSamples.refresh("old")) }
        try await self.vault(store, 1).update(Self.user("other")) { $0.insert(CacheSamples.refresh("other")) }
        try await self.vault(store, 2).update(Self.user()) { $0.insert(CacheSamples.refresh("new")) }
        try await TokenCache(vault: self.vault(store, 2, 1)).signOut(Self.account)
        #expect(store.filledCount == 0)
    }

    @Test(arguments: [[2, 1], [1]] as [[UInt8]])
    func whoSignsOutWhileAPartitionGoesOverToANewKeyIsSignedOut(keys: [UInt8]) async throws {
        let store = StoreInMemory()
        let part = VaultPart(subject: .other("part"), isCAEEnabled: false)
        try await self.vault(store, 1).update(part) { $0.insert(CacheSamples.refresh("a")) }
        let mine = try self.vault(store, 2, 1)
        let theirs = StoreVault(store, keys: try keys.map { try Self.key($0) }, clock: VirtualClock())
        store.state.withLock { state in
            state.intruder = { try await theirs.remove(.all, from: part) }
        }
        // Reads what the former key encrypted; then somebody signs out; then it is written under the new name.
        try await mine.update(part) { document in
            for entry in document.refreshEntries {
                document.insert(CacheSamples.access("t") { $0.homeAccountID = entry.homeAccountID })
            }
        }
        #expect(store.filledCount == 0)
    }

    @Test func aSecondSignInIsFoundByTheNextSignOut() async throws {
        let store = StoreInMemory()
        // Remembers that it has listed the person today.
        let process = try self.vault(store, 1)
        for secret in ["first", "second", "third"] {
            try await process.update(Self.user()) { $0.insert(CacheSamples.refresh(secret)) }
            #expect(try await self.secrets(store) == [secret])
            try await TokenCache(vault: self.vault(store, 1)).signOut(Self.account)
            #expect(try await self.secrets(store) == [])
            #expect(store.filledCount == 0)
        }
    }

    @Test func aSignInWhileThePersonIsSignedOutEndsWithIt() async throws {
        let store = StoreInMemory()
        try await self.vault(store, 1).update(Self.user("one")) { $0.insert(CacheSamples.refresh("a")) }
        let other = try self.vault(store, 1)
        // After the directory was read.
        store.state.withLock { state in
            state.intruder = { try await other.update(Self.user("two")) { $0.insert(CacheSamples.refresh("b")) } }
        }
        try await TokenCache(vault: self.vault(store, 1)).signOut(Self.account)
        #expect(store.state.withLock { state in state.intruder == nil })
        #expect(try await self.secrets(store, Self.user("two")) == [])
        #expect(store.filledCount == 0)
    }

    @Test func aSignInThatASignOutInterruptsIsFoundByTheNextOne() async throws {
        let store = StoreInMemory()
        let (process, other) = (try self.vault(store, 1), try self.vault(store, 1))
        store.state.withLock { state in
            // Before the directory is written; then before the tokens are.
            state.intruder = {
                store.state.withLock { state in
                    state.intruder = { try await other.signOut(homeAccountID: CacheSamples.home, environments: nil) }
                }
            }
        }
        try await process.update(Self.user()) { $0.insert(CacheSamples.refresh("a")) }
        #expect(store.state.withLock { state in state.intruder == nil })
        #expect(try await self.secrets(store) == ["a"])
        try await self.vault(store, 1).signOut(homeAccountID: CacheSamples.home, environments: nil)
        #expect(try await self.secrets(store) == [])
        #expect(store.filledCount == 0)
    }

    @Test func aSignOutOfOneCloudLeavesTheOthersInTheDirectory() async throws {
        let store = StoreInMemory()
        let elsewhere = VaultPart(
            subject: .user(environment: "login.chinacloudapi.cn", clientID: "c", homeAccountID: CacheSamples.home),
            isCAEEnabled: false)
        for part in [Self.user(), elsewhere] {
            try await self.vault(store, 1).update(part) { $0.insert(CacheSamples.refresh("a")) }
        }
        try await self.vault(store, 1).signOut(homeAccountID: CacheSamples.home, environments: CacheSamples.hosts)
        #expect(try await self.secrets(store) == [])
        #expect(try await self.secrets(store, elsewhere) == ["a"])
        try await self.vault(store, 1).signOut(homeAccountID: CacheSamples.home, environments: nil)
        #expect(store.filledCount == 0)
    }

    @Test func aPlaceThatFailsIsSaidAfterTheOthersAreDoneAndFoundAgain() async throws {
        let store = StoreInMemory()
        let names = ["one", "two", "three"]
        for name in names { try await self.vault(store, 1).update(Self.user(name)) { $0.insert(CacheSamples.refresh(name)) } }
        let failing = CacheSeal(try Self.key(1)).name(of: Self.user("one"))
        store.state.withLock { $0.failing = [failing] }
        let first = try self.vault(store, 1)
        await #expect(throws: StoreInMemory.NameError.self) {
            try await first.signOut(homeAccountID: CacheSamples.home, environments: nil)
        }
        for name in ["two", "three"] { #expect(try await self.secrets(store, Self.user(name)) == []) }
        store.state.withLock { $0.failing = [] }
        #expect(try await self.secrets(store, Self.user("one")) == ["one"])
        try await self.vault(store, 1).signOut(homeAccountID: CacheSamples.home, environments: nil)
        #expect(store.filledCount == 0)
    }

    @Test func onePersonsFailureLeavesNobodyElseSignedIn() async throws {
        let store = StoreInMemory()
        let people = ["ada", "bob", "cyd"]
        let vault = try self.vault(store, 1)
        for person in people {
            try await vault.update(Self.user(home: person)) {
                $0.insert(CacheSamples.refresh(person) { $0.homeAccountID = person })
            }
        }
        let directory = VaultPart(subject: .directory(homeAccountID: "bob"), isCAEEnabled: false)
        let failing = CacheSeal(try Self.key(1)).name(of: directory)
        store.state.withLock { $0.failing = [failing] }
        await #expect(throws: StoreInMemory.NameError.self) { try await vault.signOut(homeAccountID: nil, environments: nil) }
        // What this process knows of is removed without the directory too, which stays.
        for person in people { #expect(try await self.secrets(store, Self.user(home: person)) == []) }
        #expect(store.filledCount == 1)
    }

    @Test func whereVersionsStartAgainTheSignedOutStaySignedOutForAWhile() async throws {
        let store = StoreInMemory()
        store.state.withLock { $0.restartsVersions = true }
        let (process, other) = (try self.vault(store, 1), try self.vault(store, 1))
        try await process.update(Self.user()) { $0.insert(CacheSamples.refresh("old")) }
        // Between reading and writing: a sign-out and a new sign-in, as many versions as there were before.
        store.state.withLock { state in
            state.intruder = {
                try await other.signOut(homeAccountID: CacheSamples.home, environments: nil)
                try await other.update(Self.user()) { $0.insert(CacheSamples.refresh("new")) }
            }
        }
        try await process.update(Self.user()) { $0.insert(CacheSamples.access("access")) }
        #expect(try await self.secrets(store) == ["new"])
    }
}
#endif
