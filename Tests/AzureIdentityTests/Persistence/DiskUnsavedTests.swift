// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

/// What couldn't be written when its place can't be read any more either.
@Suite struct DiskUnsavedTests {
    private static let fullDisk = StorageProblem(.failed, "the disk is full")
    private static let otherKey = StorageProblem(.otherKey, "it was encrypted with another key")

    @Test func itGoesToTheNextPlaceWhenAnotherKeyHasTakenThisOne() async throws {
        try await DiskPlace.with { place in
            let (first, second) = (
                ScriptedStorage(try place.storage("first"), as: .encryptedFile), ScriptedStorage(try place.storage())
            )
            let vault = DiskVault(storages: [first, second], isRequired: false)
            try await vault.add("ada", secret: "one")
            first.state.withLock { $0.saveProblem = Self.fullDisk }
            try await vault.add("ada", secret: "two")
            first.state.withLock { ($0.absence, $0.loadProblem, $0.saveProblem) = (Self.otherKey, Self.otherKey, nil) }
            try await vault.add("bob", secret: "three")
            try await vault.add("cyd", secret: "four")
            #expect(await vault.backend() == .unencryptedFile)
            // That the next place doesn't know Ada is no sign-out of hers.
            #expect(try await DiskVault(storages: [second], isRequired: true).secrets == ["four", "three", "two"])
        }
    }

    @Test(arguments: [false, true])
    func whatWasReadInAnEncryptedPlaceIsNothingForTheNextOne(hasUnsaved: Bool) async throws {
        try await DiskPlace.with { place in
            let (first, second) = (
                ScriptedStorage(try place.storage("first"), as: .encryptedFile), ScriptedStorage(try place.storage())
            )
            let vault = DiskVault(storages: [first, second], isRequired: false)
            var host = DiskVault.part
            host.needsEncryption = true
            try await vault.update(host) { $0.insert(CacheSamples.access("host-token") { $0.homeAccountID = nil }) }
            #expect(try await vault.document(host).accessEntries.count == 1)
            if hasUnsaved {
                first.state.withLock { $0.saveProblem = Self.fullDisk }
                try await vault.add("ada", secret: "one")
            }
            first.state.withLock { ($0.absence, $0.loadProblem, $0.saveProblem) = (Self.otherKey, Self.otherKey, Self.otherKey) }
            try await vault.add("bob", secret: "two")
            try await vault.add("cyd", secret: "three")
            #expect(await vault.backend() == .unencryptedFile)
            let text = try place.text()
            #expect(text.contains("three") && !text.contains("host-token"))
            #expect(try await vault.secrets == (hasUnsaved ? ["one", "three", "two"] : ["three", "two"]))
        }
    }

    @Test func itIsWrittenWhenTheKeyIsGoneAndANewOneMade() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage(), as: .kernelKeyring)
            let vault = DiskVault(storages: [storage], isRequired: false)
            try await vault.add("ada", secret: "one")
            storage.state.withLock { $0.saveProblem = Self.fullDisk }
            try await vault.add("ada", secret: "two")
            storage.state.withLock { ($0.loadProblem, $0.saveProblem) = (StorageProblem(.keyLost, "the key is gone"), nil) }
            try await vault.add("bob", secret: "three")
            storage.state.withLock { $0.loadProblem = nil }
            #expect(try await DiskVault(storages: [storage], isRequired: true).secrets == ["three", "two"])
        }
    }
}
