// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Date
#else
public import struct Foundation.Date
#endif

extension IdentityDoctor {
    /// What an examination came to. Its JSON is that of `azid doctor --json`, described by `Schemas/identity-doctor.schema.json`.
    ///
    /// Holds no token, no secret and no value of a header; names of people are masked unless the options say otherwise. So it can be shown to
    /// whoever is asked for help.
    public struct Report: Sendable {
        /// The version of the JSON's form: a higher one if a member is taken away or means something else. Members may be added without.
        public static let schemaVersion = 1

        /// The type name of the credential that was examined; `nil`: none was, since an error was explained.
        public var credential: String?
        /// The version of this library.
        public var libraryVersion: String
        /// When it began, by this machine's clock.
        public var date: Date
        /// How long it took.
        public var duration: Duration
        /// The scopes that tokens were asked for; empty: nobody was asked.
        public var scopes: [String]
        /// The kind of host, as far as managed identities are concerned, and what speaks for it; `nil`: none was looked at.
        public var host: ManagedIdentityHost?
        /// What is wrong, the likeliest cause first. Empty on a healthy host.
        public var findings: [Finding]
        /// The credentials, in the order in which the chain asks them; one, if it is no chain.
        public var members: [Member]
        /// What was seen, place by place.
        public var observations: [Observation]
        /// Whether everything was looked at in the time that there was.
        public var isComplete: Bool

        /// Whether nothing is wrong.
        public var isHealthy: Bool { self.findings.isEmpty }

        /// The rows of the troubleshooting guide that the findings lead to, each once, the likeliest first.
        public var guideRows: [String] {
            var rows: [String] = []
            for row in self.findings.compactMap({ $0.remedy?.guide }) where !rows.contains(row) { rows.append(row) }
            return rows
        }
    }

    /// Something that is wrong, and what to do about it.
    public struct Finding: Sendable, Hashable {
        /// How bad it is.
        public var severity: Severity
        /// Where it was found.
        public var area: Area
        /// The type name of the credential that it concerns most; `nil`: no single one.
        public var credential: String?
        /// What is wrong, in one line.
        public var summary: String
        /// What is wrong, as a whole.
        public var message: String
        /// The guide's answer: its row, what to do, the commands; `nil` where the guide has no row.
        public var remedy: AuthenticationError.Remedy?
    }

    /// A credential, and what became of it.
    public struct Member: Sendable, Hashable {
        /// Its type name.
        public var credential: String
        /// What became of it.
        public var state: State
        /// Why, in one line; empty if there is nothing to say.
        public var summary: String
        /// The row of the guide that it is a finding by; `nil`: it is none.
        public var guide: String?
        /// How long it took; `nil`: it wasn't asked.
        public var duration: Duration?
        /// Who the token was for; `nil`: none was got.
        public var identity: Identity?
    }

    /// Whom a token is for, as the token itself says. Nothing of it is verified.
    public struct Identity: Sendable, Hashable {
        /// The tenant.
        public var tenantID: String?
        /// The object id of the user, service principal or managed identity.
        public var objectID: String?
        /// The application (client) id; for a user, that of the tool they signed in with.
        public var clientID: String?
        /// The user's name, masked unless the options say otherwise; `nil`: the token is no user's.
        public var userName: String?
        /// The application's roles.
        public var roles: [String]
        /// The scopes that a user's token is good for.
        public var scopes: [String]
        /// When the token expires.
        public var expiresOn: Date
    }

    /// Something that was seen, whether it is wrong or not.
    public struct Observation: Sendable, Hashable {
        /// Where.
        public var area: Area
        /// What was looked at, such as a variable's name.
        public var subject: String
        /// How it is.
        public var state: State
        /// How it is, in words.
        public var text: String
    }
}

extension IdentityDoctor {
    /// How bad a finding is. More may be added, so a `switch` needs a `default`.
    public struct Severity: Hashable, Sendable, CustomStringConvertible {
        /// The name, such as `problem`.
        public let description: String

        /// It keeps the credential from getting a token.
        public static let problem = Severity(description: "problem")
        /// There is, or may be, a token in spite of it.
        public static let warning = Severity(description: "warning")
        /// It belongs to what was found before it: the sum of it, or another way to mend it.
        public static let note = Severity(description: "note")
    }

    /// A part of the examination. More may be added, so a `switch` needs a `default`.
    public struct Area: Hashable, Sendable, CustomStringConvertible {
        /// The name, such as `variables`.
        public let description: String

        /// The host.
        public static let host = Area(description: "host")
        /// Environment variables.
        public static let variables = Area(description: "variables")
        /// Files that variables name.
        public static let files = Area(description: "files")
        /// Developer tools.
        public static let tools = Area(description: "tools")
        /// Proxies, trusted authorities, and the way to Microsoft Entra ID.
        public static let network = Area(description: "network")
        /// The endpoints of managed identities.
        public static let metadata = Area(description: "metadata")
        /// This machine's clock.
        public static let clock = Area(description: "clock")
        /// The credentials themselves.
        public static let credentials = Area(description: "credentials")

        static let all: [Area] = [.host, .variables, .files, .tools, .network, .metadata, .clock, .credentials]
    }

    /// How something is. More may be added, so a `switch` needs a `default`.
    public struct State: Hashable, Sendable, CustomStringConvertible {
        /// The name, such as `good`.
        public let description: String

        /// As it should be. Of a credential: it is set up, as far as can be told without asking.
        public static let good = State(description: "good")
        /// The credential gave a token.
        public static let token = State(description: "token")
        /// It isn't there, and doesn't have to be. Of a credential: it isn't set up here, or needs a person.
        public static let absent = State(description: "absent")
        /// It wasn't looked at; of a credential: it isn't asked.
        public static let skipped = State(description: "skipped")
        /// It looks wrong.
        public static let doubtful = State(description: "doubtful")
        /// It is wrong. Of a credential: it tried and failed.
        public static let bad = State(description: "bad")
        /// There was no time to look at it.
        public static let unknown = State(description: "unknown")

        static let all: [State] = [.good, .token, .absent, .skipped, .doubtful, .bad, .unknown]
    }
}
