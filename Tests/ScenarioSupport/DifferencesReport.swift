// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
/// The page that lists where we and the Azure Identity library for Python differ, and why. Pure.
package enum DifferencesReport {
    /// The file, beside the scenarios.
    package static let path = ScenarioLibrary.folder + "/DIFFERENCES.md"

    /// The page. Words stay in their braces.
    package static func text(_ sources: [ScenarioLibrary.Source]) throws -> String {
        let scenarios = try sources.map { ($0.file, try $0.scenario(ScenarioWords.unfilled)) }
        func count(_ verdict: Scenario.Peer.Verdict) -> Int { scenarios.count { $0.1.python.is == verdict } }
        var lines = [
            "# Where we differ from the Azure Identity library for Python", "",
            "Generated from the scenarios beside this page; a test fails when it is out of date, and another runs them through azure-identity 1.27.0.",
            "Words in braces are the scenarios' own. Of \(scenarios.count) scenarios, \(count(.same)) come out the same, \(count(.different)) differ and \(count(.absent)) are ours alone.",
            "",
        ]
        for (title, verdict) in [("Differences", Scenario.Peer.Verdict.different), ("Not in Python", .absent)] {
            lines += ["## \(title)", "", "| Scenario | Situation | Here | Python | Why |", "|---|---|---|---|---|"]
            for (_, scenario) in scenarios where scenario.python.is == verdict { lines.append(self.row(scenario)) }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ scenario: Scenario) -> String {
        let cells = [
            "`\(scenario.name)`", scenario.about, self.ours(scenario.expected), self.python(scenario.python),
            scenario.python.because ?? "",
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }.joined(separator: " | ") + " |"
    }

    private static func ours(_ expected: Scenario.Expectation) -> String {
        guard let error = expected.error else { return "a token of \(expected.token?.credential ?? "")" }
        let row = error.row.map { " (\($0))" } ?? ""
        return "`\(error.code)`\(row): " + error.contains.joined(separator: " … ")
    }

    private static func python(_ peer: Scenario.Peer) -> String {
        if peer.is == .absent { return "–" }
        guard let error = peer.error else { return peer.token ?? "" }
        return "`\(error.type)`" + (error.contains.isEmpty ? "" : ": " + error.contains.joined(separator: " … "))
    }
}

extension ScenarioWords {
    /// No words: each stays as it is written.
    package static let unfilled: ScenarioWords = {
        var words = ScenarioWords()
        for name in words.values.keys { words[name] = "{\(name)}" }
        return words
    }()
}
#endif
