// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

extension TroubleshootingGuide {
    /// What a text, or a part of it, means.
    ///
    /// Nothing of the text gets in here but the numbers of codes: what identified the row is said in the guide's words, so that a secret
    /// in a pasted text isn't printed back.
    public struct Explanation: Sendable, Hashable, Encodable {
        /// The row.
        public var entry: Entry
        /// The code of Microsoft Entra ID it was found by, if this guide knows it.
        public var code: ServiceCode?
        /// The credential that it is about, by its name in this library; `nil`: not said, or not about one.
        public var credential: String?
        /// What to do. More exact than the row's, where a code says more.
        public var remedy: AuthenticationError.Remedy
        /// What it was recognised by: an id, a code, or words of a known message.
        public var sign: String
        /// How sure it is.
        public var certainty: Certainty
    }

    /// How sure an explanation is. More may be added, so a `switch` needs a `default`.
    public struct Certainty: Hashable, Sendable, CustomStringConvertible, Encodable {
        /// The name, such as `recognised`.
        public let description: String

        /// The text names the row or a code.
        public static let named = Certainty(description: "named")
        /// The text has the words of a known message.
        public static let recognised = Certainty(description: "recognised")
        /// The text has words that often, but not always, mean this.
        public static let guessed = Certainty(description: "guessed")
        /// Nothing was recognised: this is what to do then (row G51).
        public static let unknown = Certainty(description: "unknown")

        /// Encodes the name.
        ///
        /// - Parameter encoder: The encoder to write to.
        /// - Throws: What the encoder throws.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(self.description)
        }
    }

    /// The most of a text that is read, in bytes: of a longer one, half of it from the beginning and half from the end.
    public static let explainedLength = 65_536

    /// Explains a row's id, a code of Microsoft Entra ID, or the text of an error.
    ///
    /// Knows the errors of this library, as text and as the JSON of `azid`, those of the Azure Identity libraries for Python, .NET, Go, Java
    /// and JavaScript, and what the developer tools say. For the joined text of a chain there is an explanation for each member, the likeliest cause
    /// first. A short text that is none of these is looked for in the rows' titles.
    ///
    /// - Parameter text: `G23`, `AADSTS7000215`, `7000215`, several of these, or a text. Whatever it holds is harmless, and at most ``explainedLength`` bytes
    ///   of it are read.
    /// - Returns: The explanations, the likeliest first; at most 20. Row G51 alone, ``Certainty/unknown``, if nothing is recognised;
    ///   nothing for an empty text.
    public static func explain(_ text: String) -> [Explanation] { GuideSearch.explanations(of: text) }

    /// Explains an error of this library.
    ///
    /// - Parameter error: The error. Of a chain's, each member is explained too.
    /// - Returns: The explanations, the error's own row first. Row G51 alone, if nothing is known of it.
    public static func explain(_ error: AuthenticationError) -> [Explanation] { GuideSearch.explanations(of: error) }
}
