// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads the JSON of a cache once, strictly, and says where everything is. Pure.
///
/// What is kept as it was written is written again later, so nothing that is no JSON may pass.
struct CacheReader {
    /// The most that is read.
    static let maximumSize = 64 << 20
    /// Deeper documents are no cache.
    static let maximumDepth = 64
    /// Of more entries, the places alone would take too much memory.
    static let maximumCount = 400_000

    private let bytes: [UInt8]
    private(set) var index: Int
    private var hasOnlyASCII = true

    init(_ bytes: [UInt8], at index: Int = 0) {
        self.bytes = bytes
        self.index = index
    }

    /// All sections of a document.
    mutating func document() throws(CacheProblem) -> [CacheDocument.Section] {
        guard self.bytes.count <= Self.maximumSize else { throw CacheProblem("it is larger than \(Self.maximumSize >> 20) MiB") }
        var sections: [CacheDocument.Section] = []
        var count = 0
        self.skipBlanks()
        guard self.take("{") else { throw self.problem("an object") }
        var isFirst = true
        while let name = try self.nextName(&isFirst) {
            sections.append(try self.section(name, count: &count))
        }
        self.skipBlanks()
        guard self.index == self.bytes.count else { throw self.problem("its end") }
        guard self.hasOnlyASCII || String(validating: self.bytes, as: UTF8.self) != nil else {
            throw CacheProblem("it is no UTF-8 text")
        }
        return sections
    }

    /// One entry: its key and value.
    mutating func item(_ kind: CacheDocument.Kind) throws(CacheProblem) -> CacheDocument.Item {
        self.skipBlanks()
        let key = try self.string()
        try self.expectColon()
        return try self.item(key: key, kind: kind)
    }

    /// The names and values of an object's members.
    mutating func members() throws(CacheProblem) -> [(name: CacheText, value: CacheText)] {
        guard self.take("{") else { throw self.problem("an object") }
        var members: [(name: CacheText, value: CacheText)] = []
        var isFirst = true
        while let name = try self.nextName(&isFirst) { members.append((name, try self.value(depth: 3))) }
        return members
    }
}

extension CacheReader {
    private mutating func section(_ name: CacheText, count: inout Int) throws(CacheProblem) -> CacheDocument.Section {
        guard let kind = CacheDocument.Kind.allCases.first(where: { name.equals($0.section, in: self.bytes) }),
            self.peek == UInt8(ascii: "{")
        else { return .init(name: name, kind: nil, value: try self.value(depth: 1)) }
        var section = CacheDocument.Section(name: name, kind: kind, value: nil)
        let start = self.index
        self.index += 1
        var isFirst = true
        while let key = try self.nextName(&isFirst) {
            count += 1
            guard count <= Self.maximumCount else { throw CacheProblem("it has more than \(Self.maximumCount) entries") }
            section.items.append(try self.item(key: key, kind: kind))
        }
        section.value = CacheText(start..<self.index, .other)
        return section
    }

    private mutating func item(key: CacheText, kind: CacheDocument.Kind) throws(CacheProblem) -> CacheDocument.Item {
        guard self.peek == UInt8(ascii: "{") else { return .init(key: key, value: try self.value(depth: 2), fields: []) }
        let names = kind.layout.names
        var fields = [CacheText](repeating: .none, count: names.count)
        let start = self.index
        self.index += 1
        var isFirst = true
        // Most libraries write members in one order, so the next one is tried first.
        var likely = 0
        while let name = try self.nextName(&isFirst) {
            let value = try self.value(depth: 3)
            for offset in 0..<names.count {
                let position = (likely + offset) % names.count
                guard name.equals(names[position], in: self.bytes) else { continue }
                fields[position] = value
                likely = position + 1
                break
            }
        }
        return .init(key: key, value: CacheText(start..<self.index, .other), fields: fields)
    }

    /// The name of an object's next member, with the colon behind it; `nil` at the object's end.
    private mutating func nextName(_ isFirst: inout Bool) throws(CacheProblem) -> CacheText? {
        self.skipBlanks()
        if self.take("}") { return nil }
        if !isFirst {
            guard self.take(",") else { throw self.problem("a comma") }
            self.skipBlanks()
        }
        isFirst = false
        let name = try self.string()
        try self.expectColon()
        return name
    }

    private mutating func expectColon() throws(CacheProblem) {
        self.skipBlanks()
        guard self.take(":") else { throw self.problem("a colon") }
        self.skipBlanks()
    }

