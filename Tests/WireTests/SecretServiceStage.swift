// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

/// A home of a test's own, and programs that see nothing else: the probe of the persistent cache, and Python's library.
struct CacheHome: Sendable {
    let path: String

    /// The probe's program.
    static let probe = Program.products.appending(path: "CacheProbe").path()

    /// What the probe said.
    struct Answer: Sendable {
        var run: Program.Run
        /// What kept the tokens.
        var backend: String
        /// The secrets of all refresh and access tokens, sorted.
        var secrets: [String]
    }

    static func with<Result>(_ body: (CacheHome) async throws -> Result) async throws -> Result {
        let path = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/home-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: "\(path)/run", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(CacheHome(path: path))
    }

    var environment: [String: String] {
        [
            "HOME": self.path, "XDG_RUNTIME_DIR": "\(self.path)/run", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
            "PROBE": Self.probe,
            "PYTHON": RealPart.pythonPath,
        ]
    }

    func probe(_ arguments: String..., environment: [String: String] = [:]) async throws -> Answer {
        let program = Program(path: Self.probe, environment: self.environment.merging(environment) { $1 })
        return try Self.answer(try await program.run(arguments))
    }

    static func answer(_ run: Program.Run) throws -> Answer {
        let lines = run.output.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        return Answer(
            run: run,
            backend: String(lines.first ?? ""),
            secrets: try Self.secrets(of: lines.count > 1 && !lines[1].isEmpty ? String(lines[1]) : "{}")
        )
    }

    /// The secrets of a document's refresh and access tokens, sorted.
    static func secrets(of document: String) throws -> [String] {
        let json = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: [String: [String: Any]]] ?? [:]
        return ["RefreshToken", "AccessToken"].flatMap { (json[$0] ?? [:]).values.compactMap { $0["secret"] as? String } }
            .sorted()
    }

    /// A document with one refresh token.
    static func document(_ user: String, secret: String) -> String {
        #"{"RefreshToken":{"k":{"credential_type":"RefreshToken","secret":"\#(secret)","home_account_id":"\#(user)","#
            + #""environment":"login.microsoftonline.com","client_id":"client","target":""}}}"#
    }

    /// Writes a Python program to a file of its own.
    func python(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(self.path)/\(name)"))
    }

    /// Runs shell lines in a session with a bus of its own.
    func session(_ script: String) async throws -> Program.Run {
        let program = Program(path: "/usr/bin/dbus-run-session", environment: self.environment)
        return try await program.run(["--", "/bin/sh", "-c", script])
    }
}

extension RealPart {
    /// The desktop's keyring: a bus, gnome-keyring, libsecret, and Python's way to it.
    static let secretService = RealPart(
        name: "gnome-keyring",
        isPresent: [
            "/usr/bin/dbus-run-session", "/usr/bin/gnome-keyring-daemon", "/usr/lib/python3/dist-packages/gi/__init__.py",
        ]
        .allSatisfy { FileManager.default.fileExists(atPath: $0) } && pythonIdentity.isPresent
    )
}
#endif
