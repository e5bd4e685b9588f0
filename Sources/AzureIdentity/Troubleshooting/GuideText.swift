// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Makes the guide's Markdown fit for a terminal and for pages outside of DocC. Pure; of texts of this library alone.
package enum GuideText {
    /// Without marks of Markdown: for terminals.
    package static func plain(_ text: String) -> String {
        let symbols = Self.replacing(text, from: "``", to: "``") { Self.symbol($0) }
        let first = symbols.hasPrefix("<doc:") ? ". " + symbols : symbols
        let beginnings = [". ", "\n"].reduce(first) { text, mark in
            Self.replacing(text, from: mark + "<doc:", to: ">") { "\(mark)The article \($0)" }
        }
        let whole = symbols.hasPrefix("<doc:") ? String(beginnings.dropFirst(2)) : beginnings
        let articles = Self.replacing(whole, from: "<doc:", to: ">") { "the article \($0)" }
        return Self.links(articles) { "\($0) (\($1))" }.replacing("`", with: "").replacing("**", with: "")
    }

    /// Markdown without DocC's links, for a page in the repository's root.
    package static func markdown(_ text: String) -> String {
        let symbols = Self.replacing(text, from: "``", to: "``") { "`\(Self.symbol($0))`" }
        return Self.replacing(symbols, from: "<doc:", to: ">") { "[\($0)](Sources/AzureIdentity/Documentation.docc/\($0).md)" }
    }

    /// The text in lines of at most `width` characters, broken at blanks. Lines of tables, and words that are longer, stay whole.
    ///
    /// - Parameters:
    ///   - text: The text; its own line breaks stay.
    ///   - width: The most characters of a line.
    ///   - indent: What each line begins with.
    package static func wrapped(_ text: String, width: Int, indent: String = "") -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            guard !line.hasPrefix("|") else { return [indent + line] }
            var lines: [String] = []
            var current = ""
            for word in line.split(separator: " ") {
                if !current.isEmpty, indent.count + current.count + 1 + word.count > width {
                    lines.append(indent + current)
                    current = String(word)
                } else {
                    current += (current.isEmpty ? "" : " ") + word
                }
            }
            return lines + [current.isEmpty ? "" : indent + current]
        }
    }

    /// A path of DocC as code: `AuthenticationError/Code-swift.struct/timedOut` is `AuthenticationError.Code.timedOut`.
    private static func symbol(_ path: Substring) -> String {
        path.split(separator: "/").map { part in part.split(separator: "-").first.map(String.init) ?? String(part) }
            .joined(separator: ".")
    }

    private static func links(_ text: String, _ made: (Substring, Substring) -> String) -> String {
        Self.replacing(text, from: "[", to: ")") { inside in
            guard let middle = inside.firstRange(of: "](") else { return "[\(inside))" }
            return made(inside[..<middle.lowerBound], inside[middle.upperBound...])
        }
    }

    /// Replaces what stands between two marks, and the marks.
    private static func replacing(
        _ text: String, from opening: String, to closing: String, with made: (Substring) -> String
    ) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: opening) {
            result += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: closing) else { return result + opening + rest }
            result += made(rest[..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        return result + rest
    }
}
