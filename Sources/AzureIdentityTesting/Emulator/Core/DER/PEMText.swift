// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The blocks of PEM text, RFC 7468. Pure.
///
/// Reads what this package writes and what openssl does; text around the blocks is passed over.
enum PEMText {
    /// The contents of the blocks with this label, in order. `nil` if one isn't base64 or doesn't end.
    static func blocks(_ label: String, in text: String) -> [[UInt8]]? {
        var blocks: [[UInt8]] = []
        var block: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.hasPrefix("-----BEGIN \(label)-----") {
                guard block == nil else { return nil }
                block = ""
            } else if line.hasPrefix("-----END \(label)-----") {
                guard let base64 = block, let bytes = Data(base64Encoded: base64), !bytes.isEmpty else { return nil }
                blocks.append(Array(bytes))
                block = nil
            } else {
                block?.append(contentsOf: line.filter { $0 != " " && $0 != "\t" })
            }
        }
        return block == nil ? blocks : nil
    }

    /// A block, with lines of 64 characters and a line break at its end.
    static func block(_ label: String, _ der: some Sequence<UInt8>) -> String {
        var rest = Data(der).base64EncodedString()[...]
        var lines = ["-----BEGIN \(label)-----"]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        return lines.joined(separator: "\n") + "\n-----END \(label)-----\n"
    }
}
