// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// The pairs of `application/x-www-form-urlencoded` text, in order. Pure.
package struct FormBody: Sendable {
    /// Name and value, decoded.
    package var pairs: [(name: String, value: String)]

    /// Decodes the text of a body or a query.
    ///
    /// - Returns: `nil` if it is not UTF-8, has a broken percent sequence or more than 1,000 pairs.
    package init?(_ bytes: some Collection<UInt8>) {
        guard let pairs = FormDecoding.pairs(bytes, limit: 1000) else { return nil }
        self.pairs = pairs
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
}
