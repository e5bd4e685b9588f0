// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// One walk through a chain: whom it has asked so far, and what came of it. One task walks; tasks of its own only look for later members while
/// an earlier one is asked, and end with the walk.
struct ChainWalk {
    /// A token, and which member gave it.
    struct Answer: Sendable {
        let member: Int
        let token: AccessToken
    }

    /// What a search came to: why the member can't be asked.
    private struct Finding: Sendable {
        let member: Int
        let error: AuthenticationError?
    }

    private typealias Searches = ThrowingTaskGroup<Finding, any Error>

    private let policy: CredentialChain.Policy
    private let members: [ChainMember]
    private let clock: any MachineClock
    private let context: TokenRequestContext
    /// Who gave the last token, and therefore probably has one: behind it nobody is looked for until it is out.
    private let favourite: Int?
    private let start: MonotonicTime

    private(set) var attempts: [AuthenticationError.Attempt] = []
    /// The errors of the attempts.
    private var errors: [AuthenticationError?] = []
    private var position = 0
    /// Up to where members have been looked for.
    private var horizon = 0
    private var findings: [Int: Finding] = [:]

    init(
        _ policy: CredentialChain.Policy,
        members: [ChainMember],
        clock: any MachineClock,
        context: TokenRequestContext,
        favourite: Int?
    ) {
        self.policy = policy
        self.members = members
        self.clock = clock
        self.context = context
        self.favourite = favourite
        self.start = clock.now
    }

    /// The first token that a member gives.
    ///
    /// - Throws: `AuthenticationError` of the chain; `CancellationError`.
    mutating func answer() async throws -> Answer {
        self.passSkipped()
        if self.position == self.favourite, let answer = try await self.ask(isKnownToWork: true) { return answer }
        return try await withThrowingTaskGroup(of: Finding.self) { searches in
            defer { searches.cancelAll() }
            while self.position < self.members.count {
                if let answer = try await self.advance(&searches) { return answer }
            }
            throw self.failure(stopped: false)
        }
    }

    private mutating func passSkipped() {
        while self.position < self.members.count, let reason = self.members[self.position].skipped {
            self.skip(reason)
        }
    }

    /// Deals with the next member.
    private mutating func advance(_ searches: inout Searches) async throws -> Answer? {
        try Task.checkCancellation()
        let member = self.members[self.position]
        if let reason = member.skipped ?? member.exclusion?(self.attempts) {
            self.skip(reason)
            return nil
        }
        let start = self.clock.now
        do {
            try member.validate()
        } catch let error {
            try self.note(error, outcome: .unavailable, since: start)
            return nil
        }
        if self.position < self.horizon, member.look != nil {
            if let error = try await self.finding(of: self.position, &searches)?.error {
                try self.note(error, outcome: .unavailable, since: start)
                return nil
            }
        }
        self.lookAhead(&searches)
        return try await self.ask(isKnownToWork: false)
    }

    /// Begins to look for members behind this one, which is about to be asked.
    private mutating func lookAhead(_ searches: inout Searches) {
        let end =
            self.favourite.map { $0 < self.position ? self.members.count : min($0 + 1, self.members.count) } ?? self.members.count
        let first = max(self.horizon, self.position + 1)
        guard first < end else { return }
        for index in first..<end where self.members[index].skipped == nil {
            guard let look = self.members[index].look else { continue }
            searches.addTask { Finding(member: index, error: await look()) }
        }
        self.horizon = end
    }

    private mutating func finding(of member: Int, _ searches: inout Searches) async throws -> Finding? {
        while self.findings[member] == nil, let finding = try await searches.next() {
            self.findings[finding.member] = finding
        }
        try Task.checkCancellation()
        return self.findings[member]
    }

    /// Asks the member for a token.
    ///
    /// - Parameter isKnownToWork: Whether it gave the last token, so that there is nothing to be checked first.
    /// - Returns: `nil` if the next one is to be asked.
    private mutating func ask(isKnownToWork: Bool) async throws -> Answer? {
        let member = self.members[self.position]
        let start = self.clock.now
        var context = self.context
        if let timeout = context.timeout {
            let rest = timeout - (start - self.start)
            guard rest > .zero else { throw self.timedOut(timeout) }
            context.timeout = rest
        }
        do {
            let token = try self.policy.checked(try await member.token(context), of: member)
            self.append(.init(credential: member.name, outcome: .succeeded, duration: self.clock.now - start), error: nil)
            return Answer(member: self.position, token: token)
        } catch let error {
            return try self.pass(error, of: member, since: start)
        }
    }

