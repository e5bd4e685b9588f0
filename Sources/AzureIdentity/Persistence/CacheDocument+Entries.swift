// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// What is in a document. Entries that lack what every entry has aren't listed.
extension CacheDocument {
    var accessEntries: [AccessEntry] { self.all(.access) { self.access($0) } }
    var refreshEntries: [RefreshEntry] { self.all(.refresh) { self.refresh($0) } }
    var idEntries: [IDEntry] { self.all(.id) { self.id($0) } }
    var accounts: [AccountEntry] { self.all(.account) { self.account($0) } }
    var applications: [ApplicationEntry] { self.all(.application) { self.application($0) } }

    /// The newest access token that has all that is asked for, hasn't expired, and wasn't kept in the future: where the clock was set
    /// back, nobody knows how long it lives.
    ///
    /// - Parameters:
    ///   - query: What is asked for; without a scope, there is no token for it.
    ///   - date: The time.
    func accessEntry(matching query: AccessQuery, at date: Date) -> AccessEntry? {
        guard !query.target.isEmpty else { return nil }
        let identity = CacheIdentity(
            .access,
            exact: [(.homeAccountID, query.homeAccountID), (.extensionKey, query.extensionKey), (.proof, query.proof)],
            loose: [(.clientID, query.clientID), (.realm, query.realm), (.tokenType, query.tokenType)]
        )
        let words = query.target.map { Array($0.utf8) }
        let environments = query.environments.map { Array($0.utf8) }
        let layout = CacheLayout.access
        guard let target = layout.position(of: .target), let environment = layout.position(of: .environment) else { return nil }
        var best: AccessEntry?
        for section in self.sections where section.kind == .access {
            for item in section.items where !item.fields.isEmpty {
                // What differs most is compared first.
                guard item.fields[target].hasWords(words, in: self.bytes), identity.isSame(item, in: self),
                    environments.contains(where: { item.fields[environment].equals($0, in: self.bytes, ignoringCase: true) }),
                    let entry = self.access(item), entry.expiresOn > date,
                    entry.cachedAt <= date.addingTimeInterval(Self.clockTolerance),
                    best.map({ entry.cachedAt >= $0.cachedAt }) ?? true
                else { continue }
                best = entry
            }
        }
        return best
    }

    /// The refresh tokens of an account, the newest first.
    ///
    /// - Parameters:
    ///   - homeAccountID: The account.
    ///   - environments: The names of its authority host; `nil` for any.
    func refreshEntries(homeAccountID: String, environments: [String]?) -> [RefreshEntry] {
        self.items(.refresh, of: homeAccountID, environments: environments).compactMap { self.refresh($0) }
            .enumerated().sorted { left, right in
                let (first, second) = (left.element.lastModified ?? .distantPast, right.element.lastModified ?? .distantPast)
                return first == second ? left.offset > right.offset : first > second
            }.map(\.element)
    }

    /// The last id token of an account that is good for a tenant and an application; `nil` for any.
    func idEntry(homeAccountID: String, environments: [String]?, realm: String? = nil, clientID: String? = nil) -> IDEntry? {
        self.items(.id, of: homeAccountID, environments: environments).reversed().lazy.compactMap { self.id($0) }.first { entry in
            (realm.map { Self.isSame($0, entry.realm) } ?? true) && (clientID.map { Self.isSame($0, entry.clientID) } ?? true)
        }
    }

    /// What is known of an account, one entry for each tenant.
    func accounts(homeAccountID: String, environments: [String]?) -> [AccountEntry] {
        self.items(.account, of: homeAccountID, environments: environments).compactMap { self.account($0) }
    }

    /// What is known of an application.
    func application(clientID: String, environments: [String]?) -> ApplicationEntry? {
        self.applications.last { entry in
            Self.isSame(entry.clientID, clientID)
                && (environments.map { names in names.contains { Self.isSame($0, entry.environment) } } ?? true)
        }
    }

    /// Removes what is known of applications for which a condition holds.
    mutating func removeApplications(where condition: (ApplicationEntry) -> Bool) {
        self.remove(self.places(.application) { item in self.application(item).map(condition) ?? false })
    }

    /// Whether two ids or hosts are the same; case makes no difference.
    static func isSame(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
}

// Comparing without making texts.
extension CacheDocument {
    /// By how much the clocks of two processes may differ.
    static let clockTolerance = 60.0

    private func all<Entry>(_ kind: Kind, _ entry: (Item) -> Entry?) -> [Entry] {
        self.sections.flatMap { section in section.kind == kind ? section.items.compactMap(entry) : [] }
    }

    /// The entries of an account.
    func items(_ kind: Kind, of homeAccountID: String, environments: [String]?) -> [Item] {
        self.all(kind) {
            self.isItem($0, kind, of: Array(homeAccountID.utf8), environments: environments?.map { Array($0.utf8) }) ? $0 : nil
        }
    }

    /// Whether an entry is an account's.
    func isItem(_ item: Item, _ kind: Kind, of homeAccountID: [UInt8], environments: [[UInt8]]?) -> Bool {
        guard let home = self.field(.homeAccountID, kind, item), home.equals(homeAccountID, in: self.bytes),
            let environment = self.field(.environment, kind, item)
        else { return false }
        return environments.map { self.isOne(of: $0, environment) } ?? true
    }

