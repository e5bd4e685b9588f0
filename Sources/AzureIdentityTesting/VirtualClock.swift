// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Date
#else
public import struct Foundation.Date
#endif

/// A clock that stands still until a test moves it, so that no test waits for real time.
///
/// Give it to an ``EntraEmulator``. Code under test that sleeps by it wakes when ``advance(by:)`` passes its deadline:
///
/// ```swift
/// let clock = VirtualClock()
/// let nap = Task { try await clock.sleep(for: .seconds(60)) }
/// await clock.waitForSleepers(1)
/// clock.advance(by: .seconds(60))
/// try await nap.value
/// ```
public final class VirtualClock: Sendable {
    private struct Sleeper: Sendable {
        var deadline: MonotonicTime
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher: Sendable {
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    /// A waiting task is in `sleepers` or `watchers` from its registration on, and whoever removes it resumes it.
    private struct State: Sendable {
        var now: MonotonicTime
        var dateShift: Duration = .zero
        var lastID: UInt64 = 0
        var sleepers: [UInt64: Sleeper] = [:]
        var watchers: [UInt64: Watcher] = [:]
        /// Tasks that were cancelled before they got as far as registering.
        var cancelledEarly: Set<UInt64> = []

        mutating func makeID() -> UInt64 {
            self.lastID += 1
            return self.lastID
        }

        mutating func removeSatisfiedWatchers() -> [CheckedContinuation<Void, Never>] {
            let satisfied = self.watchers.filter { $0.value.count <= self.sleepers.count }
            for id in satisfied.keys { self.watchers[id] = nil }
            return satisfied.values.map(\.continuation)
        }
    }

    private static let origin = MonotonicTime(nanoseconds: 0)

    private let startDate: Date
    private let state: Locked<State>

    /// Creates a clock that stands still.
    ///
    /// - Parameter date: What the wall clock shows at first; the beginning of 2026 by default.
    public init(date: Date = Date(timeIntervalSince1970: 1_767_225_600)) {
        self.startDate = date
        self.state = Locked(State(now: Self.origin))
    }

    /// What the wall clock shows.
    public var date: Date {
        let (now, shift) = self.state.withLock { ($0.now, $0.dateShift) }
        return self.startDate.addingTimeInterval(((now - Self.origin) + shift) / .seconds(1))
    }

    /// How far the clock has been advanced in all.
    public var elapsed: Duration { self.now - Self.origin }

    /// How many tasks sleep by this clock.
    public var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    /// Moves the monotonic and the wall clock forward, and wakes the sleepers whose time has come, the earliest deadline first.
    ///
    /// - Parameter duration: How far. A negative one moves nothing.
    public func advance(by duration: Duration) {
        let due = self.state.withLock { state in
            state.now = state.now + max(duration, .zero)
            let now = state.now
            let due = state.sleepers.filter { $0.value.deadline <= now }
                .sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
            for (id, _) in due { state.sleepers[id] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Sets the wall clock forward or back, as an administrator would. Wakes nobody: sleeping goes by the monotonic clock.
    ///
    /// - Parameter duration: How far; a negative one sets it back.
    public func shiftDate(by duration: Duration) {
        self.state.withLock { $0.dateShift += duration }
    }

    /// Waits until the clock has been advanced by a duration.
    ///
    /// - Parameter duration: How long. Zero and less: returns at once.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        guard duration > .zero else { return }
        let id = self.state.withLock { $0.makeID() }
        defer { self.state.withLock { _ = $0.cancelledEarly.remove(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.register(continuation, id: id, duration: duration)
            }
        } onCancel: {
            let sleeper = self.state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelledEarly.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Waits until at least so many tasks sleep by this clock. Returns early if the task is cancelled.
    ///
    /// - Parameter count: How many.
    public func waitForSleepers(_ count: Int) async {
        let id = self.state.withLock { $0.makeID() }
        defer { self.state.withLock { _ = $0.cancelledEarly.remove(id) } }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = self.state.withLock { state in
                    if state.sleepers.count >= count || state.cancelledEarly.contains(id) { return true }
                    state.watchers[id] = Watcher(count: count, continuation: continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let watcher = self.state.withLock { state in
                let watcher = state.watchers.removeValue(forKey: id)
                if watcher == nil { state.cancelledEarly.insert(id) }
                return watcher
            }
            watcher?.continuation.resume()
        }
    }

    private func register(_ continuation: CheckedContinuation<Void, any Error>, id: UInt64, duration: Duration) {
        let (isCancelled, watchers) = self.state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
            guard !state.cancelledEarly.contains(id) else { return (true, []) }
            state.sleepers[id] = Sleeper(deadline: state.now + duration, continuation: continuation)
            return (false, state.removeSatisfiedWatchers())
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        for watcher in watchers { watcher.resume() }
    }
}

extension VirtualClock: MachineClock {
    package var now: MonotonicTime { self.state.withLock { $0.now } }
}
