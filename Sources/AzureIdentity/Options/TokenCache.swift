// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Where credentials keep their tokens.
///
/// All tokens are in memory, at most as many as the cache's capacity; of more, the ones not used for longest are dropped.
/// An entry costs about 1.2 KiB besides the token itself (measured, see `Benchmarks/README.md`).
public struct TokenCache: Sendable {
    package let store: TokenStore
    /// Where refresh tokens and accounts are, and what outlives the process.
    package let vault: any TokenVault

    /// The process's cache. Credentials with equal configuration, the secret included, share their tokens and requests through it.
    ///
    /// A credential never gets a token that was got with another secret, certificate, client, tenant, authority or transport.
    public static let shared = TokenCache(capacity: Self.defaultCapacity)

    /// A new, empty cache at each access, for credentials that are to share with no others: what the other Azure Identity libraries do for each instance.
    public static var inMemory: TokenCache { TokenCache(capacity: Self.defaultCapacity) }

    /// How many tokens a cache holds unless told otherwise.
    public static let defaultCapacity = 100_000

    /// A new cache of a given size.
    ///
    /// - Parameter capacity: How many tokens it holds at most; at least one.
    /// - Returns: The cache.
    public static func inMemory(capacity: Int) -> TokenCache { TokenCache(capacity: capacity) }

    private init(capacity: Int) { self.init(capacity: capacity, vault: MemoryVault(capacity: max(1, capacity))) }

    /// A cache with its refresh tokens and accounts elsewhere.
    package init(capacity: Int = Self.defaultCapacity, vault: any TokenVault) {
        self.store = TokenStore(capacity: max(1, capacity))
        self.vault = vault
    }

    /// How many tokens it holds now, expired ones included.
    public var count: Int { self.store.count }

    /// How many requests are under way for it.
    package var requestCount: Int { self.store.flights.count }

    /// How many wait for them.
    package var waiterCount: Int { self.store.flights.waiterCount() }

    /// Drops all tokens. Requests under way end, but their tokens are not kept.
    public func removeAll() { self.store.removeAll() }
}
