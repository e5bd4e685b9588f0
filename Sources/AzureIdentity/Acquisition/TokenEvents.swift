// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What happens to the tokens of a credential: renewals, renewals that failed, changes of identity.
///
/// ```swift
/// for await event in credential.events {
///     if case .renewalFailed(let error) = event.kind { print("Callers get the old token for now:", error.summary) }
/// }
/// ```
///
/// - **Whose.** Credentials of equal configuration that share a cache share their tokens and requests, so each of them sees the events of all. A
///   chain sees those of its members, also of members that it doesn't ask.
/// - **From when.** An iterator sees what happens after it was made: make it before whatever it is to see. Nothing is kept for iterators that
///   come later.
/// - **How many.** Each iterator sees all events. One that is slow keeps the newest ``bufferSize``; of more, the oldest are dropped. Nobody ever
///   waits for it.
/// - **Until when.** It ends when the credential is gone and no request of its is under way (for a chain, when the last member is), and when the task
///   that waits is cancelled. A sequence doesn't keep its credential alive. It ends at once for a credential that can't be used as it is
///   configured.
///
/// Which identity a request had last is remembered for up to 4,096 requests that differ in tenant or scopes, also over
/// `removeCachedTokens()`; of more, all are forgotten, and each starts with a first token again.
///
/// Nothing is done for events when a kept token is handed out, whether somebody listens or not.
public struct TokenEvents: AsyncSequence, Sendable {
    /// The elements: events.
    public typealias Element = TokenEvent
    /// The sequence doesn't throw.
    public typealias Failure = Never

    /// How many events an iterator keeps that aren't asked for yet.
    public static let bufferSize = 64

    /// Each gives a desk as long as there is one.
    private let desks: [@Sendable () -> TokenEventDesk?]

    /// The events of several credentials, for a credential of your own that asks others.
    ///
    /// - Parameter sources: The credentials. Without any, the sequence ends at once.
    public init(of sources: [any TokenEventSource]) { self.desks = sources.flatMap { $0.events.desks } }

    /// The events of one desk, or of none.
    init(_ desk: TokenEventDesk?) { self.desks = desk.map { desk in [{ [weak desk] in desk }] } ?? [] }

    /// Makes an iterator, which sees what happens from now on.
    ///
    /// - Returns: The iterator.
    public func makeAsyncIterator() -> AsyncIterator {
        // Members of equal configuration tell the same.
        var desks: [TokenEventDesk] = []
        for desk in self.desks.lazy.compactMap({ $0() }) where !desks.contains(where: { $0.tellsTheSame(as: desk) }) {
            desks.append(desk)
        }
        let (stream, continuation) = AsyncStream.makeStream(
            of: TokenEvent.self, bufferingPolicy: .bufferingNewest(Self.bufferSize))
        let subscriber = TokenEventSubscriber(continuation, sources: desks.count)
        let places = desks.map { (hub: $0.hub, topic: $0.topic) }
        // Before anybody can end it.
        continuation.onTermination = { _ in
            for place in places { place.hub.remove(subscriber, from: place.topic) }
        }
        for desk in desks { desk.subscribe(subscriber) }
        if desks.isEmpty { continuation.finish() }
        return AsyncIterator(base: stream.makeAsyncIterator())
    }

    /// What hands the events on, one after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// The elements: events.
        public typealias Element = TokenEvent
        /// ``next(isolation:)`` doesn't throw.
        public typealias Failure = Never

        fileprivate var base: AsyncStream<TokenEvent>.AsyncIterator

        /// Waits for the next event.
        ///
        /// - Parameter actor: The actor to run on: the caller's.
        /// - Returns: The event; `nil` when there will be none.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> TokenEvent? {
            await self.base.next(isolation: actor)
        }
    }
}

/// One iterator, as those see it that have something to tell.
final class TokenEventSubscriber: Sendable {
    private let continuation: AsyncStream<TokenEvent>.Continuation
    private let sources: Locked<Int>

    init(_ continuation: AsyncStream<TokenEvent>.Continuation, sources: Int) {
        self.continuation = continuation
        self.sources = Locked(sources)
    }

    func tell(_ event: TokenEvent) { self.continuation.yield(event) }

    /// One of those it hears of is gone; the last one ends it.
    func lose() {
        let isLast = self.sources.withLock { sources in
            sources -= 1
            return sources == 0
        }
        if isLast { self.continuation.finish() }
    }
}
