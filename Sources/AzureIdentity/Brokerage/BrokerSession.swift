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

/// Who is signed in by the broker, and how a token is got for that account: silently, or by a window. One window at a time.
final class BrokerSession: Sendable {
    /// Where the acquirer in front keeps the tokens.
    struct Keeping: Sendable {
        let store: TokenStore
        let partition: PartitionID
    }

    struct State: Sendable {
        var record: AuthenticationRecord?
        /// The account of the record, as the broker gave it last.
        var account: BrokerAccount?
        /// Who must sign in, unless a caller wants somebody else: who the configuration names, signed in on purpose, or was the first.
        var expectation: BrokerExpectation
        /// How often somebody has signed in by a window.
        var signIns = 0
        /// How often somebody has signed out: what was asked for before says nothing of who is signed in now.
        var signOuts = 0
    }

    /// What trying without a person came to.
    private enum Silence: Sendable {
        case token(AcquiredToken)
        /// Nothing, and why.
        case nothing(BrokerFailure)
    }

    /// How long the broker may take without a person.
    static let silentLimit = Duration.seconds(30)

    let client: BrokerEngine.Client
    let authority: Authority
    let platform: BrokerPlatform
    let broker: any BrokerClient
    let validatesAuthority: Bool
    let keeping: Keeping
    let host: Host
    let logger: Logger?
    private let turns: SignInTurns
    let state: Locked<State>

    init(
        _ client: BrokerEngine.Client,
        broker: BrokeredSignIn,
        authority: Authority,
        validatesAuthority: Bool,
        keeping: Keeping,
        host: Host,
        logger: Logger?
    ) {
        self.client = client
        self.authority = authority
        self.platform = broker.platform
        self.broker = broker.client(host)
        self.validatesAuthority = validatesAuthority
        self.keeping = keeping
        self.host = host
        self.logger = logger
        self.turns = SignInTurns(clock: host.clock)
        self.state = Locked(State(record: client.record, expectation: BrokerExpectation(client)))
    }

    /// Who is signed in.
    var record: AuthenticationRecord? { self.state.withLock { $0.record } }

    /// A token for a request, silently if that is possible.
    func acquire(_ request: AcquisitionRequest) async throws -> AcquiredToken {
        // Here, once for all callers: whose clouds differ don't share a request.
        if let error = self.authority.mismatch(scopes: request.context.scopes, credential: self.client.credential) { throw error }
        let signIns = self.state.withLock { $0.signIns }
        let arrival = self.turns.come()
        defer { self.turns.go() }
        do {
            switch try await self.silently(request) {
            case .token(let token): return token
            case .nothing(let failure):
                // Nobody is asked behind the caller's back, while the old token is good.
                guard !request.isRenewal, !self.client.isSilent,
                    self.client.authenticatesAutomatically || UserSession.isPersonAround
                else {
                    throw self.errors.required(failure, context: request.context)
                }
                return try await self.inTurn(request, since: arrival, signIns: signIns)
            }
        } catch let failure as BrokerFailure {
            // No browser is opened behind the caller's back.
            if case .absent = failure.kind, !request.isRenewal, let fallback = self.client.fallback {
                return try await self.fallBack(fallback, request: request)
            }
            throw try self.error(failure, limit: Self.silentLimit)
        }
    }

    /// Signs the account out of the application at the broker, and forgets it: if that fails, it is still signed in.
    func signOut() async throws {
        let question = self.accountsQuestion
        do {
            let accounts = try await self.accountsToSignOut(question)
            try await self.limited(Self.silentLimit) {
                for account in accounts { try await self.signOut(account, question) }
            }
        } catch let failure as BrokerFailure {
            switch failure.kind {
            // Nobody is signed in where there is no broker.
            case .absent: break
            default: throw try self.error(failure, limit: Self.silentLimit)
            }
        }
        try await self.client.fallback?.signOut()
        self.state.withLock { state in
            state.record = nil
            state.account = nil
            state.expectation = BrokerExpectation(self.client)
            state.signOuts += 1
        }
    }

    /// The error if there is no broker, by asking for its accounts; `nil`: there is one, or nobody knows, or something is asked in its place.
    func absence(within patience: Duration) async -> AuthenticationError? {
        guard self.client.fallback == nil else { return nil }
        let limit = min(patience, Self.silentLimit)
        var asking = self.accountsQuestion
        asking.deadline = self.host.clock.now + limit
        do {
            let question = asking
            _ = try await self.limited(limit) { try await self.broker.accounts(question) }
            return nil
        } catch let failure as BrokerFailure {
            guard case .absent = failure.kind else { return nil }
            return self.errors.error(failure, limit: limit)
        } catch {
            return nil
        }
    }

    private func signOut(_ account: BrokerAccount, _ question: BrokerRequest) async throws(BrokerFailure) {
        do throws(BrokerFailure) {
            try await self.broker.signOut(account, request: question)
        } catch {
            // Nobody is signed in with a broker that doesn't know the account.
            guard error.kind == .accountNotFound else { throw error }
        }
    }

    // MARK: - Silently

