// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting
import Synchronization
import Testing

@testable import SignInTool

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A person in front of the tool, with a folder of their own. Counts how often they are asked.
private final class Desk: Sendable {
    let emulator: EntraEmulator
    private let folder: String
    private let prompts = Mutex(0)

    init() throws {
        var configuration = EmulatorConfiguration.sample
        configuration.deviceCodeInterval = 1
        self.emulator = EntraEmulator(configuration: configuration)
        self.folder = FileManager.default.temporaryDirectory.appending(path: "sign-in-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(
            atPath: self.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: self.folder) }

    var promptCount: Int { self.prompts.withLock { $0 } }

    /// The tool as it is after it has been started: nothing of an earlier run is in memory.
    func start() throws -> SignIn {
        let storage = PersistentTokenCacheOptions(directory: self.folder, backends: [.unencryptedFile], environment: [:])
        let file = AccountFile(folder: "\(self.folder)/settings")
        let options = self.emulator.credentialOptions(tokenCache: .persistent(name: "sign-in-tool", options: storage))
        let credential = SignIn.deviceCode(record: try file.read(), options: options) { prompt in
            self.prompts.withLock { $0 += 1 }
            try? self.emulator.approveDeviceCode(prompt.userCode, as: EmulatorConfiguration.Sample.userName)
        }
        return SignIn(credential: credential, file: file)
    }
}

@Suite(.timeLimit(.minutes(2))) struct SignInTests {
    private static let manager = "https://management.azure.com/.default"
    private static let vault = "https://vault.azure.net/.default"

    @Test func theFirstRunAsksAndLaterOnesDoNot() async throws {
        let desk = try Desk()
        let first = try await desk.start().token(forScopes: Self.manager)
        #expect(first.wasAsked && desk.promptCount == 1)
        let second = try await desk.start().token(forScopes: Self.manager)
        #expect(!second.wasAsked && second.token.token == first.token.token)
        // A token that nobody has asked for yet comes by the refresh token, which was kept too.
        let other = try await desk.start().token(forScopes: Self.vault)
        #expect(!other.wasAsked && other.token.token != first.token.token)
        #expect(desk.promptCount == 1)
    }

    @Test func aRevokedSignInAsksAgain() async throws {
        let desk = try Desk()
        _ = try await desk.start().token(forScopes: Self.manager)
        desk.emulator.revokeRefreshTokens(of: EmulatorConfiguration.Sample.userName)
        let outcome = try await desk.start().token(forScopes: Self.vault)
        #expect(outcome.wasAsked && desk.promptCount == 2)
    }

    @Test func afterSigningOutTheNextRunAsks() async throws {
        let desk = try Desk()
        let tool = try desk.start()
        _ = try await tool.token(forScopes: Self.manager)
        try await tool.end()
        let outcome = try await desk.start().token(forScopes: Self.manager)
        #expect(outcome.wasAsked && desk.promptCount == 2)
    }
}
