// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// What is put in and taken out. Keys are as Python's library writes them; an entry that says the same is replaced whatever its key is.
extension CacheDocument {
    /// Keeps an access token, in place of one for the same user or application, tenant and scopes.
    mutating func insert(_ entry: AccessEntry) {
        let target = entry.target.joined(separator: " ")
        let isExtended = entry.extensionKey != nil
        let words = [entry.environment, isExtended ? "atext" : "accesstoken", entry.clientID, entry.realm, target]
        let values: [(CacheMember, CacheValue)] = [
            (.credentialType, .text(Kind.access.title)), (.secret, .text(entry.secret.revealed)),
            (.homeAccountID, entry.homeAccountID.map { .text($0) } ?? .null), (.environment, .text(entry.environment)),
            (.clientID, .text(entry.clientID)), (.target, .text(target)), (.realm, .text(entry.realm)),
            (.tokenType, .text(entry.tokenType)), (.cachedAt, .date(entry.cachedAt)), (.expiresOn, .date(entry.expiresOn)),
            (.extendedExpiresOn, .date(entry.extendedExpiresOn ?? entry.expiresOn)), (.refreshOn, .optional(entry.refreshOn)),
            (.extensionKey, .optional(entry.extensionKey)), (.proof, .optional(entry.proof)),
        ]
        let identity = self.identity(of: entry)
        self.put(Self.key([entry.homeAccountID ?? ""] + words + (entry.extensionKey.map { [$0] } ?? [])), values, identity)
    }

    /// Keeps a refresh token, in place of the user's former one for the same application and scopes.
    mutating func insert(_ entry: RefreshEntry) {
        let target = entry.target.sorted().joined(separator: " ")
        let values: [(CacheMember, CacheValue)] = [
            (.credentialType, .text(Kind.refresh.title)), (.secret, .text(entry.secret.revealed)),
            (.homeAccountID, .text(entry.homeAccountID)), (.environment, .text(entry.environment)),
            (.clientID, .text(entry.clientID)),
            (.target, .text(target)), (.lastModified, .optional(entry.lastModified)), (.familyID, .optional(entry.familyID)),
        ]
        let words = [entry.homeAccountID, entry.environment, "refreshtoken", entry.clientID, "", target]
        self.put(Self.key(words), values, self.identity(of: entry))
    }

    /// Keeps an id token.
    mutating func insert(_ entry: IDEntry) {
        let values: [(CacheMember, CacheValue)] = [
            (.credentialType, .text(Kind.id.title)), (.secret, .text(entry.secret.revealed)),
            (.homeAccountID, .text(entry.homeAccountID)), (.environment, .text(entry.environment)), (.realm, .text(entry.realm)),
            (.clientID, .text(entry.clientID)),
        ]
        let words = [entry.homeAccountID, entry.environment, "idtoken", entry.clientID, entry.realm, ""]
        self.put(
            Self.key(words), values,
            CacheIdentity(
                .id,
                exact: [(.homeAccountID, entry.homeAccountID)],
                loose: [(.environment, entry.environment), (.clientID, entry.clientID), (.realm, entry.realm)]
            )
        )
    }

    /// Keeps what is known of an account. What the entry doesn't know stays as it was.
    mutating func insert(_ entry: AccountEntry) {
        let values: [(CacheMember, CacheValue)] = [
            (.homeAccountID, .text(entry.homeAccountID)), (.environment, .text(entry.environment)), (.realm, .text(entry.realm)),
            (.localAccountID, .text(entry.localAccountID)), (.username, .text(entry.username)),
            (.authorityType, .text(entry.authorityType)), (.accountSource, entry.accountSource.map { .text($0) } ?? .kept),
            (.clientInfo, entry.clientInfo.map { .text($0) } ?? .kept), (.name, entry.name.map { .text($0) } ?? .kept),
        ]
        self.put(
            Self.key([entry.homeAccountID, entry.environment, entry.realm]), values,
            CacheIdentity(
                .account,
                exact: [(.homeAccountID, entry.homeAccountID)],
                loose: [(.environment, entry.environment), (.realm, entry.realm)]
            )
        )
    }

    /// Keeps what is known of an application.
    mutating func insert(_ entry: ApplicationEntry) {
        let values: [(CacheMember, CacheValue)] = [
            (.clientID, .text(entry.clientID)), (.environment, .text(entry.environment)), (.familyID, .optional(entry.familyID)),
        ]
        self.put(
            "appmetadata-\(entry.environment)-\(entry.clientID)", values,
            CacheIdentity(.application, exact: [], loose: [(.environment, entry.environment), (.clientID, entry.clientID)])
        )
    }

