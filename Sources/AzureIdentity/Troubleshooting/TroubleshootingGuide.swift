// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// The troubleshooting guide of the Azure Identity libraries, in this library's words, as data.
///
/// Its rows have ids that stay, `G01` to `G54`: errors carry them in ``AuthenticationError/Remedy/guide``, `azid explain` and the article
/// <doc:Troubleshooting> print them. What a remedy says and what the guide says come from the same texts.
///
/// ```swift
/// for explanation in TroubleshootingGuide.explain(text) {
///     print(explanation.entry.id, explanation.remedy.text)
/// }
/// ```
///
/// Asks nobody, reads no variable and no file, keeps nothing and throws nothing.
public enum TroubleshootingGuide {
    /// All rows, in the order of their ids.
    public static let entries: [Entry] = GuideSection.all.compactMap { Entry($0) }.sorted { $0.id < $1.id }

    /// The codes of Microsoft Entra ID that this guide knows, in ascending order.
    public static let codes: [ServiceCode] = CodeFact.all.map { ServiceCode($0) }.sorted { $0.number < $1.number }

    private static let entriesByID = Dictionary(Self.entries.map { ($0.id, $0) }) { first, _ in first }
    private static let codesByNumber = Dictionary(Self.codes.map { ($0.number, $0) }) { first, _ in first }

    /// The row of an id.
    ///
    /// - Parameter id: The id, such as `G23`; upper or lower case.
    /// - Returns: The row; `nil` if there is none of this id.
    public static func entry(_ id: String) -> Entry? { Self.entriesByID[id.uppercased()] }

    /// What is known of a code of Microsoft Entra ID.
    ///
    /// - Parameter number: The number behind `AADSTS`, such as 7000215.
    /// - Returns: The code; `nil` if this guide doesn't know it. The service has many more.
    public static func code(_ number: Int) -> ServiceCode? { Self.codesByNumber[number] }
}

extension TroubleshootingGuide {
    /// A row of the guide: a situation, what the error says there, and what to do.
    public struct Entry: Sendable, Hashable, Identifiable, Encodable {
        /// The row's id, such as `G23`. It never changes its meaning.
        public var id: String
        /// The row in a few words.
        public var title: String
        /// The credential or the place it is about, such as `ManagedIdentityCredential on a virtual machine`.
        public var place: String
        /// What has happened when one meets it.
        public var situation: String
        /// What the error says: parts of its message, or codes. Empty for rows that are no fault.
        public var signs: [String]
        /// How it is found.
        public var discovery: Discovery
        /// What to do, with commands, variables and a page that says more.
        public var remedy: AuthenticationError.Remedy
        /// Commands that show how things are. They change nothing.
        public var checks: [Check]
        /// What else there is to know, in Markdown as the articles are written in; may be empty. ``plainDetails`` is the same for a terminal.
        public var details: String
    }

    /// A command that shows how things are and changes nothing.
    public struct Check: Sendable, Hashable, Encodable {
        /// The command, as an argument list.
        public var command: [String]
        /// Whether it prints a token, so that its output must not be shown to others.
        public var printsToken: Bool
    }

    /// How a row is found. More may be added, so a `switch` needs a `default`.
    public struct Discovery: Hashable, Sendable, CustomStringConvertible, Encodable {
        /// The name, such as `byItself`.
        public let description: String

        /// By looking at the machine: nobody has to be asked for a token.
        public static let byItself = Discovery(description: "byItself")
        /// By asking for a token.
        public static let byAsking = Discovery(description: "byAsking")
        /// From an error that somebody has met.
        public static let fromError = Discovery(description: "fromError")
        /// It is no fault: a thing that works, or a way to look at one.
        public static let notAFault = Discovery(description: "notAFault")

        /// Encodes the name.
        ///
        /// - Parameter encoder: The encoder to write to.
        /// - Throws: What the encoder throws.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(self.description)
        }
    }
}

extension TroubleshootingGuide.Entry {
    /// - Parameter section: What the guide says; `nil` comes of one whose row doesn't exist.
    init?(_ section: GuideSection) {
        guard let row = GuideRow(rawValue: section.id) else { return nil }
        self.init(
            id: section.id,
            title: section.title,
            place: section.place,
            situation: section.situation,
            signs: section.signs,
            discovery: section.discovery,
            remedy: Guide.remedy(row, facts: GuideFacts(variables: section.variables)),
            checks: Guide.checks(row),
            details: section.details
        )
    }

    /// The details without marks of Markdown, a paragraph a line.
    public var plainDetails: String { GuideText.plain(self.details) }
}
