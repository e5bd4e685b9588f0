// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AzureIdentityTesting

/// An emulated vault holds so much and no more; pure.
@Suite struct VaultContentsTests {
    private typealias Version = VaultContents.Version

    private func contents(byteLimit: Int) throws -> VaultContents {
        var vault = try #require(EmulatorConfiguration.sample.vaults.first)
        vault.secrets = []
        return VaultContents(vault, at: 0, byteLimit: byteLimit)
    }

    private func version(_ size: Int) -> Version { Version(value: String(repeating: "x", count: size), at: 0) }

    @Test func valuesHaveALimitTogether() throws {
        var contents = try self.contents(byteLimit: 100)
        _ = try contents.set("a", self.version(60))
        _ = try contents.set("a", self.version(30))
        #expect(contents.byteCount == 90)
        #expect(throws: KeyVaultRefusal.self) { try contents.set("b", self.version(11)) }
        #expect(throws: KeyVaultRefusal.self) { try contents.set("a", self.version(11)) }
        #expect(throws: KeyVaultRefusal.self) { try contents.update("a", nil) { $0.tags = ["0123": "4567890"] } }
        #expect(contents.byteCount == 90)
        _ = try contents.update("a", nil) { $0.tags = ["0123": "456789"] }
        #expect(contents.byteCount == 100)
        // What was deleted is still there, until it is purged.
        _ = try contents.delete("a", at: 1)
        #expect(throws: KeyVaultRefusal.self) { try contents.set("b", self.version(1)) }
        try contents.purge("a")
        #expect(contents.byteCount == 0)
        _ = try contents.set("b", self.version(100))
    }

    @Test func backupsHaveALimitToo() throws {
        var contents = try self.contents(byteLimit: 100)
        _ = try contents.set("a", self.version(60))
        let old = try contents.backUp("a")
        let new = try contents.backUp("a")
        _ = try contents.delete("a", at: 1)
        try contents.purge("a")
        #expect(throws: KeyVaultRefusal.self) { try contents.restore(old) }
        let restored = try contents.restore(new)
        #expect(restored.name == "a" && contents.byteCount == 60)
    }

    @Test func theOldestVersionsMakeRoom() throws {
        var contents = try self.contents(byteLimit: 10 * VaultContents.versionLimit)
        for _ in 0...VaultContents.versionLimit { _ = try contents.set("a", self.version(9)) }
        #expect(contents.byteCount == 9 * VaultContents.versionLimit)
    }
}
