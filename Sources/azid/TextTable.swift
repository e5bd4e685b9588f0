// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials

/// A table of text for the terminal. Pure.
struct TextTable {
    private var rows: [[String]]

    init(_ titles: [String], rows: [[String]] = []) { self.rows = [titles] + rows }

    mutating func append(_ row: [String]) { self.rows.append(row) }

    /// A duration, as people read it.
    static func time(_ duration: Duration) -> String {
        let microseconds = duration.inSeconds * 1e6
        return microseconds >= 1000 ? "\((microseconds / 100).rounded() / 10) ms" : "\((microseconds * 10).rounded() / 10) µs"
    }

    /// All rows, the titles first.
    var allRows: [[String]] { self.rows }

    /// How wide each column is if nothing is broken.
    var naturalWidths: [Int] {
        self.rows[0].indices.map { column in
            self.rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
    }

    func rendered() -> String {
        let widths = self.naturalWidths
        var lines = self.rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined(separator: "  ")
        }
        // A column without a title is for remarks, which are as long as they are.
        let rules = zip(self.rows[0], widths).map { title, width in String(repeating: "-", count: title.isEmpty ? 0 : width) }
        lines.insert(rules.joined(separator: "  "), at: 1)
        return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n") + "\n"
    }
}
#endif
