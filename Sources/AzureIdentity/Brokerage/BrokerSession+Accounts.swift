// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension BrokerSession {
    /// What the broker is asked for a request.
    func question(_ request: AcquisitionRequest, deadline: MonotonicTime) throws -> BrokerRequest {
        let context = request.context
        var question = self.question(
            tenantID: request.tenantID,
            scopes: context.scopes.filter { !TokenGrant.ScopeRule.signInScopes.contains($0) },
            correlationID: context.correlationID ?? UUID(),
            deadline: deadline
        )
        question.claims = try ClaimsRequest.value(
            claims: context.claims,
            isCAEEnabled: context.isCAEEnabled,
            credential: self.client.credential
        )
        question.proofOfPossession = context.proofOfPossession
        // Who asks although a token is kept wants another one than that, which is what the broker has too.
        let key = TokenKey(
            partition: self.keeping.partition,
            tenantID: request.tenantID,
            scopes: context.scopes,
            isCAEEnabled: context.isCAEEnabled
        )
        if context.proofOfPossession == nil, let kept = self.keeping.store.keptToken(for: key, now: self.host.clock.now) {
            question.tokenToRenew = Secret(kept.token)
        }
        return question
    }

    /// What the broker is asked for its accounts, and for signing out.
    var accountsQuestion: BrokerRequest {
        self.question(
            tenantID: self.client.resolvedTenantID,
            scopes: [],
            correlationID: UUID(),
            deadline: self.host.clock.now + Self.silentLimit
        )
    }

    private func question(
        tenantID: String,
        scopes: [String],
        correlationID: UUID,
        deadline: MonotonicTime
    ) -> BrokerRequest {
        var question = BrokerRequest(
            clientID: self.client.resolvedClientID,
            authority: "\(self.authority.host)/\(tenantID)",
            scopes: scopes,
            redirectURL: self.platform.requestedRedirectURL,
            correlationID: correlationID.uuidString.lowercased(),
            deadline: deadline
        )
        question.loginHint = self.client.loginHint
        question.isMSAPassthroughEnabled = self.client.isMSAPassthroughEnabled
        question.window = self.client.window
        question.validatesAuthority = self.validatesAuthority
        return question
    }

    /// Whom the broker is asked for without a person.
    func choice(_ question: BrokerRequest) async throws(BrokerFailure) -> BrokerChoice {
        let (account, expectation) = self.state.withLock { ($0.account, $0.expectation) }
        if let account { return .account(account) }
        if expectation == .anyone, self.client.usesDefaultAccount { return .systemDefault }
        return BrokerChoice(
            try await self.accounts(question),
            expectation: expectation,
            tenantID: String(question.authority.split(separator: "/").last ?? ""),
            environment: self.authority.environment
        )
    }

    /// The account that signing out means, with all its entries: the one that is signed in, else the one that the configuration names, and
    /// never another.
    ///
    /// - Throws: `BrokerFailure`; `AuthenticationError` if several accounts have the name of the login hint.
    func accountsToSignOut(_ question: BrokerRequest) async throws -> [BrokerAccount] {
        let (account, expectation) = self.state.withLock { ($0.account, $0.expectation) }
        if let account {
            // A broker that can't list it may know it all the same, and says itself what else is wrong.
            let listed = (try? await self.accounts(question)) ?? []
            let entries = listed.filter { BrokerIdentity.isSame($0.homeAccountID, account.homeAccountID) }
            return entries.isEmpty ? [account] : entries
        }
        guard expectation != .anyone else { return [] }
        let entries = expectation.accounts(in: try await self.accounts(question))
        guard entries.allSatisfy({ BrokerIdentity.isSame($0.homeAccountID, entries[0].homeAccountID) }) else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: self.client.credential,
                message: """
                    \(self.client.credential): The broker has several accounts of the login hint's name, and none is signed out. Say by an \
                    authentication record which one is meant.
                    """
            )
        }
        return entries
    }

    /// Has anyone be signed in again whom nobody names.
    func forgetFirst() {
        let configured = BrokerExpectation(self.client)
        guard configured == .anyone else { return }
        self.state.withLock { $0.expectation = configured }
    }

    private func accounts(_ question: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount] {
        do throws(BrokerFailure) {
            return try await self.broker.accounts(question)
        } catch {
            guard error.kind == .accountNotFound else { throw error }
            return []
        }
    }

    /// Takes a broker's answer: remembers who it is for, and makes the token of it.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - asked: The account that the broker was asked for; `nil`: it chose, or a person did.
    ///   - request: The request.
    ///   - signOuts: How often somebody had signed out when the broker was asked; `nil`: a person has signed in.
    /// - Throws: `AuthenticationError` if it is another person than expected, and nobody asked for that; `BrokerFailure` if it is no answer.
    func settle(
        _ answer: BrokerAnswer,
        asked: BrokerAccount?,
        request: AcquisitionRequest,
        since signOuts: Int?
    ) throws -> AcquiredToken {
        var token = try BrokerToken.acquired(
            answer, isProofWanted: request.context.proofOfPossession != nil, clock: self.host.clock)
        token.clientID = self.client.resolvedClientID
        let identity = BrokerIdentity(answer, asked: asked)
        let record = identity.record(
            authority: self.authority.environment, clientID: self.client.resolvedClientID, tenantID: request.tenantID)
        try self.admit(identity, record: record, since: signOuts)
        return token
    }

    /// Lets somebody be who is signed in: who is expected, or whom a caller wanted to sign in.
    ///
    /// - Parameters:
    ///   - identity: Who it is.
    ///   - record: The same, for the program.
    ///   - signOuts: How often somebody had signed out when the broker was asked; `nil`: a person has signed in.
    /// - Throws: `AuthenticationError` if it is another person than expected, and nobody asked for that.
    func admit(_ identity: BrokerIdentity, record: AuthenticationRecord?, since signOuts: Int?) throws {
        let isWanted = signOuts == nil && UserSession.isPersonAround
        let (isWrong, isChange) = self.state.withLock { state in
            guard !identity.isContradicted, isWanted || state.expectation.isMet(by: identity) else { return (true, false) }
            // Who has signed out meanwhile, isn't signed in again by what was asked for before.
            if let signOuts, signOuts != state.signOuts { return (false, false) }
            let former = state.record?.homeAccountID ?? state.account?.homeAccountID
            let isChange = former.map { !BrokerIdentity.isSame($0, identity.homeAccountID) } ?? false
            if signOuts == nil { state.signIns += 1 }
            state.record = record
            state.account = identity.account
            // Whoever is the first stays the one, until another one signs in on purpose.
            if isWanted || state.expectation == .anyone, let home = identity.homeAccountID {
                state.expectation = .account(homeAccountID: home, username: identity.username ?? "")
            }
            return (false, isChange)
        }
        guard !isWrong else { throw self.errors.otherPerson(configured: BrokerExpectation(self.client)) }
        guard isChange else { return }
        // The tokens of the other account; this request's isn't kept either, which the next one makes up for.
        self.keeping.store.remove(self.keeping.partition)
        (self.logger ?? .current).debug(
            "The broker has another account now; the tokens of the old one are dropped",
            metadata: [LogKey.credential: "\(self.client.credential)"]
        )
    }
}
