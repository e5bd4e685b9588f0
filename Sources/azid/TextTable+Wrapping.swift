// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
extension TextTable {
    /// The least width that a column is pressed to.
    private static let leastWidth = 8

    /// The table in lines of at most so many columns: cells that are too long are broken between words, and within those that are too long
    /// themselves.
    func rendered(width: Int) -> String {
        let natural = self.naturalWidths
        let total = width - 2 * max(natural.count - 1, 0)
        // Names are there to be copied: the last column, which has the sentences, gives way before they are broken.
        let whole = Self.fitted(natural, least: self.wordWidths.dropLast() + [Self.leastWidth], into: total)
        let widths = Self.fitted(whole, into: total)
        var lines: [String] = []
        for (index, row) in self.allRows.enumerated() {
            let cells = zip(row, widths).map { Self.lines($0, width: $1) }
            for line in 0..<(cells.map(\.count).max() ?? 0) {
                let parts = zip(cells, widths).map { cell, width in
                    let text = line < cell.count ? cell[line] : ""
                    return text + String(repeating: " ", count: max(0, width - text.count))
                }
                lines.append(parts.joined(separator: "  "))
            }
            if index == 0 { lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")) }
        }
        return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }

    /// How wide each column's longest word is.
    private var wordWidths: [Int] {
        self.allRows[0].indices.map { column in
            self.allRows.flatMap { column < $0.count ? $0[column].split(separator: " ").map(\.count) : [] }.max() ?? 0
        }
    }

    /// Widths that add up to no more than there is, if that can be: of the columns that are wider than they have to be, the widest one gives
    /// way first.
    ///
    /// - Parameters:
    ///   - widths: How wide the columns are.
    ///   - least: How wide each has to be; 8 unless given.
    ///   - total: How much there is.
    static func fitted(_ widths: [Int], least: [Int]? = nil, into total: Int) -> [Int] {
        let least = least ?? widths.map { _ in Self.leastWidth }
        var widths = widths
        func widest() -> Int? {
            widths.indices.filter { widths[$0] > least[$0] }.max { widths[$0] < widths[$1] }
        }
        while widths.reduce(0, +) > total, let column = widest() {
            let others = widths.indices.filter { $0 != column }.map { widths[$0] }.max() ?? 0
            let excess = widths.reduce(0, +) - total
            widths[column] = max(widths[column] - excess, min(others, widths[column] - 1), least[column])
        }
        return widths
    }

    /// The text in lines of at most so many characters; at least one line.
    static func lines(_ text: String, width: Int) -> [String] {
        let width = max(width, 1)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var word = word
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            while word.count > width {
                lines.append(String(word.prefix(width)))
                word = word.dropFirst(width)
            }
            if !word.isEmpty { line += (line.isEmpty ? "" : " ") + word }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        return lines
    }
}
#endif
