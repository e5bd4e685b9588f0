// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What a variable that names a file holds. Often it is the content that should be in the file, which is a secret. Pure.
enum PathValue {
    /// The longest value that is shown though no file has this name, in bytes.
    private static let longest = 200
    /// The longest run of letters and digits in such a value: names are shorter, secrets in base64 mostly longer.
    private static let longestRun = 32
    /// How such a value ends, if it doesn't begin at the root.
    private static let endings = [".pem", ".pfx", ".p12", ".crt", ".cer", ".key", ".jwt", ".token", ".txt"]

    /// Whether a value may be shown: a file has this name, or it can hardly be anything but a path.
    ///
    /// - Parameters:
    ///   - value: The variable's value.
    ///   - isThere: Whether a file has this name.
    static func isShown(_ value: String, isThere: Bool) -> Bool {
        if isThere { return true }
        guard value.utf8.count <= Self.longest, HostileText.sanitized(value) == value, !value.contains("+"), !value.contains("=")
        else {
            return false
        }
        let runs = value.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        guard runs.allSatisfy({ $0.utf8.count <= Self.longestRun }) else { return false }
        let isFromRoot = value.hasPrefix("/") || value.hasPrefix("~/") || value.dropFirst().hasPrefix(":\\")
        return isFromRoot || Self.endings.contains { value.lowercased().hasSuffix($0) }
    }

    /// The values of variables that name files which no report may show.
    ///
    /// - Parameters:
    ///   - environment: The variables.
    ///   - isThere: Whether a file has a name.
    static func hidden(_ environment: EnvironmentVariables, isThere: (String) -> Bool) -> [String] {
        KnownVariable.all.compactMap { variable in
            guard case .path = variable.kind, let value = environment[variable.name] else { return nil }
            return Self.isShown(value, isThere: isThere(value)) ? nil : value
        }
    }

    /// A hidden value as it may stand in a text that others have shortened: all of it, and pieces of what is shown of a path at most. Texts are
    /// shortened to multiples of 20.
    static func traces(of value: String) -> [String] {
        let (piece, longest) = (20, 300)
        // A short one may be a word of every second sentence.
        guard value.utf8.count >= 8 else { return [] }
        let scalars = Array(HostileText.sanitized(value, limit: longest).unicodeScalars.prefix(longest))
        let starts = stride(from: 0, to: scalars.count, by: piece)
        let pieces = starts.map { start -> String in
            String(String.UnicodeScalarView(scalars[start..<min(start + piece, scalars.count)]))
        }
        return [value, HostileText.trimmed(value)] + pieces.filter { $0.utf8.count >= 8 }
    }
}
