// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder for the files of a server, which no other user can read. Made when the first file is written; none outlives `remove()`.
final class ServerFolder: Sendable {
    private enum State: Sendable {
        case absent, present, removed
    }

    /// The path the folder has, or will have.
    let path = FileManager.default.temporaryDirectory
        .appending(path: "azure-identity-emulator-\(UUID().uuidString)", directoryHint: .notDirectory).path(percentEncoded: false)

    private let state = Locked(State.absent)

    /// Writes a text file into the folder. Readers see the old one or the new one, and each whole.
    func write(_ text: String, to path: String) throws {
        try self.state.withLock { state in
            guard path.hasPrefix(self.path + "/"), state != .removed else { throw CocoaError(.fileWriteNoPermission) }
            if state == .absent {
                try FileManager.default.createDirectory(
                    atPath: self.path,
                    withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o700]
                )
                state = .present
            }
            // Until its mode is set, the folder's keeps others from the file.
            try Data(text.utf8).write(to: URL(filePath: path), options: [.atomic])
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
    }

    /// Removes the folder with what is in it, for good.
    func remove() {
        self.state.withLock { state in
            if state == .present { try? FileManager.default.removeItem(atPath: self.path) }
            state = .removed
        }
    }
}
#endif
