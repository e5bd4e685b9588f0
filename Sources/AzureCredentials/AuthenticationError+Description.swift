// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension AuthenticationError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The longest ``summary``, in characters.
    package static let summaryLimit = 400

    /// What happened and what to do about it, over several lines.
    public var description: String {
        let untold = self.attempts.map(\.description).filter { !self.message.contains($0) }
        let lines = [self.titledMessage] + untold.map { "  \($0)" } + self.adviceLines
        return lines.joined(separator: "\n")
    }

    /// The same as ``description``, with everything that the members of a chain said, how long each took and what to do about it.
    public var debugDescription: String {
        guard !self.attempts.isEmpty else { return self.description }
        let details = self.attempts.flatMap { $0.detailLines }
        return ([self.description, "  Members:"] + details.map { "    \($0)" }).joined(separator: "\n")
    }

    /// One line of at most 400 characters: what happened, shortened if need be, and what to do about it. For a chain, the likeliest cause.
    public var summary: String {
        let headline = self.likeliestCause.map { "\(self.credential): No token. \($0)" } ?? self.titledMessage
        let message = HostileText.sanitized(headline, limit: Self.summaryLimit)
        guard let remedy = self.remedy else { return String(message.prefix(Self.summaryLimit)) }
        let hint = " (\(HostileText.sanitized(remedy.guide, limit: 40)): \(HostileText.sanitized(remedy.text, limit: 160)))"
        let room = Self.summaryLimit - hint.count
        return message.count <= room ? message + hint : message.prefix(room - 1) + "…" + hint
    }

    /// The same as ``summary`` without what tells of a person: user names such as `ada@contoso.example` and home account ids are shown as
    /// `<account>`. For logs, and for whoever isn't to know who has signed in.
    ///
    /// By their form alone: some other text with an at sign is lost too, and a name without one stays.
    public var summaryWithoutAccounts: String { AccountText.redacted(self.summary) }

    /// What opens the line of a chain's message that names the likeliest cause.
    package static let causeTitle = "Likeliest cause: "

    /// The line of a chain's message that names the likeliest cause.
    private var likeliestCause: Substring? {
        guard !self.attempts.isEmpty else { return nil }
        return self.message.split(separator: "\n").first { $0.hasPrefix(Self.causeTitle) }
    }

    /// What happened, without the name of the credential and, for a chain, without what the other members said. Not cleaned.
    package var reason: String {
        if let cause = self.likeliestCause { return String(cause.dropFirst(Self.causeTitle.count)) }
        return Attempt.reason(self.message, of: self.credential)
    }

    /// When to try again, and the remedy.
    private var adviceLines: [String] {
        var lines: [String] = []
        if let retryAfter = self.retryAfter {
            lines.append("  Try again in \(retryAfter.wholeSeconds) s.")
        }
        if let remedy = self.remedy {
            lines.append("  Remedy (\(remedy.guide)): \(remedy.text)")
            for command in remedy.commands {
                lines.append("    \(ShellWord.commandLine(command))")
            }
            if let link = remedy.link { lines.append("  See \(link)") }
        }
        return lines
    }

    /// The message, opened by the credential's name.
    private var titledMessage: String {
        self.message.hasPrefix(self.credential) ? self.message : "\(self.credential): \(self.message)"
    }
}

extension Duration {
    /// Whole seconds, rounded up.
    package var wholeSeconds: Int64 {
        let (seconds, isOverflow) = self.components.seconds.addingReportingOverflow(self.components.attoseconds > 0 ? 1 : 0)
        return isOverflow ? .max : seconds
    }

    /// Seconds for people, with two digits after the point at most.
    package var shownSeconds: String {
        let seconds = self.inSeconds
        guard seconds < 1e9 else { return "\(seconds)" }
        let rounded = seconds < 0.01 ? seconds : (seconds * 100).rounded() / 100
        return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
    }

    /// Seconds with a fraction.
    package var inSeconds: Double {
        Double(self.components.seconds) + Double(self.components.attoseconds) / 1e18
    }
}

/// Quotes arguments for a POSIX shell, for commands that are shown to people. Pure.
package enum ShellWord {
    /// The command as a person would type it.
    package static func commandLine(_ arguments: [String]) -> String {
        arguments.map(Self.quoted).joined(separator: " ")
    }

    /// The word, in single quotes if it holds anything a shell could take for its own.
    package static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"),
                    UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: ","), UInt8(ascii: "+"):
                    true
                default: false
                }
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
