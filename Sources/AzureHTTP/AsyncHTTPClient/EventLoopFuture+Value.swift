// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import NIOCore

extension EventLoopFuture where Value: Sendable {
    /// Waits for the value, but not longer than a while, and not when the task is cancelled.
    ///
    /// - Returns: The value; `nil` if there was none by then, or none at all.
    func value(within limit: Duration) async -> Value? {
        let promise = self.eventLoop.makePromise(of: Value?.self)
        self.whenComplete { promise.succeed(try? $0.get()) }
        let timer = self.eventLoop.scheduleTask(in: .nanoseconds(limit.saturatedNanoseconds)) { promise.succeed(nil) }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            (try? await promise.futureResult.get()) ?? nil
        } onCancel: {
            promise.succeed(nil)
        }
    }
}
#endif
