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

@Suite struct FederatedTokenFileTests {
    private let folder: TestFolder
    private let clock = VirtualClock()

    init() throws { self.folder = try TestFolder() }

    private func file(_ name: String = "token") -> FederatedTokenFile {
        FederatedTokenFile(path: self.folder.path(name), credential: "WorkloadIdentityCredential", clock: self.clock)
    }

    private func problem(_ name: String = "token") throws -> AuthenticationError {
        let file = self.file(name)
        return try #require(throws: AuthenticationError.self) { try file.token() }
    }

    @Test(arguments: ["a.b.c", "a.b.c\n", " \t\r\na.b.c\r\n\n", String(repeating: "a", count: 65_536)])
    func blanksAroundTheTokenAreLeftOut(content: String) throws {
        try self.folder.write(content, "token")
        #expect(try self.file().token() == HostileText.trimmed(content))
    }

    @Test func readAgainWhenItHasChangedOrAfterFiveMinutes() throws {
        try self.folder.write("first", "token")
        let file = self.file()
        #expect(try file.token() == "first")
        try self.folder.write("second", "token")
        #expect(try file.token() == "second")
        // The same stamp and another content, as on a file system that keeps no time: seen when the content is five minutes old.
        let path = self.folder.path("token")
        let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
        let handle = Data("third!".utf8)
        try handle.write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.modificationDate: date as Any], ofItemAtPath: path)
        self.clock.advance(by: .seconds(301))
        #expect(try file.token() == "third!")
    }

    @Test func whatWasReadIsNotReadAgain() throws {
        try self.folder.write("first", "token")
        let file = self.file()
        #expect(try file.token() == "first" && !file.holdsAnother(than: "first") && file.holdsAnother(than: "other"))
        try FileManager.default.removeItem(atPath: self.folder.path("token"))
        let error = try #require(throws: AuthenticationError.self) { try file.token() }
        #expect(error.isUnavailable && !file.holdsAnother(than: "other"))
    }

    @Test func missingOrEmptyIsNotYet() throws {
        try self.folder.write("", "empty")
        try self.folder.write(" \n\r\n", "blank")
        for (name, part) in [("no-such-file", "it can't be found"), ("empty", "is empty"), ("blank", "is empty")] {
            let error = try self.problem(name)
            #expect(error.code == .credentialUnavailable && error.isRetryable, "\(name)")
            #expect(error.message.contains("\"\(self.folder.path(name))\"") && error.message.contains(part), "\(error.message)")
            #expect(error.remedy?.guide == "G41" && error.remedy?.variables == ["AZURE_FEDERATED_TOKEN_FILE"])
        }
    }

    @Test func whatIsNoFileIsUnreadable() throws {
        try FileManager.default.createDirectory(atPath: self.folder.path("directory"), withIntermediateDirectories: false)
        try #require(self.folder.makePipe("pipe"))
        for name in ["directory", "pipe", "a/b", "nul\u{0}name", "../../../../../../dev/zero"] {
            let error = try self.problem(name)
            #expect(error.code == .credentialUnavailable && error.isRetryable, "\(name): \(error.message)")
        }
        #expect(try self.problem("pipe").message.contains("it is not a regular file"))
    }

    @Test(arguments: ["SECRET one", "SECRET\none", "SECRET\u{0}", "\u{0}", "SECRET-ü", "\u{FEFF}SECRET", "SECRET\u{7F}"])
    func contentThatCantBeATokenFailsWithoutBeingShown(content: String) throws {
        try self.folder.write(content, "token")
        let error = try self.problem()
        #expect(error.code == .authenticationFailed && !error.isRetryable)
        #expect(error.message.contains(self.folder.path("token")) && !"\(error)".contains("SECRET"))
    }

    @Test(arguments: [65_537, 65_536 + 65_536, 10 << 20])
    func tooLargeAFileFails(size: Int) throws {
        try self.folder.write([UInt8](repeating: UInt8(ascii: "a"), count: size), "token")
        let error = try self.problem()
        #expect(error.code == .authenticationFailed && error.message.contains("larger than 65536 bytes"), "\(error.message)")
    }

    @Test func thePathIsShownClean() throws {
        let file = FederatedTokenFile(path: "/no\u{1B}[31m/such\n", credential: "X", clock: self.clock)
        let error = try #require(throws: AuthenticationError.self) { try file.token() }
        #expect(error.message == "X: The token file \"/no/such\" can't be read: it can't be found.")
    }
}
