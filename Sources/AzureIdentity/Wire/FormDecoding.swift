// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads `application/x-www-form-urlencoded` text: bodies, queries, and the percent sequences of paths. Pure.
package enum FormDecoding {
    /// The pairs, decoded, in order; a name without an equals sign has an empty value.
    ///
    /// - Returns: `nil` if the text is not UTF-8, has a broken percent sequence or more pairs than allowed.
    package static func pairs(_ bytes: some Collection<UInt8>, limit: Int) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for part in bytes.split(separator: UInt8(ascii: "&"), maxSplits: limit) {
            guard pairs.count < limit else { return nil }
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.text(halves[0]), let value = halves.count > 1 ? Self.text(halves[1]) : "" else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }

    /// Decodes percent sequences.
    ///
    /// - Parameters:
    ///   - bytes: The encoded text.
    ///   - isForm: Whether a plus sign stands for a blank, as in forms and not in paths.
    /// - Returns: `nil` if it is not UTF-8 or has a broken percent sequence.
    package static func text(_ bytes: some Collection<UInt8>, isForm: Bool = true) -> String? {
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
