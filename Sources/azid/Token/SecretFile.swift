// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity

/// Reads what flags name by a file, because an argument list is seen by others.
enum SecretFile {
    /// A secret: the file's text without its last line break.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    static func secret(_ path: String) throws -> String {
        var bytes = try Self.contents(path, limit: 16_384)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw Self.unusable(path, "it is empty") }
        return try Self.text(bytes, path: path)
    }

    /// A token, or another text whose blanks around it mean nothing.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    static func token(_ path: String) throws -> String {
        let token = HostileText.trimmed(try Self.text(try Self.contents(path, limit: 131_072), path: path))
        guard !token.isEmpty else { throw Self.unusable(path, "it is empty") }
        return token
    }

    /// A text that may be of any encoding, such as a log: what isn't UTF-8 is shown by replacement characters.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    static func anyText(_ path: String, limit: Int) throws -> String {
        String(decoding: try Self.contents(path, limit: limit), as: UTF8.self)
    }

    private static func contents(_ path: String, limit: Int) throws -> [UInt8] {
        do {
            return try Host.contents(ofFile: path, limit: limit)
        } catch let problem {
            throw Self.unusable(path, problem.reason)
        }
    }

    private static func text(_ bytes: [UInt8], path: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.unusable(path, "it is not UTF-8 text") }
        return text
    }

    private static func unusable(_ path: String, _ reason: String) -> AuthenticationError {
        AuthenticationError(
            .invalidConfiguration,
            credential: "azid",
            message: "The file \(HostileText.sanitized(path, limit: 200)) can't be used: \(reason)."
        )
    }
}
#endif
