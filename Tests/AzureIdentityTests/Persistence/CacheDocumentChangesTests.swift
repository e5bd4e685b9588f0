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

@Suite struct CacheDocumentChangesTests {
    private static let pythonKeys = [
        "AccessToken": [
            "-login.microsoftonline.com-accesstoken-app-tenant-id-https://vault.azure.net/.default",
            "-login.microsoftonline.com-atext-app-tenant-id-https://vault.azure.net/.default-ov4rzjpp",
            "uid.utid-login.microsoftonline.com-accesstoken-client-id-organizations-https://vault.azure.net/.default openid",
        ],
        "RefreshToken": ["uid.utid-login.microsoftonline.com-refreshtoken-client-id--https://vault.azure.net/.default openid"],
        "IdToken": ["uid.utid-login.microsoftonline.com-idtoken-client-id-organizations-"],
        "Account": ["uid.utid-login.microsoftonline.com-organizations"],
        "AppMetadata": ["appmetadata-login.microsoftonline.com-Client-ID"],
    ]

    @Test func writesKeysAndMembersAsPythonDoes() throws {
        let python = try CacheSamples.document(CacheSamples.python)
        var document = CacheDocument()
        for entry in python.accessEntries { document.insert(entry) }
        for entry in python.refreshEntries { document.insert(entry) }
        for entry in python.idEntries { document.insert(entry) }
        for entry in python.accounts { document.insert(entry) }
        for entry in python.applications { document.insert(entry) }
        let value = try CacheSamples.value(document)
        #expect(value.names == Self.pythonKeys.keys.sorted())
        for (section, keys) in Self.pythonKeys { #expect(value[section]?.names == keys) }
        #expect(try value == CacheSamples.value(CacheSamples.python))
    }

    @Test(arguments: CacheSamples.Language.allCases)
    func replacesTheSameWhateverItsKeyIs(language: CacheSamples.Language) throws {
        var document = try CacheSamples.document(language.json)
        let count = document.count
        var access = try #require(document.accessEntry(matching: CacheSamples.query, at: CacheSamples.now))
        var refresh = try #require(document.refreshEntries.first)
        var id = try #require(document.idEntries.first)
        (access.secret, refresh.secret, id.secret) = ("new access", "new refresh", "new id")
        document.insert(access)
        document.insert(refresh)
        document.insert(id)
        document.insert(try #require(document.accounts.first))
        document.insert(try #require(document.applications.first))
        #expect(document.count == count)
        #expect(document.accessEntry(matching: CacheSamples.query, at: CacheSamples.now)?.secret == "new access")
        #expect(document.refreshEntries.map(\.secret) == ["new refresh"] && document.idEntries.map(\.secret) == ["new id"])
        #expect(try CacheDocument(json: document.json) == document)
    }

    @Test func differentOnesStayBesideEachOther() throws {
        var document = CacheDocument()
        let changes: [(inout CacheDocument.AccessEntry) -> Void] = [
            { _ in }, { $0.realm = "other" }, { $0.clientID = "other" }, { $0.environment = "other" },
            { $0.homeAccountID = "other" },
            { $0.target = ["other"] }, { $0.extensionKey = "other" }, { $0.homeAccountID = nil },
        ]
        for (number, change) in changes.enumerated() { document.insert(CacheSamples.access("\(number)", change: change)) }
        #expect(document.accessEntries.map(\.secret.revealed) == changes.indices.map { "\($0)" })
        // A token for who proves something else has the same key, and takes the place.
        document.insert(CacheSamples.access("proved") { ($0.homeAccountID, $0.proof) = (nil, "p") })
        #expect(document.count == changes.count)
        #expect(document.accessEntries.last?.proof == "p")
        document.insert(CacheSamples.refresh("a"))
        document.insert(CacheSamples.refresh("b") { $0.target = [] })
        document.insert(CacheSamples.refresh("c") { $0.clientID = "other" })
        #expect(document.refreshEntries.count == 3)
    }

    @Test func unknownThingsSurvive() throws {
        let json = #"""
            {"Unknown": [1, 2.50, {"é": "\u00e9"}], "AccessToken": {"broken": 7, "odd": {"secret": "x", "extra": 1e2},
            "k": {"home_account_id": "UID.UTID", "environment": "login.microsoftonline.com", "client_id": "client-id",
            "realm": "organizations", "target": "https://vault.azure.net/.default", "secret": "old", "expires_on": "1700003600",
            "expires_in": 10, "key_id": "of the old one", "mine": {"a": [null, true, false, -0.0]}}}, "Account": "none",
            "RefreshToken": null, "appmetadata": {}, "": {}}
            """#
        var document = try CacheSamples.document(json)
        #expect(document.accessEntries.map(\.secret) == ["old"])
        document.insert(CacheSamples.access("new"))
        document.insert(CacheSamples.refresh("refresh"))
        document.insert(
            CacheDocument.AccountEntry(homeAccountID: "h", environment: "e", realm: "r", localAccountID: "l", username: ""))
        let (before, after) = (try CacheSamples.value(json), try CacheSamples.value(document))
        #expect(after.names == before.names)
        #expect(after["Unknown"] == before["Unknown"] && after["appmetadata"] == before["appmetadata"])
        #expect(after["AccessToken"]?["broken"] == .integer(7) && after["AccessToken"]?["odd"] == before["AccessToken"]?["odd"])
        let text = String(decoding: document.json, as: UTF8.self)
        #expect(text.contains(#""Unknown":[1, 2.50, {"é": "\u00e9"}]"#) && text.contains(#"{"secret": "x", "extra": 1e2}"#))
        #expect(text.contains(#""mine":{"a": [null, true, false, -0.0]}"#) && text.contains(#""expires_in":10"#))
        #expect(!text.contains("key_id") && !text.contains(#""k""#))
        #expect(document.accounts.count == 1 && document.refreshEntries.count == 1)
    }

    @Test func whatAnAccountDoesNotSayStaysAsItWas() throws {
        var document = try CacheSamples.document(CacheSamples.dotnet)
        document.insert(
            CacheDocument.AccountEntry(
                homeAccountID: CacheSamples.home, environment: "LOGIN.windows.net", realm: "Organizations", localAccountID: "l",
                username: "zoë@contoso.example"))
        let account = try #require(document.accounts.first)
        #expect(document.accounts.count == 1 && account.name == "Ada" && account.clientInfo == "e30")
        #expect(account.username == "zoë@contoso.example")
        let text = String(decoding: document.json, as: UTF8.self)
        #expect(text.contains(#""wam_account_ids":{"client-id":"x"}"#) && text.contains(#"zo\u00eb@"#))
    }

    @Test func textsThatNeedEscapes() throws {
        var document = CacheDocument()
        let odd = "\"\\\u{0}\u{7F}\u{2028}é😀/\n"
        document.insert(CacheSamples.access(odd) { ($0.realm, $0.clientID) = (odd, odd) })
        document.insert(CacheSamples.access("second") { ($0.realm, $0.clientID) = (odd, odd) })
        let again = try CacheDocument(json: document.json)
        #expect(again.accessEntries.map(\.realm) == [odd] && again.accessEntries.map(\.secret) == ["second"])
        #expect(document.json.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    }

    @Test func removesOnlyTheTokenThatIsMeant() throws {
        var document = CacheDocument()
        document.insert(CacheSamples.access("a"))
        document.insert(CacheSamples.refresh("r"))
        document.remove(CacheSamples.access("older"))
        document.remove(CacheSamples.refresh("older"))
        #expect(document.count == 2)
        document.remove(CacheSamples.access("a"))
        document.remove(CacheSamples.refresh("r"))
        #expect(document.count == 0 && document.isEmpty)
        #expect(String(decoding: document.json, as: UTF8.self) == #"{"AccessToken":{},"RefreshToken":{}}"#)
    }

    @Test(arguments: CacheSamples.Language.allCases)
    func signingOutRemovesAllOfAnAccount(language: CacheSamples.Language) throws {
        var document = try CacheSamples.document(language.json)
        document.insert(CacheSamples.refresh("another's") { $0.homeAccountID = "other" })
        document.insert(CacheSamples.access("elsewhere") { $0.environment = "login.chinacloudapi.cn" })
        document.removeAccount(homeAccountID: CacheSamples.home, environments: CacheSamples.hosts)
        #expect(document.refreshEntries.map(\.secret) == ["another's"])
        #expect(document.accounts.isEmpty && document.idEntries.isEmpty)
        #expect(document.accessEntries.filter { $0.homeAccountID != nil }.map(\.secret) == ["elsewhere"])
        #expect(!document.applications.isEmpty)
        let text = String(decoding: document.json, as: UTF8.self)
        for secret in ["user-access", "user refresh", "head.body"] { #expect(!text.contains(secret)) }
        document.removeAccount(homeAccountID: CacheSamples.home, environments: nil)
        #expect(!document.accessEntries.contains { $0.homeAccountID != nil })
    }

    @Test func removesWhatHasExpired() throws {
        var document = try CacheSamples.document(CacheSamples.python)
        document.removeExpired(at: CacheSamples.now)
        #expect(document.accessEntries.count == 3)
        document.removeExpired(at: CacheSamples.cachedAt.addingTimeInterval(3600))
        #expect(document.accessEntries.isEmpty && document.refreshEntries.count == 1)
    }

    @Test func whatIsGoneTakesNoRoom() throws {
        var document = CacheDocument()
        for number in 0..<200 {
            document.insert(CacheSamples.access(String(repeating: "x", count: 100) + "\(number)"))
            document.insert(CacheSamples.refresh("\(number)"))
        }
        #expect(document.count == 2 && document.bytes.count < 8192)
        #expect(document.accessEntries.first?.secret.revealed.hasSuffix("x199") == true)
        #expect(try CacheDocument(json: document.json) == document)
    }

    @Test func copiesAreApart() throws {
        var document = try CacheSamples.document(CacheSamples.python)
        let copy = document
        document.insert(CacheSamples.access("new", target: [CacheSamples.vault, "openid"]) { $0.clientID = "Client-ID" })
        #expect(copy.accessEntries.first?.secret == "user-access" && document.accessEntries.first?.secret == "new")
        #expect(copy != document)
    }
}
