// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Synchronization

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

/// What a service knows of its tokens, and who waits for them. No continuation is resumed with the lock held, and each one once.
final class KeepWarmLedger: Sendable {
    private enum Phase {
        case idle
        case running
        case ended(any Error)
    }

    private struct State {
        var phase = Phase.idle
        var tokens: [KeptToken]
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        /// Waiters that were cancelled before their continuation was here.
        var cancelledEarly: Set<UInt64> = []
        var nextID: UInt64 = 0

        func isReady(at date: Date) -> Bool {
            guard case .running = self.phase else { return false }
            return self.tokens.allSatisfy { $0.isValid(at: date) }
        }

        mutating func removeWaiters() -> [CheckedContinuation<Void, any Error>] {
            defer { self.waiters = [:] }
            return Array(self.waiters.values)
        }
    }

    private let state: Mutex<State>

    init(_ requests: [TokenRequestContext]) {
        self.state = Mutex(State(tokens: requests.map { KeptToken(request: $0) }))
    }

    var tokens: [KeptToken] { self.state.withLock { $0.tokens } }

    func isReady(at date: Date) -> Bool { self.state.withLock { $0.isReady(at: date) } }

    /// The service runs from now on. `false`: it does already.
    func begin() -> Bool {
        self.state.withLock { state in
            if case .running = state.phase { return false }
            state.phase = .running
            return true
        }
    }

    /// The service has ended; who waits gets the error.
    func end(_ error: any Error) {
        let waiters = self.state.withLock { state in
            state.phase = .ended(error)
            return state.removeWaiters()
        }
        for waiter in waiters { waiter.resume(throwing: error) }
    }

    /// The credential has answered. A cancellation says nothing.
    func note(_ outcome: Result<AccessToken, any Error>, of index: Int, at date: Date) {
        if case .failure(let error) = outcome, error is CancellationError { return }
        let waiters = self.state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            switch outcome {
            case .success(let token):
                state.tokens[index].expiresOn = token.expiresOn
                state.tokens[index].renewedOn = date
                state.tokens[index].successes += 1
                state.tokens[index].failures = 0
                state.tokens[index].lastError = nil
            case .failure(let error):
                state.tokens[index].failures += 1
                state.tokens[index].lastError = error
            }
            return state.isReady(at: date) ? state.removeWaiters() : []
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until the service is ready, or has ended.
    ///
    /// - Parameter date: The time now; a token that comes later is valid when it comes.
    func ready(at date: Date) async throws {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        defer { self.state.withLock { _ = $0.cancelledEarly.remove(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.register(continuation, id: id, at: date)
            }
        } onCancel: {
            let waiter = self.state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: id)
                if waiter == nil { state.cancelledEarly.insert(id) }
                return waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func register(_ continuation: CheckedContinuation<Void, any Error>, id: UInt64, at date: Date) {
        let outcome = self.state.withLock { state -> Result<Void, any Error>? in
            if state.cancelledEarly.contains(id) { return .failure(CancellationError()) }
            if case .ended(let error) = state.phase { return .failure(error) }
            if state.isReady(at: date) { return .success(()) }
            state.waiters[id] = continuation
            return nil
        }
        if let outcome { continuation.resume(with: outcome) }
    }
}
