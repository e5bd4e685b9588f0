// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// The file by which a process shows the agent of Azure Arc that it may have tokens: it can read what the agent has written there.
///
/// The server names the file, so nothing about the name is believed: it has to be one directly in the agent's directory, with the
/// extension of key files, no link, and no larger than keys are. Otherwise a false server could have any file sent to it.
struct ArcKeyFile: Sendable, Hashable {
    /// The largest key file, in bytes.
    static let maximumSize = 4096
    private static let fileExtension = ".key"

    let name: String
    let directory: String

    /// Why a challenge leads to no key file.
    struct Problem: Error {
        let reason: String
    }

    /// - Parameters:
    ///   - challenges: The values of `WWW-Authenticate`.
    ///   - directory: The agent's directory.
    init(challenges: [String], directory: String) throws(Problem) {
        guard let path = challenges.lazy.compactMap({ Self.realm(in: $0) }).first else {
            throw Problem(
                reason: challenges.isEmpty ? "there is no WWW-Authenticate header" : "the WWW-Authenticate header names no realm")
        }
        let separator: Character = directory.contains("\\") ? "\\" : "/"
        guard path.utf8.count <= 1024, path.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw Problem(reason: "the key file path is invalid: it holds characters that no path of the agent has")
        }
        guard let last = path.lastIndex(of: separator), path[..<last] == directory else {
            throw Problem(reason: "the key file path is invalid: it is not in \(directory)")
        }
        let name = path[path.index(after: last)...]
        guard name.utf8.count > Self.fileExtension.utf8.count, name.hasSuffix(Self.fileExtension), !name.contains("/") else {
            throw Problem(reason: "the key file path is invalid: its extension is not .key")
        }
        self.name = String(name)
        self.directory = directory
    }

    /// The realm of a `Basic` challenge: what follows `realm=`, with quotes around it or without. A path isn't the token that RFC 9110
    /// wants without quotes.
    private static func realm(in challenge: String) -> String? {
        let text = HostileText.trimmed(challenge)
        let prefix = "basic realm="
        guard text.utf8.count <= 4096, text.lowercased().hasPrefix(prefix) else { return nil }
        var value = text.dropFirst(prefix.count)
        if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = value.dropFirst().dropLast() }
        return value.isEmpty ? nil : String(value)
    }

    /// What is in the file.
    ///
    /// - Throws: `FileProblem`.
    func key() throws(FileProblem) -> String {
        let bytes = try Host.contents(ofFile: self.name, inDirectory: self.directory, limit: Self.maximumSize)
        let key = HostileText.trimmed(String(decoding: bytes, as: UTF8.self))
        guard !key.isEmpty, key.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw FileProblem(reason: key.isEmpty ? "it is empty" : "it holds something that can't be sent")
        }
        return key
    }
}
