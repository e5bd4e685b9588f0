// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whom `azid login` has signed in, as its file tells: an authentication record and where the account was signed in. Holds no secret.
package struct AzidAccount: Sendable, Hashable {
    /// The name of the persistent token cache that `azid` keeps.
    package static let cacheName = "azid"

    /// The account. Its members stand at the top of the file, so the file itself is a record too.
    package let record: AuthenticationRecord
    /// The authority host that it signed in at, if one was named.
    package let authorityHost: String?
    /// Whether its tokens may be in a file that isn't encrypted.
    package let allowsUnencryptedStorage: Bool

    package init(record: AuthenticationRecord, authorityHost: String? = nil, allowsUnencryptedStorage: Bool = false) {
        self.record = record
        self.authorityHost = authorityHost
        self.allowsUnencryptedStorage = allowsUnencryptedStorage
    }

    /// The name of the file that says whom `azid login --broker` has signed in: a record, since the broker has the tokens.
    package static let brokerFileName = "broker.json"

    /// Where the file is: `azid/account.json` in `XDG_CONFIG_HOME`, else in `~/.config`; `nil` for a user without a home.
    package static func path(_ environment: EnvironmentVariables, fileName: String = "account.json") -> String? {
        let name = "/azid/\(fileName)"
        // As the specification of these directories says, one that isn't absolute doesn't count.
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return folder + name }
        guard let home = environment["HOME"] ?? environment["USERPROFILE"] ?? Host.systemHomeDirectory else { return nil }
        return home + "/.config" + name
    }

    /// Reads the file.
    ///
    /// - Returns: The account; `nil` if there is no such file.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if there is one that can't be used.
    package static func read(_ path: String) throws -> AzidAccount? {
        guard Host.stamp(ofFile: path) != nil else { return nil }
        do {
            let bytes = try Host.contents(ofFile: path, limit: 65_536)
            return try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch let problem as FileProblem {
            throw Self.unusable(path, problem.reason)
        } catch let error as AuthenticationError {
            throw Self.unusable(path, error.message)
        } catch {
            throw Self.unusable(path, "it isn't what azid login writes")
        }
    }

    /// The file's text.
    ///
    /// - Throws: What the encoder throws.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// The cache that its tokens are in.
    ///
    /// - Parameters:
    ///   - environment: The variables, which say where caches are.
    ///   - isRequired: Whether a store that can't be used is an error.
    ///   - allowsUnencryptedStorage: Whether the tokens may be in a file that isn't encrypted.
    package static func tokenCache(
        _ environment: EnvironmentVariables,
        name: String = Self.cacheName,
        isRequired: Bool = false,
        allowsUnencryptedStorage: Bool
    ) -> TokenCache {
        var options = PersistentTokenCacheOptions()
        options.isRequired = isRequired
        options.allowsUnencryptedStorage = allowsUnencryptedStorage
        options.environment = environment
        return .persistent(name: name, options: options)
    }

    private static func unusable(_ path: String, _ reason: String) -> AuthenticationError {
        AuthenticationError(
            .invalidConfiguration,
            credential: "AzidCredential",
            message: """
                AzidCredential: The file \(HostileText.sanitized(path, limit: 200)) can't be used: \(HostileText.sanitized(reason, limit: 200)). \
                'azid logout' removes it, 'azid login' writes it anew.
                """
        )
    }
}

extension AzidAccount: Codable {
    private enum CodingKeys: String, CodingKey {
        case authorityHost, allowsUnencryptedStorage
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            record: try AuthenticationRecord(from: decoder),
            authorityHost: try container.decodeIfPresent(String.self, forKey: .authorityHost),
            allowsUnencryptedStorage: try container.decodeIfPresent(Bool.self, forKey: .allowsUnencryptedStorage) ?? false
        )
    }

    package func encode(to encoder: any Encoder) throws {
        try self.record.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(self.authorityHost, forKey: .authorityHost)
        if self.allowsUnencryptedStorage { try container.encode(true, forKey: .allowsUnencryptedStorage) }
    }
}
