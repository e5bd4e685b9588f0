// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Date
#else
public import struct Foundation.Date
#endif

extension EmulatorConfiguration {
    /// A secret of an application. Its value doesn't show in ``description`` or a dump.
    public struct ClientSecret: Sendable, Hashable {
        /// The value. Use one that is good for nothing else.
        public var value: String
        /// When the secret expires. `nil`: never.
        public var expiresOn: Date?

        /// Creates a secret.
        ///
        /// - Parameters:
        ///   - value: The value. Use one that is good for nothing else.
        ///   - expiresOn: When the secret expires. `nil`: never.
        public init(value: String, expiresOn: Date? = nil) {
            self.value = value
            self.expiresOn = expiresOn
        }
    }
}

extension EmulatorConfiguration.ClientSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// When the secret expires; never its value.
    public var description: String {
        "ClientSecret(<redacted>, expiresOn: \(self.expiresOn.map { $0.ISO8601Format() } ?? "never"))"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows when the secret expires.
    public var customMirror: Mirror {
        Mirror(self, children: ["expiresOn": self.expiresOn as Any], displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
