// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What was found out about authorities and this machine's region, for all credentials of the process.
///
/// Holds 256 findings at most, each until it expires. Who asks for the same thing at once shares one request.
final class DiscoveryStore: Sendable {
    /// What a finding is about.
    struct Key: Hashable, Sendable {
        /// The request that finds it out.
        let subject: String
        /// The transport by which it is found out: another one may come to another answer.
        let transport: String
    }

    /// What was found out.
    enum Finding: Sendable, Equatable {
        /// The authority is one, or doesn't say that it is none.
        case authority
        /// An issuer's token endpoint.
        case tokenEndpoint(TokenEndpoint)
        /// The machine's region, if it has one.
        case region(String?)
    }

    private struct Kept: Sendable {
        let finding: Finding
        let expiry: MonotonicTime
    }

    static let shared = DiscoveryStore()
    private static let capacity = 256

    private let kept = Locked<[Key: Kept]>([:])
    private let flights = SingleFlight<Key, Finding>()

    /// The finding that is kept, else a new one.
    ///
    /// - Parameters:
    ///   - key: What it is about.
    ///   - clock: The clock.
    ///   - limit: How long finding it out may take.
    ///   - find: Finds it out, and says how long it keeps. An error goes to those who wait, and is forgotten.
    func finding(
        for key: Key,
        clock: any MachineClock,
        limit: SingleFlight<Key, Finding>.Limit,
        find: @escaping @Sendable () async throws -> (Finding, Duration)
    ) async throws -> Finding {
        if let kept = self.finding(for: key, now: clock.now) { return kept }
        return try await self.flights.value(for: key, patience: nil, limit: limit) {
            if let kept = self.finding(for: key, now: clock.now) { return kept }
            let (finding, lifetime) = try await find()
            self.keep(Kept(finding: finding, expiry: clock.now + lifetime), for: key, now: clock.now)
            return finding
        }
    }

    private func finding(for key: Key, now: MonotonicTime) -> Finding? {
        self.kept.withLock { kept in kept[key].flatMap { $0.expiry > now ? $0.finding : nil } }
    }

    private func keep(_ value: Kept, for key: Key, now: MonotonicTime) {
        self.kept.withLock { kept in
            if kept.count >= Self.capacity { kept = kept.filter { $0.value.expiry > now } }
            if kept.count >= Self.capacity { kept.removeAll() }
            kept[key] = value
        }
    }
}
