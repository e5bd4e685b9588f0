// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension TroubleshootingGuide {
    /// A code of Microsoft Entra ID, as it stands behind `AADSTS` in an error.
    ///
    /// For people: let programs decide by ``AuthenticationError/ServiceError/error``, since codes may change. The meanings are this library's
    /// words; the service's own are on its page.
    public struct ServiceCode: Sendable, Hashable, Identifiable, Encodable {
        /// The number, such as 7000215.
        public var number: Int
        /// What it means.
        public var meaning: String
        /// What to do about it.
        public var advice: String
        /// The rows of the guide that it leads to, the likeliest first; which one depends on the credential. Empty: none but `G04`.
        public var rows: [String]
        /// Who has to act.
        public var actor: Actor
        /// The service's page about it.
        public var link: String

        /// The number itself.
        public var id: Int { self.number }
        /// As it is written in errors, such as `AADSTS7000215`.
        public var name: String { "AADSTS\(self.number)" }
    }

    /// Who has to act so that a refusal ends. More may be added, so a `switch` needs a `default`.
    public struct Actor: Hashable, Sendable, CustomStringConvertible, Encodable {
        /// The name, such as `developer`.
        public let description: String

        /// Who runs the application: a setting, a secret or a certificate of its own is wrong.
        public static let developer = Actor(description: "developer")
        /// An administrator of the tenant, or of the application's registration.
        public static let administrator = Actor(description: "administrator")
        /// The person who signs in.
        public static let person = Actor(description: "person")
        /// Nobody: it passes, or is part of the protocol.
        public static let nobody = Actor(description: "nobody")

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

extension TroubleshootingGuide.ServiceCode {
    private enum CodingKeys: String, CodingKey { case number, name, meaning, advice, rows, actor, link }

    /// Encodes the code with its name.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.number, forKey: .number)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.meaning, forKey: .meaning)
        try container.encode(self.advice, forKey: .advice)
        try container.encode(self.rows, forKey: .rows)
        try container.encode(self.actor, forKey: .actor)
        try container.encode(self.link, forKey: .link)
    }

    init(_ fact: CodeFact) {
        self.init(
            number: fact.number,
            meaning: fact.meaning,
            advice: fact.advice,
            rows: fact.rows,
            actor: fact.actor,
            link: Guide.link(code: fact.number)
        )
    }
}
