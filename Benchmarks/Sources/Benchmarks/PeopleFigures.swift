// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// What an application pays that acts for 100,000 users.
enum PeopleFigures {
    private static let userCount = 100_000
    private static let tokenLength = 1300

    @concurrent
    static func measure() async throws {
        let transport = CannedTransport.tokens(length: Self.tokenLength)
        let cache = TokenCache.inMemory(capacity: 200_000)
        let application = OnBehalfOfCredential(
            tenantID: CannedTransport.tenantID,
            clientID: CannedTransport.clientID,
            authentication: .secret("not-a-real-secret"),
            userAssertion: "nobody",
            options: transport.options(cache: cache)
        )
        for user in 0..<1000 { _ = try await Self.ask(application, user: Self.userCount + user) }
        let before = Machine.residentBytes
        for user in 0..<Self.userCount { _ = try await Self.ask(application, user: user) }
        if let before, let after = Machine.residentBytes {
            let perUser = Double(after - before) / Double(Self.userCount) / 1024
            let name = "on behalf of \(Self.userCount) users, in memory, per user with a token of \(Self.tokenLength) bytes"
            Machine.print(Figure(name, unit: "KiB", budget: 3, samples: [perUser]).row)
        }
        try await Self.measureCalls(application)
        guard transport.requestCount == Self.userCount + 1000 else { throw BenchmarkProblem("some calls missed") }
    }

    private static func measureCalls(_ application: OnBehalfOfCredential) async throws {
        var generator = SplitMix(state: 1)
        var order = Array(0..<Self.userCount)
        order.shuffle(using: &generator)
        let assertions = order.map { Self.assertion($0) }
        let anew = try await samples {
            let start = Machine.nanoseconds
            for assertion in assertions { _ = try await application.acting(for: assertion).token(for: Scene.context) }
            return Double(Machine.nanoseconds - start) / Double(assertions.count)
        }
        Machine.print(
            Figure("… a kept token, users drawn at random, a credential made for each call", unit: "ns", samples: anew).row)
        let credentials = assertions.map { application.acting(for: $0) }
        let kept = try await samples {
            let start = Machine.nanoseconds
            for credential in credentials { _ = try await credential.token(for: Scene.context) }
            return Double(Machine.nanoseconds - start) / Double(credentials.count)
        }
        Machine.print(Figure("… with the credentials at hand", unit: "ns", budget: 1500, samples: kept).row)
    }

    private static func ask(_ application: OnBehalfOfCredential, user: Int) async throws -> AccessToken {
        try await application.acting(for: Self.assertion(user)).token(for: Scene.context)
    }

    /// As long as a user's token is.
    private static func assertion(_ user: Int) -> Secret { Secret(String(repeating: "a", count: Self.tokenLength) + "\(user)") }
}
