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

/// The account of `azid`, as its file tells.
@Suite struct AzidAccountTests {
    private static let record = AuthenticationRecord(
        authority: "login.microsoftonline.com",
        clientID: "22222222-2222-4222-8222-222222222222",
        homeAccountID: "uid.utid",
        tenantID: "11111111-1111-4111-8111-111111111111",
        username: "ada@contoso.example"
    )

    /// Runs a test with a file of this text.
    private func withFile(_ text: String, _ body: (_ folder: String, _ path: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "azid-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "azid"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "azid/account.json")
        try Data(text.utf8).write(to: file)
        try await body(folder.path(), file.path())
    }

    @Test(
        arguments: [
            (["XDG_CONFIG_HOME": "/x", "HOME": "/h"], "/x/azid/account.json"),
            (["XDG_CONFIG_HOME": "x", "HOME": "/h"], "/h/.config/azid/account.json"),
            (["HOME": "/h"], "/h/.config/azid/account.json"),
        ])
    func theFileIsInTheDirectoryForConfigurations(variables: [String: String], path: String) {
        #expect(AzidAccount.path(EnvironmentVariables(variables)) == path)
    }

    @Test func theFileThereAndBackIsARecordToo() async throws {
        for account in [
            AzidAccount(record: Self.record),
            AzidAccount(record: Self.record, authorityHost: "https://localhost:8443", allowsUnencryptedStorage: true),
        ] {
            let text = try account.text()
            #expect(try AuthenticationRecord(json: text) == Self.record)
            try await self.withFile(text) { _, path in
                let read = try AzidAccount.read(path)
                #expect(read == account)
            }
            #expect(!"\(account)".contains("ada") && !String(reflecting: account).contains("ada"))
        }
        try await self.withFile(Self.record.json) { _, path in
            let read = try AzidAccount.read(path)
            #expect(read?.record == Self.record)
        }
        #expect(try AzidAccount.read("/nonexistent/account.json") == nil)
    }

    @Test func nobodyIsSignedIn() async throws {
        let options = CredentialOptions(environment: ["XDG_CONFIG_HOME": "/nonexistent"])
        let credential = AzidCredential(options: options)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationRequired && error.isUnavailable && error.message.contains("azid login"))
        #expect(error.remedy?.commands == [["azid", "login"]] && credential.authenticationRecord == nil)
        #expect(throws: AuthenticationError.self) { try credential.validate() }
    }

    @Test(arguments: ["", "{", "{}", "[]", #"{"version":"2.0"}"#, String(repeating: " ", count: 70_000)])
    func aFileThatCannotBeUsedIsSaid(text: String) async throws {
        try await self.withFile(text) { folder, _ in
            let credential = AzidCredential(options: CredentialOptions(environment: ["XDG_CONFIG_HOME": folder]))
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.code == .invalidConfiguration && error.message.contains("account.json"), "\(error)")
        }
    }
}
