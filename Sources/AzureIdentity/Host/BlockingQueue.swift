// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Dispatch

/// Runs work that blocks, one piece after another, on a thread of its own instead of one of the few that all tasks share.
///
/// Work that takes longer than it may is left behind: whoever waits for it goes on, and until it has ended nothing else is begun.
package final class BlockingQueue: Sendable {
    private let queue: DispatchQueue
    /// How many pieces of work take longer than they may.
    private let overdue = Locked(0)
    private let limit: Duration

    /// A piece of work, from its waiter's side.
    private enum Piece<Result: Sendable>: Sendable {
        /// Nobody waits yet.
        case new
        case awaited(CheckedContinuation<Result?, Never>)
        /// Its waiter was cancelled.
        case left
        case overdue
        case done
    }

    /// - Parameter limit: How long one piece of work may take, the waiting for its turn included.
    package init(label: String, limit: Duration) {
        self.queue = DispatchQueue(label: label)
        self.limit = limit
    }

    /// Runs work and waits for it; `nil` if it took too long, if earlier work still does, or if the waiter is cancelled: what has its place
    /// in the queue is run all the same.
    package func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result? {
        if self.overdue.withLock({ $0 > 0 }) { return nil }
        let piece = Locked(Piece<Result>.new)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLeft = piece.withLock { piece in
                    if case .left = piece { return true }
                    piece = .awaited(continuation)
                    return false
                }
                if isLeft { return continuation.resume(returning: nil) }
                self.begin(piece, work)
            }
        } onCancel: {
            let waiter = piece.withLock { piece -> CheckedContinuation<Result?, Never>? in
                switch piece {
                case .new:
                    piece = .left
                    return nil
                case .awaited(let continuation):
                    piece = .left
                    return continuation
                case .left, .overdue, .done: return nil
                }
            }
            waiter?.resume(returning: nil)
        }
    }

    private func begin<Result: Sendable>(_ piece: Locked<Piece<Result>>, _ work: @escaping @Sendable () -> Result) {
        self.queue.async {
            let result = work()
            let waiter = piece.withLock { piece -> CheckedContinuation<Result?, Never>? in
                defer { piece = .done }
                if case .awaited(let continuation) = piece { return continuation }
                if case .overdue = piece { self.overdue.withLock { $0 -= 1 } }
                return nil
            }
            waiter?.resume(returning: result)
        }
        let deadline = DispatchTime.now() + .nanoseconds(Int(clamping: self.limit.saturatedNanoseconds))
        DispatchQueue.global().asyncAfter(deadline: deadline) {
            let waiter = piece.withLock { piece -> CheckedContinuation<Result?, Never>? in
                switch piece {
                case .awaited(let continuation):
                    piece = .overdue
                    self.overdue.withLock { $0 += 1 }
                    return continuation
                case .left:
                    piece = .overdue
                    self.overdue.withLock { $0 += 1 }
                    return nil
                case .new, .overdue, .done: return nil
                }
            }
            waiter?.resume(returning: nil)
        }
    }
}
