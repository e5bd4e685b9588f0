// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a value is among a document's bytes; of a text, what is between its quotation marks.
struct CacheText: Sendable {
    enum Form: UInt8, Sendable {
        case absent, null, string, escaped, number, other
    }

    let start: UInt32
    let count: UInt32
    let form: Form

    static let none = CacheText(0..<0, .absent)

    init(_ range: Range<Int>, _ form: Form) {
        self.start = UInt32(truncatingIfNeeded: range.lowerBound)
        self.count = UInt32(truncatingIfNeeded: range.count)
        self.form = form
    }

    var range: Range<Int> { Int(self.start)..<Int(self.start) + Int(self.count) }

    private var isText: Bool { self.form == .string || self.form == .escaped }

    /// The value as it was written, quotation marks included.
    func raw(in bytes: [UInt8]) -> ArraySlice<UInt8> {
        self.isText ? bytes[self.range.lowerBound - 1..<self.range.upperBound + 1] : bytes[self.range]
    }

    /// The text; `nil` if it is none, or has half of a surrogate pair.
    func string(in bytes: [UInt8]) -> String? {
        switch self.form {
        case .string: String(decoding: bytes[self.range], as: UTF8.self)
        case .escaped: Self.unescaped(bytes[self.range]).map { String(decoding: $0, as: UTF8.self) }
        default: nil
        }
    }

    /// The bytes of a text, without escapes.
    func utf8(in bytes: [UInt8]) -> ArraySlice<UInt8>? {
        switch self.form {
        case .string: bytes[self.range]
        case .escaped: Self.unescaped(bytes[self.range])?[...]
        default: nil
        }
    }

    /// Whether this is a text of these bytes. `false` for what is no text.
    func equals(_ text: [UInt8], in bytes: [UInt8], ignoringCase: Bool = false) -> Bool {
        switch self.form {
        case .string: self.count == text.count && Self.isSame(bytes[self.range], text[...], ignoringCase: ignoringCase)
        case .escaped:
            Self.unescaped(bytes[self.range]).map { Self.isSame($0[...], text[...], ignoringCase: ignoringCase) } ?? false
        default: false
        }
    }

    /// Whether bytes are the same, or, if case makes no difference, the same letters of ASCII.
    static func isSame(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, ignoringCase: Bool) -> Bool {
        guard left.count == right.count else { return false }
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for position in left.indices where left[position] != right[position] {
                    guard ignoringCase, Self.lower(left[position]) == Self.lower(right[position]) else { return false }
                }
                return true
            }
        }
    }

    /// Whether all of some words are among those of a text with spaces between them. Compares bytes.
    func hasWords(_ words: [[UInt8]], in bytes: [UInt8]) -> Bool {
        guard let text = self.utf8(in: bytes) else { return false }
        return words.allSatisfy { word in
            var rest = text
            while !rest.isEmpty {
                let end = rest.firstIndex(of: 0x20) ?? rest.endIndex
                if Self.isSame(rest[..<end], word[...], ignoringCase: false) { return true }
                rest = rest[min(end + 1, rest.endIndex)...]
            }
            return false
        }
    }

    /// A moment, as seconds since 1970: a number, or a text with one.
    func date(in bytes: [UInt8]) -> Date? {
        guard self.form == .number || self.isText else { return nil }
        let digits = bytes[self.range]
        if digits.count <= 12, !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Date(timeIntervalSince1970: Double(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }))
        }
        let text = self.form == .number ? String(decoding: digits, as: UTF8.self) : self.string(in: bytes) ?? ""
        guard let seconds = LooseNumber.number(text) else { return nil }
        return Date(timeIntervalSince1970: min(max(seconds, 0), 253_402_300_799))
    }

    /// The value of a hexadecimal digit.
    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = Self.scalar(&rest) else { return nil }
                result.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            case .some(let other): result.append(other)
            case nil: return nil
            }
        }
        return result
    }

    /// The scalar of one `\uXXXX`, or of two that are a pair.
    private static func scalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let first = Self.codeUnit(&rest) else { return nil }
        guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
        guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u"), let second = Self.codeUnit(&rest),
            (0xDC00...0xDFFF).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private static func codeUnit(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
        guard rest.count >= 4 else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = rest.popFirst().flatMap(Self.digit) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
