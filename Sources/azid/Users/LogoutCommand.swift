// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
import AzureIdentity

/// `azid logout`: forgets who is signed in, and removes that account's tokens.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Signs out of azid: removes the account's tokens from azid's cache.",
        discussion: """
            Removes what is on this machine, refresh tokens of the application's family included. Tokens that programs hold in memory stay good until they \
            expire. It is no error if nobody was signed in.
            """
    )

    @Flag(name: .long, help: "Sign out all accounts of azid's cache, not the one that is signed in alone.")
    var all = false

    @Flag(name: .long, help: "With --all: also a cache in a file that isn't encrypted.")
    var allowUnencryptedStorage = false

    @Option(name: .long, help: "How errors are printed: text or json.")
    var output: ListFormat = .text

    @OptionGroup var log: LogOptions

    func run() async throws {
        _ = self.log.bootstrap()
        try await InterruptibleWork.run(isJSON: self.output == .json) { try await self.work() }
    }

    private func work() async throws {
        let file = try AccountFile()
        let signedIn = file.account
        let count: Int
        do {
            count = try await self.signOut(signedIn)
        } catch let error {
            // Whatever became of the tokens, nobody uses them by this name any more.
            _ = try file.remove()
            throw error
        }
        let wasThere = try file.remove()
        Console.printNote(wasThere || count > 0 ? "Signed out." : "Nobody was signed in.")
    }

    /// Removes the tokens; how many accounts had some.
    private func signOut(_ signedIn: AzidAccount?) async throws -> Int {
        guard self.all || signedIn != nil else { return 0 }
        let isUnencrypted = self.allowUnencryptedStorage || signedIn?.allowsUnencryptedStorage == true
        // Required: what can't be looked at isn't removed.
        let cache = AzidAccount.tokenCache(.process, isRequired: signedIn != nil, allowsUnencryptedStorage: isUnencrypted)
        // Not those that are listed alone: tokens may be where the cache was kept before.
        if self.all {
            let count = try await cache.accounts().count
            try await cache.signOutAll()
            return count
        }
        guard let record = signedIn?.record else { return 0 }
        try await cache.signOut(TokenCacheAccount(homeAccountID: record.homeAccountID, environment: record.authority))
        return 1
    }
}
#endif