    private func silently(_ request: AcquisitionRequest) async throws -> Silence {
        let deadline = min(request.deadline, self.host.clock.now + Self.silentLimit)
        let question = try self.question(request, deadline: deadline)
        let signOuts = self.state.withLock { $0.signOuts }
        return try await self.limited(Self.silentLimit) {
            try await self.silently(request, question: question, signOuts: signOuts)
        }
    }

    private func silently(_ request: AcquisitionRequest, question: BrokerRequest, signOuts: Int) async throws -> Silence {
        let isDefaultPossible = self.client.usesDefaultAccount
        switch try await self.choice(question) {
        case .person(let failure): return .nothing(failure)
        case .systemDefault: return try await self.silently(request, question: question, account: nil, signOuts: signOuts)
        case .account(let account):
            let silence = try await self.silently(request, question: question, account: account, signOuts: signOuts)
            // Some brokers find the operating system's account, but have no list; whose token it is, is compared.
            guard case .nothing(let failure) = silence, failure.kind == .accountNotFound, isDefaultPossible else {
                return silence
            }
            return try await self.silently(request, question: question, account: nil, signOuts: signOuts)
        }
    }

    private func silently(
        _ request: AcquisitionRequest,
        question: BrokerRequest,
        account: BrokerAccount?,
        signOuts: Int
    ) async throws -> Silence {
        let answer: BrokerAnswer
        do throws(BrokerFailure) {
            answer = try await self.broker.acquireSilently(question, account: account)
        } catch {
            let failure = error.without(question.tokenToRenew)
            switch failure.kind {
            case .interactionRequired: return .nothing(failure)
            case .accountNotFound:
                self.state.withLock { $0.account = nil }
                return .nothing(failure)
            default: throw failure
            }
        }
        return .token(try self.settle(answer, asked: account, request: request, since: signOuts))
    }

    // MARK: - By a person

    private func inTurn(_ request: AcquisitionRequest, since arrival: Int, signIns: Int) async throws -> AcquiredToken {
        let limit = self.client.turnLimit
        return try await self.turns.take(
            since: arrival,
            limit: limit,
            onTimeout: { self.errors.error(.init(.timedOut), limit: self.client.timeLimit) },
            isForAll: { BrokerErrors.isRefusalForAll($0) },
            operation: {
                do {
                    var request = request
                    // What is waited for the others is none of this sign-in's own time.
                    request.deadline = self.host.clock.now + limit
                    if self.state.withLock({ $0.signIns }) != signIns {
                        // Somebody has signed in while this request waited for its turn.
                        if case .token(let token) = try await self.silently(request) { return token }
                    }
                    return try await self.byPerson(request)
                } catch let failure as BrokerFailure {
                    throw try self.error(failure, limit: self.client.timeLimit)
                }
            }
        )
    }

    private func byPerson(_ request: AcquisitionRequest) async throws -> AcquiredToken {
        var question = try self.question(request, deadline: self.host.clock.now + self.client.timeLimit)
        let (account, record) = self.state.withLock { ($0.account, $0.record) }
        question.loginHint = self.client.loginHint ?? record.flatMap { $0.username.isEmpty ? nil : $0.username }
        let answer: BrokerAnswer
        do throws(BrokerFailure) {
            answer = try await self.broker.acquireInteractively(question, account: account)
        } catch {
            throw error.without(question.tokenToRenew)
        }
        // Who was given up, while somebody else signs in perhaps, is nobody's account.
        try Task.checkCancellation()
        return try self.settle(answer, asked: nil, request: request, since: nil)
    }

    /// Asks what the program allows in the broker's place.
    private func fallBack(_ fallback: BrokerFallback, request: AcquisitionRequest) async throws -> AcquiredToken {
        (self.logger ?? .current).info(
            "There is no broker here; the browser is used instead",
            metadata: [LogKey.credential: "\(self.client.credential)"]
        )
        var context = request.context
        context.tenantID = request.tenantID
        // The request is shared: the time of the caller that happened to begin it isn't the others'.
        context.timeout = nil
        let token = try await fallback.token(context)
        let record = fallback.record()
        try self.admit(BrokerIdentity(record), record: record, since: nil)
        return try AcquiredToken(of: token, credential: self.client.credential, clock: self.host.clock)
    }

    // MARK: - What both need

    /// Runs a call to the broker, which ends by itself when its deadline passes; one that doesn't is left behind a little later.
    private func limited<Value: Sendable>(
        _ limit: Duration,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await leavingBehind(
            after: limit + BrokerEngine.Client.margin,
            clock: self.host.clock,
            onTimeout: { BrokerFailure(.timedOut) },
            operation: operation
        )
    }

    var errors: BrokerErrors {
        BrokerErrors(
            credential: self.client.credential,
            broker: self.broker.name,
            platform: self.platform.refined(self.host),
            clientID: self.client.resolvedClientID,
            isMSAPassthroughEnabled: self.client.isMSAPassthroughEnabled,
            isSilent: self.client.isSilent,
            isPersonal: self.state.withLock { $0.account?.isPersonal ?? false }
        )
    }

    /// The error that a failure comes out as.
    ///
    /// - Throws: `CancellationError` if it is the caller's own.
    private func error(_ failure: BrokerFailure, limit: Duration) throws -> AuthenticationError {
        if failure.kind == .cancelled { try Task.checkCancellation() }
        return self.errors.error(failure, limit: limit)
    }
}
