// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What Visual Studio Code leaves, read as what it is: files that anybody may have written.
@Suite struct EditorFilesTests {
    @Test func placesAreBelowTheHomeThatTheVariablesName() {
        let places = EditorPlaces(["HOME": "/home/ada"])
        #expect(places.records.first == "/home/ada/\(EditorStage.recordName)")
        #expect(places.records.count == 2 && places.records[1].hasPrefix("/home/ada/.Azure/"))
        #expect(places.settings == "/home/ada/\(EditorStage.settingsName)")
        #expect(places.files.count == 3)
        for variables: EnvironmentVariables in [[:], ["HOME": "home/ada"], ["USERPROFILE": "/home/ada"]] {
            let nowhere = EditorPlaces(variables)
            #expect(nowhere.records.isEmpty && nowhere.settings == nil && nowhere.files.isEmpty)
        }
        #if os(Linux)
        let moved = EditorPlaces(["HOME": "/home/ada/", "XDG_CONFIG_HOME": "/etc/ada"])
        #expect(moved.settings == "/etc/ada/Code/User/settings.json" && moved.records.first?.contains("//") == false)
        #expect(EditorPlaces(["HOME": "/h", "XDG_CONFIG_HOME": "ada"]).settings == "/h/.config/Code/User/settings.json")
        #endif
    }

    // MARK: The record

    @Test func aGoodRecordIsRead() throws {
        let record = try EditorRecord.record(Array(EditorStage.record(["authority": "Login.MicrosoftOnline.com"]).utf8))
        #expect(record.authority == "login.microsoftonline.com" && record.tenantID == Sample.tenantID)
        #expect(record.homeAccountID == EditorStage.homeAccountID && record.username == Sample.userName)
        // Its version says nothing, and other members don't matter.
        for changes: [String: String?] in [["version": nil], ["version": "9"], ["more": "x"]] {
            #expect((try? EditorRecord.record(Array(EditorStage.record(changes).utf8))) == record)
        }
        #expect((try? EditorRecord.record([0xEF, 0xBB, 0xBF] + Array(EditorStage.record().utf8))) == record)
    }

    @Test(
        arguments: [
            (["tenantId": nil], "tenantId field is missing"),
            (["tenantId": ""], "tenantId must be a non-empty string"),
            (["tenantId": "../evil"], "tenantId must be a tenant's id or domain"),
            (["clientId": Sample.clientID], "clientId must match expected VS Code Azure Resources extension client ID"),
            (["username": " "], "username must be a non-empty string"),
            (["homeAccountId": "one"], "homeAccountId must be of the form uid.utid"),
            (["homeAccountId": "a.b.c"], "homeAccountId must be of the form uid.utid"),
            (["homeAccountId": ".b"], "homeAccountId must be of the form uid.utid"),
            (["authority": "https://login.microsoftonline.com"], "authority must be the name of a host"),
            (["authority": "login.microsoftonline.com@evil.example"], "authority must be the name of a host"),
            (["authority": "localhost"], "authority must be the name of a host"),
        ] as [([String: String?], String)])
    func aHostileRecordIsRefused(changes: [String: String?], complaint: String) {
        let error = #expect(throws: EditorProblem.self) { try EditorRecord.record(Array(EditorStage.record(changes).utf8)) }
        #expect(error?.reason.contains(complaint) == true, "\(error?.reason ?? "")")
        #expect(error?.reason.hasPrefix("Authentication record validation failed: ") == true)
        #expect(error?.reason.contains("evil") == false && error?.reason.contains(Sample.userName) == false)
    }

    @Test(
        arguments: [
            "", "{", "[]", "null", "7", #"{"tenantId":"#, #"{"tenantId":7,"clientId":null,"username":[],"homeAccountId":{}}"#,
            String(repeating: "[", count: 5000), "{\"username\":\"\u{7}\"}",
        ])
    func whatIsNoRecordIsRefused(text: String) {
        let error = #expect(throws: EditorProblem.self) { try EditorRecord.record(Array(text.utf8)) }
        #expect(error.map { !$0.reason.isEmpty && !$0.reason.contains("\n") } == true)
    }

    @Test func allThatIsWrongIsTold() {
        let error = #expect(throws: EditorProblem.self) { try EditorRecord.record(Array("{\"username\":3}".utf8)) }
        let expected = [
            "tenantId field is missing", "clientId field is missing", "username must be a non-empty string",
            "homeAccountId field is missing", "authority field is missing",
        ]
        #expect(error?.reason == "Authentication record validation failed: \(expected.joined(separator: "; "))")
    }

