// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Finds the rows and codes that a text speaks of, and puts the likeliest cause first. Pure.
///
/// The order is that of ``LikeliestCause``: who tried and failed before who isn't signed in, and that before what isn't there at all; a chain with
/// nothing set up is row G06.
struct GuideSearch {
    private typealias Explanation = TroubleshootingGuide.Explanation

    private struct Finding {
        var row: String
        var code: Int?
        var credential: String?
        var proof: GuideFacts.Proof?
        var sign: String
        var certainty: TroubleshootingGuide.Certainty
        var position: Int
        var isWeak = false
        var isCause = false
    }

    /// The most explanations.
    private static let limit = 20
    /// Rows that any error may have: they say nothing where another row is found.
    private static let generalRows: Set<String> = ["G01", "G02", "G03", "G04", "G05", "G07", "G25", "G27", "G29"]

    private var findings: [Finding] = []
    private var lastCredential: (name: String, proof: GuideFacts.Proof?)?
    /// Up to where the next finding is the cause that the error itself names.
    private var causeEnd = 0
    private var isChain = false
    private var isAnswered = false
    private var unknownCount = 0

    static func explanations(of text: String) -> [TroubleshootingGuide.Explanation] {
        let normalized = GuideNeedles.normalized(text)
        let words = normalized.split { $0 == UInt8(ascii: " ") }
        guard !words.isEmpty else { return [] }
        if let asked = Self.asked(normalized) { return asked }
        var search = GuideSearch()
        search.read(normalized)
        let found = search.sorted().prefix(Self.limit).compactMap(Self.explanation)
        if !found.isEmpty { return found }
        let guesses = Self.guesses(words)
        return guesses.isEmpty ? [Self.unknown(sign: "")].compactMap(\.self) : guesses
    }

    static func explanations(of error: AuthenticationError) -> [TroubleshootingGuide.Explanation] {
        var found = Self.explanations(of: error.debugDescription)
        guard let remedy = error.remedy, let entry = TroubleshootingGuide.entry(remedy.guide) else { return found }
        let own = found.firstIndex { $0.entry.id == entry.id }.map { found.remove(at: $0) }
        found.removeAll { $0.certainty == .unknown }
        let code = own?.code ?? error.serviceError?.codes.lazy.compactMap(TroubleshootingGuide.code).first
        let first = Explanation(
            entry: entry, code: code, credential: own?.credential ?? error.credential, remedy: remedy, sign: entry.id,
            certainty: .named)
        return [first] + found
    }

    // MARK: What is asked for by name

