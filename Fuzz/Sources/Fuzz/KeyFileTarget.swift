// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Challenges of the agent of Azure Arc: values of `WWW-Authenticate`, one in a line; `{keys}` in them stands for the agent's directory.
enum KeyFileTarget {
    private static let directories = ["/var/opt/azcmagent/tokens", #"C:\ProgramData\AzureConnectedMachineAgent\Tokens"#, "/"]

    static func run(_ bytes: [UInt8]) async {
        // A path is no secret.
        guard !Promises.mayShowSecret(bytes) else { return }
        let values = lines(of: bytes)
        for directory in Self.directories {
            Self.check(values.map { $0.replacing("{keys}", with: directory) }, directory: directory)
        }
        // What is sent is the one file that may be read, whatever the challenge says.
        var headers: TransportHeaders = [:]
        for value in values {
            headers.append(name: "WWW-Authenticate", value: value.replacing("{keys}", with: KeyFiles.directory))
        }
        let challenge = TransportResponse(status: 401, headers: headers, body: [])
        let credential = ManagedIdentityCredential(
            options: HostScene.arc.options { request in
                guard let sent = request.headers["Authorization"] else { return challenge }
                if sent != "Basic \(Promises.secret)" { Violation.report("\(values) has \(sent.debugDescription) sent") }
                return Scene.grant
            }
        )
        await Promises.check(credential)
    }

    /// A file that is accepted is directly in the directory, and is a key file by its name.
    private static func check(_ challenges: [String], directory: String) {
        let file: ArcKeyFile
        do {
            file = try ArcKeyFile(challenges: challenges, directory: directory)
        } catch {
            return Promises.checkLine(error.reason, "why there is no key file")
        }
        let isPlain = file.name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        let hasBackslash = directory.contains("\\") && file.name.contains("\\")
        if file.directory != directory || !isPlain || hasBackslash || !file.name.hasSuffix(".key") || file.name == ".key"
            || file.name.utf8.count > 1024
        {
            Violation.report("\(challenges) leads to \(file)")
        }
    }
}

/// Key files as the agent's, and others that must not be read: a larger one, an empty one, a directory, and links that lead out.
enum KeyFiles {
    /// The agent's directory, without a slash at its end.
    static let directory: String = {
        let root = Fixtures.scratch + "arc"
        let directory = root + "/keys"
        let manager = FileManager.default
        do {
            try? manager.removeItem(atPath: root)
            try manager.createDirectory(atPath: directory + "/folder.key", withIntermediateDirectories: true)
            func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(filePath: name)) }
            try write(directory + "/good.key", Promises.secret + "\n")
            try write(directory + "/large.key", String(repeating: "k", count: ArcKeyFile.maximumSize + 1))
            try write(directory + "/empty.key", " \n")
            try write(directory + "/binary.key", "a\u{0}b")
            try write(directory + "/other.txt", "other")
            try write(root + "/outside.key", "outside")
            try manager.createSymbolicLink(atPath: directory + "/link.key", withDestinationPath: "../outside.key")
            try manager.createSymbolicLink(atPath: directory + "/zero.key", withDestinationPath: "/dev/zero")
        } catch {
            Violation.report("the key files can't be made: \(error)")
        }
        return directory
    }()

    /// The challenge that leads to the good one.
    static let challenge = TransportResponse(
        status: 401,
        headers: ["WWW-Authenticate": "Basic realm=\(directory)/good.key"],
        body: []
    )
}
