// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import NIOCore
import NIOPosix

/// Lets probes out: one at a time and in 30 seconds per target, however many ask, so that a storm of failures makes no storm of probes.
///
/// What a probe found is kept for as long. At most `capacity` targets are remembered; the oldest is forgotten for another one.
enum ProbeDesk {
    private struct Entry: Sendable {
        let finding: EventLoopFuture<ConnectionProbe.Finding?>
        let start: NIODeadline
    }

    static let interval = TimeAmount.seconds(30)
    /// How long a probe may take; who asked may wait for less.
    static let timeLimit = TimeAmount.seconds(5)
    static let capacity = 64

    private static let entries = Locked<[ConnectionProbe.Target: Entry]>([:])

    /// What there is to see at a target, now or in the last 30 seconds.
    ///
    /// - Parameters:
    ///   - target: Where to look.
    ///   - limit: How long to wait for it.
    /// - Returns: The finding; `nil` if there is none in that time.
    static func finding(at target: ConnectionProbe.Target, within limit: Duration) async -> ConnectionProbe.Finding? {
        guard limit > .zero else { return nil }
        let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: ConnectionProbe.Finding?.self)
        let now = NIODeadline.now()
        let (entry, isNew) = self.entries.withLock { entries -> (Entry, Bool) in
            if let entry = entries[target], now - entry.start < self.interval { return (entry, false) }
            if entries.count >= self.capacity, let oldest = entries.min(by: { $0.value.start < $1.value.start })?.key {
                entries[oldest] = nil
            }
            let entry = Entry(finding: promise.futureResult, start: now)
            entries[target] = entry
            return (entry, true)
        }
        if isNew {
            ConnectionProbe(target: target, timeLimit: self.timeLimit).run(promise)
        } else {
            promise.succeed(nil)
        }
        return await entry.finding.value(within: min(limit, .seconds(5))) ?? nil
    }
}
#endif
