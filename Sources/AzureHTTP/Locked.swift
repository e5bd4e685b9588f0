// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if THREAD_SANITIZER || !canImport(Synchronization)
import class Foundation.NSLock

/// A value behind a lock. An `NSLock` here, because the sanitizer doesn't understand `Mutex` on Linux and reports races that aren't there.
package final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    package init(_ value: Value) { self.value = value }

    package func withLock<Result: Sendable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        self.lock.lock()
        defer { self.lock.unlock() }
        return try body(&self.value)
    }
}
#else
package import Synchronization

/// A value behind a lock. Inlinable, since what isn't specialised for its value looks up types at each call, in another module too.
package final class Locked<Value: Sendable>: Sendable {
    @usableFromInline
    let mutex: Mutex<Value>

    @inlinable
    package init(_ value: Value) { self.mutex = Mutex(value) }

    @inlinable
    @inline(__always)
    package func withLock<Result: Sendable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try self.mutex.withLock { value throws(Failure) -> Result in try body(&value) }
    }
}
#endif

extension Locked: CustomReflectable {
    /// Shows nothing: what a lock guards isn't read without it, and may be a secret.
    package var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .class, ancestorRepresentation: .suppressed)
    }
}
