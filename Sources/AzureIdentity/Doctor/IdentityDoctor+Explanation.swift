// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

extension IdentityDoctor {
    /// Explains an error that was met elsewhere, without looking at this machine: the text of one, or the JSON that `azid` prints.
    ///
    /// - Parameter text: The error, of this library or of one for another language. Nothing of it gets into the report but the numbers of codes.
    /// - Returns: A report whose findings are the rows that the error leads to, the likeliest first; row G51 if nothing is known of it. Of an
    ///   empty text, nothing.
    public static func report(explaining text: String) -> Report {
        let clock = SystemClock()
        let (start, date) = (clock.now, clock.date)
        let findings = TroubleshootingGuide.explain(text).enumerated().map { index, explanation in
            let meaning = explanation.code.map { " \($0.name): \($0.meaning)" } ?? ""
            return Finding(
                severity: index == 0 ? .problem : .note,
                area: .credentials,
                credential: explanation.credential,
                summary: HostileText.sanitized(explanation.entry.title, limit: 160),
                message: HostileText.sanitized(explanation.entry.situation + meaning),
                remedy: explanation.remedy
            )
        }
        return Report(
            credential: nil,
            libraryVersion: UserAgent.libraryVersion,
            date: date,
            duration: clock.now - start,
            scopes: [],
            host: nil,
            findings: findings,
            members: [],
            observations: [],
            isComplete: true
        )
    }
}
