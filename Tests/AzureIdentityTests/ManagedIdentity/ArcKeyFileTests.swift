// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Key files of Azure Arc: the agent's, and whatever a false server could name in their place.
@Suite struct ArcKeyFileTests {
    private static let directory = "/var/opt/azcmagent/tokens"

    @Test(arguments: [
        "Basic realm=/var/opt/azcmagent/tokens/a.key",
        "basic REALM=/var/opt/azcmagent/tokens/a.key",
        "Basic realm=\"/var/opt/azcmagent/tokens/a.key\"",
        "  Basic realm=/var/opt/azcmagent/tokens/a.key \r\n",
    ])
    func challengesThatNameAFile(challenge: String) throws {
        let file = try ArcKeyFile(challenges: [challenge], directory: Self.directory)
        #expect(file.name == "a.key")
    }

    @Test(arguments: [
        "", "Basic", "Basic realm=", "Bearer realm=/var/opt/azcmagent/tokens/a.key", "realm=/var/opt/azcmagent/tokens/a.key",
        "Basic realm=/etc/passwd", "Basic realm=/etc/a.key", "Basic realm=a.key", "Basic realm=/a.key",
        "Basic realm=/var/opt/azcmagent/tokens/../tokens/a.key", "Basic realm=/var/opt/azcmagent/tokens/../../../../etc/a.key",
        "Basic realm=/var/opt/azcmagent/tokens//a.key", "Basic realm=/var/opt/azcmagent/tokens/sub/a.key",
        "Basic realm=/var/opt/azcmagent/tokens/./a.key", "Basic realm=/var/opt/azcmagent/tokens/.key",
        "Basic realm=/var/opt/azcmagent/tokens/a.txt", "Basic realm=/var/opt/azcmagent/tokens/a.KEY",
        "Basic realm=/var/opt/azcmagent/tokens/a.key\u{0}", "Basic realm=/var/opt/azcmagent/tokens/a\u{0}.key",
        "Basic realm=/var/opt/azcmagent/tokens/\u{202e}a.key", "Basic realm=/VAR/opt/azcmagent/tokens/a.key",
        "Basic realm=/var/opt/azcmagent/tokensX/a.key", "Basic realm=\"/etc/passwd\"",
    ])
    func challengesThatNameNone(challenge: String) {
        #expect(throws: ArcKeyFile.Problem.self) { try ArcKeyFile(challenges: [challenge], directory: Self.directory) }
    }

    @Test func aLongChallengeIsNoneEither() {
        let challenge = "Basic realm=/var/opt/azcmagent/tokens/" + String(repeating: "a", count: 100_000) + ".key"
        #expect(throws: ArcKeyFile.Problem.self) { try ArcKeyFile(challenges: [challenge], directory: Self.directory) }
        #expect(throws: ArcKeyFile.Problem.self) { try ArcKeyFile(challenges: [], directory: Self.directory) }
    }

    /// A directory that is removed in the end.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/arc-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func key(_ name: String, in directory: String) throws -> String {
        try ArcKeyFile(challenges: ["Basic realm=\(directory)/\(name)"], directory: directory).key()
    }

    private func write(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    @Test func contents() throws {
        try self.withDirectory { directory in
            try self.write(Array("c2VjcmV0".utf8), "\(directory)/a.key")
            #expect(try self.key("a.key", in: directory) == "c2VjcmV0")
            try self.write(Array("c2VjcmV0\n".utf8), "\(directory)/b.key")
            #expect(try self.key("b.key", in: directory) == "c2VjcmV0")
            try self.write([UInt8](repeating: 0x61, count: 4096), "\(directory)/largest.key")
            #expect(try self.key("largest.key", in: directory).utf8.count == 4096)
        }
    }

    @Test func filesThatAreNoKeys() throws {
        try self.withDirectory { directory in
            try self.write([UInt8](repeating: 0x61, count: 4097), "\(directory)/large.key")
            try self.write([], "\(directory)/empty.key")
            try self.write([0x61, 0, 0x61], "\(directory)/nul.key")
            try self.write(Array("a\r\nX-Injected: b".utf8), "\(directory)/lines.key")
            try FileManager.default.createDirectory(atPath: "\(directory)/folder.key", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/link.key", withDestinationPath: "/etc/hostname")
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/zero.key", withDestinationPath: "/dev/zero")
            for name in ["large", "empty", "nul", "lines", "folder", "link", "zero", "missing"] {
                #expect(throws: FileProblem.self, "\(name)") { try self.key("\(name).key", in: directory) }
            }
        }
    }

    @Test func aDirectoryThatIsALink() throws {
        try self.withDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/real", withIntermediateDirectories: false)
            try self.write(Array("a".utf8), "\(directory)/real/a.key")
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/tokens", withDestinationPath: "\(directory)/real")
            #expect(throws: FileProblem.self) { try self.key("a.key", in: "\(directory)/tokens") }
        }
    }
}
