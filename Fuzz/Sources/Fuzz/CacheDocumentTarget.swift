// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Documents of token caches.
enum CacheDocumentTarget {
    private static let date = Date(timeIntervalSince1970: 1_700_000_060)
    private static let home = "UID.UTID"
    private static let host = "login.microsoftonline.com"
    private static let scope = "https://vault.azure.net/.default"

    static func run(_ bytes: [UInt8]) {
        let isJSON = (try? JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))) != nil
        let document: CacheDocument
        do {
            document = try CacheDocument(json: bytes)
        } catch {
            Promises.checkLine(error.message, "problem")
            return
        }
        if isJSON, document.json.count > bytes.count + 3 { Violation.report("a document grows by being read") }
        self.checkSame(document, "as it was read")
        self.checkReading(document)
        self.checkChanges(document)
    }

    /// What was written is read as the same.
    private static func checkSame(_ document: CacheDocument, _ place: String) {
        guard let again = try? CacheDocument(json: document.json) else { Violation.report("\(place): it can't be read again") }
        if again != document || again.count != document.count { Violation.report("\(place): it is read as something else") }
        if again.accessEntries != document.accessEntries || again.refreshEntries != document.refreshEntries
            || again.idEntries != document.idEntries || again.accounts != document.accounts
            || again.applications != document.applications
        {
            Violation.report("\(place): its entries are read as others")
        }
    }

    /// A look-up finds what is listed, and nothing else.
    private static func checkReading(_ document: CacheDocument) {
        for entry in document.accessEntries.prefix(8) where !entry.target.isEmpty {
            let query = CacheDocument.AccessQuery(
                homeAccountID: entry.homeAccountID, environments: [entry.environment], clientID: entry.clientID,
                realm: entry.realm,
                target: entry.target, tokenType: entry.tokenType, extensionKey: entry.extensionKey, proof: entry.proof)
            let found = document.accessEntry(matching: query, at: self.date)
            let isGood = entry.expiresOn > self.date && entry.cachedAt <= self.date.addingTimeInterval(60)
            if isGood, found == nil { Violation.report("a token isn't found: \(entry.target)") }
            guard let found else { continue }
            if found.expiresOn <= self.date || !Set(entry.target).isSubset(of: found.target)
                || found.proof ?? "" != entry.proof ?? ""
            {
                Violation.report("a wrong token is found")
            }
        }
        for account in document.refreshEntries.prefix(8) {
            let entries = document.refreshEntries(homeAccountID: account.homeAccountID, environments: [account.environment])
            if !entries.contains(account) { Violation.report("a refresh token isn't found") }
        }
    }

    /// What is put in is there, what is taken out isn't, and the rest stays.
    private static func checkChanges(_ original: CacheDocument) {
        var document = original
        let access = CacheDocument.AccessEntry(
            homeAccountID: self.home, environment: self.host, clientID: "client-id", realm: "organizations", target: [self.scope],
            secret: "new access", cachedAt: self.date, expiresOn: self.date.addingTimeInterval(3600),
            extendedExpiresOn: self.date.addingTimeInterval(3600))
        let refresh = CacheDocument.RefreshEntry(
            homeAccountID: self.home, environment: self.host, clientID: "client-id", target: [self.scope], secret: "new refresh",
            lastModified: self.date)
        document.insert(access)
        document.insert(access)
        document.insert(refresh)
        document.insert(
            CacheDocument.AccountEntry(
                homeAccountID: self.home, environment: self.host, realm: "organizations", localAccountID: "l", username: "u"))
        self.checkSame(document, "after changes")
        if document.accessEntries.count(where: { $0 == access }) != 1 { Violation.report("a token was not kept once") }
        if !document.refreshEntries.contains(refresh) { Violation.report("a refresh token was not kept") }
        if document.count > original.count + 3 { Violation.report("entries out of nowhere") }
        document.removeExpired(at: self.date)
        document.removeAccount(homeAccountID: self.home, environments: nil)
        self.checkSame(document, "after a removal")
        if document.refreshEntries.contains(where: { $0.homeAccountID == self.home })
            || document.accessEntries.contains(where: { $0.homeAccountID == self.home })
            || document.idEntries.contains(where: { $0.homeAccountID == self.home })
            || document.accounts.contains(where: { $0.homeAccountID == self.home })
        {
            Violation.report("something of an account is left")
        }
        if document.accessEntries.contains(where: { $0.expiresOn <= self.date }) { Violation.report("an expired token is left") }
    }
}
