// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// A key that tokens are encrypted with: 32 random bytes that the application keeps.
///
/// Make one with `openssl rand 32` and keep it where secrets are kept. Who has it can read the tokens.
///
/// It never shows in a description, a debugger's dump or a reflection, and it can't be encoded.
public struct TokenCacheKey: Sendable, Hashable {
    /// How many bytes a key has.
    public static let byteCount = 32

    package let bytes: [UInt8]

    /// Creates a key.
    ///
    /// - Parameter bytes: Exactly 32 bytes, from a generator of random numbers.
    /// - Throws: `AuthenticationError` with the code `.invalidConfiguration` if they are more or fewer, or all the same.
    public init(_ bytes: some Sequence<UInt8>) throws {
        let bytes = Array(bytes)
        guard bytes.count == Self.byteCount else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: "TokenCacheKey",
                message: "TokenCacheKey: a key has \(Self.byteCount) bytes; these are \(bytes.count)."
            )
        }
        guard Set(bytes).count > 1 else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: "TokenCacheKey",
                message: "TokenCacheKey: all bytes of the key are the same, so it is no random one."
            )
        }
        self.bytes = bytes
    }

    /// A key from a place that holds nothing but random bytes; `nil` unless they are as many as a key has.
    package init?(stored bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }
}

extension TokenCacheKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<redacted>`.
    public var description: String { "<redacted>" }
    /// Always `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// Shows nothing.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
