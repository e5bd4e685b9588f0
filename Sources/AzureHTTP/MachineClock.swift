// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.Date
#else
package import struct Foundation.Date
#endif

/// A point of the machine's monotonic clock, which goes on while the machine sleeps.
///
/// Arithmetic saturates: no lifetime a server can send overflows it.
package struct MonotonicTime: Comparable, Hashable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static func < (lhs: MonotonicTime, rhs: MonotonicTime) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    package static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (sum, isOverflow) = time.nanoseconds.addingReportingOverflow(duration.saturatedNanoseconds)
        guard isOverflow else { return MonotonicTime(nanoseconds: sum) }
        return MonotonicTime(nanoseconds: duration < .zero ? .min : .max)
    }

    package static func - (lhs: MonotonicTime, rhs: MonotonicTime) -> Duration {
        let (difference, isOverflow) = lhs.nanoseconds.subtractingReportingOverflow(rhs.nanoseconds)
        return .nanoseconds(isOverflow ? (lhs < rhs ? .min : .max) : difference)
    }
}

extension Duration {
    /// Nanoseconds, held within what 64 bits can say (292 years).
    package var saturatedNanoseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (scaled, isOverflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !isOverflow else { return seconds < 0 ? .min : .max }
        let (sum, isSumOverflow) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isSumOverflow ? (seconds < 0 ? .min : .max) : sum
    }
}

/// The machine's clocks, as a value that tests replace.
package protocol MachineClock: Sendable {
    /// The monotonic time: for expiry, deadlines and delays.
    var now: MonotonicTime { get }
    /// The wall-clock time: for what people see and what is signed.
    var date: Date { get }
    /// Waits. Throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The real clocks.
package struct SystemClock: MachineClock {
    private static let longestSleep = Duration.seconds(10 * 366 * 86_400)

    package init() {}

    package var now: MonotonicTime { MonotonicTime(nanoseconds: continuousNanoseconds()) }

    package var date: Date { Date() }

    package func sleep(for duration: Duration) async throws {
        // More than some years would overflow the clock; nobody waits that long.
        try await Task.sleep(for: min(duration, Self.longestSleep), clock: .continuous)
    }
}

#if os(Linux)
/// The time of `CLOCK_BOOTTIME`, as `ContinuousClock` has it, without the way through 128-bit durations.
private func continuousNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
#else
private let origin = ContinuousClock.now

private func continuousNanoseconds() -> Int64 { origin.duration(to: ContinuousClock.now).saturatedNanoseconds }
#endif
