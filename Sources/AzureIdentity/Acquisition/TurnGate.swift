// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Lets so many in at once, the others in the order in which they came. Who is cancelled leaves the queue.
final class TurnGate: Sendable {
    private struct State: Sendable {
        var freePlaces: Int
        var lastNumber: UInt64 = 0
        var queue: [(number: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let state: Locked<State>

    init(places: Int) { self.state = Locked(State(freePlaces: places)) }

    /// How many wait.
    var waiterCount: Int { self.state.withLock { $0.queue.count } }

    /// Waits for a place.
    ///
    /// - Throws: `CancellationError`.
    func enter() async throws {
        let number = self.state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isIn = self.state.withLock { state in
                    guard state.freePlaces == 0 else {
                        state.freePlaces -= 1
                        return true
                    }
                    state.queue.append((number, continuation))
                    return false
                }
                if isIn { return continuation.resume() }
                // The handler below may have run before there was anybody to leave.
                if Task.isCancelled { self.giveUp(number) }
            }
        } onCancel: {
            self.giveUp(number)
        }
    }

    /// Gives a place back.
    func leave() {
        let next = self.state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.queue.isEmpty else {
                state.freePlaces += 1
                return nil
            }
            return state.queue.removeFirst().continuation
        }
        next?.resume()
    }

    private func giveUp(_ number: UInt64) {
        let leaving = self.state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let position = state.queue.firstIndex(where: { $0.number == number }) else { return nil }
            return state.queue.remove(at: position).continuation
        }
        leaving?.resume(throwing: CancellationError())
    }
}
