// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
package import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A token, and then each renewed one before the old one expires: for clients that keep a token as their password, such as those of
/// PostgreSQL, Redis and SQL databases.
///
/// ```swift
/// for try await token in credential.renewals(forScopes: "https://ossrdbms-aad.database.windows.net/.default") {
///     await database.use(password: token.token)
/// }
/// ```
///
/// A client that can ask for its password each time it connects needs none of this: it asks the credential, or a ``BearerTokenProvider``.
///
/// - The first token is asked for at once, as by ``TokenCredential/token(for:)``; an error of that request ends the sequence.
/// - From then on the sequence sleeps until the token's ``AccessToken/refreshOn``, or where there is none until five minutes before it expires
///   (half of the time that is left, if that is less than ten minutes), and up to a minute more by chance. A token that was due already as it
///   was handed on is asked for again after 30 seconds. Then it asks for one that lives longer than the last, so that a kept token doesn't
///   do. The same token again, as hosts of managed identities may give, isn't handed on twice.
/// - An error, or the same token again, doesn't end it while the last token is valid: it asks again after 30 seconds, then twice as long each
///   time up to five minutes, but always before half of what is left of the token's life has passed. What a service says by `Retry-After`
///   counts, up to five minutes. Such errors are logged at `info` to the task-local logger.
/// - Once the last token has expired, an error that ``AuthenticationError/isRetryable`` is `false` for ends the sequence; else it asks on, after two
///   seconds at first and up to a minute later.
/// - It waits a second or more between two requests, whatever the tokens are.
/// - Cancelling the task ends it with `CancellationError`, as it ends ``TokenCredential/token(for:)``. It doesn't end by itself in any other
///   way; after an error, `next()` returns `nil`.
///
/// Each iterator is a sequence of its own, and nothing happens while nobody waits for its next element: a loop that does much between two
/// tokens gets the next one late. Keep such work out of the loop.
public struct TokenRenewals: AsyncSequence, Sendable {
    /// The elements: tokens.
    public typealias Element = AccessToken
    /// What the sequence throws: ``AuthenticationError`` and `CancellationError`, and what a credential of your own does.
    public typealias Failure = any Error

    private let credential: any TokenCredential
    private let context: TokenRequestContext
    private let clock: any MachineClock

    /// - Parameters:
    ///   - credential: The credential to ask.
    ///   - context: What to ask for.
    ///   - clock: The clocks to sleep by.
    package init(credential: any TokenCredential, context: TokenRequestContext, clock: any MachineClock) {
        self.credential = credential
        self.context = context
        self.clock = clock
    }