    @Test func aRecordIsOfBoundedSize() {
        let filler = String(repeating: "x", count: EditorRecord.limit)
        let error = #expect(throws: EditorProblem.self) {
            try EditorRecord.record(Array(EditorStage.record(["filler": filler]).utf8))
        }
        #expect(error?.reason.contains("unexpectedly large") == true)
    }

    // MARK: Settings

    @Test(
        arguments: [
            ("", "AzureCloud", nil), ("  \n", "AzureCloud", nil), ("// nothing\n", "AzureCloud", nil), ("{}", "AzureCloud", nil),
            (#"{"azure.tenant": "contoso.example"}"#, "AzureCloud", "contoso.example"),
            (#"{"azure.cloud": "AzureChina", "azure.tenant": " "}"#, "AzureChinaCloud", nil),
            (#"{"azure.cloud": "azureusgovernment"}"#, "AzureUSGovernment", nil),
            (#"{"azure.cloud": 7, "azure.tenant": null}"#, "AzureCloud", nil),
            (
                """
                \u{FEFF}// mine
                { /* the cloud: */ "azure.cloud": "AzureChinaCloud", // "azure.tenant": "commented.example",
                  "files.exclude": {"**/*.o": true, "//": ["/* no comment */", "\\"//\\\\", ], },
                  "azure.tenant": "contoso.example",
                }
                // the end
                """, "AzureChinaCloud", "contoso.example"
            ),
            (#"{"a":"\\","azure.tenant":"b.example"}"#, "AzureCloud", "b.example"),
        ] as [(String, String, String?)])
    func settingsAreRead(text: String, cloud: String, tenantID: String?) throws {
        let settings = try EditorSettings(Array(text.utf8))
        #expect(settings.cloud.names.first == cloud && settings.tenantID == tenantID)
    }

    @Test(
        arguments: [
            "{", "[]", "7", "\"text\"", "{\"a\":1} {", "/", "{\"a\" /", #"{"a":"b}"#, "{a:1}",
            String(repeating: "[", count: 100_000), #"{"azure.cloud":"AzureGermanCloud"}"#,
            #"{"azure.cloud":"https://evil.example"}"#, #"{"azure.tenant":"../evil"}"#, #"{"azure.tenant":"a b"}"#,
        ])
    func whatIsNoSettingsIsRefused(text: String) {
        let error = #expect(throws: EditorProblem.self) { try EditorSettings(Array(text.utf8)) }
        #expect(error.map { $0.reason.utf8.count < 200 && !$0.reason.contains("\n") } == true)
    }

    @Test(
        arguments: [
            ("{}", "{}"), ("[1,]", "[1 ]"), ("{\"a\":[1, ] , }", "{\"a\":[1  ]   }"), ("[1,/**/]", "[1  ]"),
            ("[1,//\n]", "[1  \n]"),
            ("\",]\"", "\",]\""), ("\"\\\",]", "\"\\\",]"), ("/*", " "), ("//", " "), ("1/2", "1/2"), ("/**/*/", " */"),
            ("[,]", "[ ]"), ("[1,,]", "[1, ]"),
        ])
    func commentsAndCommasBecomeBlanks(text: String, plain: String) {
        #expect(String(decoding: CommentedJSON.plain(Array(text.utf8)[...]), as: UTF8.self) == plain)
    }

    // MARK: Files

    @Test func filesThatAreNoneAreRefusedAndNotWaitedFor() throws {
        let stage = try EditorStage()
        let places = EditorPlaces(["HOME": stage.folder.path])
        let host = stage.options().testHost
        func problem() -> String? {
            guard case .failure(let problem)? = EditorFiles(places, host: host).record else { return nil }
            return problem.reason
        }
        #expect(EditorFiles(places, host: host).record == nil && EditorFiles(places, host: host).settings == nil)
        try stage.signIn()
        #expect((try? EditorFiles(places, host: host).record?.get())?.username == Sample.userName)
        let path = places.records[0]
        let manager = FileManager.default
        // A link to a good file is how some keep their home; one to nothing is nothing.
        try manager.moveItem(atPath: path, toPath: stage.folder.path("elsewhere"))
        try manager.createSymbolicLink(atPath: path, withDestinationPath: stage.folder.path("elsewhere"))
        #expect((try? EditorFiles(places, host: host).record?.get())?.username == Sample.userName)
        try manager.removeItem(atPath: stage.folder.path("elsewhere"))
        #expect(EditorFiles(places, host: host).record == nil)
        try manager.removeItem(atPath: path)
        try manager.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
        #expect(problem()?.contains("it is not a regular file") == true)
        try manager.removeItem(atPath: path)
        try manager.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(problem()?.contains("it is not a regular file") == true)
        try manager.removeItem(atPath: path)
        #expect(stage.folder.makePipe(EditorStage.recordName))
        #expect(problem()?.contains("it is not a regular file") == true)
        try manager.removeItem(atPath: path)
        try stage.write(String(repeating: " ", count: EditorRecord.limit + 1), EditorStage.recordName)
        #expect(problem()?.contains("unexpectedly large") == true)
    }

    @Test func theEditorIsThereWithoutSettingsToo() throws {
        let stage = try EditorStage()
        let places = EditorPlaces(["HOME": stage.folder.path])
        let host = stage.options().testHost
        let folder = try #require(places.userFolder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect((try? EditorFiles(places, host: host).settings?.get()) == .usual)
        try stage.set("{\"azure.cloud\": \"nowhere\"}")
        guard case .failure(let problem)? = EditorFiles(places, host: host).settings else { throw UnexpectedSuccess() }
        #expect(problem.reason.contains("\"nowhere\", which isn't known here"))
    }
}