    /// An entry's member.
    func field(_ member: CacheMember, _ kind: Kind, _ item: Item) -> CacheText? {
        guard !item.fields.isEmpty, let position = kind.layout.position(of: member) else { return nil }
        return item.fields[position]
    }

    private func isOne(of environments: [[UInt8]], _ field: CacheText) -> Bool {
        environments.contains { field.equals($0, in: self.bytes, ignoringCase: true) }
    }
}

// Reading one entry.
extension CacheDocument {
    func text(_ member: CacheMember, _ kind: Kind, _ item: Item) -> String? {
        self.field(member, kind, item)?.string(in: self.bytes)
    }

    /// Whether a member that tells tokens apart makes sense: one that doesn't isn't the same as none.
    private func isTextOrNothing(_ member: CacheMember, _ kind: Kind, _ item: Item) -> Bool {
        guard let field = self.field(member, kind, item), field.form != .absent, field.form != .null else { return true }
        return field.utf8(in: self.bytes) != nil
    }

    private func date(_ member: CacheMember, _ kind: Kind, _ item: Item) -> Date? {
        self.field(member, kind, item)?.date(in: self.bytes)
    }

    func access(_ item: Item) -> AccessEntry? {
        guard let environment = self.text(.environment, .access, item), let clientID = self.text(.clientID, .access, item),
            let target = self.text(.target, .access, item), let secret = self.text(.secret, .access, item), !secret.isEmpty,
            let expiresOn = self.date(.expiresOn, .access, item),
            [.homeAccountID, .realm, .tokenType, .extensionKey, .proof].allSatisfy({ self.isTextOrNothing($0, .access, item) })
        else { return nil }
        return AccessEntry(
            homeAccountID: self.text(.homeAccountID, .access, item).flatMap { $0.isEmpty ? nil : $0 },
            environment: environment,
            clientID: clientID,
            realm: self.text(.realm, .access, item) ?? "",
            target: Self.words(target),
            tokenType: self.text(.tokenType, .access, item) ?? "Bearer",
            secret: Secret(secret),
            cachedAt: self.date(.cachedAt, .access, item) ?? Date(timeIntervalSince1970: 0),
            expiresOn: expiresOn,
            extendedExpiresOn: self.date(.extendedExpiresOn, .access, item),
            refreshOn: self.date(.refreshOn, .access, item),
            extensionKey: self.text(.extensionKey, .access, item),
            proof: self.text(.proof, .access, item)
        )
    }

    func refresh(_ item: Item) -> RefreshEntry? {
        guard let home = self.text(.homeAccountID, .refresh, item), let environment = self.text(.environment, .refresh, item),
            let clientID = self.text(.clientID, .refresh, item), let secret = self.text(.secret, .refresh, item), !secret.isEmpty
        else { return nil }
        return RefreshEntry(
            homeAccountID: home,
            environment: environment,
            clientID: clientID,
            target: Self.words(self.text(.target, .refresh, item) ?? ""),
            secret: Secret(secret),
            lastModified: self.date(.lastModified, .refresh, item),
            familyID: self.text(.familyID, .refresh, item).flatMap { $0.isEmpty ? nil : $0 }
        )
    }

    private func id(_ item: Item) -> IDEntry? {
        guard let home = self.text(.homeAccountID, .id, item), let environment = self.text(.environment, .id, item),
            let clientID = self.text(.clientID, .id, item), let secret = self.text(.secret, .id, item), !secret.isEmpty
        else { return nil }
        return IDEntry(
            homeAccountID: home,
            environment: environment,
            realm: self.text(.realm, .id, item) ?? "",
            clientID: clientID,
            secret: Secret(secret)
        )
    }

    private func account(_ item: Item) -> AccountEntry? {
        guard let home = self.text(.homeAccountID, .account, item), let environment = self.text(.environment, .account, item)
        else {
            return nil
        }
        return AccountEntry(
            homeAccountID: home,
            environment: environment,
            realm: self.text(.realm, .account, item) ?? "",
            localAccountID: self.text(.localAccountID, .account, item) ?? "",
            username: self.text(.username, .account, item) ?? "",
            authorityType: self.text(.authorityType, .account, item) ?? "MSSTS",
            accountSource: self.text(.accountSource, .account, item),
            clientInfo: self.text(.clientInfo, .account, item),
            name: self.text(.name, .account, item)
        )
    }

    private func application(_ item: Item) -> ApplicationEntry? {
        guard let clientID = self.text(.clientID, .application, item),
            let environment = self.text(.environment, .application, item)
        else { return nil }
        return ApplicationEntry(
            clientID: clientID,
            environment: environment,
            familyID: self.text(.familyID, .application, item).flatMap { $0.isEmpty ? nil : $0 }
        )
    }

    /// The scopes of a text, sorted.
    static func words(_ text: String) -> [String] {
        guard text.utf8.contains(0x20) else { return text.isEmpty ? [] : [text] }
        return text.split(separator: " ", omittingEmptySubsequences: true).map(String.init).sorted()
    }
}
