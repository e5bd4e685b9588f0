// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Foundation
import InMemoryLogging
import Logging
import Testing

@testable import AzureIdentity

/// Managed identities and a cache on disk: off by default, encrypted or not at all, and for one machine alone.
@Suite struct ManagedIdentityKeepingTests {
    private static let context = TokenRequestContext(scopes: [vaultScope])

    private let emulator = EntraEmulator()

    private func cache(_ place: DiskPlace, _ backend: PersistentTokenCacheBackend = .encryptedFile, isRequired: Bool = false)
        throws
        -> TokenCache
    {
        var options = place.options([backend], isRequired: isRequired)
        options.encryptionKey = try TokenCacheKey(0..<32)
        return .persistent(name: "test", options: options)
    }

    /// A credential as a new process would make it.
    private func credential(
        _ cache: TokenCache,
        machine: String? = "one",
        persistsTokens: Bool = true,
        on host: EmulatedHost = .appService,
        change: (inout [String: String]) -> Void = { _ in }
    ) -> ManagedIdentityCredential {
        var options = self.emulator.options(on: host, tokenCache: cache, change: change)
        let override = options.hostOverride
        options.hostOverride = { host in
            var host = override?(host) ?? host
            host.runID = { machine }
            return host
        }
        return ManagedIdentityCredential(options: options, persistsTokens: persistsTokens)
    }

    @Test func aTokenIsThereForTheNextProcessIfItIsAskedFor() async throws {
        try await DiskPlace.with { place in
            let token = try await self.credential(self.cache(place)).token(for: Self.context)
            #expect(token.source == .network)
            let again = try await self.credential(self.cache(place)).token(for: Self.context)
            #expect(again.source == .disk && again.token == token.token && self.emulator.requestCount == 1)
            let bytes = try Data(contentsOf: URL(filePath: "\(place.file).encrypted"))
            #expect(bytes.range(of: Data(token.token.utf8)) == nil)
            let forgetful = self.credential(try self.cache(place))
            forgetful.removeCachedTokens()
            #expect(try await forgetful.token(for: Self.context).source == .network)
        }
    }

    @Test func byDefaultNothingIsKept() async throws {
        try await DiskPlace.with { place in
            let credential = self.credential(try self.cache(place), persistsTokens: false)
            _ = try await credential.token(for: Self.context)
            #expect(try place.names == [])
        }
    }

    @Test func anotherMachineOrIdentityFindsNothing() async throws {
        try await DiskPlace.with { place in
            _ = try await self.credential(self.cache(place)).token(for: Self.context)
            #expect(try await self.credential(self.cache(place), machine: "two").token(for: Self.context).source == .network)
            let other = self.credential(try self.cache(place)) { $0["IDENTITY_HEADER"] = "another" }
            // It asks, and the host refuses it: it got nothing of the first one's.
            await #expect(throws: AuthenticationError.self) { try await other.token(for: Self.context) }
            #expect(self.emulator.requestCount > 2)
        }
    }

    @Test func inPlainTextItIsNotWrittenAndThatIsSaidOnce() async throws {
        try await DiskPlace.with { place in
            let handler = InMemoryLogHandler()
            try await withLogger(Logger(label: "test") { _ in handler }) { _ in
                let cache = try self.cache(place, .unencryptedFile)
                // Something else is kept there.
                try await cache.vault.update(DiskVault.part) { $0.insert(.disk("ada", secret: "one")) }
                let credential = self.credential(cache)
                let token = try await credential.token(for: Self.context)
                var again = Self.context
                again.claims = #"{"access_token":{}}"#
                _ = try await credential.token(for: again)
                try await cache.vault.update(DiskVault.part) { $0.insert(.disk("bob", secret: "two")) }
                let text = try place.text()
                #expect(!text.contains(token.token) && text.contains("two"))
            }
            #expect(handler.entries.count { "\($0.message)".contains("managed identities") } == 1)
        }
    }

    @Test func whatCannotBeWrittenEncryptedIsNotKeptForAPlaceInPlainText() async throws {
        try await DiskPlace.with { place in
            let storage = ScriptedStorage(try place.storage(), as: .encryptedFile)
            let plain = ScriptedStorage(try place.storage("plain"))
            let vault = DiskVault(storages: [storage, plain], isRequired: false)
            storage.state.withLock { $0.saveProblem = StorageProblem(.failed, "the disk is full") }
            let part = VaultPart(subject: .other("x"), isCAEEnabled: false, needsEncryption: true)
            try await vault.update(part) { $0.insert(.disk("identity", secret: "secret")) }
            #expect(try await vault.secrets == [])
            // From now on the other place is the one that works.
            let other = StorageProblem(.otherKey, "it was encrypted with another key")
            storage.state.withLock { ($0.saveProblem, $0.absence) = (other, other) }
            try await vault.add("ada", secret: "one")
            try await vault.add("bob", secret: "two")
            #expect(await vault.backend() == .unencryptedFile)
            #expect(try await vault.secrets == ["one", "two"])
            #expect(try !place.text("\(place.path)/plain.nocae").contains("identity"))
        }
    }

    @Test func aRequiredCacheInPlainTextIsAnError() async throws {
        try await DiskPlace.with { place in
            let credential = self.credential(try self.cache(place, .unencryptedFile, isRequired: true))
            let error = try await authenticationError { try await credential.token(for: Self.context) }
            #expect(error.code == .invalidConfiguration && error.message.contains("encrypted"))
        }
    }

    @Test func aCacheThatEndsWithTheProcessIsRefused() throws {
        let error = #expect(throws: AuthenticationError.self) { try self.credential(.inMemory).validate() }
        #expect(error?.code == .invalidConfiguration && error?.message.contains("persistsTokens") == true)
    }

    @Test func whereMachinesCannotBeToldApartNothingIsKept() async throws {
        try await DiskPlace.with { place in
            let credential = self.credential(try self.cache(place), machine: nil)
            _ = try await credential.token(for: Self.context)
            #expect(try place.names == [])
            let required = self.credential(try self.cache(place, isRequired: true), machine: nil)
            let error = #expect(throws: AuthenticationError.self) { try required.validate() }
            #expect(error?.code == .invalidConfiguration)
        }
    }
}
#endif
