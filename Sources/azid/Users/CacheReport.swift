// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

/// The flags that say which persistent token cache is meant.
struct CacheArguments: ParsableArguments {
    @Option(name: .long, help: "The cache's name. Python's library calls its own msal.cache.")
    var cacheName = AzidAccount.cacheName

    @Flag(name: .long, help: "Read a cache in a file that isn't encrypted, too.")
    var allowUnencryptedStorage = false

    func validate() throws {
        let isName = self.cacheName.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
        guard isName, (1...100).contains(self.cacheName.utf8.count), self.cacheName.first?.isPunctuation == false else {
            throw ValidationError("--cache-name takes letters, digits, '.', '-' and '_', a letter or digit first.")
        }
    }

    /// The cache.
    ///
    /// - Parameter account: Who is signed in to azid, which says how its own cache is kept.
    func cache(_ account: AzidAccount?) -> TokenCache {
        let isOwn = self.cacheName == AzidAccount.cacheName
        return AzidAccount.tokenCache(
            .process,
            name: self.cacheName,
            allowsUnencryptedStorage: self.allowUnencryptedStorage || (isOwn && account?.allowsUnencryptedStorage == true)
        )
    }
}

/// The forms in which lists are printed.
enum ListFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
}

/// What a token cache holds, in the forms that are printed. Never a token.
enum CacheReport {
    struct Account: Encodable {
        let username: String
        let homeAccountId: String
        let tenantId: String?
        let environment: String
        let isSignedIn: Bool
    }

    struct Entry: Encodable {
        let kind: String
        let username: String?
        let homeAccountId: String?
        let clientId: String
        let tenantId: String?
        let scopes: [String]
        let expiresOn: String?
    }

    /// A text from a cache, fit for a terminal.
    static func shown(_ text: String?) -> String { text.map { HostileText.sanitized($0, limit: 200) } ?? "" }

    /// Prints the rows of a table, or what to say if there are none.
    static func print(_ table: TextTable, isEmpty: Bool, none: String) throws {
        if isEmpty { Console.printNote(none) } else { try Console.printResult(table.rendered()) }
    }
}
#endif
