// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CacheDocumentTests {
    @Test(arguments: CacheSamples.Language.allCases)
    func readsWhatEachLibraryWrites(language: CacheSamples.Language) throws {
        let document = try CacheSamples.document(language.json)
        let access = try #require(document.accessEntry(matching: CacheSamples.query, at: CacheSamples.now))
        #expect(access.secret == "user-access" && access.homeAccountID == CacheSamples.home && access.tokenType == "Bearer")
        #expect(access.target == [CacheSamples.vault, "openid"])
        #expect(access.cachedAt == CacheSamples.cachedAt && access.expiresOn == CacheSamples.cachedAt.addingTimeInterval(3600))
        #expect(access.refreshOn == CacheSamples.cachedAt.addingTimeInterval(1800))
        let refresh = try #require(
            document.refreshEntries(homeAccountID: CacheSamples.home, environments: CacheSamples.hosts).first)
        #expect(refresh.secret == "user refresh" && refresh.familyID == "1")
        #expect(document.idEntry(homeAccountID: CacheSamples.home, environments: nil)?.secret == "head.body.sig")
        #expect(document.application(clientID: "CLIENT-id", environments: CacheSamples.hosts)?.familyID == "1")
        let account = try #require(document.accounts(homeAccountID: CacheSamples.home, environments: nil).first)
        #expect(
            account.username == "ada@contoso.example" && account.localAccountID == "object-id" && account.realm == "organizations"
        )
    }

    @Test func listsAll() throws {
        let document = try CacheSamples.document(CacheSamples.python)
        #expect(document.accessEntries.map(\.secret) == ["user-access", "app-access", "fmi-access"])
        #expect(document.accessEntries.map(\.extensionKey) == [nil, nil, "ov4rzjpp"])
        #expect(document.refreshEntries.count == 1 && document.idEntries.count == 1 && document.accounts.count == 1)
        #expect(document.applications == [.init(clientID: "Client-ID", environment: CacheSamples.host, familyID: "1")])
        #expect(document.count == 7 && !document.isEmpty)
    }

    @Test(arguments: CacheSamples.Language.allCases)
    func writesWhatWasReadByteForByte(language: CacheSamples.Language) throws {
        let document = try CacheSamples.document(language.json)
        #expect(try CacheSamples.value(document) == CacheSamples.value(language.json))
        #expect(try CacheDocument(json: document.json) == document)
    }

    private typealias Query = CacheDocument.AccessQuery
    private static let queryTable: [(String, @Sendable (inout CacheDocument.AccessQuery) -> Void, String?)] = [
        (
            "another case of ids and host", { ($0.clientID, $0.environments) = ("CLIENT-ID", ["LOGIN.microsoftonline.com"]) },
            "user-access"
        ),
        ("all its scopes", { $0.target = ["openid", CacheSamples.vault] }, "user-access"),
        ("a scope more", { $0.target = ["openid", CacheSamples.vault, "other"] }, nil),
        ("a part of a scope", { $0.target = ["https://vault.azure.net/"] }, nil),
        ("another case of a scope", { $0.target = ["OpenID"] }, nil),
        ("no scope", { $0.target = [] }, nil),
        ("another application", { $0.clientID = "other" }, nil),
        ("another tenant", { $0.realm = "tenant-id" }, nil),
        ("another host", { $0.environments = ["login.chinacloudapi.cn"] }, nil),
        ("no host", { $0.environments = [] }, nil),
        ("another account", { $0.homeAccountID = "uid.utid" }, nil),
        ("another type", { $0.tokenType = "pop" }, nil),
        ("a proof", { $0.proof = "x" }, nil),
        ("an extension", { $0.extensionKey = "ov4rzjpp" }, nil),
        ("an application", { ($0.homeAccountID, $0.clientID, $0.realm) = (nil, "app", "Tenant-ID") }, "app-access"),
        (
            "an application with an extension",
            { ($0.homeAccountID, $0.clientID, $0.realm, $0.extensionKey) = (nil, "app", "tenant-id", "ov4rzjpp") }, "fmi-access"
        ),
        (
            "an application's, with a proof",
            { ($0.homeAccountID, $0.clientID, $0.realm, $0.proof) = (nil, "app", "tenant-id", "p") }, nil
        ),
    ]

    @Test(arguments: queryTable)
    func matchesFields(
        name: String, change: @escaping @Sendable (inout CacheDocument.AccessQuery) -> Void, expected: String?
    ) throws {
        let document = try CacheSamples.document(CacheSamples.python)
        var query = CacheSamples.query
        change(&query)
        #expect(document.accessEntry(matching: query, at: CacheSamples.now)?.secret.revealed == expected, "\(name)")
    }

    private static let timeTable: [(seconds: Double, isFound: Bool)] = [
        (0, true), (3599, true), (3600, false), (1e9, false), (-60, true), (-61, false), (-86_400, false),
    ]

    @Test(arguments: timeTable)
    func neitherExpiredNorFromTheFuture(seconds: Double, isFound: Bool) throws {
        let document = try CacheSamples.document(CacheSamples.python)
        let date = CacheSamples.cachedAt.addingTimeInterval(seconds)
        #expect((document.accessEntry(matching: CacheSamples.query, at: date) != nil) == isFound)
    }

    @Test func theNewestCounts() throws {
        var document = CacheDocument()
        document.insert(CacheSamples.access("old", target: [CacheSamples.vault, "a"]))
        document.insert(
            CacheSamples.access("new", target: [CacheSamples.vault, "b"]) {
                $0.cachedAt = CacheSamples.cachedAt.addingTimeInterval(9)
            })
        document.insert(CacheSamples.access("also old", target: [CacheSamples.vault, "c"]))
        #expect(document.accessEntry(matching: CacheSamples.query, at: CacheSamples.now)?.secret == "new")
        for (secret, seconds) in [("first", 1.0), ("third", 3), ("second", 2)] {
            document.insert(
                CacheSamples.refresh(secret) {
                    ($0.target, $0.lastModified) = ([secret], CacheSamples.cachedAt.addingTimeInterval(seconds))
                })
        }
        let entries = document.refreshEntries(homeAccountID: CacheSamples.home, environments: [CacheSamples.host])
        #expect(entries.map(\.secret) == ["third", "second", "first"])
    }

    private static let timeForms: [(String, Double?)] = [
        (#""1700003600""#, 1_700_003_600), ("1700003600", 1_700_003_600), (#""1700003600.7""#, 1_700_003_600.7), ("1.7e9", 1.7e9),
        (#""0""#, 0), ("-5", 0), (#""999999999999""#, 999_999_999_999), (#""99999999999999999999""#, 253_402_300_799),
        (#""\u0031""#, 1), (#""""#, nil), (#""soon""#, nil), ("null", nil), ("true", nil), ("[]", nil), ("{}", nil),
    ]

    @Test(arguments: timeForms)
    func readsAllFormsOfTimes(form: String, seconds: Double?) throws {
        let document = try CacheSamples.document(
            #"{"AccessToken":{"k":{"environment":"e","client_id":"c","target":"s","secret":"t","expires_on":\#(form)}}}"#)
        #expect(document.accessEntries.first?.expiresOn.timeIntervalSince1970 == seconds)
        #expect(document.count == 1)
    }

    @Test func readsEscapes() throws {
        let document = try CacheSamples.document(
            #"""
            {"AccessT\u006fken":{"k":{"environment":"LOGIN.microsoftonline.com","client\u005fid":"client\u002did","realm":"organizations",
            "target":"https:\/\/vault.azure.net\/.default","home_account_id":"UID\u002EUTID","secret":"a\"\\\/\b\f\n\r\t\ud83d\ude00\u00e9",
            "expires_on":"170000360\u0030"}},"Account":{"a":{"home_account_id":"\ud83d","environment":"e"}}}
            """#)
        let entry = try #require(document.accessEntry(matching: CacheSamples.query, at: CacheSamples.now))
        #expect(entry.secret.revealed == "a\"\\/\u{8}\u{C}\n\r\t😀é" && entry.environment == "LOGIN.microsoftonline.com")
        // Half of a pair is no text, so that account is left aside, and kept.
        #expect(document.accounts.isEmpty && String(decoding: document.json, as: UTF8.self).contains(#"\ud83d""#))
    }

    @Test func nothingIsShown() throws {
        let document = try CacheSamples.document(CacheSamples.python)
        var text = "\(document) \(String(reflecting: document)) \(document.accounts) \(document.refreshEntries)"
        dump(document, to: &text)
        dump(document.accounts, to: &text)
        dump(document.accessEntries, to: &text)
        dump(document.refreshEntries, to: &text)
        dump(document.idEntries, to: &text)
        for secret in ["user-access", "user refresh", "head.body", "ada@"] { #expect(!text.contains(secret)) }
    }

    @Test func manyEntries() throws {
        var json = #"{"AccessToken":{"#
        for number in 0..<1000 {
            let token = String(repeating: "t", count: 100)
            json += """
                \(number == 0 ? "" : ",")"key \(number)":{"secret":"\(token)\(number)","home_account_id":"UID.UTID",
                "environment":"\(CacheSamples.host)","client_id":"client-id","target":"scope\(number)/.default",
                "realm":"organizations","cached_at":"1700000000","expires_on":"1700003600"}
                """
        }
        let document = try CacheSamples.document(json + "}}")
        var query = CacheSamples.query
        for number in [0, 500, 999] {
            query.target = ["scope\(number)/.default"]
            let entry = try #require(document.accessEntry(matching: query, at: CacheSamples.now))
            #expect(entry.secret.revealed.hasSuffix("t\(number)"))
        }
        #expect(document.accessEntries.count == 1000)
    }
}
