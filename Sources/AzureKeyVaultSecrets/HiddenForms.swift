// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The forms in which a vault may send a value back that it was sent: as it is, as JSON has it, and in parts. Pure.
enum HiddenForms {
    /// Shorter lines are ordinary words or the end of something.
    private static let shortestLine = 8
    /// The most lines, of which only long values have more: the first ones.
    private static let lineLimit = 512

    /// What must not be shown of a value.
    static func of(_ value: String) -> [String] {
        let wholes = [value, Self.json(value, .withoutEscapingSlashes), Self.json(value, [])]
        // By bytes: a carriage return and a line feed are one character.
        let lines = value.utf8.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            .filter { $0.count >= Self.shortestLine }
            .prefix(Self.lineLimit)
            .map { String(decoding: $0, as: UTF8.self) }
        var seen = Set<String>()
        return (wholes + lines).filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    /// The text as it stands in JSON, without the quotation marks around it.
    private static func json(_ value: String, _ formatting: JSONEncoder.OutputFormatting) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        guard let data = try? encoder.encode(value) else { return value }
        return String(decoding: data.dropFirst().dropLast(), as: UTF8.self)
    }
}
