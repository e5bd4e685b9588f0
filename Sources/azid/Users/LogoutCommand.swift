// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker

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
        // The file stays if that fails: it says whose tokens the next try is to remove.
        let hadTokens = try await self.signOut(signedIn)
        let wasThere = try file.remove()
        let wasAtBroker = try await self.signOutOfBroker()
        Console.printNote(wasThere || hadTokens || wasAtBroker ? "Signed out." : "Nobody was signed in.")
    }

    /// Removes the tokens; whether an account may have had some.
    private func signOut(_ signedIn: AzidAccount?) async throws -> Bool {
        guard self.all || signedIn != nil else { return false }
        let isUnencrypted = self.allowUnencryptedStorage || signedIn?.allowsUnencryptedStorage == true
        // Required: what can't be looked at isn't removed.
        let cache = AzidAccount.tokenCache(.process, isRequired: signedIn != nil, allowsUnencryptedStorage: isUnencrypted)
        // Not those that are listed alone: tokens may be where the cache was kept before.
        if self.all {
            let hadTokens = try await self.mayHaveTokens(cache)
            try await cache.signOutAll()
            return hadTokens
        }
        guard let record = signedIn?.record else { return false }
        try await cache.signOut(TokenCacheAccount(homeAccountID: record.homeAccountID, environment: record.authority))
        return true
    }

    /// Signs out whom `azid login --broker` has signed in; whether there was one.
    private func signOutOfBroker() async throws -> Bool {
        let file = try AccountFile.broker()
        if let account = file.account {
            var options = CredentialOptions()
            options.authorityHost = try account.authorityHost.map { try AuthorityHost($0) }
            try await BrokerCredential(options: .init(credentialOptions: options, authenticationRecord: account.record)).signOut()
        }
        return try file.remove()
    }

    /// Whether anybody has tokens there, or nobody can say: what can't be listed may still be removed.
    private func mayHaveTokens(_ cache: TokenCache) async throws -> Bool {
        do {
            return try await !cache.accounts().isEmpty
        } catch let error {
            if error is CancellationError { throw error }
            return true
        }
    }
}
#endif
