// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Goes through the bytes of an XML document in UTF-8. Never reads past their end. Pure.
struct SOAPScanner {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { self.position >= self.bytes.count }
    var next: UInt8? { self.isAtEnd ? nil : self.bytes[self.position] }
    var isAtBlank: Bool { self.next.map(Self.isBlank) ?? false }

    mutating func advance() { self.position = min(self.position + 1, self.bytes.count) }

    /// Skips a byte order mark.
    mutating func skipMark() {
        if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { self.position = 3 }
    }

    mutating func skipBlanks() {
        while self.isAtBlank { self.advance() }
    }

    /// Skips a word, if it is what comes next.
    mutating func skip(_ word: String) -> Bool {
        guard self.bytes[self.position...].starts(with: word.utf8) else { return false }
        self.position += word.utf8.count
        return true
    }

    /// What is before the next occurrence of a mark; `nil` if there is none.
    mutating func read(upTo mark: String) -> Range<Int>? {
        let start = self.position
        guard let first = mark.utf8.first else { return start..<start }
        while !self.isAtEnd {
            if self.bytes[self.position] == first, self.bytes[self.position...].starts(with: mark.utf8) {
                return start..<self.position
            }
            self.position += 1
        }
        return nil
    }

    /// What comes next of some bytes.
    mutating func read(while isPart: (UInt8) -> Bool) -> Range<Int> {
        let start = self.position
        while let next = self.next, isPart(next) { self.position += 1 }
        return start..<self.position
    }

    /// A name, with its prefix; `nil` if none comes next.
    mutating func name() -> String? {
        guard let first = self.next, Self.isNameStart(first) else { return nil }
        let range = self.read {
            Self.isNameStart($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".")
        }
        return range.count <= 256 ? self.text(range) : nil
    }

    /// The bytes of a range as text, line breaks as XML reads them.
    func text(_ range: Range<Int>) -> String {
        Self.normalized(String(decoding: self.bytes[range], as: UTF8.self))
    }

    func isBlank(_ range: Range<Int>) -> Bool { self.bytes[range].allSatisfy(Self.isBlank) }

    /// The bytes of a range as text, with the characters that its references stand for.
    func resolved(_ range: Range<Int>) throws(SOAPReader.Problem) -> String {
        let slice = self.bytes[range]
        var result = ""
        var start = slice.startIndex
        while let mark = slice[start...].firstIndex(of: UInt8(ascii: "&")) {
            result += self.text(start..<mark)
            guard let end = slice[mark...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
                let scalar = Self.scalar(of: String(decoding: slice[(mark + 1)..<end], as: UTF8.self))
            else { throw SOAPReader.Problem(message: "it has an entity that isn't one of XML's own") }
            result.unicodeScalars.append(scalar)
            start = end + 1
        }
        return result + self.text(start..<slice.endIndex)
    }

    private static func scalar(of name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.hasPrefix("#") else { return nil }
        let isHexadecimal = name.hasPrefix("#x")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        // The standard library takes a sign before the digits.
        guard digits.first.map({ $0.isASCII && $0.isHexDigit }) ?? false,
            let scalar = UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap({ Unicode.Scalar($0) })
        else { return nil }
        let isAllowed = scalar.value >= 0x20 || [0x9, 0xA, 0xD].contains(scalar.value)
        return isAllowed && scalar.value != 0xFFFE && scalar.value != 0xFFFF ? scalar : nil
    }

    /// XML 1.0, section 2.11.
    private static func normalized(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        var result: [UInt8] = []
        var isAfterReturn = false
        for byte in text.utf8 {
            if byte == 0x0D {
                result.append(0x0A)
            } else if byte != 0x0A || !isAfterReturn {
                result.append(byte)
            }
            isAfterReturn = byte == 0x0D
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: ":"),
            0x80...:
            true
        default: false
        }
    }
}