    /// Makes an iterator, which asks for the first token when its first element is awaited.
    ///
    /// - Returns: The iterator.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(credential: self.credential, context: self.context, clock: self.clock)
    }

    /// What hands the tokens on, one after the other.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        /// The elements: tokens.
        public typealias Element = AccessToken
        /// What ``next(isolation:)`` throws.
        public typealias Failure = any Error

        /// The token that was handed on last, and when to ask for the next.
        private struct Held {
            var token: AccessToken
            var schedule: RenewalSchedule
        }

        private let credential: any TokenCredential
        private let context: TokenRequestContext
        private let clock: any MachineClock
        private var held: Held?
        private var isOver = false

        fileprivate init(credential: any TokenCredential, context: TokenRequestContext, clock: any MachineClock) {
            self.credential = credential
            self.context = context
            self.clock = clock
        }

        /// Waits for the next token.
        ///
        /// - Parameter actor: The actor to run on: the caller's.
        /// - Returns: A token that wasn't handed on before; `nil` after an error.
        /// - Throws: The error that ends the sequence.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> AccessToken? {
            guard !self.isOver else { return nil }
            do {
                if let held = self.held { return try await self.renewal(of: held) }
                let token = try await self.credential.token(for: self.context)
                self.held = Held(token: token, schedule: self.schedule(of: token))
                return token
            } catch let error {
                self.isOver = true
                throw error
            }
        }

        private mutating func renewal(of held: Held) async throws -> AccessToken {
            var schedule = held.schedule
            while true {
                try Task.checkCancellation()
                try await self.clock.sleep(for: schedule.nextAttempt - self.clock.now)
                var context = self.context
                context.minimumRemainingLifetime = schedule.minimumRemaining(
                    context.minimumRemainingLifetime, now: self.clock.now)
                do {
                    let (credential, request) = (self.credential, context)
                    let token = try await FailureReport.$isCallers.withValue(true) { try await credential.token(for: request) }
                    let remaining = Duration(from: self.clock.date, to: token.expiresOn)
                    guard token.token == held.token.token else {
                        let refreshIn = token.refreshOn.map { Duration(from: self.clock.date, to: $0) }
                        schedule.renewed(
                            remaining: remaining, refreshIn: refreshIn, now: self.clock.now, chance: .random(in: 0..<1))
                        self.held = Held(token: token, schedule: schedule)
                        return token
                    }
                    schedule.unchanged(remaining: remaining, now: self.clock.now, chance: .random(in: 0..<1))
                } catch let error {
                    guard !Task.isCancelled, self.goesOn(after: error, &schedule) else { throw error }
                }
            }
        }

        private func goesOn(after error: any Error, _ schedule: inout RenewalSchedule) -> Bool {
            let failure = error as? AuthenticationError
            let goesOn = schedule.failed(
                // A cancellation that isn't this task's says nothing about the next request.
                isRetryable: failure?.isRetryable ?? (error is CancellationError),
                retryAfter: failure?.retryAfter,
                now: self.clock.now,
                chance: .random(in: 0..<1)
            )
            guard goesOn else { return false }
            Logger.current.info(
                "Renewing a token that was handed on failed; it is asked for again",
                metadata: [
                    LogKey.errorType: "\(failure?.code.description ?? "\(type(of: error))")",
                    LogKey.errorMessage: "\(failure?.summaryWithoutAccounts ?? "\(type(of: error))")",
                    LogKey.nextAttemptIn: "\((schedule.nextAttempt - self.clock.now).wholeSeconds)",
                ]
            )
            return true
        }

        private func schedule(of token: AccessToken) -> RenewalSchedule {
            RenewalSchedule(
                remaining: Duration(from: self.clock.date, to: token.expiresOn),
                refreshIn: token.refreshOn.map { Duration(from: self.clock.date, to: $0) },
                now: self.clock.now,
                chance: .random(in: 0..<1)
            )
        }
    }
}

extension TokenCredential {
    /// A token for the given scopes, and then each renewed one before the old one expires.
    ///
    /// - Parameter scopes: The scopes, at least one.
    /// - Returns: The sequence. Nothing is requested yet.
    public func renewals(forScopes scopes: String...) -> TokenRenewals {
        self.renewals(for: TokenRequestContext(scopes: scopes))
    }

    /// A token for a request, and then each renewed one before the old one expires.
    ///
    /// - Parameter context: The request. Its ``TokenRequestContext/timeout`` holds for each attempt.
    /// - Returns: The sequence. Nothing is requested yet.
    public func renewals(for context: TokenRequestContext) -> TokenRenewals {
        self.renewals(for: context, clock: SystemClock())
    }

    /// The same by other clocks.
    package func renewals(for context: TokenRequestContext, clock: any MachineClock) -> TokenRenewals {
        TokenRenewals(credential: self, context: context, clock: clock)
    }
}

extension Duration {
    /// How long it is from one date to another, held within what a duration can say.
    fileprivate init(from start: Date, to end: Date) {
        let seconds = end.timeIntervalSince(start)
        self = seconds.isNaN ? .zero : .seconds(Swift.min(Swift.max(seconds, -1e9), 1e9))
    }
}
