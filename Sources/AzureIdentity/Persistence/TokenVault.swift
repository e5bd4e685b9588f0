// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Where the documents of a token cache are: in memory, on disk, or in a store of the application's.
package protocol TokenVault: Sendable {
    /// What is kept for a part now; an empty document, if nothing is.
    ///
    /// - Throws: `CacheProblem`, or what an application's store throws.
    func document(_ part: VaultPart) async throws -> CacheDocument

    /// Changes a part's document by one read-modify-write: nobody else's change comes in between.
    ///
    /// - Parameters:
    ///   - part: The part.
    ///   - change: What to change. May run several times, each time on a newer document.
    /// - Throws: `CacheProblem`, or what an application's store throws.
    func update(_ part: VaultPart, _ change: @escaping @Sendable (inout CacheDocument) -> Void) async throws

    /// The parts that accounts are listed from.
    func parts() async throws -> [VaultPart]

    /// Whether tokens are to be had after the process's end.
    var isPersistent: Bool { get }

    /// Whether a vault that fails is an error, instead of a line in the log.
    var isRequired: Bool { get }

    /// Whether each subject has a document of its own.
    var separatesSubjects: Bool { get }
}

extension TokenVault {
    package var separatesSubjects: Bool { true }
}

/// Which document of a vault. A vault of files has one for each `isCAEEnabled` and leaves the subject aside.
package struct VaultPart: Sendable, Hashable {
    /// Whose tokens are in it.
    package enum Subject: Sendable, Hashable {
        /// All who signed in to an application.
        case users(environment: String, clientID: String)
        /// The application itself.
        case application(environment: String, clientID: String, tenantID: String)
        /// One user of a service, by a digest of what the service knows them by.
        case session(digest: String)
        case other(String)
    }

    package var subject: Subject
    /// Tokens with and without CAE never mix.
    package var isCAEEnabled: Bool

    package init(subject: Subject, isCAEEnabled: Bool) {
        self.subject = subject
        self.isCAEEnabled = isCAEEnabled
    }
}

extension VaultPart {
    /// The part as a list of texts, no two of which are alike; for names and digests. Hosts and client ids don't depend on case.
    var words: [String] {
        let kind = self.isCAEEnabled ? "cae" : "nocae"
        return switch self.subject {
        case .users(let environment, let clientID): [kind, "users", environment.lowercased(), clientID.lowercased()]
        case .application(let environment, let clientID, let tenantID):
            [kind, "application", environment.lowercased(), clientID.lowercased(), tenantID.lowercased()]
        case .session(let digest): [kind, "session", digest]
        case .other(let name): [kind, "other", name]
        }
    }
}

/// Why a cache, or a document of one, can't be used. Holds nothing of what was in it.
package struct CacheProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence without a full stop, such as "it is no JSON".
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { self.message }
}
