// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

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

/// The file that says whom `azid login` has signed in. It holds no secret.
struct AccountFile {
    let path: String

    /// The file of this user.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` for a user without a home.
    init(_ environment: EnvironmentVariables = .process) throws { try self.init(path: AzidAccount.path(environment)) }

    private init(path: String?) throws {
        guard let path else {
            throw Self.error("There is no place for azid's account: neither XDG_CONFIG_HOME nor HOME is set.")
        }
        self.path = path
    }

    /// The file that says whom the system's broker has signed in.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` for a user without a home.
    static func broker(_ environment: EnvironmentVariables = .process) throws -> AccountFile {
        try AccountFile(path: AzidAccount.path(environment, fileName: AzidAccount.brokerFileName))
    }

    /// Whom the system's broker has signed in; `nil`: nobody, or there is no place for the file.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if there is a file that can't be read.
    static func brokerRecord(_ environment: EnvironmentVariables) throws -> AuthenticationRecord? {
        guard let file = try? AccountFile.broker(environment) else { return nil }
        return try AzidAccount.read(file.path)?.record
    }

    /// Who is signed in; `nil`: nobody, or the file can't be used.
    var account: AzidAccount? { try? AzidAccount.read(self.path) }

    /// Writes the file in one step, for this user alone.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    func write(_ account: AzidAccount) throws {
        let folder = URL(filePath: self.path).deletingLastPathComponent()
        let new = folder.appending(path: ".account-\(UUID().uuidString).json")
        do {
            let files = FileManager.default
            try files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let text = Data(try account.text().utf8)
            guard files.createFile(atPath: new.path(percentEncoded: false), contents: nil, attributes: [.posixPermissions: 0o600])
            else {
                throw CocoaError(.fileWriteUnknown)
            }
            try text.write(to: new)
            try Self.move(new.path(percentEncoded: false), to: self.path)
        } catch {
            try? FileManager.default.removeItem(at: new)
            throw Self.error("The file \(HostileText.sanitized(self.path, limit: 200)) can't be written.")
        }
    }

    /// Removes the file.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    func remove() throws -> Bool {
        guard FileManager.default.fileExists(atPath: self.path) else { return false }
        do {
            try FileManager.default.removeItem(atPath: self.path)
            return true
        } catch {
            throw Self.error("The file \(HostileText.sanitized(self.path, limit: 200)) can't be removed.")
        }
    }

    private static func move(_ source: String, to target: String) throws {
        guard rename(source, target) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    private static func error(_ message: String) -> AuthenticationError {
        AuthenticationError(.invalidConfiguration, credential: "azid", message: message)
    }
}
#endif
