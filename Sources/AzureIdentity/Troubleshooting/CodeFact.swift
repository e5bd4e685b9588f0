// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What the guide knows of a code of Microsoft Entra ID. Where a row or ``SignInTrouble`` says what to do, that text is the advice, so that
/// remedies and the guide never differ.
struct CodeFact: Sendable {
    let number: Int
    let meaning: String
    let actor: TroubleshootingGuide.Actor
    let rows: [String]
    /// What to do, if the code itself says more than its row.
    let ownAdvice: String?

    init(
        _ number: Int, _ meaning: String, _ actor: TroubleshootingGuide.Actor, rows: [String] = [], advice: String? = nil
    ) {
        self.number = number
        self.meaning = meaning
        self.actor = actor
        self.rows = rows
        self.ownAdvice = advice
    }

    /// What to do.
    var advice: String {
        self.ownAdvice ?? self.rows.lazy.compactMap { GuideRow(rawValue: $0)?.text }.first ?? SignInTrouble(code: self.number)?
            .text
            ?? GuideRow.g04.text
    }

    static let all = Self.applications + Self.federated + Self.requests + Self.people + Self.tokens

    private static let byNumber = Dictionary(Self.all.map { ($0.number, $0) }) { first, _ in first }

    static func fact(_ number: Int) -> CodeFact? { Self.byNumber[number] }
}
