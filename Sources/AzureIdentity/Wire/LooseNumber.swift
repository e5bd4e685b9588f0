// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A JSON value where a number is wanted, as token services write it: a number, a numeric text, or something else. Pure.
package enum LooseNumber: Decodable, Equatable, Sendable {
    case number(Double)
    case text(String)
    case other

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .other
        }
    }

    /// The value as seconds, or `nil` if it is no finite number.
    var seconds: Double? {
        switch self {
        case .number(let number): number.isFinite ? number : nil
        case .text(let text): Self.number(text)
        case .other: nil
        }
    }

    /// The number a text holds. Blanks around it don't matter; words such as `nan` and hexadecimal are no numbers here.
    package static func number(_ text: String) -> Double? {
        let trimmed = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        guard !trimmed.isEmpty, trimmed.count <= 32,
            trimmed.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }),
            let number = Double(String(trimmed)), number.isFinite
        else { return nil }
        return number
    }
}
