// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The file that says who signed in last. It holds no secret: without the tokens, which are in the cache, it opens nothing.
struct AccountFile: Sendable {
    private let path: String

    /// The file in the user's folder for settings.
    init(environment: EnvironmentVariables) {
        let home = environment["HOME"] ?? "."
        self.init(folder: "\(environment["XDG_CONFIG_HOME"] ?? "\(home)/.config")/sign-in-tool")
    }

    init(folder: String) { self.path = "\(folder)/account.json" }

    /// Who signed in last. `nil`: nobody has.
    func read() throws -> AuthenticationRecord? {
        guard FileManager.default.fileExists(atPath: self.path) else { return nil }
        return try AuthenticationRecord(json: String(contentsOf: URL(filePath: self.path), encoding: .utf8))
    }

    /// Remembers who signed in.
    func write(_ record: AuthenticationRecord) throws {
        let file = URL(filePath: self.path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try Data(record.json.utf8).write(to: file, options: .atomic)
    }

    /// Forgets it.
    func remove() throws {
        guard FileManager.default.fileExists(atPath: self.path) else { return }
        try FileManager.default.removeItem(atPath: self.path)
    }
}
