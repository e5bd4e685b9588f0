// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// What kept tokens cost in memory.
enum SizeFigures {
    private static let entryCount = 100_000
    private static let tokenLength = 1300

    @concurrent
    static func measure() async throws {
        // What the process needs anyway is there before the first look.
        _ = try await Self.fill(TokenCache.inMemory(capacity: 1000), count: 1000)
        var perEntry: [Double] = []
        var caches: [TokenCache] = []
        for _ in 0..<3 {
            let before = Machine.residentBytes
            let cache = TokenCache.inMemory(capacity: 200_000)
            caches.append(cache)
            try await Self.fill(cache, count: Self.entryCount)
            guard cache.count == Self.entryCount else { throw BenchmarkProblem("\(cache.count) entries, not \(Self.entryCount)") }
            if let before, let after = Machine.residentBytes {
                perEntry.append(Double(after - before) / Double(Self.entryCount) / 1024)
            }
        }
        let name = "memory per entry, \(Self.entryCount) entries with tokens of \(Self.tokenLength) bytes"
        Machine.print(Figure(name, unit: "KiB", samples: perEntry).row)
    }

    /// Makes each request as it is needed, so that the cache alone keeps it.
    private static func fill(_ cache: TokenCache, count: Int) async throws {
        let credential = CannedTransport.tokens(length: Self.tokenLength).credential(cache: cache)
        for number in 0..<count { _ = try await credential.token(for: FilledCache.scope(number)) }
    }
}
