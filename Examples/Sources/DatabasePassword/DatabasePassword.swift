// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Connects to PostgreSQL once a second, each time with a token as the password: `DatabasePassword [SECONDS]`.
///
/// Reads libpq's variables (`PGHOST`, `PGPORT`, `PGUSER`, `PGDATABASE`, …) and those of `DefaultAzureCredential`. `Examples/run-database` sets
/// up a server that checks tokens, and runs this against it.
@main
struct DatabasePassword {
    /// The scope of Azure Database for PostgreSQL, whichever server is meant.
    private static let scope = "https://ossrdbms-aad.database.windows.net/.default"

    static func main() async {
        let seconds = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 10
        do {
            try await Self.run(seconds: seconds)
        } catch let error {
            print("DatabasePassword: \(error)")
            exit(1)
        }
    }

    private static func run(seconds: Int) async throws {
        // A token that ends while the connection is made would be refused: five seconds are left at least. Where tokens live for an hour, a
        // minute is a good choice.
        let passwords = TokenPasswords(
            credential: DefaultAzureCredential(),
            context: TokenRequestContext(scopes: [Self.scope], minimumRemainingLifetime: .seconds(5))
        )
        let lasting = try await passwords.connect()
        var used: Set<Date> = []
        for second in 0..<max(seconds, 1) {
            let connection = try await passwords.connect()
            let user = try await connection.value(of: "SELECT current_user")
            await connection.close()
            let token = try await passwords.token()
            if used.insert(token.expiresOn).inserted {
                print("after \(second) s: signed in as \(user) with a token that expires at \(token.expiresOn.ISO8601Format())")
            }
            try await Task.sleep(for: .seconds(1))
        }
        // A server asks for the password when a connection begins, and not again.
        let age = try await lasting.value(
            of: "SELECT extract(epoch FROM now() - backend_start)::int FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        )
        print("the first connection still works after \(age) s, whatever has become of its token")
        await lasting.close()
        print("\(max(seconds, 1) + 1) connections, \(used.count) tokens")
    }
}
