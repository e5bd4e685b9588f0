// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The engine of every credential: keeps tokens, shares requests, renews early, keeps back, wraps errors, logs, counts and traces.
///
/// A credential is its options plus one closure that gets a token; everything else is here, once.
final class TokenAcquirer: Sendable {
    typealias Acquire = @Sendable (AcquisitionRequest) async throws -> AcquiredToken

    /// How long a request may take in all, its retries included.
    static let flightLimit = Duration.seconds(300)
    /// How much earlier the last retry ends, so that what it failed with comes out.
    private static let flightMargin = Duration.seconds(5)
    /// How long a service's wish to be left alone is heeded at most.
    static let maximumHold = Duration.seconds(60)

    let credential: String
    private let partition: PartitionID
    let store: TokenStore
    let clock: any MachineClock
    let telemetry: Telemetry
    let events: TokenEventDesk
    let logging: LoggingOptions
    let facts: GuideFacts
    let timeLimit: Duration
    private let provesPossession: Bool
    private let isForPerson: @Sendable () -> Bool
    private let acquire: Acquire

    /// - Parameters:
    ///   - credential: The type name of the credential, for errors, logs and metrics.
    ///   - partition: What distinguishes this credential's tokens from others'.
    ///   - cache: Where tokens are kept.
    ///   - host: The machine.
    ///   - logging: What is logged, and where.
    ///   - events: Where it tells what happens; `nil`: where all with the same partition do.
    ///   - facts: What remedies are made for.
    ///   - timeLimit: How long an acquisition may take in all; longer where a person takes part.
    ///   - provesPossession: Whether tokens can be bound to a request. If not, who wants that is refused here, for all credentials.
    ///   - isForPerson: Whether the caller has a person sign in, where others may not be answered with whoever that is.
    ///   - acquire: Gets a token over the network.
    init(
        credential: String,
        partition: PartitionID,
        cache: TokenCache,
        host: Host,
        logging: LoggingOptions,
        events: TokenEventDesk? = nil,
        facts: GuideFacts = GuideFacts(),
        timeLimit: Duration = TokenAcquirer.flightLimit,
        provesPossession: Bool = false,
        isForPerson: @escaping @Sendable () -> Bool = { false },
        acquire: @escaping Acquire
    ) {
        self.credential = credential
        self.partition = partition
        self.store = cache.store
        self.clock = host.clock
        self.telemetry = host.telemetry(credential)
        self.events = events ?? TokenEventDesk(cache.store.events, topic: partition)
        self.logging = logging
        self.facts = facts
        self.timeLimit = timeLimit
        self.provesPossession = provesPossession
        self.isForPerson = isForPerson
        self.acquire = acquire
    }

    /// A token from memory, if there is one that would do. What most calls come to, and therefore not asynchronous. `now` is given by
    /// who has looked at the clock already.
    func keptToken(for context: TokenRequestContext, tenantID: String, now: MonotonicTime? = nil) throws -> AccessToken? {
        try Task.checkCancellation()
        let key = self.key(context, tenantID: tenantID)
        guard case .hit(let token, let isRefreshDue, let remaining) = self.lookUp(key, context: context, now: now) else {
            return nil
        }
        self.telemetry.countHit()
        if let remaining { self.telemetry.set(remainingLifetime: remaining) }
        if isRefreshDue { self.refresh(key, context: context) }
        return token
    }

    /// A token from memory, else from the request under way, else from a new one.
    func token(for context: TokenRequestContext, tenantID: String) async throws -> AccessToken {
        if let token = try self.keptToken(for: context, tenantID: tenantID) { return token }
        let key = self.key(context, tenantID: tenantID)
        switch self.lookUp(key, context: context) {
        case .hit(let token, _, _): return token
        case .held(let error):
            self.telemetry.countRequest()
            // Who comes while the request is still being tried waits with the others.
            guard self.store.flights.isUnderWay(self.flightKey(key, claims: context.claims)) else { throw error }
            return try await self.requestedToken(key, context: context)
        case .miss:
            self.telemetry.countRequest()
            return try await self.requestedToken(key, context: context)
        }
    }

    /// Drops this credential's tokens.
    func removeCachedTokens() { self.store.remove(self.partition) }

    private func key(_ context: TokenRequestContext, tenantID: String) -> TokenKey {
        TokenKey(
            partition: self.partition,
            tenantID: tenantID,
            scopes: context.scopes,
            isCAEEnabled: context.isCAEEnabled,
            proof: context.proofOfPossession?.identity
        )
    }

    private func lookUp(_ key: TokenKey, context: TokenRequestContext, now: MonotonicTime? = nil) -> TokenCacheState.Answer {
        self.store.lookUp(
            key,
            now: now ?? self.clock.now,
            minimumRemaining: context.minimumRemainingLifetime,
            acceptsToken: context.claims == nil
        )
    }

