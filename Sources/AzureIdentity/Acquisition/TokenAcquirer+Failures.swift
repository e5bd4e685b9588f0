// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

extension TokenAcquirer {
    /// Wraps, explains, counts and, if need be, remembers a failure. A cancellation of the acquisition itself passes as it is.
    func failure(_ error: any Error, key: TokenKey, number: UInt64, isRenewal: Bool) -> any Error {
        if error is CancellationError, Task.isCancelled { return error }
        let failure = self.explained(error)
        self.telemetry.countFailure(code: failure.code.description)
        self.holdBack(key, error: failure, number: number)
        self.log(failure, isRenewal: isRenewal)
        self.events.noteFailed(failure, key: key, credential: self.credential)
        return failure
    }

    /// The error as an `AuthenticationError` with its remedy. One that isn't ours is wrapped, a stray cancellation too.
    private func explained(_ error: any Error) -> AuthenticationError {
        var failure =
            AuthenticationError.wrapping(error, credential: self.credential) as? AuthenticationError
            ?? AuthenticationError(
                .authenticationFailed,
                credential: self.credential,
                message: "\(self.credential): Getting the token was cancelled from within.",
                isRetryable: true,
                underlyingError: error
            )
        if failure.remedy == nil { failure.remedy = Guide.remedy(for: failure, facts: self.facts) }
        return failure
    }

    /// Keeps a key's requests back if the service asked for it, with a 429 or 503.
    func holdBack(_ key: TokenKey, error: AuthenticationError, number: UInt64) {
        guard let retryAfter = error.retryAfter, retryAfter > .zero, [429, 503].contains(error.response?.status) else { return }
        let end = self.clock.now + min(retryAfter, Self.maximumHold)
        self.store.hold(key, error: self.explained(error), until: end, number: number)
    }

    func limit(for key: TokenKey) -> SingleFlight<FlightKey, AccessToken>.Limit {
        .init(self.timeLimit, clock: self.clock) {
            let error = AuthenticationError(
                .authenticationFailed,
                credential: self.credential,
                message: "\(self.credential): No token within \(self.timeLimit.wholeSeconds) s; the request was given up.",
                isRetryable: true
            )
            self.telemetry.countFailure(code: error.code.description)
            self.logGivenUp(error)
            self.events.noteFailed(error, key: key, credential: self.credential)
            return error
        }
    }

    /// The error of a caller whose own time is up; with what was in the way, as far as it is known.
    func timedOut(after timeout: Duration, key: TokenKey, claims: String?) -> AuthenticationError {
        let flightKey = self.flightKey(key, claims: claims)
        var error = AuthenticationError(
            .timedOut,
            credential: self.credential,
            message: "\(self.credential): No token within the \(timeout.shownSeconds) s that the request allows.",
            isRetryable: true
        )
        var cause = self.store.setback(of: flightKey).map { self.explained($0) }
        if case .held(let held) = self.store.lookUp(key, now: self.clock.now, minimumRemaining: nil, acceptsToken: false) {
            cause = held
        }
        guard let cause else { return error }
        error.message += " Before that: \(HostileText.sanitized(cause.message, limit: 300))"
        error.retryAfter = cause.retryAfter
        error.response = cause.response
        error.remedy = cause.remedy
        return error
    }
}
