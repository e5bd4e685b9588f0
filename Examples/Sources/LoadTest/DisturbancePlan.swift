// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentityTesting

/// What goes wrong during the load, and how often: decided beforehand, so that two runs meet the same.
struct DisturbancePlan: Sendable {
    let seconds: Int
    let rate: Int
    /// The address of a server that must never see a token.
    let decoy: String

    /// How often all tokens are revoked, evenly spread.
    var revocations: Int { max(1, min(5, self.seconds / 3)) }
    /// The time between two revocations, and before the first and after the last.
    var revocationInterval: Duration { Duration.seconds(self.seconds) / (self.revocations + 1) }
    /// One in so many requests to the vault loses its connection: 5 %.
    static let resetInterval = 20
    /// How many requests in a row the vault throttles.
    static let throttled = 50
    /// How many cycles of resets there are between two throttlings: one in about 5,000 requests to the vault.
    static let throttlingInterval = 250
    /// How many cycles of resets there are between two redirects, which no retry can help with.
    static let redirectInterval = 400

    /// Cycles of resets for half as many requests again as the load has, since some are sent several times.
    private var cycles: Int { self.seconds * self.rate * 3 / 2 / Self.resetInterval }

    /// The script of the vault. The token endpoint is left alone, so that its requests can be counted.
    var script: FaultScript {
        let vault = FaultScript.Target.path("/secrets")
        var steps: [FaultScript.Step] = []
        for cycle in 1...max(1, self.cycles) {
            steps.append(.init(nil, target: vault, requests: Self.resetInterval - 1))
            steps.append(.init(.reset, target: vault, requests: 1))
            if cycle % Self.throttlingInterval == 10 {
                steps.append(.init(.status(429, retryAfter: "1"), target: vault, requests: Self.throttled))
            }
            if cycle % Self.redirectInterval == 20 {
                let location = "\(self.decoy)/secrets/secret1"
                let redirect = EmulatorFault.response(status: 307, headers: ["Location": location], body: "")
                steps.append(.init(redirect, target: vault, requests: 1))
            }
        }
        return FaultScript(steps: steps)
    }
}
