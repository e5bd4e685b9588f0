// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity

/// A report as a person reads it, within a width. Pure.
struct DoctorScreen {
    /// How many columns there are.
    let width: Int
    let hasColours: Bool

    private static let widths = 40...400

    /// `COLUMNS`, else what the terminal has, else 80.
    static func width(_ environment: EnvironmentVariables, terminal: Int?) -> Int {
        let told = environment["COLUMNS"].flatMap { Int($0) } ?? terminal ?? 80
        return min(max(told, Self.widths.lowerBound), Self.widths.upperBound)
    }

    /// On a terminal that can, unless `NO_COLOR` is set.
    static func hasColours(_ environment: EnvironmentVariables, isTerminal: Bool) -> Bool {
        isTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    func rendered(_ report: IdentityDoctor.Report) -> String {
        var parts = [self.headline(report)]
        parts += report.findings.enumerated().map { self.finding($0.element, number: $0.offset + 1) }
        if !report.members.isEmpty { parts.append(self.members(report.members)) }
        if let identities = self.identities(report.members) { parts.append(identities) }
        if !report.observations.isEmpty { parts.append(self.observations(report.observations)) }
        return parts.joined(separator: "\n\n")
    }

    private func headline(_ report: IdentityDoctor.Report) -> String {
        let time = TextTable.time(report.duration)
        let place = report.credential.map { "\($0), looked at in \(time)" } ?? "an error, explained"
        func count(_ severity: IdentityDoctor.Severity, _ word: String) -> String? {
            let number = report.findings.filter { $0.severity == severity }.count
            return number == 0 ? nil : "\(number) \(word)\(number == 1 ? "" : "s")"
        }
        let counts = [count(.problem, "problem"), count(.warning, "warning"), count(.note, "note")].compactMap(\.self)
        let verdict =
            report.isHealthy
            ? self.healthy(report)
            : self.coloured(counts.joined(separator: ", "), .red) + (counts.count > 1 ? "; the likeliest cause first." : ".")
        let rest = report.isComplete ? "" : "\nThere was no time to look at everything: --timeout gives more."
        return "\(place)\n\(verdict)\(rest)"
    }

    /// What is said where nothing was found.
    private func healthy(_ report: IdentityDoctor.Report) -> String {
        guard report.isComplete else { return self.coloured("Nothing wrong was found so far.", .yellow) }
        let isAsked =
            report.credential == nil || !report.scopes.isEmpty
            || report.observations.contains { $0.subject == "check by a token" }
        guard !isAsked else { return self.coloured("Nothing is wrong.", .green) }
        return self.coloured("Nothing wrong was found without asking for a token.", .green)
            + "\nWith --scope https://vault.azure.net/.default it asks for one."
    }

    private func finding(_ finding: IdentityDoctor.Finding, number: Int) -> String {
        let row = finding.remedy.map { " \($0.guide)" } ?? ""
        let about = finding.credential.map { " \($0)" } ?? ""
        var lines = [
            "\(number). " + self.coloured("\(finding.severity)\(row)", finding.severity == .problem ? .red : .yellow) + about
        ]
        lines += self.wrapped(finding.message, indent: 3)
        guard let remedy = finding.remedy else { return lines.joined(separator: "\n") }
        if !remedy.text.isEmpty { lines += self.wrapped("What to do: " + remedy.text, indent: 3) }
        // A command is one line, however long it is: it is there to be copied.
        lines += remedy.commands.map { "     $ " + ShellWord.commandLine($0) }
        if !remedy.variables.isEmpty {
            lines += self.wrapped("Variables: " + remedy.variables.joined(separator: ", "), indent: 3)
        }
        if let link = remedy.link { lines.append("   See \(link)") }
        return lines.joined(separator: "\n")
    }

    private func members(_ members: [IdentityDoctor.Member]) -> String {
        let rows = members.map { member in
            [
                member.credential, self.word(member.state, isMember: true), member.guide ?? "",
                member.duration.map { TextTable.time($0) } ?? "", member.summary,
            ]
        }
        return TextTable(["credential", "state", "row", "time", "why"], rows: rows).rendered(width: self.width)
    }

    /// Whom the tokens are for; `nil` if there are none, or if they don't say.
    private func identities(_ members: [IdentityDoctor.Member]) -> String? {
        let rows = members.flatMap { member -> [[String]] in
            guard let identity = member.identity else { return [] }
            let details: [(String, String?)] = [
                ("tenant", identity.tenantID), ("object id", identity.objectID), ("application", identity.clientID),
                ("user", identity.userName), ("roles", Self.list(identity.roles)), ("scopes", Self.list(identity.scopes)),
            ]
            let known = details.compactMap { name, value in value.map { (name, $0) } }
            return known.enumerated().map { [$0.offset == 0 ? member.credential : "", $0.element.0, $0.element.1] }
        }
        guard !rows.isEmpty else { return nil }
        return TextTable(["you would be, by", "", "as the token says"], rows: rows).rendered(width: self.width)
    }

    private func observations(_ observations: [IdentityDoctor.Observation]) -> String {
        var last: IdentityDoctor.Area?
        let rows = observations.map { observation in
            defer { last = observation.area }
            let area = observation.area == last ? "" : observation.area.description
            return [area, observation.subject, self.word(observation.state, isMember: false), observation.text]
        }
        return TextTable(["place", "what", "state", "how it is"], rows: rows).rendered(width: self.width)
    }

    /// A state as people say it.
    private func word(_ state: IdentityDoctor.State, isMember: Bool) -> String {
        switch state {
        case .good: isMember ? "set up" : "ok"
        case .absent: isMember ? "not set up" : "-"
        case .bad: isMember ? "failed" : "bad"
        case .skipped: isMember ? "left out" : "-"
        case .doubtful: "look"
        default: state.description
        }
    }

    private static func list(_ values: [String]) -> String? { values.isEmpty ? nil : values.joined(separator: ", ") }

    /// The text in lines of the screen's width, behind blanks.
    private func wrapped(_ text: String, indent: Int) -> [String] {
        TextTable.lines(text, width: self.width - indent).map { String(repeating: " ", count: indent) + $0 }
    }

    private enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
    }

    private func coloured(_ text: String, _ colour: Colour) -> String {
        self.hasColours ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
#endif
