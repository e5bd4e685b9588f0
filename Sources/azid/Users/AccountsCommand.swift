// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
import AzureIdentity

/// `azid accounts`: who has signed in on this machine, and who of them programs get tokens for.
struct AccountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts",
        abstract: "Lists the accounts of people in a token cache.",
        discussion:
            "Prints names, tenants and ids, never tokens. Programs that use azid get tokens for the account that is signed in."
    )

    @OptionGroup var cache: CacheArguments

    @Option(name: .long, help: "text (a table) or json.")
    var output: ListFormat = .text

    @OptionGroup var log: LogOptions

    func run() async throws {
        _ = self.log.bootstrap()
        try await InterruptibleWork.run(isJSON: self.output == .json) { try await self.work() }
    }

    private func work() async throws {
        let signedIn = try AccountFile().account
        let accounts = try await self.cache.cache(signedIn).accounts().map { account in
            CacheReport.Account(
                username: account.username,
                homeAccountId: account.homeAccountID,
                tenantId: account.tenantID.isEmpty ? nil : account.tenantID,
                environment: account.environment,
                isSignedIn: self.cache.cacheName == AzidAccount.cacheName
                    && account.homeAccountID == signedIn?.record.homeAccountID
            )
        }
        if self.output == .json { return try Console.printResult(try OutputFormat.encoded(accounts)) }
        let rows = accounts.map { account in
            [
                CacheReport.shown(account.username), CacheReport.shown(account.tenantId),
                CacheReport.shown(account.homeAccountId), CacheReport.shown(account.environment),
                account.isSignedIn ? "signed in" : "",
            ]
        }
        let table = TextTable(["user", "tenant", "home account", "authority", ""], rows: rows)
        try CacheReport.print(table, isEmpty: rows.isEmpty, none: "No account. 'azid login' signs one in.")
    }
}
#endif
