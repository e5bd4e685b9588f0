// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A gate for each part that somebody wants to change, so that the callers of one process change it one after the other, and those of other
/// parts don't wait. Gates that nobody is at are forgotten.
final class PartGates: Sendable {
    private let gates = Locked<[VaultPart: (gate: TurnGate, users: Int)]>([:])

    /// How many parts somebody is at.
    var count: Int { self.gates.withLock { $0.count } }

    /// Does something to a part while nobody else of this process does.
    ///
    /// - Throws: `CancellationError`; what the body throws.
    func pass<Result: Sendable>(_ part: VaultPart, _ body: () async throws -> Result) async throws -> Result {
        let gate = self.gates.withLock { gates in
            let gate = gates[part]?.gate ?? TurnGate(places: 1)
            gates[part] = (gate, (gates[part]?.users ?? 0) + 1)
            return gate
        }
        defer {
            self.gates.withLock { gates in
                guard let users = gates[part]?.users else { return }
                gates[part] = users > 1 ? (gate, users - 1) : nil
            }
        }
        try await gate.enter()
        defer { gate.leave() }
        return try await body()
    }
}
