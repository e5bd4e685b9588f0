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
/// those that come later get what it got.
///
/// Who waits is in `State.asking` under the question that is being asked, and whoever removes him resumes him.
final class ClaimsAnswers: Sendable {
    /// A challenge, and whose token it came for: what somebody else gets is no answer.
    struct Question: Sendable, Hashable {
        var ask: AuthorizationPlan.Ask
        var identity: AccessToken.Provenance?
    }

    private struct Answer: Sendable {
        var token: AccessToken
        var since: MonotonicTime
    }

    /// What to do about a question.
    private enum Turn: Sendable {
        case known(AccessToken)
        case wait
        case ask
    }

    private typealias Waiter = CheckedContinuation<AccessToken?, any Error>

    private struct State: Sendable {
        var answers = RecentValues<Question, Answer>(limit: ClaimsAnswers.maximumCount)
        var asking: [Question: [UInt64: Waiter]] = [:]
        var lastID: UInt64 = 0
    }

    static let maximumCount = 16
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
    ///   - refused: The token that the challenge came for; it is no answer.
    ///   - timeout: How long to wait for somebody else.
    ///   - operation: Asks the credential.
    /// - Throws: What the operation throws, also somebody else's, unless it is about him alone: his cancellation, his time.
    nonisolated(nonsending) func token(
        for question: Question, refused: AccessToken?, timeout: Duration?,
        operation: nonisolated(nonsending) () async throws -> AccessToken
    ) async throws -> AccessToken {
        let deadline = timeout.map { self.clock.now + $0 }
        while true {
            try Task.checkCancellation()
            switch self.turn(for: question, refused: refused) {
            case .known(let token): return token
            case .wait:
                if let token = try await self.wait(for: question, until: deadline) { return token }
            case .ask:
                do {
                    let token = try await operation()
                    self.finish(question, .success(token))
                    return token
                } catch let error {
                    let failure = error as? AuthenticationError
                    let isShared = failure.map { $0.code != .timedOut } ?? false
                    self.finish(question, isShared ? .failure(error) : .success(nil))
                    throw error
                }
            }
        }
    }

    private func turn(for question: Question, refused: AccessToken?) -> Turn {
        let (now, date) = (self.clock.now, self.clock.date)
        return self.state.withLock { state in
            if let answer = state.answers[question], answer.token != refused, now - answer.since < Self.lifetime,
                answer.token.expiresOn > date
            {
                return .known(answer.token)
            }
            guard state.asking[question] == nil else { return .wait }
            state.asking[question] = [:]
            return .ask
        }
    }

    /// Ends a question, and wakes who waited for it: with a token, with an error, or with nothing, to ask themselves.
    private func finish(_ question: Question, _ result: Result<AccessToken?, any Error>) {
        let now = self.clock.now
        let waiters = self.state.withLock { state in
            if case .success(let token?) = result { state.answers[question] = Answer(token: token, since: now) }
            return state.asking.removeValue(forKey: question) ?? [:]
        }
        for waiter in waiters.values { waiter.resume(with: result) }
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
        let id = self.state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: Waiter) in
                // Who is cancelled before he is in the table isn't found by the handler, but by himself.
                let result: Result<AccessToken?, any Error>? = self.state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.asking[question] != nil else { return .success(nil) }
                    state.asking[question]?[id] = waiter
                    return nil
                }
                if let result { waiter.resume(with: result) }
            }
        } onCancel: {
            let waiter = self.state.withLock { $0.asking[question]?.removeValue(forKey: id) }
            waiter?.resume(throwing: CancellationError())
        }
    }
}
