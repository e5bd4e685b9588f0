// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
/// A table of text for the terminal. Pure.
struct TextTable {
    private var rows: [[String]]

    init(_ titles: [String]) { self.rows = [titles] }

    mutating func append(_ row: [String]) { self.rows.append(row) }

    func rendered() -> String {
        let widths = self.rows[0].indices.map { column in
            self.rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        var lines = self.rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined(separator: "  ")
        }
        lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "), at: 1)
        return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n") + "\n"
    }
}
#endif
