// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files that the tool makes for the time it runs, in a new folder that nobody else can write to.
enum TemporaryFolder {
    /// Writes a text file.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - name: The file's name in a new temporary folder.
    ///   - path: Where to write it instead, if given.
    ///   - isPrivate: Whether nobody else may read it. Until its mode is set, a new folder's keeps others from it.
    /// - Returns: The file's path.
    static func write(_ text: String, name: String, to path: String?, isPrivate: Bool = false) throws -> String {
        do {
            let target: String
            if let path {
                target = Self.absolute(path)
            } else {
                let folder = FileManager.default.temporaryDirectory.appending(path: "azid-\(UUID().uuidString)")
                try FileManager.default.createDirectory(
                    at: folder,
                    withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o700]
                )
                target = folder.appending(path: name).path()
            }
            try Data(text.utf8).write(to: URL(filePath: target), options: [.atomic])
            if isPrivate { try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target) }
            return target
        } catch let error {
            Console.printNote("The file \(name) can't be written: \(type(of: error))")
            throw ExitCode(4)
        }
    }

    /// A path that doesn't depend on the current folder.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    /// The folder of a file, without a slash at the end.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Removes the folder of a file that ``write(_:name:to:isPrivate:)`` made.
    static func remove(folderOf path: String) {
        try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
    }
}
#endif
