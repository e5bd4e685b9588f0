// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Environment variables, as a value: the process's, or others for a test or a tenant of a larger program.
///
/// A variable that is set to nothing counts as not set.
public struct EnvironmentVariables: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private let values: [String: String]

    /// The process's variables, as they are now.
    public static var process: EnvironmentVariables { EnvironmentVariables(ProcessInfo.processInfo.environment) }

    /// Creates variables from a dictionary.
    ///
    /// - Parameter values: The values by name.
    public init(_ values: [String: String]) { self.values = values }

    /// Creates variables from a literal.
    ///
    /// - Parameter elements: Names and values; of a name given twice, the last value counts.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.values = Dictionary(elements) { $1 }
    }

    /// The value of a variable, or `nil` if it is not set or empty.
    ///
    /// - Parameter name: The variable's name.
    public subscript(name: String) -> String? {
        guard let value = self.values[name], !value.isEmpty else { return nil }
        return value
    }

    /// Whether a switch is on: set, and not to `0`, `false`, `no` or `off` in any case.
    ///
    /// - Parameter name: The variable's name.
    /// - Returns: Whether the switch is on.
    package func isOn(_ name: String) -> Bool {
        guard let value = self[name]?.lowercased() else { return false }
        return !["0", "false", "no", "off"].contains(value)
    }

    /// Where the instance metadata service is, without a slash at the end: `AZURE_POD_IDENTITY_AUTHORITY_HOST`, else its fixed address.
    package var metadataHost: String {
        var host = (self["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? "http://169.254.169.254")[...]
        while host.hasSuffix("/") { host.removeLast() }
        return String(host)
    }

    /// All variables that are set.
    package var dictionary: [String: String] { self.values }
}

extension EnvironmentVariables: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The names of the variables that are set; never a value, which may be a secret.
    public var description: String { "EnvironmentVariables(\(self.values.keys.sorted().joined(separator: ", ")))" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows the names of the variables alone.
    public var customMirror: Mirror {
        Mirror(self, children: ["names": self.values.keys.sorted()], displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
