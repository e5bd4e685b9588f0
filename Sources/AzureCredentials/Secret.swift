// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A value that must not be shown: a client secret, a password, an assertion.
///
/// It never shows in a description, a debugger's dump or a reflection, and it can't be encoded. Read ``revealed`` to get it.
///
/// ```swift
/// let secret = Secret(configuration["clientSecret"] ?? "")
/// print(secret)  // <redacted>
/// ```
public struct Secret: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The value. Treat it like a password: don't log or store it.
    public let revealed: String

    /// Hides a value.
    ///
    /// - Parameter value: The value to hide.
    public init(_ value: String) { self.revealed = value }

    /// Hides a literal, for tests; real secrets don't belong in source code.
    ///
    /// - Parameter value: The value to hide.
    public init(stringLiteral value: String) { self.revealed = value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<redacted>`.
    public var description: String { "<redacted>" }
    /// Always `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// Shows nothing.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
