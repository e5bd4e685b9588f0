// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension AuthenticationError {
    /// What one member of a chain came to.
    public struct Attempt: Sendable {
        /// The type name of the member.
        public var credential: String
        /// What became of it.
        public var outcome: Outcome
        /// The kind of its failure; `nil` if it gave a token or wasn't asked.
        public var code: Code?
        /// What happened, in one line of at most 120 characters, without the member's name. Empty if it gave a token.
        public var summary: String
        /// What happened, as a whole. Empty if it gave a token.
        public var message: String
        /// How long it took.
        public var duration: Duration
        /// What to do about it, if the troubleshooting guide has an answer.
        public var remedy: Remedy?

        /// Creates an attempt.
        ///
        /// - Parameters:
        ///   - credential: The type name of the member.
        ///   - outcome: What became of it.
        ///   - code: The kind of its failure; `nil` if it gave a token or wasn't asked.
        ///   - message: What happened. Must not hold a secret.
        ///   - summary: The same in short; `nil`: the beginning of the message. Cleaned and shortened to one line of 120 characters.
        ///   - duration: How long it took.
        ///   - remedy: What to do about it.
        public init(
            credential: String,
            outcome: Outcome,
            code: Code? = nil,
            message: String = "",
            summary: String? = nil,
            duration: Duration = .zero,
            remedy: Remedy? = nil
        ) {
            self.credential = credential
            self.outcome = outcome
            self.code = code
            self.summary = Self.line(summary ?? Self.reason(message, of: credential))
            self.message = message
            self.duration = duration
            self.remedy = remedy
        }
    }
}

extension AuthenticationError.Attempt {
    /// What became of a member of a chain. More may be added, so a `switch` needs a `default`.
    public struct Outcome: Hashable, Sendable, CustomStringConvertible {
        /// The name of the outcome, such as `unavailable`.
        public let description: String

        /// It gave a token.
        public static let succeeded = Outcome(description: "succeeded")
        /// It wasn't asked.
        public static let skipped = Outcome(description: "skipped")
        /// It isn't set up here, or needs a person.
        public static let unavailable = Outcome(description: "unavailable")
        /// It tried and failed.
        public static let failed = Outcome(description: "failed")
    }

    /// The longest ``summary`` and ``description``, in characters.
    package static let lineLimit = 120

    /// A message without what names its credential at the beginning.
    package static func reason(_ message: String, of credential: String) -> String {
        for opening in ["\(credential) authentication unavailable. ", "\(credential): "] where message.hasPrefix(opening) {
            return String(message.dropFirst(opening.count))
        }
        return message
    }

    private static func line(_ text: String) -> String {
        // Scalars are counted first, so that what is cut off is never half of a character.
        let clean = HostileText.sanitized(text, limit: 4 * Self.lineLimit)
        return clean.count <= Self.lineLimit ? clean : clean.prefix(Self.lineLimit - 1) + "…"
    }

    /// The attempt over several lines, with the whole message.
    package var detailLines: [String] {
        let milliseconds = Int64((self.duration.inSeconds * 1000).rounded())
        let code = self.code.map { ", \($0)" } ?? ""
        var lines = ["\(self.credential): \(self.outcome)\(code), \(milliseconds) ms"]
        lines += self.message.split(separator: "\n").map { "  \($0)" }
        if let remedy = self.remedy { lines.append("  Remedy (\(remedy.guide)): \(remedy.text)") }
        return lines
    }
}

extension AuthenticationError.Attempt: CustomStringConvertible {
    /// One line of at most 120 characters: the member, what became of it, and why.
    public var description: String {
        Self.line("\(self.credential): \(self.outcome)" + (self.summary.isEmpty ? "" : " – \(self.summary)"))
    }
}
