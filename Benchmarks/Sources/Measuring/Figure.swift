// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// One measured figure: what was measured, the samples, and what is allowed.
package struct Figure: Sendable {
    /// What was measured.
    package let name: String
    /// The unit of the samples and of the budget.
    package let unit: String
    /// The most the median may be, if something is promised.
    package let budget: Double?
    /// The samples, in ascending order.
    package let samples: [Double]

    /// Creates a figure.
    package init(_ name: String, unit: String, budget: Double? = nil, samples: [Double]) {
        self.name = name
        self.unit = unit
        self.budget = budget
        self.samples = samples.sorted()
    }

    /// The middle sample; of an even number, the mean of the two in the middle.
    package var median: Double {
        guard !self.samples.isEmpty else { return .nan }
        let middle = self.samples.count / 2
        return self.samples.count % 2 == 1 ? self.samples[middle] : (self.samples[middle - 1] + self.samples[middle]) / 2
    }

    /// The distance from the least to the greatest sample, as a share of the median.
    package var spread: Double {
        guard let least = self.samples.first, let greatest = self.samples.last, self.median > 0 else { return 0 }
        return (greatest - least) / self.median
    }

    /// The heading of the table that ``row`` belongs to.
    package static let heading = """
        | figure | median [min..max] | samples | spread | budget | |
        | --- | --- | --- | --- | --- | --- |
        """

    /// The figure as a row of a Markdown table.
    package var row: String {
        guard let least = self.samples.first, let greatest = self.samples.last else {
            return "| \(self.name) | not measured here | 0 | – | \(self.budgetText) | |"
        }
        let range = "\(Self.text(self.median)) [\(Self.text(least))..\(Self.text(greatest))] \(self.unit)"
        let verdict = self.budget.map { self.median <= $0 ? "met" : "**missed**" } ?? ""
        let spread = "\(Int((self.spread * 100).rounded())) %"
        return "| \(self.name) | \(range) | \(self.samples.count) | \(spread) | \(self.budgetText) | \(verdict) |"
    }

    private var budgetText: String { self.budget.map { "\(Self.text($0)) \(self.unit)" } ?? "–" }

    /// A number with about three digits that matter.
    package static func text(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "?" }
        let decimals = abs(number) >= 100 || number == number.rounded() ? 0 : abs(number) >= 10 ? 1 : 2
        let scale = [1, 10, 100][decimals]
        let scaled = Int((abs(number) * Double(scale)).rounded())
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
    }
}
