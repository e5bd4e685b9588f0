// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Foundation
import InMemoryLogging
import Logging
import Testing

@testable import AzureIdentity

/// Who signs out is gone from every place that may have their tokens, or is told that they aren't.
@Suite struct DiskSignOutTests {
    /// The text that isn't a cache, as something that broke left it.
    private static let damaged = #"{"RefreshToken":{"x":{"secret":"one""#

    @Test func aPlaceOfFormerDaysIsLookedIntoToo() async throws {
        try await DiskPlace.with { place in
            let (today, former) = (
                ScriptedStorage(try place.storage()), ScriptedStorage(try place.storage("former"), as: .encryptedFile)
            )
            let old = DiskVault(storages: [former], isRequired: true)
            try await old.add("ada", secret: "old")
            try await old.add("bob", secret: "bob's")
            let vault = DiskVault(storages: [today], others: [former], isRequired: false)
            try await vault.add("ada", secret: "new")
            try await vault.signOut("ada")
            #expect(try await vault.secrets == [])
            #expect(try await old.secrets == ["bob's"])
            try await vault.signOut("bob")
            // Nobody is left, so the file isn't either.
            #expect(try place.names.contains("former.nocae") == false)
        }
    }

    @Test func aPlaceThatCannotBeOpenedIsSaidAfterTheOthersAreDone() async throws {
        try await DiskPlace.with { place in
            let (keyring, file) = (
                ScriptedStorage(try place.storage("keyring"), as: .secretService), ScriptedStorage(try place.storage())
            )
            try await DiskVault(storages: [keyring], isRequired: true).add("ada", secret: "old")
            let locked = StorageProblem(.unavailable, "the keyring is locked")
            keyring.state.withLock { ($0.absence, $0.loadProblem) = (locked, locked) }
            let vault = DiskVault(storages: [keyring, file], isRequired: false)
            try await vault.add("ada", secret: "new")
            #expect(await vault.backend() == .unencryptedFile)
            let problem = await #expect(throws: CacheProblem.self) { try await vault.signOut("ada") }
            #expect(problem?.message == "tokens may be left in the token cache: Secret Service: the keyring is locked")
            #expect(try await vault.secrets == [])
            keyring.state.withLock { ($0.absence, $0.loadProblem) = (nil, nil) }
            try await vault.signOut("ada")
            #expect(try place.names.contains("keyring.nocae") == false)
        }
    }

    @Test func aPlaceThatWasNeverUsedIsNoObstacle() async throws {
        try await DiskPlace.with { place in
            let keyring = ScriptedStorage(try place.storage("keyring"), as: .secretService)
            keyring.state.withLock { $0.loadProblem = StorageProblem(.unavailable, "the keyring is locked") }
            let vault = DiskVault(storages: [ScriptedStorage(try place.storage())], others: [keyring], isRequired: false)
            try await vault.add("ada", secret: "one")
            try await vault.signOut("ada")
            #expect(keyring.state.withLock { $0.loads } == 0)
        }
    }

    @Test func whereNothingIsKeptTheMemoryIsAllThereIs() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            storage.state.withLock { $0.absence = StorageProblem(.unavailable, "there is none") }
            let vault = DiskVault(storages: [storage], isRequired: false)
            try await vault.add("ada", secret: "one")
            try await vault.add("bob", secret: "two")
            try await vault.signOut("ada")
            #expect(try await vault.secrets == ["two"])
            await #expect(throws: CacheProblem.self) {
                try await DiskVault(storages: [storage], isRequired: true).signOut("ada")
            }
        }
    }

    @Test func whatWasSetAsideIsOneCopyAndGoesWithWhoeverSignsOut() async throws {
        try await DiskPlace.with { place in
            let handler = InMemoryLogHandler()
            try await withLogger(Logger(label: "test") { _ in handler }) { _ in
                for text in [Self.damaged, Self.damaged + "two"] {
                    try place.write(text)
                    #expect(try await place.vault(isRequired: true).secrets == [])
                }
                #expect(try place.names == ["test.nocae.damaged", "test.nocae.lock"])
                #expect(try place.text("\(place.file).damaged") == Self.damaged + "two")
                let vault = place.vault(isRequired: true)
                try await vault.add("ada", secret: "one")
                try await vault.add("bob", secret: "two")
                try await vault.remove(.refreshToken(.disk("ada", secret: "other")), from: DiskVault.part)
                #expect(try place.names.contains("test.nocae.damaged"), "nobody signs out")
                try await vault.signOut("ada")
                #expect(try await vault.secrets == ["two"])
            }
            #expect(try place.names.contains("test.nocae.damaged") == false, "ada's sign-in may be in it")
            #expect(handler.entries.contains { $0.level == .notice && "\($0.message)".contains("set aside are deleted") })
        }
    }

    @Test(arguments: [false, true])
    func whatTheSignOutItselfFindsDamagedIsNotLeftForLater(isDamagedToday: Bool) async throws {
        try await DiskPlace.with { place in
            let (today, former) = (
                ScriptedStorage(try place.storage()), ScriptedStorage(try place.storage("former"), as: .encryptedFile)
            )
            let damaged = isDamagedToday ? place.file : "\(place.path)/former.nocae"
            // Bob is signed in where nothing is damaged.
            try await DiskVault(storages: [isDamagedToday ? former : today], isRequired: true).add("bob", secret: "bob's")
            try place.write(Self.damaged, to: damaged)
            let vault = DiskVault(storages: [today], others: [former], isRequired: false)
            try await vault.signOut("ada")
            #expect(try !place.names.contains { $0.hasSuffix(".damaged") })
            #expect(try await DiskVault(storages: [isDamagedToday ? former : today], isRequired: true).secrets == ["bob's"])
        }
    }

    @Test func everybodyIsSignedOutAtOnce() async throws {
        try await DiskPlace.with { place in
            let vault = place.vault(isRequired: true)
            try await vault.add("ada", secret: "one")
            try await vault.update(DiskVault.part) { $0.insert(CacheSamples.access("app") { $0.homeAccountID = nil }) }
            try await vault.update(VaultPart(subject: .other("x"), isCAEEnabled: true)) { $0.insert(.disk("ada", secret: "cae")) }
            try await TokenCache(vault: vault).signOutAll()
            let again = place.vault(isRequired: true)
            #expect(try await again.secrets == [])
            #expect(try await again.document(DiskVault.part).accessEntries.map(\.secret) == ["app"])
            #expect(try await again.document(VaultPart(subject: .other("x"), isCAEEnabled: true)).refreshEntries.isEmpty)
        }
    }

    @Test func aRefusedRefreshTokenIsRemovedFromTodaysPlaceAlone() async throws {
        try await DiskPlace.with { place in
            let former = ScriptedStorage(try place.storage("former"), as: .encryptedFile)
            try await DiskVault(storages: [former], isRequired: true).add("ada", secret: "one")
            let loads = former.state.withLock { $0.loads }
            let vault = DiskVault(storages: [ScriptedStorage(try place.storage())], others: [former], isRequired: false)
            try await vault.add("ada", secret: "one")
            try await vault.remove(.refreshToken(.disk("ada", secret: "one")), from: DiskVault.part)
            #expect(try await vault.secrets == [])
            #expect(former.state.withLock { $0.loads } == loads)
        }
    }
}
