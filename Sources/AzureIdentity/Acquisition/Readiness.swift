// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// How far waiting for a credential has come; see `waitUntilReady(for:timeout:onProgress:)` of the credentials that know of start-up races.
public struct ReadinessProgress: Sendable {
    /// How many times a token was asked for so far.
    public let attempts: Int
    /// How long it has been waited so far.
    public let elapsed: Duration
    /// Why there is no token yet.
    public let error: AuthenticationError
    /// How long it is waited before a token is asked for again.
    public let delay: Duration
}

/// Waits until a credential gives a token, as long as its errors are of the kind that passes: a sidecar that isn't up, a token file that
/// isn't written, a federated credential that the directory hasn't heard of everywhere. An error that can't pass ends it at once.
enum Readiness {
    /// Federated credentials that aren't known: at first because they are new, later because they are wrong.
    private static let passingCodes: Set<Int> = [70_021, 700_211, 700_213]
    private static let longestDelay = Duration.seconds(5)

    /// Whether an error may pass by itself.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - neverCodes: AADSTS codes that don't pass here.
    static func isPassing(_ error: AuthenticationError, neverCodes: Set<Int> = []) -> Bool {
        guard error.code != .invalidConfiguration else { return false }
        let codes = Set(error.serviceError?.codes ?? [])
        guard codes.isDisjoint(with: neverCodes) else { return false }
        return error.isRetryable || error.code == .timedOut || !codes.isDisjoint(with: Self.passingCodes)
    }

    /// How long to wait after so many attempts: half a second, doubled each time, five seconds at most; or what the service wants.
    static func delay(afterAttempts attempts: Int, retryAfter: Duration?) -> Duration {
        let doubling = Duration.milliseconds(500) * (1 << min(max(attempts - 1, 0), 5))
        return max(min(doubling, Self.longestDelay), retryAfter ?? .zero)
    }

    /// Asks for a token until there is one, or the error can't pass, or the time is up.
    ///
    /// - Throws: The last error; when the time is up, with a sentence that says so. `CancellationError`.
    static func wait(
        for context: TokenRequestContext,
        timeout: Duration,
        clock: any MachineClock,
        neverCodes: Set<Int> = [],
        onProgress: (@Sendable (ReadinessProgress) -> Void)?,
        token: @Sendable (TokenRequestContext) async throws -> AccessToken
    ) async throws {
        let start = clock.now
        let end = start + timeout
        var attempts = 0
        var last: AuthenticationError?
        while true {
            var context = context
            context.timeout = min(context.timeout ?? .seconds(1 << 30), max(end - clock.now, .milliseconds(1)))
            attempts += 1
            do {
                _ = try await token(context)
                return
            } catch var error as AuthenticationError {
                guard Self.isPassing(error, neverCodes: neverCodes) else { throw error }
                // That the time was up says less than what was missing before.
                if error.code == .timedOut, let last { error = last }
                last = error
                let delay = Self.delay(afterAttempts: attempts, retryAfter: error.retryAfter)
                guard clock.now + delay < end else {
                    error.message += " Not ready within \(timeout.shownSeconds) s (\(attempts) attempts)."
                    throw error
                }
                onProgress?(ReadinessProgress(attempts: attempts, elapsed: clock.now - start, error: error, delay: delay))
                try await clock.sleep(for: delay)
            }
        }
    }
}
