// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The pairs of `application/x-www-form-urlencoded` text, in order. Pure.
package struct FormBody: Sendable {
    /// Name and value, decoded.
    package var pairs: [(name: String, value: String)]

    /// Decodes the text of a body or a query.
    ///
    /// - Returns: `nil` if it is not UTF-8, has a broken percent sequence or more than 1,000 pairs.
    package init?(_ bytes: some Collection<UInt8>) {
        self.pairs = []
        for part in bytes.split(separator: UInt8(ascii: "&"), maxSplits: 1000) {
            guard self.pairs.count < 1000 else { return nil }
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(halves[0]), let value = halves.count > 1 ? Self.decoded(halves[1]) : "" else {
                return nil
            }
            self.pairs.append((name, value))
        }
    }

    /// The first name that occurs more than once.
    package var firstDuplicate: String? {
        var seen: Set<String> = []
        return self.pairs.first { !seen.insert($0.name).inserted }?.name
    }

    /// The values by name; of duplicates the first.
    package var values: [String: String] {
        Dictionary(self.pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The text of some pairs. All but the unreserved characters of RFC 3986 are encoded.
    static func encoded(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if ASCII.isAlphanumeric(byte) || "-._~".utf8.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    /// Decodes percent sequences.
    ///
    /// - Parameters:
    ///   - bytes: The encoded text.
    ///   - isForm: Whether a plus sign stands for a blank, as in forms and not in paths.
    /// - Returns: `nil` if it is not UTF-8 or has a broken percent sequence.
    package static func decoded(_ bytes: some Collection<UInt8>, isForm: Bool = true) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+") where isForm: result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(Self.digit), let low = iterator.next().flatMap(Self.digit) else {
                    return nil
                }
                result.append(high << 4 | low)
            default: result.append(byte)
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