    func flightKey(_ key: TokenKey, claims: String?) -> FlightKey {
        FlightKey(token: key, claims: claims, removal: self.store.removal(of: self.partition), isForPerson: self.isForPerson())
    }

    private func requestedToken(_ key: TokenKey, context: TokenRequestContext) async throws -> AccessToken {
        try context.validate(for: self.credential)
        guard context.proofOfPossession == nil || self.provesPossession else {
            throw AuthenticationError.withoutProof(self.credential)
        }
        let token = try await self.sharedToken(key, context: context)
        // A request that another caller began may have found a kept token that is good enough for that caller alone.
        guard token.source == .memory, let minimum = context.minimumRemainingLifetime,
            token.expiresOn.timeIntervalSince(self.clock.date) < minimum.inSeconds
        else { return token }
        return try await self.sharedToken(key, context: context)
    }

    private func sharedToken(_ key: TokenKey, context: TokenRequestContext) async throws -> AccessToken {
        try await self.store.flights.value(
            for: self.flightKey(key, claims: context.claims),
            patience: context.timeout.map { timeout in
                .init(timeout, clock: self.clock) { self.timedOut(after: timeout, key: key, claims: context.claims) }
            },
            limit: self.limit(for: key),
            operation: {
                // Another request may have ended between this caller's look at the cache and the beginning of this one.
                switch self.lookUp(key, context: context) {
                case .hit(let token, _, _): return token
                case .held(let error): throw error
                case .miss: return try await self.flight(key, context: context, isRenewal: false)
                }
            }
        )
    }

    /// Renews a token behind its callers' backs. They get the old one whatever comes of it.
    private func refresh(_ key: TokenKey, context: TokenRequestContext) {
        let isBegun = self.store.flights.begin(
            for: self.flightKey(key, claims: nil),
            limit: self.limit(for: key),
            operation: { try await self.flight(key, context: context, isRenewal: true) }
        )
        if isBegun { self.telemetry.countRefresh() }
    }

    private func flight(_ key: TokenKey, context: TokenRequestContext, isRenewal: Bool) async throws -> AccessToken {
        let number = self.store.nextNumber()
        let flightKey = self.flightKey(key, claims: context.claims)
        let start = self.clock.now
        let request = AcquisitionRequest(
            context: context,
            tenantID: key.tenantID,
            deadline: start + (self.timeLimit - Self.flightMargin),
            isRenewal: isRenewal,
            onSetback: {
                self.holdBack(key, error: $0, number: number)
                self.store.note($0, for: flightKey, number: number)
            }
        )
        defer { self.store.forgetSetback(of: flightKey, number: number) }
        do {
            let traced = TracedAcquisition(
                tenantID: key.tenantID.isEmpty ? nil : key.tenantID, scopes: key.scopes, isRenewal: isRenewal)
            let acquired = try await self.telemetry.traced(traced, source: { $0.source.description }) {
                try await self.acquire(request)
            }
            guard (acquired.type == .pop) == (key.proof != nil) else { throw AuthenticationError.wrongKind(self.credential) }
            self.telemetry.record(duration: self.clock.now - start)
            self.telemetry.set(remainingLifetime: acquired.lifetime)
            let stored = self.stored(acquired, key: key, start: acquired.start ?? start)
            var token = stored.token
            token.source = acquired.source
            var former: AccessToken.Provenance?
            // A token for one request is of no use to another one, and soon of none at all; nor does it say whose it is.
            if key.proof == nil {
                self.store.store(stored, for: key, number: number, now: self.clock.now, overrides: context.claims != nil)
                former = self.events.noteAcquired(token, key: key, credential: self.credential).formerIdentity
            }
            self.log(token, key: key, lifetime: acquired.lifetime, former: former)
            return token
        } catch let error {
            throw self.failure(error, key: key, number: number, isRenewal: isRenewal)
        }
    }

    private func stored(
        _ acquired: AcquiredToken,
        key: TokenKey,
        start: MonotonicTime
    ) -> TokenCacheState.Stored {
        let date = self.clock.date.addingTimeInterval(-(self.clock.now - start).inSeconds)
        let delay = RefreshSchedule.refreshDelay(lifetime: acquired.lifetime, refreshIn: acquired.refreshIn)
        let jittered = RefreshSchedule.jittered(delay, lifetime: acquired.lifetime, chance: .random(in: 0..<1))
        let identity = TokenIdentity(token: acquired.token)
        let token = AccessToken(
            token: acquired.token,
            expiresOn: date.addingTimeInterval(acquired.lifetime.inSeconds),
            refreshOn: date.addingTimeInterval(delay.inSeconds),
            type: acquired.type,
            provenance: .init(
                credential: self.credential,
                tenantID: identity.tenantID ?? (key.tenantID.isEmpty ? nil : key.tenantID),
                clientID: identity.clientID ?? acquired.clientID,
                objectID: identity.objectID,
                userName: identity.userName
            ),
            source: .memory
        )
        return .init(token: token, expiry: start + acquired.lifetime, refreshTime: start + jittered)
    }
}
