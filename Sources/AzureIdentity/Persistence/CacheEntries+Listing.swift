// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What documents hold, for people to see. Pure.
struct CacheListing {
    /// An account is one whatever name of its authority host an entry has.
    private struct Identity: Hashable {
        let homeAccountID: String
        let environment: String
    }

    let accounts: [TokenCacheAccount]
    let entries: [TokenCacheEntry]

    init(_ documents: [(document: CacheDocument, isCAEEnabled: Bool)]) {
        var known: [Identity: [CacheDocument.AccountEntry]] = [:]
        for entry in documents.flatMap(\.document.accounts) {
            known[Self.identity(entry.homeAccountID, entry.environment), default: []].append(entry)
        }
        let accounts = known.mapValues(Self.account)
        self.accounts = accounts.values.sorted { ($0.username, $0.homeAccountID) < ($1.username, $1.homeAccountID) }

        func account(_ homeAccountID: String?, _ environment: String) -> TokenCacheAccount? {
            guard let homeAccountID else { return nil }
            return accounts[Self.identity(homeAccountID, environment)]
                ?? TokenCacheAccount(
                    homeAccountID: homeAccountID, environment: environment, tenantID: Self.homeTenant(homeAccountID) ?? "")
        }
        self.entries = documents.flatMap { document, isCAEEnabled in
            document.accessEntries.map { entry in
                TokenCacheEntry(
                    account: account(entry.homeAccountID, entry.environment), kind: .access, clientID: entry.clientID,
                    tenantID: entry.realm, scopes: entry.target, expiresOn: entry.expiresOn, isCAEEnabled: isCAEEnabled)
            }
                + document.refreshEntries.map { entry in
                    TokenCacheEntry(
                        account: account(entry.homeAccountID, entry.environment), kind: .refresh, clientID: entry.clientID,
                        tenantID: "", scopes: entry.target, expiresOn: nil, isCAEEnabled: isCAEEnabled)
                }
                + document.idEntries.map { entry in
                    TokenCacheEntry(
                        account: account(entry.homeAccountID, entry.environment), kind: .id, clientID: entry.clientID,
                        tenantID: entry.realm, scopes: [], expiresOn: nil, isCAEEnabled: isCAEEnabled)
                }
        }
    }

    /// All names of an authority host; without those that Microsoft's hosts have, its own alone.
    static func names(of environment: String) -> [String] {
        let name = environment.lowercased()
        guard let cloud = KnownAuthorities.clouds[name] else { return [name] }
        return [name] + KnownAuthorities.clouds.filter { $0.value == cloud && $0.key != name }.keys.sorted()
    }

    private static func identity(_ homeAccountID: String, _ environment: String) -> Identity {
        Identity(homeAccountID: homeAccountID, environment: Self.names(of: environment).min() ?? environment)
    }

    /// The entries are of one account and at least one.
    private static func account(_ entries: [CacheDocument.AccountEntry]) -> TokenCacheAccount {
        let home = entries.first?.homeAccountID ?? ""
        let tenants = Set(entries.map(\.realm)).filter { !$0.isEmpty }.sorted()
        return TokenCacheAccount(
            homeAccountID: home,
            environment: entries.first?.environment.lowercased() ?? "",
            username: entries.lazy.map(\.username).first { !$0.isEmpty } ?? "",
            tenantID: Self.homeTenant(home) ?? tenants.first ?? "",
            tenantIDs: tenants
        )
    }

    /// The tenant in `uid.utid`.
    private static func homeTenant(_ homeAccountID: String) -> String? {
        let parts = homeAccountID.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        return String(parts[1])
    }
}

/// What is made of a cache that fails.
enum CacheFailure {
    /// The error for who can't do without the cache. A cancellation stays one.
    static func error(_ error: any Error, credential: String) -> any Error {
        if error is CancellationError { return error }
        if let error = error as? AuthenticationError { return error }
        return AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: "\(credential): The token cache can't be used: \(Self.reason(error)).",
            underlyingError: error
        )
    }

    /// Why it failed, fit to be shown.
    static func reason(_ error: any Error) -> String {
        HostileText.sanitized((error as? AuthenticationError)?.summary ?? "\(error)", limit: 300)
    }
}
