// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Testing

@testable import AzureIdentityServiceLifecycle

struct KeepWarmBackOffTests {
    private static let passing = AuthenticationError(.authenticationFailed, credential: "X", message: "Later.", isRetryable: true)
    private static let lasting = AuthenticationError(.authenticationFailed, credential: "X", message: "Never.")
    private struct OwnError: Error {}

    @Test(
        arguments: [
            (Self.passing, [1, 2, 4, 8, 16, 32, 60, 60]), (OwnError(), [1, 2, 4, 8, 16, 32, 60, 60]),
            (Self.lasting, [15, 30, 60, 120, 240, 300, 300, 300]),
        ] as [(any Error, [Int])])
    func waitsDoubleUpToALimit(error: any Error, seconds: [Int]) {
        var backOff = KeepWarmBackOff()
        let waits = seconds.map { _ in backOff.failed(error, chance: 0.5) }
        #expect(waits == seconds.map { .seconds($0) })
        backOff.reset()
        let first = backOff.failed(error, chance: 0.5)
        #expect(first == .seconds(seconds[0]))
    }

    @Test(arguments: [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)]) func chanceIsAFifth(chance: Double, factor: Double) {
        var backOff = KeepWarmBackOff()
        let wait = backOff.failed(Self.lasting, chance: chance) / Duration.seconds(1)
        #expect(abs(wait - 15 * factor) < 0.001)
    }

    @Test(arguments: [(1, 1), (45, 45), (100_000, 300)]) func whatTheServiceSaysCounts(retryAfter: Int, seconds: Int) {
        var error = Self.passing
        error.retryAfter = .seconds(retryAfter)
        var backOff = KeepWarmBackOff()
        let wait = backOff.failed(error, chance: 0.5)
        #expect(wait == .seconds(seconds))
    }

    @Test func manyFailuresDoNotOverflow() {
        var backOff = KeepWarmBackOff()
        let longest = (0..<10_000).map { _ in backOff.failed(Self.lasting, chance: 1) }.max()
        #expect(longest.map { $0 < .seconds(361) } == true)
    }
}
