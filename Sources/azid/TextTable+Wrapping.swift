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
        let widths = Self.fitted(natural, into: width - 2 * max(natural.count - 1, 0))
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

    /// Widths that add up to no more than there is: the widest column gives way first.
    static func fitted(_ widths: [Int], into total: Int) -> [Int] {
        var widths = widths
        while widths.reduce(0, +) > total, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
            let others = widths.indices.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
            let excess = widths.reduce(0, +) - total
            let target = max(widths[widest] - excess, min(others, widths[widest] - 1), Self.leastWidth)
            guard target < widths[widest] else { break }
            widths[widest] = target
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
