// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A place of your own for a token cache, such as Redis: it keeps some encrypted bytes under a name.
///
/// A store sees neither tokens nor whose they are: bytes are encrypted before they come to it, and names are digests. Hand one to
/// `TokenCache.custom(_:encryptionKey:)`.
///
/// Several processes may use one store. A write says which version it is based on; where another process was faster, the store refuses it and
/// the change is made again. A version must never return under the same name, not even after ``remove(_:)`` or once the bytes have expired: else a
/// change that began before somebody signed out could bring their tokens back. Random bytes will do, or a counter that isn't part of what is
/// removed. In Redis, a script is enough that compares the version and sets the value and a new version:
///
/// ```swift
/// struct RedisStore: TokenCacheStore {
///     func read(_ partition: String) async throws -> TokenCacheBlob? {
///         guard let reply = try await self.redis.hashGet(partition, "bytes", "version") else { return nil }
///         return TokenCacheBlob(bytes: reply.bytes, version: reply.version)
///     }
///
///     func write(_ blob: TokenCacheBlob, to partition: String, ifUnchanged version: String?) async throws -> Bool {
///         let newVersion = UUID().uuidString
///         return try await self.redis.run(
///             self.compareAndSet, partition, version ?? "", blob.bytes, newVersion, expiry: blob.lifetime)
///     }
///
///     func remove(_ partition: String) async throws { try await self.redis.delete(partition) }
/// }
/// ```
///
/// A call that takes more than five seconds is given up, and a change whose calls take more than fifteen together. What a call throws ends in the
/// log, and the token is got all the same; but for signing out, which throws it.
public protocol TokenCacheStore: Sendable {
    /// What is kept under a name; `nil`, if nothing is.
    ///
    /// - Parameter partition: The name: 64 hexadecimal digits.
    /// - Returns: The bytes, as they were written, with their version.
    func read(_ partition: String) async throws -> TokenCacheBlob?

    /// Keeps bytes under a name, unless somebody has changed what was there.
    ///
    /// - Parameters:
    ///   - blob: The bytes, and how long they are of use. Its version is `nil`: the store gives it a new one.
    ///   - partition: The name.
    ///   - version: The version that has to be there now; `nil`: nothing may be there.
    /// - Returns: Whether the bytes were kept; `false` if another version is there.
    func write(_ blob: TokenCacheBlob, to partition: String, ifUnchanged version: String?) async throws -> Bool

    /// Forgets what is kept under a name. Not an error if nothing is.
    ///
    /// - Parameter partition: The name.
    func remove(_ partition: String) async throws
}

/// What a ``TokenCacheStore`` keeps: encrypted bytes.
public struct TokenCacheBlob: Sendable, Hashable {
    /// The bytes. A few kilobytes for each user.
    public var bytes: [UInt8]

    /// What distinguishes these bytes from all that were ever there under the name: random bytes, a number that the store counts up for all names
    /// together, or an ETag.
    public var version: String?

    /// How long the bytes are of use, for a store that forgets by itself. `nil` where nobody knows.
    public var lifetime: Duration?

    /// Creates a blob.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - version: What distinguishes them from those before.
    ///   - lifetime: How long they are of use.
    public init(bytes: [UInt8], version: String? = nil, lifetime: Duration? = nil) {
        self.bytes = bytes
        self.version = version
        self.lifetime = lifetime
    }
}
