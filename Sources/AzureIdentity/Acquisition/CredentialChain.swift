// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

/// Asks credentials in order until one gives a token. Holds no lock while one is asked, and has no flight of its own: its members share their
/// requests themselves, so that concurrent walks cost one request each.
final class CredentialChain: Sendable {
    /// How a chain behaves.
    struct Policy: Sendable {
        /// What errors and the log call it.
        let name: String
        let keepsWinner: Bool
        var expectedIdentity: ExpectedIdentity?
        /// Whether something speaks for an Azure host, for the likeliest cause.
        var isOnAzure = false
        var logger: Logger?
    }

    private struct State: Sendable {
        /// Who gave the last token; with a winner that is kept, the first.
        var winner: Int?
        /// How often the winner was forgotten: a walk from before it decides on no winner.
        var removals = 0
        var attempts: [AuthenticationError.Attempt] = []
    }

    let policy: Policy
    let members: [ChainMember]
    /// The members' own.
    private let keptTokens: [(@Sendable (TokenRequestContext) throws -> AccessToken?)?]
    private let problem: AuthenticationError?
    private let clock: any MachineClock
    private let state = Locked(State())

    /// - Parameters:
    ///   - policy: How it behaves.
    ///   - members: Whom it asks, in order.
    ///   - problem: Why it can't ask anyone. Without members there always is one.
    ///   - clock: What time is counted by.
    init(_ policy: Policy, members: [ChainMember], problem: AuthenticationError? = nil, clock: any MachineClock) {
        self.policy = policy
        self.members = members
        self.keptTokens = members.map(\.keptToken)
        self.problem =
            problem
            ?? (policy.expectedIdentity?.isEmpty == true
                ? AuthenticationError(
                    .invalidConfiguration,
                    credential: policy.name,
                    message: "\(policy.name): \(ExpectedIdentity.emptinessText)"
                ) : nil)
            ?? (members.isEmpty
                ? AuthenticationError(
                    .invalidConfiguration,
                    credential: policy.name,
                    message: "\(policy.name): at least one credential is required."
                ) : nil)
        self.clock = clock
    }

    /// Who gave the last token.
    var selected: String? { self.state.withLock { $0.winner }.map { self.members[$0].name } }

    /// What the last walk came to.
    var attempts: [AuthenticationError.Attempt] { self.state.withLock { $0.attempts } }

    /// What is known without a request.
    var plan: ChainPlan { ChainPlan(members: self.members.map(\.plan), problem: self.problem?.reason) }

    /// Throws if the chain can't ask anyone.
    func validate() throws { if let problem { throw problem } }

    /// What happens to the members' tokens.
    var events: TokenEvents { TokenEvents(of: self.members.compactMap(\.eventSource)) }

    /// Forgets the winner, and has the members drop their tokens.
    func removeCachedTokens() {
        self.state.withLock { state in
            state.winner = nil
            state.removals += 1
        }
        for member in self.members { member.removeCachedTokens() }
    }

    /// A kept token of the member that the chain keeps to, if there is one that would do. What most calls come to, and therefore not
    /// asynchronous. What it fails with comes out of asking the member.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard self.policy.keepsWinner, self.problem == nil, let winner = self.state.withLock({ $0.winner }),
            let token = try? self.keptTokens[winner]?(context)
        else { return nil }
        // A copy of the member costs as much as the rest.
        if self.policy.expectedIdentity == nil, token.hasProvenance { return token }
        return try self.policy.checked(token, of: self.members[winner])
    }

    /// A token of the first member that gives one.
    func token(for context: TokenRequestContext) async throws -> AccessToken {
        try Task.checkCancellation()
        try self.validate()
        let (winner, removals) = self.state.withLock { ($0.winner, $0.removals) }
        if self.policy.keepsWinner, let winner { return try await self.token(ofWinner: winner, context: context) }
        try context.validate(for: self.policy.name)
        var walk = ChainWalk(self.policy, members: self.members, clock: self.clock, context: context, favourite: winner)
        do {
            let answer = try await walk.answer()
            let (chosen, isNews) = self.settle(on: answer.member, attempts: walk.attempts, removals: removals)
            guard chosen == answer.member else { return try await self.token(ofWinner: chosen, context: context) }
            if isNews { self.announce(answer.member) }
            return answer.token
        } catch let error as AuthenticationError {
            self.state.withLock { $0.attempts = walk.attempts }
            throw error
        }
    }

    /// A token of the member that the chain keeps to. Its errors come out as they are: to whom else one would turn now is another identity.
    private func token(ofWinner index: Int, context: TokenRequestContext) async throws -> AccessToken {
        let member = self.members[index]
        do {
            return try self.policy.checked(try await member.token(context), of: member)
        } catch let error {
            guard var failure = ChainFailure.wrapped(error, of: member) else { throw error }
            guard failure.code != .invalidConfiguration, failure.code != .timedOut else { throw failure }
            failure.message += """
                 (\(self.policy.name) keeps to \(member.name), which has given a token before; it chooses anew after removeCachedTokens().)
                """
            throw failure
        }
    }

    /// Remembers who answered. Where a winner is kept and another walk has found one meanwhile, that one stays.
    private func settle(
        on member: Int,
        attempts: [AuthenticationError.Attempt],
        removals: Int
    ) -> (chosen: Int, isNews: Bool) {
        self.state.withLock { state in
            guard state.removals == removals else { return (member, false) }
            if self.policy.keepsWinner, let winner = state.winner, winner != member { return (winner, false) }
            state.attempts = attempts
            let isNews = state.winner != member
            state.winner = member
            return (member, isNews)
        }
    }

    private func announce(_ member: Int) {
        (self.policy.logger ?? Logger.current).info(
            "\(self.policy.name) acquired a token from \(self.members[member].name)",
            metadata: [LogKey.credential: "\(self.policy.name)", LogKey.member: "\(self.members[member].name)"]
        )
    }
}

extension CredentialChain.Policy {
    /// The token, if it is for whom it must be, with who gave it.
    ///
    /// - Throws: `AuthenticationError` (row G07) if it is for another identity than expected.
    func checked(_ token: AccessToken, of member: ChainMember) throws -> AccessToken {
        if let expectedIdentity, let difference = expectedIdentity.difference(from: token.provenance) {
            var error = AuthenticationError(
                .authenticationFailed, credential: member.name, message: "\(member.name): \(difference)")
            error.remedy = Guide.remedy(.g07)
            error.remedy?.text = "Sign out of the account that was found, exclude its credential, or name the credential to use."
            throw error
        }
        guard !token.hasProvenance else { return token }
        return AccessToken(
            token: token.token,
            expiresOn: token.expiresOn,
            refreshOn: token.refreshOn,
            type: token.type,
            provenance: .init(credential: member.name),
            source: token.source
        )
    }
}
