// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// Calls of a credential that has all the tokens, in a tight loop on the caller's actor.
struct HitLoop: Sendable {
    /// How many calls make one sample.
    static let callCount = 100_000

    let credential: any TokenCredential
    let contexts: [TokenRequestContext]
    /// Positions in ``contexts``, in the order of the calls.
    let order: [Int]

    /// A loop over keys in an order drawn at random, the same in every run.
    ///
    /// - Parameters:
    ///   - credential: The credential.
    ///   - contexts: The requests. Of fewer than the calls, each is drawn about equally often.
    ///   - seed: What the order is drawn from.
    init(_ credential: any TokenCredential, _ contexts: [TokenRequestContext], seed: UInt64 = 1) {
        var generator = SplitMix(state: seed)
        var order = (0..<max(Self.callCount, contexts.count)).map { $0 % contexts.count }
        order.shuffle(using: &generator)
        self.credential = credential
        self.contexts = contexts
        self.order = Array(order.prefix(Self.callCount))
    }

    /// Nanoseconds per call, of calls with the keys in order.
    func perCall() async throws -> Double {
        let start = Machine.nanoseconds
        for position in self.order { _ = try await self.credential.token(for: self.contexts[position]) }
        return Double(Machine.nanoseconds - start) / Double(self.order.count)
    }

    /// Nanoseconds per call, of calls with the first key.
    func perCallOfOneKey() async throws -> Double {
        let context = self.contexts[0]
        let start = Machine.nanoseconds
        for _ in 0..<Self.callCount { _ = try await self.credential.token(for: context) }
        return Double(Machine.nanoseconds - start) / Double(Self.callCount)
    }

    /// The nanoseconds of each of some calls with the first key, the reading of the clock included.
    func eachCall(_ count: Int) async throws -> [UInt64] {
        let context = self.contexts[0]
        var durations: [UInt64] = []
        durations.reserveCapacity(count)
        for _ in 0..<count {
            let start = Machine.nanoseconds
            _ = try await self.credential.token(for: context)
            durations.append(Machine.nanoseconds - start)
        }
        return durations
    }
}

/// A small generator of random numbers that gives the same ones in every run (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A credential whose cache was filled from a canned transport.
struct FilledCache: Sendable {
    let transport: CannedTransport
    let credential: ClientSecretCredential
    let contexts: [TokenRequestContext]

    /// Fills a cache with one token for each request.
    ///
    /// - Parameters:
    ///   - count: How many requests.
    ///   - context: Makes the request of a number.
    init(_ count: Int, context: (Int) -> TokenRequestContext) async throws {
        self.transport = .tokens(length: 1300)
        self.credential = self.transport.credential(cache: .inMemory(capacity: 200_000))
        self.contexts = (0..<count).map(context)
        for context in self.contexts { _ = try await self.credential.token(for: context) }
        try self.check()
    }

    /// Makes sure that every token since the filling came from memory.
    func check() throws {
        guard self.transport.requestCount == self.contexts.count else {
            throw BenchmarkProblem("\(self.transport.requestCount) requests for \(self.contexts.count) keys: some calls missed")
        }
    }

    /// A request for the scope of a number.
    static func scope(_ number: Int) -> TokenRequestContext {
        TokenRequestContext(scopes: ["https://s\(number).example/.default"])
    }

    /// A request for the tenant of a number.
    static func tenant(_ number: Int) -> TokenRequestContext {
        let digits = String(number)
        let id = "d0000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        return TokenRequestContext(scopes: ["https://vault.azure.net/.default"], tenantID: id)
    }
}
