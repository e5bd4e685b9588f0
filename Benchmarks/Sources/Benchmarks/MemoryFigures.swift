// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// What a kept token costs one caller.
enum MemoryFigures {
    @concurrent
    static func measure() async throws {
        let one = try await FilledCache(1, context: FilledCache.scope)
        let loop = HitLoop(one.credential, one.contexts)
        let name = "token from memory, one caller, same key"
        Self.print(name, budget: 250, try await samples { try await loop.perCallOfOneKey() })
        Self.print("… called on the main actor", budget: 250, try await Self.onMainActor(loop))
        try one.check()
        for count in [1, 1000, 100_000] {
            let filled = try await FilledCache(count, context: FilledCache.scope)
            let loop = HitLoop(filled.credential, filled.contexts)
            let name = count == 1 ? "… 1 scope in the cache" : "… \(count) scopes in the cache, drawn at random"
            Self.print(name, budget: 1500, try await samples { try await loop.perCall() })
            try filled.check()
        }
        let tenants = try await FilledCache(100_000, context: FilledCache.tenant)
        let tenantLoop = HitLoop(tenants.credential, tenants.contexts)
        let tenantName = "… 100000 tenants in the cache, drawn at random"
        Self.print(tenantName, budget: 1500, try await samples { try await tenantLoop.perCall() })
        try tenants.check()
    }

    @MainActor
    private static func onMainActor(_ loop: HitLoop) async throws -> [Double] {
        _ = try await loop.perCallOfOneKey()
        var values: [Double] = []
        for _ in 0..<15 { values.append(try await loop.perCallOfOneKey()) }
        return values
    }

    private static func print(_ name: String, budget: Double, _ values: [Double]) {
        Machine.print(Figure(name, unit: "ns", budget: budget, samples: values).row)
    }
}