    /// Goes on to the next member after an error, or throws the chain's.
    private mutating func pass(_ error: any Error, of member: ChainMember, since start: MonotonicTime) throws -> Answer? {
        let isUnavailable = (error as? AuthenticationError)?.isUnavailable ?? false
        let failure = try self.note(error, outcome: isUnavailable ? .unavailable : .failed, since: start)
        // Neither another identity nor a mistake in the request gets better with the next member.
        let isFinal = [.invalidConfiguration, .timedOut].contains(failure.code) || failure.remedy?.guide == GuideRow.g07.rawValue
        guard isUnavailable || (member.passesOnFailures && !isFinal) else { throw self.failure(stopped: true) }
        return nil
    }

    private mutating func skip(_ reason: String) {
        let member = self.members[self.position]
        if member.isShownInErrors {
            self.append(.init(credential: member.name, outcome: .skipped, message: reason), error: nil)
        }
        self.position += 1
    }

    /// Notes what a member came to. Cancellation isn't noted.
    @discardableResult
    private mutating func note(
        _ error: any Error,
        outcome: AuthenticationError.Attempt.Outcome,
        since start: MonotonicTime
    ) throws -> AuthenticationError {
        let name = self.members[self.position].name
        guard let failure = ChainFailure.wrapped(error, of: self.members[self.position]) else { throw error }
        let attempt = AuthenticationError.Attempt(
            credential: name,
            outcome: outcome,
            code: failure.code,
            message: failure.message,
            summary: AuthenticationError.Attempt.reason(failure.reason, of: name),
            duration: self.clock.now - start,
            remedy: failure.remedy
        )
        self.append(attempt, error: failure)
        self.position += 1
        return failure
    }

    private mutating func append(_ attempt: AuthenticationError.Attempt, error: AuthenticationError?) {
        self.attempts.append(attempt)
        self.errors.append(error)
    }

    private mutating func timedOut(_ timeout: Duration) -> AuthenticationError {
        let name = self.members[self.position].name
        let message = "Not asked: the \(timeout.shownSeconds) s that the request allows were up before."
        let error = AuthenticationError(.timedOut, credential: name, message: message, isRetryable: true)
        self.append(.init(credential: name, outcome: .skipped, code: .timedOut, message: message), error: error)
        return self.failure(stopped: true)
    }

    private func failure(stopped: Bool) -> AuthenticationError {
        ChainFailure.error(self.policy, attempts: self.attempts, errors: self.errors, stopped: stopped)
    }
}

/// What a chain throws. Pure.
enum ChainFailure {
    /// What a member has thrown, as an error of ours; `nil` for a cancellation of this task, which passes as it is.
    static func wrapped(_ error: any Error, of member: ChainMember) -> AuthenticationError? {
        if let failure = AuthenticationError.wrapping(error, credential: member.name) as? AuthenticationError { return failure }
        guard !Task.isCancelled else { return nil }
        return AuthenticationError(
            .authenticationFailed,
            credential: member.name,
            message: "\(member.name): Getting the token was cancelled from within.",
            isRetryable: true,
            underlyingError: error
        )
    }

    /// The error of a walk that has ended without a token (row G06).
    ///
    /// - Parameters:
    ///   - policy: The chain.
    ///   - attempts: What its members came to.
    ///   - errors: Their errors, in the same order.
    ///   - stopped: Whether the last attempt stopped the chain.
    static func error(
        _ policy: CredentialChain.Policy,
        attempts: [AuthenticationError.Attempt],
        errors: [AuthenticationError?],
        stopped: Bool
    ) -> AuthenticationError {
        let cause = LikeliestCause(attempts, stopped: stopped, isOnAzure: policy.isOnAzure)
        let decider = cause.attempt.flatMap { errors[$0] }
        let hasFailed = stopped || attempts.contains { $0.outcome == .failed }
        let lines =
            [
                "\(policy.name) failed to retrieve a token from the included credentials.",
                AuthenticationError.causeTitle + cause.text,
            ] + attempts.map(\.description)
        var error = AuthenticationError(
            hasFailed ? decider?.code ?? .authenticationFailed : .credentialUnavailable,
            credential: policy.name,
            message: lines.joined(separator: "\n"),
            isRetryable: decider?.isRetryable ?? false,
            underlyingError: decider?.underlyingError
        )
        error.attempts = attempts
        error.context = decider?.context
        error.serviceError = decider?.serviceError
        error.response = decider?.response
        error.retryAfter = decider?.retryAfter
        error.remedy = cause.remedy(in: attempts)
        return error
    }
}
