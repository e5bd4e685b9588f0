// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

/// The text of an error that `azid doctor --error` and `azid explain` are given.
enum ErrorInput {
    /// The most that is read of a file or of standard input, in bytes. Of a long text, its beginning and its end are explained.
    private static let limit = 4_194_304

    /// The text in a file, or on standard input.
    ///
    /// - Parameter path: The file; `-`: standard input.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    static func text(_ path: String) throws -> String {
        let text: String
        if path == "-" {
            guard let bytes = Console.readInput(limit: Self.limit) else {
                throw Self.unusable("Standard input can't be read, or has more than \(Self.limit) bytes.")
            }
            text = String(decoding: bytes, as: UTF8.self)
        } else {
            text = try SecretFile.anyText(path, limit: Self.limit)
        }
        guard !HostileText.trimmed(text).isEmpty else { throw Self.empty }
        return text
    }

    /// The error of an input without a text.
    static var empty: AuthenticationError { Self.unusable("There is no error to explain: the input is empty.") }

    /// Does what needs no asynchronous work, and says what keeps it from being done.
    ///
    /// - Throws: `ExitCode`.
    static func reporting(isJSON: Bool, _ work: () throws -> Void) throws {
        do {
            try work()
        } catch let error as AuthenticationError {
            Console.printNote(isJSON ? ErrorReport.json(error) : error.description)
            throw ExitStatus.code(for: error)
        }
    }

    private static func unusable(_ message: String) -> AuthenticationError {
        AuthenticationError(.invalidConfiguration, credential: "azid", message: message)
    }
}
#endif
