// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

/// Runs one operation per key at a time, for all who ask.
///
/// A waiter that is cancelled or runs out of time leaves alone; the operation is cancelled when its last waiter has left, unless it was
/// begun without one. An error goes to those who wait and is forgotten. Keys never wait for each other, and nobody waits for an
/// operation that doesn't react to its cancellation.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// How long to wait, and what to throw then.
    package struct Limit: Sendable {
        let duration: Duration
        let clock: any MachineClock
        let error: @Sendable () -> any Error

        package init(_ duration: Duration, clock: any MachineClock, error: @escaping @Sendable () -> any Error) {
            self.duration = duration
            self.clock = clock
            self.error = error
        }
    }

    private struct Flight: Sendable {
        let id: UInt64
        var task: Task<Void, Never>?
        var timer: Task<Void, Never>?
        /// Whether it goes on without waiters.
        var isAnchored: Bool
        var waiters: [UInt64: Waiter] = [:]
    }

    private struct Waiter: Sendable {
        let continuation: CheckedContinuation<Value, any Error>
        /// Ends the wait when the waiter's own time is up.
        let timer: Task<Void, Never>?
    }

    private struct State: Sendable {
        var flights: [Key: Flight] = [:]
        var lastID: UInt64 = 0

        mutating func nextID() -> UInt64 {
            self.lastID += 1
            return self.lastID
        }
    }

    private let state = Locked(State())

    package init() {}

    /// How many operations are under way.
    package var count: Int { self.state.withLock { $0.flights.count } }

    /// How many wait for operations with keys of a kind.
    package func waiterCount(where isMeant: (Key) -> Bool = { _ in true }) -> Int {
        self.state.withLock { state in state.flights.reduce(0) { isMeant($1.key) ? $0 + $1.value.waiters.count : $0 } }
    }

    /// The operation's result: of the one under way for the key, else of a new one.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - patience: How long this waiter waits; `nil`: as long as it takes.
    ///   - limit: How long the operation may take, if it is begun now.
    ///   - operation: What to do if nobody is doing it.
    package func value(
        for key: Key,
        patience: Limit?,
        limit: Limit,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let waiter = self.state.withLock { $0.nextID() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.join(key, waiter: waiter, continuation: continuation, patience: patience, limit: limit, operation: operation)
                // The handler below may have run before there was anything to leave.
                if Task.isCancelled { self.leave(key, waiter: waiter, error: CancellationError()) }
            }
        } onCancel: {
            self.leave(key, waiter: waiter, error: CancellationError())
        }
    }

    /// Whether an operation is under way for a key.
    package func isUnderWay(_ key: Key) -> Bool { self.state.withLock { $0.flights.index(forKey: key) != nil } }

    /// Begins the operation without waiting for it, unless it is under way.
    ///
    /// - Returns: Whether it was begun.
    @discardableResult
    package func begin(
        for key: Key,
        limit: Limit,
        operation: @escaping @Sendable () async throws -> Value
    ) -> Bool {
        self.state.withLock { state in
            guard state.flights.index(forKey: key) == nil else { return false }
            state.flights[key] = self.flight(key, id: state.nextID(), isAnchored: true, limit: limit, operation: operation)
            return true
        }
    }

    private func join(
        _ key: Key,
        waiter: UInt64,
        continuation: CheckedContinuation<Value, any Error>,
        patience: Limit?,
        limit: Limit,
        operation: @escaping @Sendable () async throws -> Value
    ) {
        self.state.withLock { state in
            if state.flights.index(forKey: key) == nil {
                state.flights[key] = self.flight(key, id: state.nextID(), isAnchored: false, limit: limit, operation: operation)
            }
            guard let position = state.flights.index(forKey: key) else { return }
            // The timer's task can't leave before the waiter is there: leaving takes the lock that is held here.
            let timer = patience.map { patience in
                Task {
                    guard (try? await patience.clock.sleep(for: patience.duration)) != nil else { return }
                    self.leave(key, waiter: waiter, error: patience.error())
                }
            }
            // In place: a copy of a flight would copy its waiters with each one that comes.
            state.flights.values[position].waiters[waiter] = Waiter(continuation: continuation, timer: timer)
        }
    }

    /// A new flight. Its task inherits the first caller's task-local values, so its log lines carry that caller's logger.
    private func flight(
        _ key: Key,
        id: UInt64,
        isAnchored: Bool,
        limit: Limit,
        operation: @escaping @Sendable () async throws -> Value
    ) -> Flight {
        let task = Task {
            do {
                self.finish(key, id: id, result: .success(try await operation()))
            } catch let error {
                self.finish(key, id: id, result: .failure(error))
            }
        }
        let timer = Task {
            guard (try? await limit.clock.sleep(for: limit.duration)) != nil else { return }
            self.finish(key, id: id, result: .failure(limit.error()))
        }
        return Flight(id: id, task: task, timer: timer, isAnchored: isAnchored)
    }

    private func finish(_ key: Key, id: UInt64, result: Result<Value, any Error>) {
        let flight = self.state.withLock { state in
            guard let position = state.flights.index(forKey: key), state.flights.values[position].id == id else {
                return nil as Flight?
            }
            return state.flights.remove(at: position).value
        }
        guard let flight else { return }
        flight.timer?.cancel()
        flight.task?.cancel()
        for waiter in flight.waiters.values {
            waiter.timer?.cancel()
            waiter.continuation.resume(with: result)
        }
    }

    private func leave(_ key: Key, waiter: UInt64, error: any Error) {
        let (leaving, abandoned): (Waiter?, Flight?) = self.state.withLock { state in
            guard let position = state.flights.index(forKey: key),
                let leaving = state.flights.values[position].waiters.removeValue(forKey: waiter)
            else { return (nil, nil) }
            let isAbandoned = state.flights.values[position].waiters.isEmpty && !state.flights.values[position].isAnchored
            return (leaving, isAbandoned ? state.flights.removeValue(forKey: key) : nil)
        }
        abandoned?.task?.cancel()
        abandoned?.timer?.cancel()
        leaving?.timer?.cancel()
        leaving?.continuation.resume(throwing: error)
    }
}
