// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import Foundation
import Testing

@testable import AzureIdentity

/// Tokens in a file that the application's key encrypts.
@Suite struct DiskEncryptionTests {
    private func vault(_ place: DiskPlace, key: UInt8, name: String = "test") throws -> DiskVault {
        var options = place.options([.encryptedFile], isRequired: true)
        options.encryptionKey = try TokenCacheKey((0..<32).map { $0 &+ key })
        return DiskVault(name: name, options: options)
    }

    private func file(_ place: DiskPlace) -> String { "\(place.file).encrypted" }

    @Test func tokensAreEncryptedAndReadBack() async throws {
        try await DiskPlace.with { place in
            try await self.vault(place, key: 1).add("ada", secret: "a-refresh-token")
            let bytes = try Data(contentsOf: URL(filePath: self.file(place)))
            #expect(bytes.range(of: Data("a-refresh-token".utf8)) == nil && bytes.range(of: Data("ada".utf8)) == nil)
            #expect(try place.mode(self.file(place)) == 0o600)
            #expect(try await self.vault(place, key: 1).secrets == ["a-refresh-token"])
        }
    }

    @Test func equalTokensAreNotEncryptedAlike() async throws {
        try await DiskPlace.with { place in
            let vault = try self.vault(place, key: 1)
            try await vault.add("ada", secret: "one")
            let first = try Data(contentsOf: URL(filePath: self.file(place)))
            try await vault.add("ada", secret: "two")
            try await vault.add("ada", secret: "one")
            let second = try Data(contentsOf: URL(filePath: self.file(place)))
            #expect(first.count == second.count && first.suffix(40) != second.suffix(40))
        }
    }

    @Test func aFileOfAnotherKeyStaysAndTheNextPlaceIsTaken() async throws {
        try await DiskPlace.with { place in
            try await self.vault(place, key: 1).add("ada", secret: "one")
            let bytes = try Data(contentsOf: URL(filePath: self.file(place)))
            let required = try self.vault(place, key: 2)
            await #expect(throws: CacheProblem.self) { try await required.secrets }
            await #expect(throws: CacheProblem.self) { try await required.add("bob", secret: "two") }
            var options = place.options([.encryptedFile, .unencryptedFile])
            options.encryptionKey = try TokenCacheKey((0..<32).map { $0 &+ 2 })
            #expect(await DiskVault(name: "test", options: options).backend() == .unencryptedFile)
            #expect(try Data(contentsOf: URL(filePath: self.file(place))) == bytes)
            #expect(try await self.vault(place, key: 1).secrets == ["one"])
            #expect(try !place.names.contains { $0.hasSuffix(".damaged") })
        }
    }

    @Test func aKeyThatAnotherProcessTookFirstIsRespected() async throws {
        try await DiskPlace.with { place in
            var options = place.options([.encryptedFile, .unencryptedFile])
            options.encryptionKey = try TokenCacheKey((0..<32).map { $0 &+ 2 })
            let late = DiskVault(name: "test", options: options)
            #expect(await late.backend() == .encryptedFile)
            try await self.vault(place, key: 1).add("ada", secret: "one")
            // Not written there; kept, and written to the next place.
            try await late.add("bob", secret: "two")
            try await late.add("cyd", secret: "three")
            #expect(await late.backend() == .unencryptedFile)
            #expect(try await late.secrets == ["three", "two"])
            #expect(try await self.vault(place, key: 1).secrets == ["one"])
        }
    }

    @Test(arguments: [0, 20, 60, -1])
    func aFileThatWasChangedIsSetAside(position: Int) async throws {
        try await DiskPlace.with { place in
            try await self.vault(place, key: 1).add("ada", secret: "one")
            var bytes = try Data(contentsOf: URL(filePath: self.file(place)))
            let place2 = position < 0 ? bytes.count + position : position
            bytes[place2] ^= 1
            try bytes.write(to: URL(filePath: self.file(place)))
            #expect(try await self.vault(place, key: 1).secrets == [])
            #expect(try place.names.contains("test.nocae.encrypted.damaged"))
        }
    }

    @Test func aFileOfAnotherCacheIsNotTakenForThisOne() async throws {
        try await DiskPlace.with { place in
            try await self.vault(place, key: 1, name: "other").add("ada", secret: "one")
            try FileManager.default.moveItem(atPath: "\(place.path)/other.nocae.encrypted", toPath: self.file(place))
            #expect(try await self.vault(place, key: 1).secrets == [])
        }
    }
}
#endif
