// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The forms in which a secret may show: as it is, encoded, turned round, cut in two. Pure.
package struct SecretForms: Sendable {
    /// A form by its name and its text.
    package struct Form: Sendable { package let name: String, text: String }

    /// What is too short to be told from chance isn't looked for.
    package static let shortest = 8

    package let forms: [Form]

    /// - Parameters:
    ///   - secret: The secret; without forms if it is too short.
    ///   - isCut: Whether each half by itself tells. Not of tokens, whose beginnings are alike.
    package init(_ secret: String, isCut: Bool) {
        guard secret.utf8.count >= Self.shortest else {
            self.forms = []
            return
        }
        let bytes = Array(secret.utf8)
        let half = secret.count / 2
        let (first, second) = (String(secret.prefix(half)), String(secret.dropFirst(half)))
        var forms = [
            Form(name: "as it is", text: secret), .init(name: "in percent encoding", text: Self.percent(bytes, keepsPlain: true)),
            .init(name: "in percent encoding throughout", text: Self.percent(bytes, keepsPlain: false)),
            .init(name: "in hexadecimal", text: Self.hexadecimal(bytes)),
            .init(name: "in hexadecimal, upper case", text: Self.hexadecimal(bytes).uppercased()),
            .init(name: "turned round", text: String(secret.reversed())),
            .init(name: "with its halves exchanged", text: second + first),
            .init(name: "with its halves turned round", text: String(first.reversed()) + String(second.reversed())),
            .init(name: "in upper case", text: secret.uppercased()), .init(name: "in lower case", text: secret.lowercased()),
        ]
        for offset in 0..<3 {
            let text = Self.base64(bytes, offset: offset)
            forms.append(.init(name: "in base64 at offset \(offset)", text: text))
            let other = text.replacing("+", with: "-").replacing("/", with: "_")
            if other != text { forms.append(.init(name: "in base64 for URLs at offset \(offset)", text: other)) }
        }
        if isCut {
            forms += [.init(name: "the first half", text: first), .init(name: "the second half", text: second)]
        }
        self.forms = forms.filter { $0.text.utf8.count >= Self.shortest }
    }

    /// The digits that stand for these bytes alone, wherever they are in what was encoded.
    private static func base64(_ bytes: [UInt8], offset: Int) -> String {
        let text = Data(Array(repeating: 0, count: offset) + bytes).base64EncodedString().filter { $0 != "=" }
        let isWhole = (offset + bytes.count).isMultiple(of: 3)
        return String(text.dropFirst(offset == 0 ? 0 : offset + 1).dropLast(isWhole ? 0 : 1))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func percent(_ bytes: [UInt8], keepsPlain: Bool) -> String {
        bytes.map { byte -> String in
            let character = Character(Unicode.Scalar(byte))
            let isPlain = byte < 128 && (character.isLetter || character.isNumber || "-._~".contains(character))
            if isPlain, keepsPlain { return String(character) }
            return "%" + Self.hexadecimal([byte]).uppercased()
        }.joined()
    }
}
#endif