    /// Removes an access token, if it is still the one that is kept: somebody else may have brought a newer one.
    mutating func remove(_ entry: AccessEntry) {
        let (identity, secret) = (self.identity(of: entry), Array(entry.secret.revealed.utf8))
        self.remove(self.places(identity.kind) { identity.isSame($0, in: self) && self.isSecret($0, identity.kind, secret) })
    }

    /// Removes a refresh token, if it is still the one that is kept: somebody else may have brought a newer one.
    mutating func remove(_ entry: RefreshEntry) {
        let (identity, secret) = (self.identity(of: entry), Array(entry.secret.revealed.utf8))
        self.remove(self.places(identity.kind) { identity.isSame($0, in: self) && self.isSecret($0, identity.kind, secret) })
    }

    /// Removes all of an account: its tokens, those for a family of applications too, and what is known of it.
    ///
    /// - Parameters:
    ///   - homeAccountID: The account.
    ///   - environments: The names of its authority host; `nil` for any.
    mutating func removeAccount(homeAccountID: String, environments: [String]?) {
        let (home, hosts) = (Array(homeAccountID.utf8), environments?.map { Array($0.utf8) })
        for kind in [Kind.refresh, .access, .id, .account] {
            self.remove(self.places(kind) { self.isItem($0, kind, of: home, environments: hosts) })
        }
    }

    /// Removes all of everybody who signed in, and leaves the tokens of applications.
    mutating func removePeople() {
        for kind in [Kind.refresh, .id, .account] { self.remove(self.places(kind) { _ in true }) }
        self.remove(self.places(.access) { !(self.field(.homeAccountID, .access, $0)?.utf8(in: self.bytes) ?? []).isEmpty })
    }

    /// Removes all of everybody who signed in but one.
    ///
    /// - Parameter homeAccountID: Who stays.
    mutating func removePeople(but homeAccountID: String) {
        let home = Array(homeAccountID.utf8)
        for kind in [Kind.refresh, .access, .id, .account] {
            self.remove(
                self.places(kind) { item in
                    let owner = self.field(.homeAccountID, kind, item)
                    // An application's token is nobody's.
                    if kind == .access, (owner?.utf8(in: self.bytes) ?? []).isEmpty { return false }
                    return !(owner?.equals(home, in: self.bytes) ?? false)
                }
            )
        }
    }

    /// Removes access tokens that have expired.
    mutating func removeExpired(at date: Date) {
        self.remove(
            self.places(.access) { item in
                self.field(.expiresOn, .access, item)?.date(in: self.bytes).map { $0 <= date } ?? false
            }
        )
    }
}

// Putting one in the place of another.
extension CacheDocument {
    private func isSecret(_ item: Item, _ kind: Kind, _ secret: [UInt8]) -> Bool {
        self.field(.secret, kind, item)?.equals(secret, in: self.bytes) ?? false
    }

    private func identity(of entry: AccessEntry) -> CacheIdentity {
        CacheIdentity(
            .access,
            exact: [(.homeAccountID, entry.homeAccountID), (.extensionKey, entry.extensionKey)],
            loose: [
                (.environment, entry.environment), (.clientID, entry.clientID), (.realm, entry.realm),
                (.tokenType, entry.tokenType),
            ],
            target: entry.target
        )
    }

    private func identity(of entry: RefreshEntry) -> CacheIdentity {
        CacheIdentity(
            .refresh,
            exact: [(.homeAccountID, entry.homeAccountID)],
            loose: [(.environment, entry.environment), (.clientID, entry.clientID)],
            target: entry.target
        )
    }

    /// Puts an entry in the place of those that are the same, or have the same key: no two entries of a section may.
    private mutating func put(_ key: String, _ values: [(CacheMember, CacheValue)], _ identity: CacheIdentity) {
        let keyBytes = Array(key.utf8)
        let all = self.places(identity.kind) { $0.key.equals(keyBytes, in: self.bytes) || identity.isSame($0, in: self) }
        let former = all.first { identity.isSame(self[$0], in: self) }.map { self[$0] }
        let value = CacheEntryWriter.json(identity.kind, values, replacing: former, in: self.bytes)
        self.put(CacheText.quoted(key) + [UInt8(ascii: ":")] + value, identity.kind, replacing: all)
    }

    /// A key as Python's library writes it.
    private static func key(_ words: [String]) -> String { words.joined(separator: "-").lowercased() }
}
