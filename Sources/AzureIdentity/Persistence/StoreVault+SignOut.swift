// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP

extension StoreVault {
    /// How often a person is signed out while they sign in to more applications.
    private static let maximumRounds = 4

    /// Removes what the directories of people list, and what this process has used besides.
    ///
    /// No sign-in gets away that isn't listed afterwards: tokens are removed by a new version in their place, and then exactly those entries
    /// leave the directory that were there before. Who signs in meanwhile reads the version, then writes the directory, then the tokens; so either
    /// the new version refuses the tokens, or they are removed, or the directory has changed and all is done once more.
    package func signOut(homeAccountID: String?, environments: [String]?) async throws {
        let known = try await self.parts().map(\.subject)
        let homes = known.compactMap { subject -> String? in
            guard case .user(_, _, let home) = subject else { return nil }
            return home
        }
        var problem = FirstProblem()
        for home in homeAccountID.map({ [$0] }) ?? Set(homes) {
            do {
                try await self.signOut(home, known: known, environments)
            } catch let error {
                try problem.note(error)
            }
        }
        try problem.rethrow()
    }

    private func signOut(_ home: String, known: [VaultPart.Subject], _ environments: [String]?) async throws {
        let directory = VaultPart(subject: .directory(homeAccountID: home), isCAEEnabled: false)
        for _ in 0..<Self.maximumRounds {
            var problem = FirstProblem()
            var lists: [(seal: CacheSeal, entry: Entry)] = []
            do {
                lists = try await self.lists(directory)
            } catch let error {
                try problem.note(error)
            }
            let listed = lists.flatMap { $0.entry.document.applications }.map {
                VaultPart.Subject.user(environment: $0.environment, clientID: $0.clientID, homeAccountID: home)
            }
            let subjects = Set(known + listed).filter { Self.isMeant($0, home, environments) }
            do {
                let parts = subjects.flatMap { subject in
                    [false, true].map { VaultPart(subject: subject, isCAEEnabled: $0) }
                }
                try await self.remove(.all, from: parts)
            } catch let error {
                try problem.note(error)
            }
            // If tokens may be left, so is the directory, for the next try.
            try problem.rethrow()
            if try await self.shorten(lists, of: directory, environments) { return }
        }
        throw CacheProblem("the account went on signing in to applications while it was signed out")
    }

    /// A person's directory under the names of all keys.
    private func lists(_ directory: VaultPart) async throws -> [(seal: CacheSeal, entry: Entry)] {
        let deadline = self.clock.now + Self.changeLimit
        var lists: [(seal: CacheSeal, entry: Entry)] = []
        for seal in self.seals {
            if let entry = try await self.entry(directory, seal, deadline: deadline) { lists.append((seal, entry)) }
        }
        return lists
    }

    /// Takes the applications that were signed out of from a person's directory; whether it hasn't changed meanwhile.
    private func shorten(
        _ lists: [(seal: CacheSeal, entry: Entry)],
        of directory: VaultPart,
        _ environments: [String]?
    ) async throws -> Bool {
        let deadline = self.clock.now + Self.changeLimit
        for (seal, entry) in lists {
            var document = entry.document
            document.removeApplications { Self.isMeant($0.environment, environments) }
            if document == entry.document { continue }
            guard try await self.write(document, of: directory, seal, ifUnchanged: entry.version, deadline: deadline) else {
                return false
            }
        }
        return true
    }

    private static func isMeant(_ subject: VaultPart.Subject, _ home: String, _ environments: [String]?) -> Bool {
        guard case .user(let host, _, home) = subject else { return false }
        return self.isMeant(host, environments)
    }

    private static func isMeant(_ host: String, _ environments: [String]?) -> Bool {
        environments?.contains { CacheDocument.isSame($0, host) } ?? true
    }
}
#endif
