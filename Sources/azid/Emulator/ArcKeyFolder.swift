// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder that the Azure Arc agent leaves keys in, which programs insist on.
enum ArcKeyFolder {
    /// Makes the folder if it isn't there, and tries whether files can be written to it; ends with the status 4 if not.
    ///
    /// - Returns: The folders that were made, the innermost first, for ``remove(_:)``.
    static func prepare(_ path: String) throws -> [String] {
        let manager = FileManager.default
        var made: [String] = []
        var folder = path
        while !folder.isEmpty, folder != "/", !manager.fileExists(atPath: folder) {
            made.append(folder)
            folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
        }
        let probe = path + "/azid-\(UUID().uuidString)"
        do {
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data().write(to: URL(filePath: probe))
            try manager.removeItem(atPath: probe)
            return made
        } catch {
            let command = "sudo install -d -o \"$(id -u)\" \(ShellWord.quoted(path))"
            Console.printNote(
                """
                Azure Arc's agent leaves keys in \(HostileText.sanitized(path, limit: 200)), and this user can't write there. Run this \
                first:
                    \(command)
                or name another folder with --arc-key-directory, for programs that can be told of it.
                """
            )
            throw ExitCode(4)
        }
    }

    /// Removes folders that were made, if nothing is in them.
    static func remove(_ folders: [String]) {
        for folder in folders { rmdir(folder) }
    }
}
#endif
