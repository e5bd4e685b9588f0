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
    ///   - change: What to change. May run several times, each time on a newer document. What somebody wants gone is for `remove`.
    /// - Throws: `CacheProblem`, or what an application's store throws.
    func update(_ part: VaultPart, _ change: @escaping @Sendable (inout CacheDocument) -> Void) async throws

    /// Removes entries from a part, wherever the vault may have them, and says if that doesn't come off.
    ///
    /// - Throws: `CacheProblem`, or what an application's store throws; also where a change that fails would be no error.
    func remove(_ removal: VaultRemoval, from part: VaultPart) async throws

    /// Removes all of an account, in all parts. As `remove`.
    ///
    /// - Parameters:
    ///   - homeAccountID: The account; `nil`: everybody.
    ///   - environments: The names of its authority host; `nil` for any.
    func signOut(homeAccountID: String?, environments: [String]?) async throws

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

    package func signOut(homeAccountID: String?, environments: [String]?) async throws {
        let removal = VaultRemoval.signOut(homeAccountID: homeAccountID, environments: environments)
        try await self.remove(removal, from: self.parts().filter { $0.mayHold(homeAccountID) })
    }

    /// Removes entries from several parts: from as many of them as that comes off for.
    ///
    /// - Throws: What went wrong first.
    func remove(_ removal: VaultRemoval, from parts: [VaultPart]) async throws {
        var problem = FirstProblem()
        for part in parts {
            do {
                try await self.remove(removal, from: part)
            } catch let error {
                try problem.note(error)
            }
        }
        try problem.rethrow()
    }

    /// What is kept of all who signed in to an application, as far as the vault knows of them, as one document.
    func people(environment: String, clientID: String, isCAEEnabled: Bool) async throws -> CacheDocument {
        guard self.separatesSubjects else {
            return try await self.document(VaultPart(subject: .other("people"), isCAEEnabled: isCAEEnabled))
        }
        var all = CacheDocument()
        for part in try await self.parts() where part.isCAEEnabled == isCAEEnabled {
            guard case .user(let host, let client, _) = part.subject, CacheDocument.isSame(host, environment),
                CacheDocument.isSame(client, clientID)
            else { continue }
            all.merge(try await self.document(part))
        }
        return all
    }
}

/// What went wrong first where as much is done as can be. A cancellation ends that at once.
struct FirstProblem {
    private var error: (any Error)?

    mutating func note(_ error: any Error) throws {
        if error is CancellationError { throw error }
        self.error = self.error ?? error
    }

    func rethrow() throws {
        if let error = self.error { throw error }
    }
}

/// What is to be gone from a document.
package enum VaultRemoval: Sendable, Equatable {
    /// All of an account: its tokens, those for a family of applications too, and what is known of it.
    case account(homeAccountID: String, environments: [String]?)
    /// The same of everybody who signed in.
    case people
    /// A refresh token, if it is still the one that is kept.
    case refreshToken(CacheDocument.RefreshEntry)
    /// The access tokens of an application.
    case accessTokens(clientID: String)
    /// Everything.
    case all

    /// What is to be gone when an account signs out; `nil`: when everybody does.
    static func signOut(homeAccountID: String?, environments: [String]?) -> VaultRemoval {
        homeAccountID.map { VaultRemoval.account(homeAccountID: $0, environments: environments) } ?? .people
    }

    /// Removes it from a document.
    package func apply(to document: inout CacheDocument) {
        switch self {
        case .account(let home, let environments): document.removeAccount(homeAccountID: home, environments: environments)
        case .people: document.removePeople()
        case .refreshToken(let entry): document.remove(entry)
        case .accessTokens(let clientID):
            for entry in document.accessEntries where CacheDocument.isSame(entry.clientID, clientID) { document.remove(entry) }
        case .all: document = CacheDocument()
        }
    }

    /// Whether it is looked for wherever tokens of the same cache may be: who signs out is gone for good.
    var isSignOut: Bool {
        switch self {
        case .account, .people, .all: true
        case .refreshToken, .accessTokens: false
        }
    }
}

/// Which document of a vault. A vault of files has one for each `isCAEEnabled` and leaves the subject aside.
package struct VaultPart: Sendable, Hashable {
    /// Whose tokens are in it.
    package enum Subject: Sendable, Hashable {
        /// One person who signed in to an application.
        case user(environment: String, clientID: String, homeAccountID: String)
        /// The application itself.
        case application(environment: String, clientID: String, tenantID: String)
        /// One user of a service, by a digest of what the service knows them by.
        case session(digest: String)
        /// No tokens, but to which applications a person has signed in.
        case directory(homeAccountID: String)
        case other(String)
    }

    package var subject: Subject
    /// Tokens with and without CAE never mix.
    package var isCAEEnabled: Bool
    /// Whether what is written must not be kept in plain text, whatever the cache allows.
    package var needsEncryption: Bool

    package init(subject: Subject, isCAEEnabled: Bool, needsEncryption: Bool = false) {
        self.subject = subject
        self.isCAEEnabled = isCAEEnabled
        self.needsEncryption = needsEncryption
    }
}

extension VaultPart {
    /// The part as a list of texts, no two of which are alike; for names and digests. Hosts and client ids don't depend on case.
    var words: [String] {
        let kind = self.isCAEEnabled ? "cae" : "nocae"
        return switch self.subject {
        case .user(let environment, let clientID, let homeAccountID):
            [kind, "user", environment.lowercased(), clientID.lowercased(), homeAccountID]
        case .application(let environment, let clientID, let tenantID):
            [kind, "application", environment.lowercased(), clientID.lowercased(), tenantID.lowercased()]
        case .session(let digest): [kind, "session", digest]
        case .directory(let homeAccountID): [kind, "directory", homeAccountID]
        case .other(let name): [kind, "other", name]
        }
    }

    /// Whether accounts are listed from it: not the users of services, of whom there may be many and who aren't asked by name.
    var isListed: Bool {
        switch self.subject {
        case .session, .directory: false
        case .user, .application, .other: true
        }
    }

    /// Whether an account's tokens may be in it; `nil`: those of anybody.
    func mayHold(_ homeAccountID: String?) -> Bool {
        guard let homeAccountID, case .user(_, _, let owner) = self.subject else { return true }
        return owner == homeAccountID
    }
}

/// Why a cache, or a document of one, can't be used. Holds nothing of what was in it.
package struct CacheProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence without a full stop, such as "it is no JSON".
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { self.message }
}
