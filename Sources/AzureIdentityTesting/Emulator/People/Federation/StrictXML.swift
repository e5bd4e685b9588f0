// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// An element of XML with its namespace resolved. Pure.
struct StrictXML: Sendable {
    var namespace: String
    var name: String
    /// Of those without a namespace the name alone, else `{namespace}name`.
    var attributes: [String: String]
    var children: [StrictXML] = []
    /// The text between the children.
    var text = ""

    /// The only child of a name; `nil` if there is none or more than one.
    func child(_ namespace: String, _ name: String) -> StrictXML? {
        let found = self.children.filter { $0.namespace == namespace && $0.name == name }
        return found.count == 1 ? found[0] : nil
    }

    /// The text without the blanks around it.
    var content: String {
        let blanks: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
        return String(self.text.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed())
    }

    /// Reads a document: elements, attributes, text, comments and the five entities that XML has. Everything else, such as a
    /// declaration of a document type, is no document here; so is more than 64 KiB or 32 levels.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= 64 << 10, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = Reader(text: text.unicodeScalars[...])
        guard let root = reader.document() else { return nil }
        self = root
    }

    fileprivate init(namespace: String, name: String, attributes: [String: String]) {
        self.namespace = namespace
        self.name = name
        self.attributes = attributes
    }
}

/// Reads what is left of a document.
private struct Reader {
    private static let levels = 32

    var text: Substring.UnicodeScalarView

    mutating func document() -> StrictXML? {
        if self.skip("<?xml ") {
            guard let end = self.text.firstIndex(of: "?") else { return nil }
            self.text = self.text[end...]
            guard self.skip("?>") else { return nil }
        }
        guard self.skipGaps(), let root = self.element(prefixes: [:], level: 0), self.skipGaps(), self.text.isEmpty else {
            return nil
        }
        return root
    }

    /// Blanks and comments. `false`: a comment has no end.
    private mutating func skipGaps() -> Bool {
        while true {
            self.skipBlanks()
            guard self.skip("<!--") else { return true }
            guard self.skipComment() else { return false }
        }
    }

    private mutating func skipComment() -> Bool {
        while !self.text.isEmpty {
            if self.skip("-->") { return true }
            self.text.removeFirst()
        }
        return false
    }

    private mutating func element(prefixes: [String: String], level: Int) -> StrictXML? {
        guard level < Self.levels, self.skip("<"), let name = self.name(), let pairs = self.attributes() else { return nil }
        var prefixes = prefixes
        for pair in pairs {
            if pair.name == "xmlns" { prefixes[""] = pair.value }
            if pair.name.hasPrefix("xmlns:") { prefixes[String(pair.name.dropFirst(6))] = pair.value }
        }
        var attributes: [String: String] = [:]
        for pair in pairs where pair.name != "xmlns" && !pair.name.hasPrefix("xmlns:") {
            guard let (namespace, local) = Self.resolved(pair.name, prefixes, isAttribute: true) else { return nil }
            let key = namespace.isEmpty ? local : "{\(namespace)}\(local)"
            guard attributes.updateValue(pair.value, forKey: key) == nil else { return nil }
        }
        guard let (namespace, local) = Self.resolved(name, prefixes, isAttribute: false) else { return nil }
        var element = StrictXML(namespace: namespace, name: local, attributes: attributes)
        if self.skip("/>") { return element }
        guard self.skip(">") else { return nil }
        while !self.skip("</") {
            if self.skip("<!--") {
                guard self.skipComment() else { return nil }
            } else if self.text.first == "<" {
                guard let child = self.element(prefixes: prefixes, level: level + 1) else { return nil }
                element.children.append(child)
            } else {
                guard let text = self.value(until: "<") else { return nil }
                element.text += text
            }
        }
        guard self.name() == name else { return nil }
        self.skipBlanks()
        return self.skip(">") ? element : nil
    }

    private static func resolved(
        _ name: String,
        _ prefixes: [String: String],
        isAttribute: Bool
    ) -> (namespace: String, local: String)? {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        if parts.count == 1 { return (isAttribute ? "" : prefixes[""] ?? "", parts[0]) }
        return prefixes[parts[0]].map { ($0, parts[1]) }
    }

    /// Up to the end of the tag. `nil`: they are malformed, or more than 50.
    private mutating func attributes() -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        while true {
            let hadBlank = self.skipBlanks()
            if self.text.first == ">" || self.text.first == "/" { return pairs }
            guard hadBlank, pairs.count < 50, let name = self.name() else { return nil }
            self.skipBlanks()
            guard self.skip("=") else { return nil }
            self.skipBlanks()
            guard let quote = self.text.first, quote == "\"" || quote == "'" else { return nil }
            self.text.removeFirst()
            guard let value = self.value(until: quote), self.text.first == quote else { return nil }
            self.text.removeFirst()
            guard !pairs.contains(where: { $0.name == name }) else { return nil }
            pairs.append((name, value))
        }
    }

    /// Text with its entities resolved, up to a mark or the end of an attribute.
    private mutating func value(until mark: Unicode.Scalar) -> String? {
        var result = String.UnicodeScalarView()
        while let scalar = self.text.first, scalar != mark {
            guard scalar != "<" else { return nil }
            self.text.removeFirst()
            guard scalar == "&" else {
                result.append(scalar)
                continue
            }
            guard let end = self.text.prefix(12).firstIndex(of: ";"), let resolved = Self.entity(String(self.text[..<end])) else {
                return nil
            }
            result.append(resolved)
            self.text = self.text[end...].dropFirst()
        }
        return self.text.isEmpty ? nil : String(result)
    }

    private static func entity(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let isHexadecimal = name.hasPrefix("#x")
            let digits = name.dropFirst(isHexadecimal ? 2 : 1)
            guard digits.first != "+", digits.first != "-" else { return nil }
            let code = UInt32(digits, radix: isHexadecimal ? 16 : 10)
            return code.flatMap { $0 >= 0x20 || [9, 10, 13].contains($0) ? Unicode.Scalar($0) : nil }
        }
    }

    private mutating func name() -> String? {
        let name = self.text.prefix {
            $0 == ":" || $0 == "_" || $0 == "-" || $0 == "." || $0.properties.isAlphabetic || Self.isDigit($0)
        }
        guard let first = name.first, !Self.isDigit(first), first != "-", first != "." else { return nil }
        self.text = self.text[name.endIndex...]
        return String(name)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    @discardableResult
    private mutating func skipBlanks() -> Bool {
        let rest = self.text.drop { [" ", "\t", "\n", "\r"].contains($0) }
        defer { self.text = rest }
        return rest.startIndex != self.text.startIndex
    }

    private mutating func skip(_ prefix: String) -> Bool {
        guard self.text.starts(with: prefix.unicodeScalars) else { return false }
        self.text = self.text.dropFirst(prefix.unicodeScalars.count)
        return true
    }
}
