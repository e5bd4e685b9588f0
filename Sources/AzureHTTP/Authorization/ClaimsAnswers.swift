// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

/// Has each claims challenge answered once, however many requests it comes to: one of them asks, those that come meanwhile wait for it, and
/// those that come later get what it got. Also if each is asked for other claims, as long as the token is newer than the refused one.
///
/// At most one question is asked at a time for the same tokens, and a limited number of them in a minute. Who waits is in `State.asking`,
/// and whoever removes him resumes him.
final class ClaimsAnswers: Sendable {
    /// A challenge, and whose token it came for: what somebody else gets is no answer.
    struct Question: Sendable, Hashable {
        var ask: AuthorizationPlan.Ask
        var identity: AccessToken.Provenance?

        /// The question without its claims: what the tokens are for, and whose they are.
        var subject: Question {
            var subject = self
            subject.ask.claims = nil
            return subject
        }
    }

    /// What came of a question.
    struct Outcome: Sendable {
        var token: AccessToken
        /// Whether the token was got for other claims: it may be refused for those of the question.
        var isForOtherClaims = false
    }

    private struct Answer: Sendable {
        var token: AccessToken
        var refused: AccessToken?
        var since: MonotonicTime
    }

    /// What to do about a question.
    private enum Turn: Sendable {
        case known(Outcome)
        case wait
        case ask
    }

    private typealias Continuation = CheckedContinuation<AccessToken?, any Error>

    private struct Waiter: Sendable {
        var question: Question
        var continuation: Continuation
    }

    private struct State: Sendable {
        var answers = RecentValues<Question, Answer>(limit: ClaimsAnswers.maximumCount)
        /// The last answers, by subject.
        var latest = RecentValues<Question, Answer>(limit: ClaimsAnswers.maximumCount)
        /// When questions were asked in the last minute, by subject.
        var times = RecentValues<Question, [MonotonicTime]>(limit: ClaimsAnswers.maximumCount)
        /// Who waits, by subject.
        var asking: [Question: [UInt64: Waiter]] = [:]
        var lastID: UInt64 = 0
    }

    static let maximumCount = 16
    /// How many questions there are in a minute for the same tokens. A service that wants more of them gets the refused token again.
    static let questionsPerMinute = 10
    /// How long a token answers further challenges with the same claims: as long as requests may be under way that were sent before it.
    static let lifetime = Duration.seconds(120)

    private let clock: any MachineClock
    private let state = Locked(State())

    init(clock: any MachineClock) { self.clock = clock }

    /// How many wait for somebody else's answer.
    var waiterCount: Int { self.state.withLock { $0.asking.values.reduce(0) { $0 + $1.count } } }

    /// The token that answers a question.
    ///
    /// - Parameters:
    ///   - refused: The token that the challenge came for; it is no answer, but what comes back when too many questions were asked.
    ///   - sentAt: When the refused token was sent: a token that was got since then, though for other claims, will do. `nil`: it won't.
    ///   - timeout: How long to wait for somebody else.
    ///   - operation: Asks the credential.
    /// - Throws: What the operation throws, also somebody else's, unless it is about him alone: his cancellation, his time, his claims.
    nonisolated(nonsending) func token(
        for question: Question, refused: AccessToken?, sentAt: MonotonicTime? = nil, timeout: Duration?,
        operation: nonisolated(nonsending) () async throws -> AccessToken
    ) async throws -> Outcome {
        let deadline = timeout.map { self.clock.now + $0 }
        while true {
            try Task.checkCancellation()
            switch self.turn(for: question, refused: refused, sentAt: sentAt) {
            case .known(let outcome): return outcome
            case .wait:
                if let token = try await self.wait(for: question, until: deadline) { return Outcome(token: token) }
            case .ask:
                do {
                    let token = try await operation()
                    self.finish(question, .success(token), refused: refused)
                    return Outcome(token: token)
                } catch let error {
                    let failure = error as? AuthenticationError
                    let isShared = failure.map { $0.code != .timedOut } ?? false
                    self.finish(question, isShared ? .failure(error) : .success(nil), refused: refused)
                    throw error
                }
            }
        }
    }

    private func turn(for question: Question, refused: AccessToken?, sentAt: MonotonicTime?) -> Turn {
        let (now, date) = (self.clock.now, self.clock.date)
        let subject = question.subject
        return self.state.withLock { state in
            if let answer = state.answers[question], answer.token != refused, now - answer.since < Self.lifetime,
                answer.token.expiresOn > date
            {
                return .known(Outcome(token: answer.token))
            }
            if let sentAt, let answer = state.latest[subject], !(answer.since < sentAt), answer.token != refused,
                answer.token.expiresOn > date, question.identity?.objectID != nil || answer.refused == refused
            {
                // Where nothing tells whose tokens they are, the same refused token does.
                return .known(Outcome(token: answer.token, isForOtherClaims: true))
            }
            guard state.asking[subject] == nil else { return .wait }
            let times = (state.times[subject] ?? []).filter { now - $0 < .seconds(60) }
            if let refused, times.count >= Self.questionsPerMinute { return .known(Outcome(token: refused)) }
            state.times[subject] = times + [now]
            state.asking[subject] = [:]
            return .ask
        }
    }

    /// Ends a question, and wakes who waited for it: with a token or an error if it was his question too, or else to look again.
    private func finish(_ question: Question, _ result: Result<AccessToken?, any Error>, refused: AccessToken?) {
        let now = self.clock.now
        let subject = question.subject
        let waiters = self.state.withLock { state in
            if case .success(let token?) = result {
                let answer = Answer(token: token, refused: refused, since: now)
                state.answers[question] = answer
                state.latest[subject] = answer
            }
            return state.asking.removeValue(forKey: subject) ?? [:]
        }
        for waiter in waiters.values {
            waiter.continuation.resume(with: waiter.question == question ? result : .success(nil))
        }
    }

    /// Waits for somebody else's answer; `nil`: there is none.
    private nonisolated(nonsending) func wait(for question: Question, until deadline: MonotonicTime?) async throws -> AccessToken?
    {
        guard let deadline else { return try await self.wait(for: question) }
        return try await withTimeout(
            max(.zero, deadline - self.clock.now),
            clock: self.clock,
            onTimeout: {
                AuthenticationError(
                    .timedOut,
                    credential: BearerTokenAuthorizer.name,
                    message: "The token that the service's claims challenge asks for didn't come in time.",
                    isRetryable: true
                )
            },
            operation: { try await self.wait(for: question) }
        )
    }

    private nonisolated(nonsending) func wait(for question: Question) async throws -> AccessToken? {
        let subject = question.subject
        let id = self.state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Continuation) in
                // Who is cancelled before he is in the table isn't found by the handler, but by himself.
                let result: Result<AccessToken?, any Error>? = self.state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.asking[subject] != nil else { return .success(nil) }
                    state.asking[subject]?[id] = Waiter(question: question, continuation: continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = self.state.withLock { $0.asking[subject]?.removeValue(forKey: id) }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }
}
