// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Foundation
import Testing

@testable import AzureIdentity

@Suite struct DiskVaultTests {
    @Test func aTokenIsThereForTheNextVault() async throws {
        try await DiskPlace.with { place in
            try await place.vault().add("ada", secret: "one")
            #expect(try await place.vault().secrets == ["one"])
            #expect(try place.mode(place.file) == 0o600)
            #expect(await place.vault().backend() == .unencryptedFile)
        }
    }

    @Test func tokensWithAndWithoutCAEAreApart() async throws {
        try await DiskPlace.with { place in
            let vault = place.vault()
            try await vault.update(VaultPart(subject: .other("x"), isCAEEnabled: true)) { $0.insert(.disk("ada", secret: "cae")) }
            #expect(try await vault.secrets == [])
            #expect(try place.names == ["test.cae", "test.cae.lock"])
            #expect(try await vault.parts().map(\.isCAEEnabled) == [false, true])
        }
    }

    @Test func changesOfOthersAreSeenWithoutReadingAtEachCall() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let vault = DiskVault(storages: [storage], isRequired: true)
            try await vault.add("ada", secret: "one")
            let loads = storage.state.withLock { $0.loads }
            for _ in 0..<100 { #expect(try await vault.secrets == ["one"]) }
            #expect(storage.state.withLock { $0.loads } == loads)
            let other = place.vault()
            for number in 0..<20 {
                try await other.add("bob", secret: "two \(number)")
                #expect(try await vault.secrets == ["one", "two \(number)"])
            }
        }
    }

    @Test func nothingOfConcurrentChangesIsLost() async throws {
        try await DiskPlace.with { place in
            let vaults = (0..<4).map { _ in place.vault(isRequired: true) }
            try await withThrowingTaskGroup { group in
                for number in 0..<40 {
                    group.addTask { try await vaults[number % 4].add("user \(number)", secret: "\(number)") }
                }
                try await group.waitForAll()
            }
            #expect(try await place.vault().secrets.count == 40)
        }
    }

    @Test func aChangeThatChangesNothingWritesNothing() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let vault = DiskVault(storages: [storage], isRequired: true)
            try await vault.add("ada", secret: "one")
            try await vault.update(DiskVault.part) { _ in }
            #expect(storage.state.withLock { $0.saves } == 1)
        }
    }

    // MARK: What can't be written

    @Test func whatCannotBeWrittenStaysInMemoryAndIsWrittenLater() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let vault = DiskVault(storages: [storage], isRequired: false)
            try await vault.add("ada", secret: "one")
            storage.state.withLock { $0.saveProblem = StorageProblem(.failed, "the disk is full") }
            try await vault.add("bob", secret: "two")
            #expect(try await vault.secrets == ["one", "two"])
            #expect(try await place.vault().secrets == ["one"])
            // Somebody else signs out meanwhile; what was not written doesn't bring them back.
            try await place.vault().signOut("ada")
            storage.state.withLock { $0.saveProblem = nil }
            try await vault.add("cyd", secret: "three")
            #expect(try await place.vault().secrets == ["three", "two"])
            #expect(try await vault.secrets == ["three", "two"])
        }
    }

    @Test func aSignOutThatCannotBeWrittenIsAnError() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let vault = DiskVault(storages: [storage], isRequired: false)
            try await vault.add("ada", secret: "one")
            storage.state.withLock { $0.saveProblem = StorageProblem(.failed, "the disk is full") }
            await #expect(throws: CacheProblem.self) { try await vault.signOut("ada") }
            #expect(try await vault.secrets == ["one"])
        }
    }

    @Test func whatWasNotWrittenBringsNobodyBackWhoSignedOutMeanwhile() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let vault = DiskVault(storages: [storage], isRequired: false)
            try await vault.add("ada", secret: "one")
            try await vault.add("bob", secret: "two")
            storage.state.withLock { $0.saveProblem = StorageProblem(.failed, "the disk is full") }
            // Changes of accounts that are on disk, and a new account.
            try await vault.add("ada", secret: "one, renewed")
            try await vault.add("bob", secret: "two, renewed")
            try await vault.add("cyd", secret: "three")
            try await place.vault().signOut("ada")
            storage.state.withLock { $0.saveProblem = nil }
            try await vault.add("dan", secret: "four")
            #expect(try await place.vault().secrets == ["four", "three", "two, renewed"])
            #expect(try await vault.secrets == ["four", "three", "two, renewed"])
        }
    }

    @Test func changesOfOthersAreSeenWhileSomethingCannotBeWritten() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let vault = DiskVault(storages: [storage], isRequired: false)
            try await vault.add("ada", secret: "one")
            storage.state.withLock { $0.saveProblem = StorageProblem(.failed, "the disk is full") }
            try await vault.add("ada", secret: "one, renewed")
            try await vault.add("bob", secret: "two")
            try await place.vault().signOut("ada")
            try await place.vault().add("cyd", secret: "three")
            #expect(try await vault.secrets == ["three", "two"])
            #expect(try await place.vault().secrets == ["three"])
        }
    }

    @Test func aChangeThatFailsIsNoRemovalWhateverItTakesAway() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let vault = DiskVault(storages: [storage], isRequired: false)
            try await vault.add("ada", secret: "one")
            storage.state.withLock { $0.saveProblem = StorageProblem(.failed, "the disk is full") }
            try await vault.update(DiskVault.part) { $0.removeAccount(homeAccountID: "ada", environments: nil) }
            #expect(try await vault.secrets == [])
            #expect(try await place.vault().secrets == ["one"])
        }
    }

    @Test func aRequiredVaultThatFailsIsAnError() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let vault = DiskVault(storages: [storage], isRequired: true)
            storage.state.withLock { $0.saveProblem = StorageProblem(.failed, "the disk is full") }
            await #expect(throws: CacheProblem("the disk is full")) { try await vault.add("ada", secret: "one") }
        }
    }

    @Test func whereNothingCanKeepTokensTheyAreInMemoryAndItIsTriedAgainLater() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage())
            let clock = VirtualClock()
            let vault = DiskVault(storages: [storage], isRequired: false, clock: clock)
            storage.state.withLock { $0.absence = StorageProblem(.unavailable, "the keyring is locked") }
            try await vault.add("ada", secret: "one")
            try await vault.add("bob", secret: "two")
            #expect(try await vault.secrets == ["one", "two"])
            #expect(storage.state.withLock { $0.preparations } == 1)
            #expect(await vault.backend() == nil)
            storage.state.withLock { $0.absence = nil }
            clock.advance(by: .seconds(31))
            try await vault.add("cyd", secret: "three")
            #expect(try await place.vault().secrets == ["one", "three", "two"])
        }
    }

    // MARK: What is there

    @Test(arguments: ["no json", "[1]", "{\"RefreshToken\":", String(repeating: "[", count: 200_000), "{\"a\":\u{0}}"])
    func whatCannotBeReadIsSetAside(text: String) async throws {
        try await DiskPlace.with { place in
            try place.write(text)
            let vault = place.vault(isRequired: true)
            #expect(try await vault.secrets == [])
            #expect(try place.text("\(place.file).damaged") == text)
            try await vault.add("ada", secret: "one")
            #expect(try await place.vault().secrets == ["one"])
        }
    }

    @Test(arguments: ["", "\n", "{}"])
    func nothingIsAnEmptyCache(text: String) async throws {
        try await DiskPlace.with { place in
            // As other libraries make it, who only touch it.
            try place.write(text, mode: text.isEmpty ? 0o644 : 0o600)
            let vault = place.vault(isRequired: true)
            #expect(try await vault.secrets == [])
            try await vault.add("ada", secret: "one")
            #expect(try place.mode(place.file) == 0o600)
            #expect(try place.names == ["test.nocae", "test.nocae.lock"])
        }
    }

    @Test func whatIsUnknownSurvives() async throws {
        try await DiskPlace.with { place in
            try place.write(#"{"Other":{"b":[1.50,null],"a":"ü"},"RefreshToken":{"x":{"strange":1}}}"#)
            try await place.vault(isRequired: true).add("ada", secret: "one")
            let text = try place.text()
            #expect(text.contains(#""Other":{"b":[1.50,null],"a":"ü"}"#))
            #expect(text.contains(#""x":{"strange":1}"#))
        }
    }

    @Test func aClockThatWasSetBackHidesNoChange() async throws {
        try await DiskPlace.with { place in
            let (vault, other) = (place.vault(isRequired: true), place.vault(isRequired: true))
            try await other.add("ada", secret: "one")
            let tomorrow = Date(timeIntervalSinceNow: 86_400)
            try FileManager.default.setAttributes([.modificationDate: tomorrow], ofItemAtPath: place.file)
            #expect(try await vault.secrets == ["one"])
            try await other.add("ada", secret: "two")
            #expect(try await vault.secrets == ["two"])
            // Others compare times: it may only go on.
            let date = try #require(try FileManager.default.attributesOfItem(atPath: place.file)[.modificationDate] as? Date)
            #expect(date > tomorrow)
        }
    }

    @Test func aLargeCacheIsReadAndChanged() async throws {
        try await DiskPlace.with { place in
            let secret = String(repeating: "s", count: 10_000)
            let entries = (0..<5000).map {
                #""k\#($0)":{"credential_type":"RefreshToken","secret":"\#(secret)","home_account_id":"\#($0)","environment":"h","client_id":"c","target":""}"#
            }
            try place.write(#"{"RefreshToken":{\#(entries.joined(separator: ","))}}"#)
            let vault = place.vault(isRequired: true)
            try await vault.add("ada", secret: "one")
            #expect(try await place.vault().document(DiskVault.part).refreshEntries.count == 5001)
        }
    }
}
