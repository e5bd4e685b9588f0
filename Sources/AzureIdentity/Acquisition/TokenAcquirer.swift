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

/// What a credential's closure is asked for.
struct AcquisitionRequest: Sendable {
    let context: TokenRequestContext
    let tenantID: String
    /// When nobody waits any more.
    let deadline: MonotonicTime
}

/// What a credential's closure brings.
struct AcquiredToken: Sendable {
    var token: String
    /// From when the request was sent.
    var lifetime: Duration
    var refreshIn: Duration?
    var type = AccessToken.TokenType.bearer
    var clientID: String?

    init(token: String, lifetime: Duration, refreshIn: Duration? = nil) {
        self.token = token
        self.lifetime = lifetime
        self.refreshIn = refreshIn
    }
}

/// The engine of every credential: keeps tokens, shares requests, renews early, keeps back, wraps errors, logs, counts and traces.
///
/// A credential is its options plus one closure that gets a token; everything else is here, once.
final class TokenAcquirer: Sendable {
    typealias Acquire = @Sendable (AcquisitionRequest) async throws -> AcquiredToken

    /// How long a request may take in all, its retries included.
    static let flightLimit = Duration.seconds(300)
    /// How long a service's wish to be left alone is heeded at most.
    static let maximumHold = Duration.seconds(60)

    private let credential: String
    private let partition: PartitionID
    private let store: TokenStore
    private let clock: any MachineClock
    private let telemetry: Telemetry
    private let logger: Logger?
    private let clientID: String?
    private let acquire: Acquire

    /// - Parameters:
    ///   - credential: The type name of the credential, for errors, logs and metrics.
    ///   - partition: What distinguishes this credential's tokens from others'.
    ///   - cache: Where tokens are kept.
    ///   - host: The machine.
    ///   - logger: The logger; `nil` for the task-local one.
    ///   - clientID: The application, for remedies.
    ///   - acquire: Gets a token over the network.
    init(
        credential: String,
        partition: PartitionID,
        cache: TokenCache,
        host: Host,
        logger: Logger?,
        clientID: String? = nil,
        acquire: @escaping Acquire
    ) {
        self.credential = credential
        self.partition = partition
        self.store = cache.store
        self.clock = host.clock
        self.telemetry = host.telemetry(credential)
        self.logger = logger
        self.clientID = clientID
        self.acquire = acquire
    }

    /// A token from memory, else from the request under way, else from a new one.
    func token(for context: TokenRequestContext, tenantID: String) async throws -> AccessToken {
        try Task.checkCancellation()
        let key = TokenKey(
            partition: self.partition,
            tenantID: tenantID,
            scopes: context.scopes,
            isCAEEnabled: context.isCAEEnabled
        )
        switch self.lookUp(key, context: context) {
        case .hit(let token, let isRefreshDue, let remaining):
            self.telemetry.countHit()
            if let remaining { self.telemetry.set(remainingLifetime: remaining) }
            if isRefreshDue { self.refresh(key, context: context) }
            return token
        case .held(let error):
            self.telemetry.countRequest()
            throw error
        case .miss:
            self.telemetry.countRequest()
            return try await self.requestedToken(key, context: context)
        }
    }

    /// Drops this credential's tokens.
    func removeCachedTokens() { self.store.remove(self.partition) }

    private func lookUp(_ key: TokenKey, context: TokenRequestContext) -> TokenCacheState.Answer {
        self.store.lookUp(
            key,
            now: self.clock.now,
            minimumRemaining: context.minimumRemainingLifetime,
            acceptsToken: context.claims == nil
        )
    }

    private func requestedToken(_ key: TokenKey, context: TokenRequestContext) async throws -> AccessToken {
        try context.validate(for: self.credential)
        let generation = self.store.generation
        return try await self.store.flights.value(
            for: FlightKey(token: key, claims: context.claims, generation: generation),
            patience: context.timeout.map { timeout in
                .init(timeout, clock: self.clock) { self.timedOut(after: timeout) }
            },
            limit: self.limit,
            operation: { sequence in
                // Another request may have ended between this caller's look at the cache and the beginning of this one.
                switch self.lookUp(key, context: context) {
                case .hit(let token, _, _): return token
                case .held(let error): throw error
                case .miss: return try await self.flight(key, context: context, sequence: sequence, generation: generation)
                }
            }
        )
    }

