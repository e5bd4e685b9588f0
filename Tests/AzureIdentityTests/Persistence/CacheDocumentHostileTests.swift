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

/// Documents that are damaged, foreign or meant to do harm.
@Suite struct CacheDocumentHostileTests {
    @Test(arguments: [
        " ", "null", "[]", "7", "\"\"", "{", "}", "{}x", "{} {}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#,
        #"{a:1}"#, #"{'a':1}"#, #"{"a":01}"#, #"{"a":+1}"#, #"{"a":.5}"#, #"{"a":1.}"#, #"{"a":1e}"#, #"{"a":-}"#, #"{"a":NaN}"#,
        #"{"a":nul}"#, #"{"a":nulL}"#, #"{"a":tru}"#, #"{"a":"}"#, #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, #"{"a":"\u12"#,
        #"{"a":"\"#,
        "{\"a\":\"\n\"}", "{\"a\":\"\u{0}\"}", #"{"a":[1,]}"#, #"{"a":[,1]}"#, #"{"a":[1 2]}"#, #"{"a":[}}"#, "{\"a\":1}\u{0}",
        #"{"AccessToken":{"k":{"secret":"x"}"#, #"{"AccessToken":{"k":{"secret":"x",}}}"#, #"{"AccessToken":{"k":"#,
        #"{"AccessToken":{7:{}}}"#, #"{"AccessToken":{"k" {}}}"#, "{\"a\":/**/1}", "\u{FEFF}\u{FEFF}{}",
    ])
    func noJSONIsAProblem(text: String) {
        #expect(throws: CacheProblem.self) { try CacheSamples.document(text) }
    }

    @Test(arguments: [
        "{}", " \r\n\t{ } \n", "\u{FEFF}{}", #"{"AccessToken":{}}"#, #"{ "AccessToken" : { } , "Account" : { } }"#, "",
    ])
    func emptyOnesAreFine(text: String) throws {
        let document = try CacheSamples.document(text)
        #expect(document.isEmpty && document.count == 0)
        #expect(document.json.first == UInt8(ascii: "{") && document.json.last == UInt8(ascii: "}"))
        #expect(String(decoding: CacheDocument().json, as: UTF8.self) == "{}")
    }

    @Test(arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC0, 0xAF]] as [[UInt8]])
    func noUTF8IsAProblem(bytes: [UInt8]) {
        let json = Array(#"{"AccessToken":{"k":{"secret":""#.utf8) + bytes + Array(#""}}}"#.utf8)
        #expect(throws: CacheProblem.self) { try CacheDocument(json: json) }
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func depthIsBounded(opening: String, closing: String) throws {
        func json(_ depth: Int) -> String {
            #"{"x":"# + String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth) + "}"
        }
        #expect(throws: Never.self) { try CacheSamples.document(json(CacheReader.maximumDepth - 1)) }
        #expect(throws: CacheProblem.self) { try CacheSamples.document(json(CacheReader.maximumDepth)) }
        #expect(throws: CacheProblem.self) {
            try CacheSamples.document(#"{"x":"# + String(repeating: opening, count: 200_000))
        }
    }

    @Test func sizeIsBounded() throws {
        let large = [UInt8](repeating: 0x20, count: CacheReader.maximumSize) + Array("{}".utf8)
        #expect(throws: CacheProblem("it is larger than 64 MiB")) { try CacheDocument(json: large) }
    }

    @Test func twoOfAKind() throws {
        let entry = #"{"home_account_id":"UID.UTID","environment":"login.microsoftonline.com","client_id":"client-id","secret":"#
        var document = try CacheSamples.document(
            #"{"RefreshToken":{"k":\#(entry)"a"},"k":\#(entry)"b"}},"RefreshToken":{"k":\#(entry)"c","secret":"d"}}}"#)
        #expect(document.refreshEntries.map(\.secret) == ["a", "b", "d"])
        document.insert(CacheSamples.refresh("new") { $0.target = [] })
        #expect(document.refreshEntries.map(\.secret) == ["new"])
        document.removeAccount(homeAccountID: CacheSamples.home, environments: nil)
        #expect(document.count == 0)
    }

    @Test(arguments: [
        "secret", "environment", "client_id", "target", "expires_on", "home_account_id", "realm", "token_type", "cached_at",
    ])
    func membersOfWrongTypesAreLeftAside(member: String) throws {
        for value in ["null", "7", "[]", "{}", "true", #""\ud800""#] {
            let json = CacheSamples.python.replacing(#""\#(member)": ""#, with: #""\#(member)": \#(value), "was": ""#)
            var document = try CacheSamples.document(json)
            _ = (document.accessEntries, document.refreshEntries, document.idEntries, document.accounts, document.applications)
            _ = document.accessEntry(matching: CacheSamples.query, at: CacheSamples.now)
            let count = document.count
            document.removeAccount(homeAccountID: "nobody", environments: nil)
            #expect(document.count == count)
            #expect(try CacheDocument(json: document.json) == document)
            // Half of a surrogate pair is JSON, but not all decoders take it.
            guard !value.contains("ud800") else { continue }
            #expect(try CacheSamples.value(document) == CacheSamples.value(json))
        }
    }

    @Test(arguments: [#""secret":null"#, #""secret":"""#, #""sEcret":"newer""#, #""secret":"newer","realm":7"#])
    func aDamagedEntryHidesNoGoodOne(damage: String) throws {
        func entry(_ members: String) -> String {
            #"""
            {"home_account_id":"UID.UTID","environment":"login.microsoftonline.com","client_id":"client-id","realm":"organizations",
            "target":"https://vault.azure.net/.default","expires_on":"1700003600",\#(members)}
            """#
        }
        let good = entry(#""secret":"good","cached_at":"1700000000""#)
        let document = try CacheSamples.document(
            #"{"AccessToken":{"a":\#(good),"b":\#(entry(#""cached_at":"1700000001",\#(damage)"#))}}"#)
        #expect(document.count == 2 && document.accessEntries.map(\.secret) == ["good"])
        #expect(document.accessEntry(matching: CacheSamples.query, at: CacheSamples.now)?.secret == "good")
    }

    @Test func everyCutIsAProblem() {
        let bytes = Array(CacheSamples.go.utf8)
        for end in 1..<bytes.count { #expect(throws: CacheProblem.self) { try CacheDocument(json: Array(bytes[..<end])) } }
    }

    @Test func aProblemSaysNothingOfWhatWasThere() {
        let problem = #expect(throws: CacheProblem.self) {
            try CacheSamples.document(#"{"AccessToken":{"k":{"secret":"hunter2" x"#)
        }
        #expect(problem?.message == "it is no JSON: a comma is missing at byte 40")
    }
}
