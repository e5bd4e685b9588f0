// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// What a kept token costs callers that ask at once.
enum ParallelFigures {
    private static let taskCount = 100
    private static let callsPerTask = 1000

    @concurrent
    static func measure() async throws {
        let one = try await FilledCache(1, context: FilledCache.scope)
        let same = [HitLoop(one.credential, one.contexts), HitLoop(one.credential, one.contexts)]
        let sameValues = try await samples { try await Self.together(same) { try await $0.perCallOfOneKey() } }
        Self.print("2 tasks at once, same key, per call of each", sameValues)
        let many = try await FilledCache(100_000, context: FilledCache.scope)
        let random = [HitLoop(many.credential, many.contexts, seed: 1), HitLoop(many.credential, many.contexts, seed: 2)]
        let randomValues = try await samples { try await Self.together(random) { try await $0.perCall() } }
        Self.print("… 100000 scopes, drawn at random", randomValues)
        try many.check()

        var medians: [Double] = []
        let percentiles = try await samples {
            let durations = try await Self.crowd(same[0]).sorted()
            medians.append(Double(durations[durations.count / 2]))
            return Double(durations[durations.count * 99 / 100])
        }
        Self.print("\(Self.taskCount) tasks at once, same key, single calls: p50", Array(medians.dropFirst()))
        Self.print("… p99", budget: 5000, percentiles)
        try one.check()
    }

    /// Runs loops at once; the slowest one's nanoseconds per call.
    private static func together(
        _ loops: [HitLoop],
        _ run: @escaping @Sendable (HitLoop) async throws -> Double
    ) async throws -> Double {
        try await withThrowingTaskGroup(of: Double.self) { group in
            for loop in loops { group.addTask { try await run(loop) } }
            var slowest = 0.0
            for try await perCall in group { slowest = max(slowest, perCall) }
            return slowest
        }
    }

    /// The nanoseconds of every call of many tasks.
    private static func crowd(_ loop: HitLoop) async throws -> [UInt64] {
        try await withThrowingTaskGroup(of: [UInt64].self) { group in
            for _ in 0..<Self.taskCount { group.addTask { try await loop.eachCall(Self.callsPerTask) } }
            var all: [UInt64] = []
            for try await durations in group { all += durations }
            return all
        }
    }

    private static func print(_ name: String, budget: Double? = nil, _ values: [Double]) {
        Machine.print(Figure(name, unit: "ns", budget: budget, samples: values).row)
    }
}
