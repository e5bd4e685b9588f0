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
    private let isStuck = Locked(false)
    private let limit: Duration

    /// - Parameter limit: How long one piece of work may take, the waiting for its turn included.
    package init(label: String, limit: Duration) {
        self.queue = DispatchQueue(label: label)
        self.limit = limit
    }

    /// Runs work and waits for it; `nil` if it took too long, or if earlier work still does.
    package func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result? {
        if self.isStuck.withLock({ $0 }) { return nil }
        return await withCheckedContinuation { continuation in
            let waiting = Locked<CheckedContinuation<Result?, Never>?>(continuation)
            self.queue.async {
                let result = work()
                self.isStuck.withLock { $0 = false }
                waiting.take()?.resume(returning: result)
            }
            let deadline = DispatchTime.now() + .nanoseconds(Int(clamping: self.limit.saturatedNanoseconds))
            DispatchQueue.global().asyncAfter(deadline: deadline) {
                guard let continuation = waiting.take() else { return }
                self.isStuck.withLock { $0 = true }
                continuation.resume(returning: nil)
            }
        }
    }
}

extension Locked {
    /// The value, which is gone afterwards.
    fileprivate func take<Wrapped: Sendable>() -> Wrapped? where Value == Wrapped? {
        self.withLock { value in
            defer { value = nil }
            return value
        }
    }
}
