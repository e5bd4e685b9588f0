// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads the elements of DER one after the other. Pure; never reads beyond its bytes, whatever they are.
package struct DERReader {
    /// One element: its tag, its content, and all of it with tag and length.
    package struct Element {
        package var tag: UInt8
        package var content: ArraySlice<UInt8>
        package var whole: ArraySlice<UInt8>

        /// The elements in the content.
        package var reader: DERReader { DERReader(self.content) }
    }

    private var rest: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) { self.rest = bytes }
    package init(_ bytes: [UInt8]) { self.rest = bytes[...] }

    package var isAtEnd: Bool { self.rest.isEmpty }

    /// The next element, or `nil` if there is none, if it isn't complete or not DER, or if its tag isn't the one that is expected.
    package mutating func next(_ expected: UInt8? = nil) -> Element? {
        var rest = self.rest
        guard let tag = rest.popFirst(), tag & 0x1F != 0x1F, expected == nil || tag == expected, let first = rest.popFirst()
        else {
            return nil
        }
        var length = Int(first)
        if first >= 0x80 {
            let digits = rest.prefix(Int(first & 0x7F))
            guard (1...4).contains(Int(first & 0x7F)), digits.count == Int(first & 0x7F), digits.first != 0 else { return nil }
            rest = rest.dropFirst(digits.count)
            length = digits.reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0x80 else { return nil }
        }
        guard length <= rest.count else { return nil }
        let content = rest.prefix(length)
        let whole = self.rest[self.rest.startIndex..<content.endIndex]
        self.rest = self.rest[content.endIndex...]
        return Element(tag: tag, content: content, whole: whole)
    }

    /// The elements of a `SEQUENCE` that is all there is.
    package static func sequence(_ bytes: [UInt8]) -> DERReader? {
        var reader = DERReader(bytes)
        guard let sequence = reader.next(0x30), reader.isAtEnd else { return nil }
        return sequence.reader
    }
}
