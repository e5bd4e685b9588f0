// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity

/// What the library's callbacks find again: not by an address, which might be gone, but by a number that is given out once.
///
/// A callback that comes a second time finds nothing and does nothing. One that never comes leaves its entry behind on purpose, for the case
/// that it comes later: then what it brings has to be released. (The library doesn't call back after a cancellation while the broker hangs.)
final class MSALRuntimeCallbacks: Sendable {
    typealias Handler = @Sendable (MSALRuntimeFunctions.Address?) -> Void

    private struct State: Sendable {
        var last = 0
        var handlers: [Int: Handler] = [:]
    }

    static let shared = MSALRuntimeCallbacks()
    /// How many callbacks may be awaited at a time, those that never come among them.
    static let limit = 10_000

    /// What the library is given to call.
    static let callback: MSALRuntimeFunctions.Callback = { result, data in
        MSALRuntimeCallbacks.shared.arrived(Int(bitPattern: data), with: result)
    }

    private let state = Locked(State())

    /// Awaits a callback.
    ///
    /// - Returns: What the library is given along with it; `nil` if too many have never come.
    func add(_ handler: @escaping Handler) -> MSALRuntimeFunctions.Address? {
        let number = self.state.withLock { state -> Int in
            guard state.handlers.count < Self.limit else { return 0 }
            state.last += 1
            state.handlers[state.last] = handler
            return state.last
        }
        return MSALRuntimeFunctions.Address(bitPattern: number)
    }

    /// Awaits it no longer: the operation wasn't begun.
    func remove(_ data: MSALRuntimeFunctions.Address) {
        _ = self.state.withLock { $0.handlers.removeValue(forKey: Int(bitPattern: data)) }
    }

    /// How many are awaited.
    var count: Int { self.state.withLock { $0.handlers.count } }

    private func arrived(_ number: Int, with result: MSALRuntimeFunctions.Address?) {
        let handler = self.state.withLock { $0.handlers.removeValue(forKey: number) }
        handler?(result)
    }
}
