// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `azid cache`: looks into a persistent token cache.
struct CacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Looks into a persistent token cache.",
        subcommands: [CacheListCommand.self]
    )
}

/// `azid cache list`: what a token cache holds: for whom, for which scopes and until when, never the tokens.
struct CacheListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists what a token cache holds: account, scopes, expiry. Never tokens."
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
        let entries = try await self.cache.cache(try AccountFile().account).entries().map { entry in
            CacheReport.Entry(
                kind: entry.kind.description,
                username: entry.account?.username,
                homeAccountId: entry.account?.homeAccountID,
                clientId: entry.clientID,
                tenantId: entry.tenantID.isEmpty ? nil : entry.tenantID,
                scopes: entry.scopes,
                expiresOn: entry.expiresOn?.ISO8601Format()
            )
        }
        if self.output == .json { return try Console.printResult(try OutputFormat.encoded(entries)) }
        let rows = entries.map { entry in
            [
                entry.kind, CacheReport.shown(entry.username), CacheReport.shown(entry.clientId),
                CacheReport.shown(entry.tenantId),
                CacheReport.shown(entry.expiresOn), CacheReport.shown(entry.scopes.joined(separator: " ")),
            ]
        }
        let table = TextTable(["kind", "user", "application", "tenant", "expires", "scopes"], rows: rows)
        try CacheReport.print(table, isEmpty: rows.isEmpty, none: "The cache holds nothing.")
    }
}
#endif