    /// Renews a token behind its callers' backs. They get the old one whatever comes of it.
    private func refresh(_ key: TokenKey, context: TokenRequestContext) {
        self.telemetry.countRefresh()
        let generation = self.store.generation
        self.store.flights.begin(
            for: FlightKey(token: key, claims: nil, generation: generation),
            limit: self.limit,
            operation: { sequence in
                do {
                    return try await self.flight(key, context: context, sequence: sequence, generation: generation)
                } catch let error as AuthenticationError {
                    // Nobody waits for this error, so the log is all that tells of it.
                    self.currentLogger.info(
                        "Renewing a token failed; the old one is used until it expires",
                        metadata: ["azure.credential": "\(self.credential)", "error": "\(error.summary)"]
                    )
                    throw error
                }
            }
        )
    }

    private func flight(
        _ key: TokenKey,
        context: TokenRequestContext,
        sequence: UInt64,
        generation: UInt64
    ) async throws -> AccessToken {
        let start = self.clock.now
        let date = self.clock.date
        let request = AcquisitionRequest(context: context, tenantID: key.tenantID, deadline: start + Self.flightLimit)
        do {
            let acquired = try await self.telemetry.traced(tenantID: key.tenantID) { try await self.acquire(request) }
            self.telemetry.record(duration: self.clock.now - start)
            self.telemetry.set(remainingLifetime: acquired.lifetime)
            let stored = self.stored(acquired, key: key, start: start, date: date)
            self.store.store(stored, for: key, sequence: sequence, generation: generation)
            self.currentLogger.debug(
                "Acquired a token",
                metadata: [
                    "azure.credential": "\(self.credential)", "azure.tenant_id": "\(key.tenantID)",
                    "azure.scopes": "\(key.scopes.joined(separator: " "))",
                    "azure.expires_in": "\(acquired.lifetime.wholeSeconds)",
                ]
            )
            var token = stored.token
            token.source = .network
            return token
        } catch let error {
            throw self.failure(error, key: key, generation: generation)
        }
    }

    private func stored(
        _ acquired: AcquiredToken,
        key: TokenKey,
        start: MonotonicTime,
        date: Date
    ) -> TokenCacheState.Stored {
        let delay = RefreshSchedule.refreshDelay(lifetime: acquired.lifetime, refreshIn: acquired.refreshIn)
        let jittered = RefreshSchedule.jittered(delay, lifetime: acquired.lifetime, chance: .random(in: 0..<1))
        let token = AccessToken(
            token: acquired.token,
            expiresOn: date.addingTimeInterval(acquired.lifetime.inSeconds),
            refreshOn: date.addingTimeInterval(delay.inSeconds),
            type: acquired.type,
            provenance: .init(credential: self.credential, tenantID: key.tenantID, clientID: acquired.clientID),
            source: .memory
        )
        return .init(token: token, expiry: start + acquired.lifetime, refreshTime: start + jittered)
    }

    /// Wraps, explains, counts and, if the service asks to be left alone, remembers a failure. Cancellation passes as it is.
    private func failure(_ error: any Error, key: TokenKey, generation: UInt64) -> any Error {
        let wrapped = AuthenticationError.wrapping(error, credential: self.credential)
        guard var failure = wrapped as? AuthenticationError else { return wrapped }
        if failure.remedy == nil { failure.remedy = Guide.remedy(for: failure, clientID: self.clientID) }
        self.telemetry.countFailure(code: failure.code.description)
        if let retryAfter = failure.retryAfter, retryAfter > .zero, [429, 503].contains(failure.response?.status) {
            let end = self.clock.now + min(retryAfter, Self.maximumHold)
            self.store.hold(key, error: failure, until: end, generation: generation)
        }
        self.currentLogger.debug(
            "Acquiring a token failed",
            metadata: ["azure.credential": "\(self.credential)", "error": "\(failure.summary)"]
        )
        return failure
    }

    private var currentLogger: Logger { self.logger ?? Logger.current }

    private var limit: SingleFlight<FlightKey, AccessToken>.Limit {
        .init(Self.flightLimit, clock: self.clock) { [credential] in
            AuthenticationError(
                .authenticationFailed,
                credential: credential,
                message: "\(credential): No token within \(Self.flightLimit.wholeSeconds) s; the request was given up.",
                isRetryable: true
            )
        }
    }

    private func timedOut(after timeout: Duration) -> AuthenticationError {
        AuthenticationError(
            .timedOut,
            credential: self.credential,
            message: "\(self.credential): No token within the \(timeout.inSeconds) s that the request allows.",
            isRetryable: true
        )
    }
}
