// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity

/// What `azid explain` prints. As JSON, a part of its contract.
struct ExplainReport: Encodable {
    /// The number of this form; it changes if a member changes its meaning or goes.
    let version = 1
    /// Whether anything was recognised.
    let isKnown: Bool
    /// The likeliest first.
    let explanations: [TroubleshootingGuide.Explanation]

    init(_ explanations: [TroubleshootingGuide.Explanation]) {
        self.explanations = explanations
        self.isKnown = explanations.contains { $0.certainty != .unknown }
    }

    /// Text for a terminal, without a line break at its end. The first explanation has everything, those behind it a few lines.
    func rendered() -> String {
        var lines: [String] = []
        for (index, explanation) in self.explanations.enumerated() {
            if index == 1 { lines += ["", "Also in this text:"] }
            if index > 0 { lines.append("") }
            lines += ExplanationText.lines(explanation, isShort: index > 0)
        }
        return lines.joined(separator: "\n")
    }
}

/// The whole guide, as `azid explain --all` prints it.
struct GuideReport: Encodable {
    let version = 1
    let rows = TroubleshootingGuide.entries
    let codes = TroubleshootingGuide.codes

    func rendered() -> String {
        let rows = TextTable(["row", "where", "situation"], rows: self.rows.map { [$0.id, $0.place, $0.title] })
        let codes = TextTable(
            ["code", "rows", "meaning"],
            rows: self.codes.map { [$0.name, $0.rows.joined(separator: " "), $0.meaning] }
        )
        return rows.rendered() + "\n" + codes.rendered()
            + "\nazid explain ROW or azid explain CODE says what to do; azid explain --all --markdown page prints it all."
    }
}

/// Lines about an explanation for a terminal. Pure.
enum ExplanationText {
    /// Text is broken there; commands, variables and addresses aren't.
    private static let width = 78

    static func lines(_ explanation: TroubleshootingGuide.Explanation, isShort: Bool) -> [String] {
        let entry = explanation.entry
        var lines = Self.wrapped("\(entry.id): \(entry.title)")
        let place =
            explanation.credential.map { entry.place.hasPrefix($0) ? entry.place : "\($0) (\(entry.place))" } ?? entry.place
        lines += Self.wrapped("\(place). \(entry.situation)", "  ")
        if let code = explanation.code { lines += Self.wrapped("\(code.name): \(code.meaning)", "  ") }
        if let reason = Self.reason(explanation) { lines += Self.wrapped(reason, "  ") }
        if !isShort { lines.append("") }
        // A failure that the guide has no row about is a fault nevertheless.
        let isFault = entry.discovery != .notAFault || explanation.certainty == .unknown || explanation.remedy != entry.remedy
        let advice = isFault ? "What to do:" : "How it is:"
        lines += Self.wrapped("\(advice) \(explanation.remedy.text)", "  ")
        lines += explanation.remedy.commands.map { "    \(ShellWord.commandLine($0))" }
        guard !isShort else { return lines }
        let more = entry.checks.filter { !explanation.remedy.commands.contains($0.command) }
        if !more.isEmpty { lines += ["  To see how it is:"] + more.map { "    \(ShellWord.commandLine($0.command))" } }
        if entry.checks.contains(where: \.printsToken) {
            lines += Self.wrapped("What the last of these commands prints holds a token: don't show it to anybody.", "  ")
        }
        if !explanation.remedy.variables.isEmpty {
            lines.append("  Variables: \(explanation.remedy.variables.joined(separator: ", "))")
        }
        if let link = explanation.remedy.link { lines.append("  See \(link)") }
        if !entry.details.isEmpty { lines += [""] + Self.wrapped(entry.plainDetails, "  ") }
        return lines
    }

    /// How sure it is, where that isn't plain.
    private static func reason(_ explanation: TroubleshootingGuide.Explanation) -> String? {
        switch explanation.certainty {
        case .named: nil
        case .recognised: "Recognised by: \(explanation.sign)"
        case .guessed: "This is a guess, by: \(explanation.sign)"
        default: explanation.sign.isEmpty ? "Nothing in the text was recognised." : "\(explanation.sign) isn't in this guide."
        }
    }

    private static func wrapped(_ text: String, _ indent: String = "") -> [String] {
        GuideText.wrapped(text, width: Self.width, indent: indent)
    }
}
#endif
