// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

/// What an authorizer remembers: what was discovered at which host, and the last tokens that answered claims challenges. Pure, bounded.
struct AuthorizationMemory: Sendable {
    /// What to do about a claims challenge.
    enum Answer: Sendable, Equatable {
        /// Somebody has had this token for the same challenge.
        case token(AccessToken)
        /// Somebody is asking for one.
        case isAsked
        /// Nobody has asked.
        case ask
    }

    private struct Entry: Sendable {
        var asking = 0
        var token: AccessToken?
        var since: MonotonicTime
    }

    static let maximumHosts = 64
    static let maximumAnswers = 16
    /// How long a token answers further challenges with the same claims: as long as requests may be under way that were sent before it.
    static let answerLifetime = Duration.seconds(120)

    private var hosts = RecentValues<AuthorizedOrigin, AuthorizationPlan.Ask>(limit: maximumHosts)
    private var answers = RecentValues<AuthorizationPlan.Ask, Entry>(limit: maximumAnswers)

    mutating func known(for origin: AuthorizedOrigin) -> AuthorizationPlan.Ask? { self.hosts[origin] }

    mutating func remember(_ ask: AuthorizationPlan.Ask, for origin: AuthorizedOrigin) { self.hosts[origin] = ask }

    mutating func forget(_ origin: AuthorizedOrigin) { self.hosts[origin] = nil }

    /// The token that answered a claims challenge a while ago, if it still does, and is of the same identity as the refused one.
    mutating func answer(
        to ask: AuthorizationPlan.Ask, refused: AccessToken?, now: MonotonicTime, date: Date
    ) -> AccessToken? {
        guard let entry = self.answers[ask], let token = entry.token, token != refused, now - entry.since < Self.answerLifetime,
            token.expiresOn > date, token.provenance == refused?.provenance
        else { return nil }
        return token
    }

    /// What to do about a claims challenge. After anything but a token, ``finish(_:token:now:)`` has to follow.
    ///
    /// - Parameters:
    ///   - ask: The question, with the claims.
    ///   - refused: The token that the challenge came for.
    mutating func begin(_ ask: AuthorizationPlan.Ask, refused: AccessToken?, now: MonotonicTime, date: Date) -> Answer {
        if let token = self.answer(to: ask, refused: refused, now: now, date: date) { return .token(token) }
        var entry = self.answers[ask] ?? Entry(since: now)
        entry.token = nil
        entry.asking += 1
        self.answers[ask] = entry
        return entry.asking > 1 ? .isAsked : .ask
    }

    /// Keeps the answer to a question; `nil` if there was none.
    mutating func finish(_ ask: AuthorizationPlan.Ask, token: AccessToken?, now: MonotonicTime) {
        var entry = self.answers[ask] ?? Entry(since: now)
        entry.asking = max(0, entry.asking - 1)
        if let token {
            entry.token = token
            entry.since = now
        }
        self.answers[ask] = entry.asking == 0 && entry.token == nil ? nil : entry
    }
}

/// A table of limited size that gives up what wasn't used for the longest. Made for some dozens of entries.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private var values: [Key: (value: Value, use: UInt64)] = [:]
    private var uses: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { self.values.count }

    subscript(key: Key) -> Value? {
        mutating get {
            guard let found = self.values[key] else { return nil }
            self.uses += 1
            self.values[key] = (found.value, self.uses)
            return found.value
        }
        set {
            self.uses += 1
            self.values[key] = newValue.map { ($0, self.uses) }
            guard self.values.count > self.limit, let oldest = self.values.min(by: { $0.value.use < $1.value.use }) else {
                return
            }
            self.values[oldest.key] = nil
        }
    }
}
