// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
import AzureHTTP
import Dispatch

/// What ends calls of GLib's before their time: at a moment, or when somebody says so. May be used from any thread, as long as it lives.
package final class GLibCancellation: Sendable {
    /// Why the calls were ended.
    package enum Reason: Sendable, Hashable {
        case timedOut
        case cancelled
    }

    private let functions: GLibFunctions
    /// The address of a `GCancellable`, which is released with this.
    private let address: Int
    private let state = Locked<Reason?>(nil)

    /// - Parameter limit: The time of all calls together, from now on.
    package init?(_ functions: GLibFunctions, limit: Duration) {
        guard let pointer = functions.newCancellation() else { return nil }
        self.functions = functions
        self.address = Int(bitPattern: pointer)
        let deadline = DispatchTime.now() + .nanoseconds(Int(clamping: limit.saturatedNanoseconds))
        DispatchQueue.global().asyncAfter(deadline: deadline) { [weak self] in self?.end(.timedOut) }
    }

    deinit { if let pointer { self.functions.release(pointer) } }

    package var pointer: GLibPointer? { GLibPointer(bitPattern: self.address) }

    /// Why the calls were ended, if they were.
    package var reason: Reason? { self.state.withLock { $0 } }

    /// Ends the calls that are under way, and those to come. Who came first is why.
    package func end(_ reason: Reason) {
        let isFirst = self.state.withLock { state in
            defer { state = state ?? reason }
            return state == nil
        }
        if isFirst, let pointer { self.functions.cancel(pointer) }
    }
}
#endif
