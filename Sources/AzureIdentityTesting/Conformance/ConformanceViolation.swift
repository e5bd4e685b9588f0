// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A promise of `TokenCredential` that a credential didn't keep.
public struct ConformanceViolation: Sendable, CustomStringConvertible {
    /// The name of the check.
    public let check: String
    /// What was expected, and what happened.
    public let message: String

    /// The check and what happened.
    public var description: String { "\(self.check): \(self.message)" }

    /// Creates a violation.
    ///
    /// - Parameters:
    ///   - check: The name of the check.
    ///   - message: What was expected, and what happened.
    public init(check: String, message: String) {
        self.check = check
        self.message = message
    }
}

/// Collects what a check finds.
struct ConformanceReport {
    let check: String
    private(set) var violations: [ConformanceViolation] = []

    init(_ check: String) { self.check = check }

    mutating func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
        if !condition { self.violations.append(ConformanceViolation(check: self.check, message: message())) }
    }
}

/// What a call came to.
enum Outcome<Value: Sendable>: Sendable {
    case value(Value)
    case error(any Error)

    init(_ operation: () async throws -> Value) async {
        do {
            self = .value(try await operation())
        } catch let error {
            self = .error(error)
        }
    }

    var value: Value? {
        guard case .value(let value) = self else { return nil }
        return value
    }

    var error: (any Error)? {
        guard case .error(let error) = self else { return nil }
        return error
    }
}
