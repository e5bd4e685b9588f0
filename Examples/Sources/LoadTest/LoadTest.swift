// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting
import CoreMetrics
import Logging
import SecretServer

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `SecretServer` under load, against the emulator's key vault: `LoadTest [SECONDS] [REQUESTS_PER_SECOND]`, 60 and 1,000 unless given.
///
/// Meanwhile tokens are revoked, the vault throttles, 5 % of its connections are reset, and a few of its answers point to another server.
/// Prints figures, and what is wrong with them: a request that a retry could have saved, a token request too many or too few, a token on its
/// way to another server. Then the exit status is 1.
@main
struct LoadTest {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
        let seconds = numbers.first ?? 60
        let rate = numbers.dropFirst().first ?? 1000
        guard numbers.count <= 2, (3...3600).contains(seconds), (20...10_000).contains(rate) else {
            print("usage: LoadTest [SECONDS, at least 3] [REQUESTS_PER_SECOND, at least 20]")
            exit(64)
        }
        let metrics = TextMetrics()
        MetricsSystem.bootstrap(metrics)
        let stage = try await Stage.start(metrics: metrics)
        let plan = DisturbancePlan(seconds: seconds, rate: rate, decoy: stage.decoy.url)
        let outcome = try await stage.run(plan)
        try await stage.stop()
        let report = Report(plan: plan, outcome: outcome, metrics: metrics)
        print(report.text)
        exit(report.complaints.isEmpty ? 0 : 1)
    }
}