    private mutating func value(depth: Int) throws(CacheProblem) -> CacheText {
        let start = self.index
        switch self.peek {
        case UInt8(ascii: "\""): return try self.string()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try self.container(depth: depth)
            return CacheText(start..<self.index, .other)
        case UInt8(ascii: "n"):
            try self.word("null")
            return CacheText(start..<self.index, .null)
        case UInt8(ascii: "t"): try self.word("true")
        case UInt8(ascii: "f"): try self.word("false")
        default:
            try self.number()
            return CacheText(start..<self.index, .number)
        }
        return CacheText(start..<self.index, .other)
    }

    private mutating func container(depth: Int) throws(CacheProblem) {
        guard depth < Self.maximumDepth else { throw CacheProblem("it is deeper than \(Self.maximumDepth) levels") }
        var isFirst = true
        guard self.take("[") else {
            self.index += 1
            while try self.nextName(&isFirst) != nil { _ = try self.value(depth: depth + 1) }
            return
        }
        self.skipBlanks()
        while !self.take("]") {
            if !isFirst {
                guard self.take(",") else { throw self.problem("a comma") }
                self.skipBlanks()
            }
            isFirst = false
            _ = try self.value(depth: depth + 1)
            self.skipBlanks()
        }
    }

    private mutating func string() throws(CacheProblem) -> CacheText {
        guard self.take("\"") else { throw self.problem("a text") }
        let start = self.index
        var isEscaped = false
        while true {
            self.skipPlain()
            guard self.index < self.bytes.count else { throw self.problem("the end of a text") }
            let byte = self.bytes[self.index]
            switch byte {
            case UInt8(ascii: "\""):
                defer { self.index += 1 }
                return CacheText(start..<self.index, isEscaped ? .escaped : .string)
            case UInt8(ascii: "\\"):
                isEscaped = true
                try self.escape()
            case ..<0x20: throw self.problem("a text without control characters")
            default:
                if byte >= 0x80 { self.hasOnlyASCII = false }
                self.index += 1
            }
        }
    }

    /// Goes on to what may matter in a text, eight bytes at a time: a quotation mark, a backslash, control characters, what isn't ASCII.
    private mutating func skipPlain() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let start = self.index
        self.index = self.bytes.withUnsafeBytes { buffer in
            var index = start
            while index + 8 <= buffer.count {
                let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let quotes = word ^ (ones &* 0x22)
                let slashes = word ^ (ones &* 0x5C)
                let found = (word &- ones &* 0x20) | (quotes &- ones) | (slashes &- ones) | word
                guard found & highs == 0 else { return index }
                index += 8
            }
            return index
        }
        while self.index < self.bytes.count {
            let byte = self.bytes[self.index]
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return }
            self.index += 1
        }
    }

    private mutating func escape() throws(CacheProblem) {
        guard self.index + 1 < self.bytes.count else { throw self.problem("the end of a text") }
        switch self.bytes[self.index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            self.index += 2
        case UInt8(ascii: "u"):
            let end = self.index + 6
            guard end <= self.bytes.count, self.bytes[self.index + 2..<end].allSatisfy({ CacheText.digit($0) != nil }) else {
                throw self.problem("four hexadecimal digits")
            }
            self.index = end
        default: throw self.problem("a known escape")
        }
    }

    private mutating func word(_ word: StaticString) throws(CacheProblem) {
        let end = self.index + word.utf8CodeUnitCount
        guard end <= self.bytes.count, word.withUTF8Buffer({ self.bytes[self.index..<end].elementsEqual($0) }) else {
            throw self.problem("a value")
        }
        self.index = end
    }

    private mutating func number() throws(CacheProblem) {
        _ = self.take("-")
        if !self.take("0") { try self.digits() }
        if self.take(".") { try self.digits() }
        guard self.take("e") || self.take("E") else { return }
        if !self.take("+") { _ = self.take("-") }
        try self.digits()
    }

    private mutating func digits() throws(CacheProblem) {
        let start = self.index
        while let byte = self.peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { self.index += 1 }
        guard self.index > start else { throw self.problem("a value") }
    }

    private var peek: UInt8? { self.index < self.bytes.count ? self.bytes[self.index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.peek == UInt8(ascii: character) else { return false }
        self.index += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = self.peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.index += 1 }
    }

    private func problem(_ expectation: String) -> CacheProblem {
        CacheProblem("it is no JSON: \(expectation) is missing at byte \(self.index)")
    }
}
