// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Which credentials a chain asks, in order, and why it leaves one out: found out without asking for a token.
///
/// ```swift
/// print(DefaultAzureCredential().plan())
/// ```
public struct ChainPlan: Sendable, Hashable {
    /// A credential of the chain.
    public struct Member: Sendable, Hashable {
        /// Its type name.
        public var name: String
        /// Whether the chain asks it.
        public var isIncluded: Bool
        /// Why the chain doesn't ask it, or what is known to be in the way; `nil`: nothing.
        public var reason: String?

        package init(name: String, isIncluded: Bool, reason: String? = nil) {
            self.name = name
            self.isIncluded = isIncluded
            self.reason = reason
        }
    }

    /// The credentials, in the order in which they are asked.
    public var members: [Member]
    /// What is wrong with the chain, if it can't be asked at all.
    public var problem: String?

    package init(members: [Member], problem: String? = nil) {
        self.members = members
        self.problem = problem
    }
}

extension ChainPlan: CustomStringConvertible {
    /// A table: a line for each credential.
    public var description: String {
        let width = self.members.map(\.name.count).max() ?? 0
        var number = 0
        let lines = self.members.map { member in
            if member.isIncluded { number += 1 }
            let position = member.isIncluded ? "\(number)." : "-"
            let name = member.name + String(repeating: " ", count: width - member.name.count)
            let state = !member.isIncluded ? "skipped" : member.reason == nil ? "asked" : "unavailable"
            let opening = String(repeating: " ", count: max(3 - position.count, 0)) + position
            return "\(opening) \(name)  \(state)\(member.reason.map { ": \($0)" } ?? "")"
        }
        return (lines + (self.problem.map { [$0] } ?? [])).joined(separator: "\n")
    }
}
