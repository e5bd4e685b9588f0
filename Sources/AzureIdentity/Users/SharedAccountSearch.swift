// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Finds the one account that Microsoft's tools for developers share: of those with a refresh token of a family of applications. Pure.
struct SharedAccountSearch: Sendable {
    let credential: String
    /// The name that the account must have, in any case.
    let username: String?
    /// The tenant that must be its home.
    let tenantID: String?
    let environments: [String]

    /// The account's record.
    ///
    /// - Throws: `AuthenticationError` with `.credentialUnavailable` if there is none, or more than one.
    func record(in document: CacheDocument) throws -> AuthenticationRecord {
        let shared = Set(
            document.refreshEntries.filter { $0.familyID != nil && self.isMine($0.environment) }.map {
                $0.homeAccountID.lowercased()
            })
        var found: [String: CacheDocument.AccountEntry] = [:]
        for account in document.accounts
        where self.isMine(account.environment) && shared.contains(account.homeAccountID.lowercased()) {
            found[account.homeAccountID.lowercased()] = found[account.homeAccountID.lowercased()] ?? account
        }
        guard !found.isEmpty else { throw self.unavailable("No accounts were found in the cache.") }
        let meant = found.values.filter(self.isMeant)
        guard let account = meant.first else {
            throw self.unavailable("No account in the cache matches \(self.conditions).")
        }
        guard meant.count == 1 else {
            throw self.unavailable(
                self.username == nil && self.tenantID == nil
                    ? "Multiple accounts were found in the cache. Use username and tenant id to disambiguate."
                    : "Multiple accounts in the cache match \(self.conditions).")
        }
        return AuthenticationRecord(
            authority: self.environments.first ?? account.environment,
            clientID: UserEngine.developerClientID,
            homeAccountID: account.homeAccountID,
            tenantID: account.realm,
            username: account.username
        )
    }

    private func isMine(_ environment: String) -> Bool { self.environments.contains(environment.lowercased()) }

    private func isMeant(_ account: CacheDocument.AccountEntry) -> Bool {
        if let username, account.username.lowercased() != username.lowercased() { return false }
        guard let tenantID else { return true }
        return account.homeAccountID.split(separator: ".").last.map { $0.lowercased() } == tenantID.lowercased()
    }

    /// Not the name itself, which tells of a person.
    private var conditions: String {
        [self.username.map { _ in "the given username" }, self.tenantID.map { "tenant \($0)" }].compactMap(\.self).joined(
            separator: " and ")
    }

    private func unavailable(_ text: String) -> AuthenticationError {
        .credentialUnavailable("\(self.credential) authentication unavailable. \(text)", credential: self.credential)
    }
}
