// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Finds the JSON objects and arrays in a text that has other things before and after them. Pure.
///
/// One pass: what can't be JSON is an end of the attempt, and the next one begins there, so that the work grows with the text alone.
struct JSONSearch {
    /// What may come next in an object or array that is open.
    private enum Expectation {
        case keyOrEnd, key, colon, value, valueOrEnd, commaOrEnd
    }

    private struct Opening {
        let start: Int
        let isObject: Bool
        /// How many values had been found when this one began.
        let found: Int
        var next: Expectation
    }

    /// Deeper ones are no answer of a tool.
    private static let maximumDepth = 64
    /// Of a text with more values, the last ones count.
    private static let maximumCount = 1000

    private let bytes: [UInt8]
    private var index = 0
    private var open: [Opening] = []
    private var found: [Range<Int>] = []

    /// The ranges of complete values that are in no other complete value, in order.
    static func values(in bytes: [UInt8]) -> [Range<Int>] {
        var search = JSONSearch(bytes: bytes)
        while search.index < bytes.count { search.step() }
        return search.found.suffix(Self.maximumCount)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func step() {
        let byte = self.bytes[self.index]
        if self.open.isEmpty {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { self.begin(byte) }
            self.index += 1
            return
        }
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: self.index += 1
        case UInt8(ascii: "\""): self.string()
        case UInt8(ascii: ":"): self.pass(.colon, to: .value)
        case UInt8(ascii: ","): self.comma()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard self.isValueNext, self.open.count < Self.maximumDepth else { return self.giveUp() }
            self.open[self.open.count - 1].next = .commaOrEnd
            self.begin(byte)
            self.index += 1
        case UInt8(ascii: "}"): self.end(isObject: true)
        case UInt8(ascii: "]"): self.end(isObject: false)
        default: self.word()
        }
    }

    private var next: Expectation? { self.open.last?.next }
    private var isValueNext: Bool { self.next == .value || self.next == .valueOrEnd }

    private mutating func begin(_ byte: UInt8) {
        let isObject = byte == UInt8(ascii: "{")
        self.open.append(
            Opening(start: self.index, isObject: isObject, found: self.found.count, next: isObject ? .keyOrEnd : .valueOrEnd))
    }

    private mutating func end(isObject: Bool) {
        guard let last = self.open.last, last.isObject == isObject,
            last.next == .commaOrEnd || last.next == .keyOrEnd || last.next == .valueOrEnd
        else { return self.giveUp() }
        self.open.removeLast()
        self.index += 1
        self.found.removeLast(self.found.count - last.found)
        self.found.append(last.start..<self.index)
        if self.open.isEmpty, self.found.count > 2 * Self.maximumCount { self.found.removeFirst(Self.maximumCount) }
    }

    private mutating func pass(_ expected: Expectation, to next: Expectation) {
        guard self.next == expected else { return self.giveUp() }
        self.open[self.open.count - 1].next = next
        self.index += 1
    }

    private mutating func comma() {
        self.pass(.commaOrEnd, to: self.open.last?.isObject == true ? .key : .value)
    }

    /// A string ends in its line.
    private mutating func string() {
        guard self.next == .key || self.next == .keyOrEnd || self.isValueNext else { return self.giveUp() }
        var end = self.index + 1
        while end < self.bytes.count, self.bytes[end] != UInt8(ascii: "\""), self.bytes[end] >= 0x20 {
            end += self.bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < self.bytes.count, self.bytes[end] == UInt8(ascii: "\"") else {
            self.open.removeAll(keepingCapacity: true)
            self.index = min(end, self.bytes.count)
            return
        }
        self.open[self.open.count - 1].next = self.isValueNext ? .commaOrEnd : .colon
        self.index = end + 1
    }

    /// A number, or a word such as `null`; which, is for the decoder to say.
    private mutating func word() {
        guard self.isValueNext, Self.isWord(self.bytes[self.index]) else { return self.giveUp() }
        while self.index < self.bytes.count, Self.isWord(self.bytes[self.index]) { self.index += 1 }
        self.open[self.open.count - 1].next = .commaOrEnd
    }

    /// This is no JSON. The byte in the way may be the beginning of some.
    private mutating func giveUp() {
        self.open.removeAll(keepingCapacity: true)
        let byte = self.bytes[self.index]
        if byte != UInt8(ascii: "{"), byte != UInt8(ascii: "[") { self.index += 1 }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        TenantID.isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
    }
}
