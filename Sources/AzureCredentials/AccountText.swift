// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Finds what tells of a person in text that is to be logged: user names (`ada@contoso.example`, also with `%40`) and home account ids (an
/// object id and a tenant id with a dot between them). Pure.
package enum AccountText {
    /// What is shown in place of an account.
    package static let mark = "<account>"

    /// The text without accounts.
    ///
    /// By their form alone, so some other text with an at sign is lost too, and a name without one stays.
    package static func redacted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "@")) || bytes.contains(UInt8(ascii: "%")) || bytes.contains(UInt8(ascii: "."))
        else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let end = Self.homeAccountEnd(bytes, from: index) {
                result += Array(Self.mark.utf8)
                index = end
                continue
            }
            let separator = Self.separatorLength(bytes, at: index)
            let end = separator > 0 ? Self.domainEnd(bytes, from: index + separator) : index
            let start = separator > 0 ? Self.nameStart(result) : result.count
            if separator > 0, end > index + separator, start < result.count {
                result.removeSubrange(start...)
                result += Array(Self.mark.utf8)
                index = end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// How long the at sign here is; 0: there is none.
    private static func separatorLength(_ bytes: [UInt8], at index: Int) -> Int {
        if bytes[index] == UInt8(ascii: "@") { return 1 }
        return bytes[index...].starts(with: "%40".utf8) ? 3 : 0
    }

    /// Where the name before an at sign begins, at the end of what was passed on so far.
    private static func nameStart(_ passed: [UInt8]) -> Int {
        var start = passed.count
        while start > 0 {
            let byte = passed[start - 1]
            // An apostrophe is a name's inside it alone; before it, it is a quotation mark.
            let isApostrophe =
                byte == UInt8(ascii: "'") && start > 1 && start < passed.count && Self.isNameByte(passed[start - 2])
            guard isApostrophe || Self.isNameByte(byte) else { break }
            start -= 1
        }
        return start
    }

    private static func domainEnd(_ bytes: [UInt8], from index: Int) -> Int {
        var end = index
        while end < bytes.count, Self.isDomainByte(bytes[end]) { end += 1 }
        // The end of a sentence is none of a domain's.
        while end > index, bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
        return end
    }

    /// The end of a home account id that begins here.
    private static func homeAccountEnd(_ bytes: [UInt8], from index: Int) -> Int? {
        let length = 36
        guard index + 2 * length < bytes.count, bytes[index + length] == UInt8(ascii: "."),
            Self.isID(bytes[index..<index + length]), Self.isID(bytes[index + length + 1..<index + 2 * length + 1])
        else { return nil }
        return index + 2 * length + 1
    }

    /// Whether it is 8-4-4-4-12 hexadecimal digits.
    private static func isID(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.enumerated().allSatisfy { offset, byte in
            [8, 13, 18, 23].contains(offset) ? byte == UInt8(ascii: "-") : Self.isHexDigit(byte)
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// Letters, digits, what isn't ASCII, and the marks that names have.
    private static func isNameByte(_ byte: UInt8) -> Bool { Self.isDomainByte(byte) || "_+%#~!$^*".utf8.contains(byte) }

    private static func isDomainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "-"), 0x80...0xFF: true
        default: false
        }
    }
}