    /// What is asked for if nothing but names is there: one or several, each once.
    private static func asked(_ text: [UInt8]) -> [Explanation]? {
        let names = text.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }
        guard !names.isEmpty, names.count <= Self.limit else { return nil }
        var asked: [Explanation] = []
        for name in names {
            guard let explanation = Self.asked(String(decoding: name, as: UTF8.self)) else { return nil }
            if !asked.contains(explanation) { asked.append(explanation) }
        }
        return asked
    }

    /// `g23`, `aadsts7000215` or `7000215`.
    private static func asked(_ word: String) -> Explanation? {
        if let entry = TroubleshootingGuide.entry(word) {
            return Explanation(entry: entry, remedy: entry.remedy, sign: entry.id, certainty: .named)
        }
        let digits = word.hasPrefix("aadsts") ? word.dropFirst(6) : word[...]
        guard (4...8).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let code = Int(digits)
        else {
            return nil
        }
        return Self.explanation(Self.finding(of: code, credential: nil, proof: nil, position: 0))
    }

    // MARK: What a text says

    /// How many findings a text comes to before the likeliest are chosen: few, whatever it holds, since each is compared with all before it.
    static func count(in text: String) -> Int {
        var search = GuideSearch()
        search.read(GuideNeedles.normalized(text))
        return search.findings.count
    }

    private mutating func read(_ text: [UInt8]) {
        for hit in GuideNeedles.shared.hits(in: text) {
            switch hit.kind {
            case .credential(let name, let proof):
                if name == "DefaultAzureCredential" || name == "ChainedTokenCredential" {
                    self.isChain = true
                } else {
                    self.lastCredential = (name, proof)
                }
            case .cause(let distance): self.causeEnd = hit.end + distance
            case .code:
                for code in GuideNeedles.codes(in: text, at: hit.end) {
                    self.add(
                        Self.finding(
                            of: code, credential: self.lastCredential?.name, proof: self.lastCredential?.proof,
                            position: hit.position))
                }
            case .row(let ends):
                let end = hit.end + 2
                guard end < text.count, ends.contains(text[end]) else { continue }
                let isRemedy = text[hit.position] == UInt8(ascii: "r")
                self.addRow(
                    "G" + String(decoding: text[hit.end..<end], as: UTF8.self), isRemedy: isRemedy, position: hit.position)
            case .phrase(let phrase): self.add(phrase, position: hit.position)
            }
        }
    }

    /// A row that the text names.
    private mutating func addRow(_ row: String, isRemedy: Bool, position: Int) {
        guard TroubleshootingGuide.entry(row) != nil else { return }
        // The first remedy of an error's text is the error's own, those behind it are its members'.
        if isRemedy, !self.isAnswered {
            self.isAnswered = true
            self.causeEnd = position + 20
        }
        let credential = Self.credential(of: row) ?? self.lastCredential?.name
        self.add(Finding(row: row, credential: credential, sign: row, certainty: .named, position: position))
    }

    private mutating func add(_ phrase: GuidePhrase, position: Int) {
        if let credential = phrase.credential, credential != self.lastCredential?.name { return }
        if let cause = TransportCause(sign: phrase.words), phrase.row == GuideRow.g51.rawValue,
            let earlier = self.findings.firstIndex(where: { TransportCause(sign: $0.sign) != nil }),
            let told = TransportCause(sign: self.findings[earlier].sign)
        {
            // One failure is told in several words: those that say most count.
            if cause.rawValue < told.rawValue { self.findings[earlier].sign = phrase.words }
            return
        }
        self.add(
            Finding(
                row: phrase.row, credential: Self.credential(of: phrase.row) ?? self.lastCredential?.name, sign: phrase.words,
                certainty: phrase.isWeak ? .guessed : .recognised, position: position, isWeak: phrase.isWeak))
    }

    private mutating func add(_ finding: Finding) {
        var finding = finding
        finding.isCause = finding.position < self.causeEnd && !finding.isWeak
        if finding.isCause { self.causeEnd = 0 }
        let same = self.findings.firstIndex {
            $0.row == finding.row && ($0.code == finding.code || $0.code == nil || finding.code == nil)
        }
        guard let same else {
            // Codes that nobody knows are as many as there are numbers: more of them than are told aren't kept.
            if finding.certainty == .unknown, !finding.isCause {
                guard self.unknownCount < Self.limit else { return }
                self.unknownCount += 1
            }
            return self.findings.append(finding)
        }
        self.findings[same].isCause = self.findings[same].isCause || finding.isCause
        self.findings[same].isWeak = self.findings[same].isWeak && finding.isWeak
        if self.findings[same].code == nil, finding.code != nil || self.findings[same].certainty == .guessed {
            self.findings[same].code = finding.code
            self.findings[same].proof = finding.proof
            self.findings[same].sign = finding.sign
            self.findings[same].certainty = finding.certainty
        }
    }

    /// The row of a code, which depends on how the application proves who it is.
    private static func finding(of code: Int, credential: String?, proof: GuideFacts.Proof?, position: Int) -> Finding {
        let fact = CodeFact.fact(code)
        let row =
            GuideRow.row(code: code, proof: proof)?.rawValue ?? (proof == nil || fact?.rows == ["G49"] ? fact?.rows.first : nil)
        return Finding(
            row: row ?? (fact == nil ? GuideRow.g51.rawValue : GuideRow.g04.rawValue),
            code: code,
            credential: credential,
            proof: proof,
            sign: "AADSTS\(code)",
            certainty: row == nil && fact == nil ? .unknown : .named,
            position: position
        )
    }

    /// The credential that a row is about, if it is one.
    private static func credential(of row: String) -> String? {
        guard let place = TroubleshootingGuide.entry(row)?.place.split(separator: " ").first else { return nil }
        return place.hasSuffix("Credential") ? String(place) : nil
    }

    // MARK: The order

    private func sorted() -> [Finding] {
        var findings = self.findings
        // A refusal by a service of a chain's identity is often another identity than meant.
        let isTold = findings.contains { ["G06", "G07"].contains($0.row) }
        if self.isChain, !isTold, let refusal = findings.first(where: { $0.row == "G03" }) {
            findings.append(
                Finding(
                    row: "G07", credential: "DefaultAzureCredential", sign: refusal.sign, certainty: .guessed,
                    position: refusal.position, isWeak: refusal.isWeak))
        }
        let strong = findings.filter { !$0.isWeak && $0.certainty != .unknown }
        findings.removeAll { weak in
            weak.isWeak && !strong.isEmpty
                && (Self.generalRows.contains(weak.row) || strong.contains { $0.credential == weak.credential })
        }
        // Of guesses, the one that says most.
        if strong.isEmpty, findings.contains(where: { !["G01", "G02"].contains($0.row) }) {
            findings.removeAll { ["G01", "G02"].contains($0.row) && $0.isWeak }
        }
        return findings.sorted { left, right in
            let weights = (Self.weight(left), Self.weight(right))
            return weights.0 == weights.1 ? left.position < right.position : weights.0 > weights.1
        }
    }

    /// Of rows, not of attempts as ``LikeliestCause``: a text seldom says whether who is named has tried. The order is the same, which a test compares.
    private static func weight(_ finding: Finding) -> Int {
        if finding.isCause { return 1000 }
        let own =
            switch finding.row {
            case "G07": finding.certainty == .guessed ? 90 : 97
            case "G03": 96
            case "G19", "G21", "G23", "G24", "G26", "G27", "G28", "G30": 80
            case "G35": 70
            case "G37": 65
            case "G40": 60
            case "G32": 59
            case "G39": 55
            case "G33": 54
            case "G06": 35
            case "G34", "G36", "G38", "G31", "G54": 30
            case "G25", "G46", "G08", "G41": 20
            case "G04" where finding.code == nil, "G51": 10
            case "G01", "G02", "G05", "G18", "G20", "G22", "G29": 5
            default: 100
            }
        return finding.isWeak ? own - 1000 : own
    }

    // MARK: Explanations

    private static func explanation(_ finding: Finding) -> Explanation? {
        guard let entry = TroubleshootingGuide.entry(finding.row) else { return nil }
        return Explanation(
            entry: entry,
            code: finding.code.flatMap(TroubleshootingGuide.code),
            credential: finding.credential,
            remedy: Self.remedy(finding) ?? entry.remedy,
            sign: finding.sign,
            certainty: finding.certainty
        )
    }

    private static func remedy(_ finding: Finding) -> AuthenticationError.Remedy? {
        if finding.row == GuideRow.g51.rawValue, let cause = TransportCause(sign: finding.sign) { return cause.remedy }
        guard let code = finding.code, let row = GuideRow(rawValue: finding.row) else { return nil }
        if row != .g04 { return Guide.remedy(row, facts: GuideFacts(proof: finding.proof, code: code)) }
        var error = AuthenticationError(.authenticationFailed, credential: finding.credential ?? "", message: "")
        error.serviceError = .init(error: "", message: "", codes: [code])
        return Guide.remedy(for: error, facts: GuideFacts(proof: finding.proof))
    }

    /// Rows whose titles hold all words of a short text.
    private static func guesses(_ words: [ArraySlice<UInt8>]) -> [Explanation] {
        guard words.count <= 6, words.contains(where: { $0.count > 2 }) else { return [] }
        let found = TroubleshootingGuide.entries.filter { entry in
            let text =
                " " + String(decoding: GuideNeedles.normalized("\(entry.title) \(entry.place) \(entry.situation)"), as: UTF8.self)
            return words.allSatisfy { text.contains(" " + String(decoding: $0, as: UTF8.self)) }
        }
        // Words that many rows have say nothing.
        guard found.count <= 3 else { return [] }
        return found.map { Explanation(entry: $0, remedy: $0.remedy, sign: $0.title, certainty: .guessed) }
    }

    private static func unknown(sign: String) -> Explanation? {
        TroubleshootingGuide.entry(GuideRow.g51.rawValue).map {
            Explanation(entry: $0, remedy: $0.remedy, sign: sign, certainty: .unknown)
        }
    }
}
