// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import SecretServer

/// The figures of a run, and what is wrong with them. Pure.
struct Report {
    let plan: DisturbancePlan
    let outcome: Outcome
    let metrics: TextMetrics

    private var asked: Int { self.outcome.answers.values.reduce(0, +) }
    private var served: Int { self.outcome.answers["200"] ?? 0 }
    /// Requests that the vault sent elsewhere: following would hand the token to another server, and a retry can't help.
    private var redirected: Int { self.outcome.answers["502"] ?? 0 }
    private var lost: Int { self.asked - self.served - self.redirected }
    private var strayTokens: Int { self.outcome.tokensTo.filter { $0.key != self.outcome.emulator }.values.reduce(0, +) }

    /// What must not be. Empty: all is well.
    var complaints: [String] {
        let expectedTokens = 1 + self.plan.revocations
        let retries = self.metrics.total(of: "azure_identity_http_retries_total")
        let checks: [(isWell: Bool, complaint: String)] = [
            (self.lost == 0, "\(self.lost) requests were lost that a retry could have saved: \(self.outcome.answers)"),
            (self.asked == self.plan.seconds * self.plan.rate + 1, "only \(self.asked) requests were answered"),
            (
                self.redirected == self.outcome.redirects,
                "\(self.redirected) refusals, but the vault pointed elsewhere \(self.outcome.redirects) times"
            ),
            (
                self.outcome.tokenRequests == expectedTokens,
                "\(self.outcome.tokenRequests) token requests; one, and one for each revocation, are \(expectedTokens)"
            ),
            (self.strayTokens == 0, "tokens went to other servers: \(self.outcome.tokensTo)"),
            (self.outcome.decoyRequests == 0, "the decoy got \(self.outcome.decoyRequests) requests"),
            // Without disturbances the other figures say nothing.
            (retries >= Double(self.asked) / 30, "only \(retries) retries: the connections weren't reset as they should"),
        ]
        return checks.filter { !$0.isWell }.map(\.complaint)
    }

    /// The figures as Markdown.
    var text: String {
        let seconds = self.outcome.duration / .seconds(1)
        let retries = Int(self.metrics.total(of: "azure_identity_http_retries_total"))
        let calls = Int(self.metrics.total(of: "azure_identity_token_requests_total"))
        let rows: [(String, String)] = [
            ("requests to the service", "\(self.asked)"),
            ("… a second, until the last answer", "\(Int(Double(self.asked) / max(seconds, 0.001)))"),
            ("served", "\(self.served)"),
            ("refused because the vault pointed elsewhere", "\(self.redirected)"),
            ("lost that a retry could have saved", "\(self.lost)"),
            ("requests of the service, tokens and retries included", "\(self.outcome.serviceRequests)"),
            ("retries, by the service's metrics", "\(retries)"),
            ("revocations of all tokens", "\(self.plan.revocations)"),
            ("token requests, by the emulator", "\(self.outcome.tokenRequests)"),
            ("calls of the credential, by the service's metrics", "\(calls)"),
            ("tokens to other servers", "\(self.strayTokens)"),
            ("requests to the decoy", "\(self.outcome.decoyRequests)"),
            ("latency: p50, p99, longest", [0.5, 0.99, 1].map { "\(self.latency($0)) ms" }.joined(separator: ", ")),
        ]
        let head = ["| figure | \(self.plan.seconds) s at \(self.plan.rate) requests/s |", "| --- | --- |"]
        let lines = head + rows.map { "| \($0) | \($1) |" }
        return (lines + self.complaints.map { "load: \($0)" }).joined(separator: "\n")
    }

    /// The latency that a share of the requests doesn't exceed, to a tenth of a millisecond.
    private func latency(_ share: Double) -> Double {
        let latencies = self.outcome.latencies
        guard !latencies.isEmpty else { return 0 }
        let value = latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
        return (value * 10).rounded() / 10
    }
}
