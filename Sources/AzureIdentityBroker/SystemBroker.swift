// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
package import AzureIdentity

/// The ways to this system's broker, one after the other: the first one that is there is asked.
///
/// Which one it is, is found out anew with each call: a broker may be installed, or started, while the program runs.
package final class SystemBroker: BrokerClient {
    private let backEnds: [any BrokerClient]
    /// The name of the one that was there last.
    private let lastName = Locked<String?>(nil)

    /// - Parameter backEnds: The ways, the preferred one first. Empty on systems that have no broker.
    package init(backEnds: [any BrokerClient]) { self.backEnds = backEnds }

    package var name: String {
        self.lastName.withLock { $0 } ?? (self.backEnds.isEmpty ? "no broker" : self.backEnds.map(\.name).joined(separator: ", "))
    }

    package func accounts(_ request: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount] {
        try await self.first { backEnd async throws(BrokerFailure) in try await backEnd.accounts(request) }
    }

    package func acquireSilently(
        _ request: BrokerRequest,
        account: BrokerAccount?
    ) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.first { backEnd async throws(BrokerFailure) in
            try await backEnd.acquireSilently(request, account: account)
        }
    }

    package func acquireInteractively(
        _ request: BrokerRequest,
        account: BrokerAccount?
    ) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.first { backEnd async throws(BrokerFailure) in
            try await backEnd.acquireInteractively(request, account: account)
        }
    }

    package func signOut(_ account: BrokerAccount, request: BrokerRequest) async throws(BrokerFailure) {
        try await self.first { backEnd async throws(BrokerFailure) in try await backEnd.signOut(account, request: request) }
    }

    /// What the first way that is there gives.
    ///
    /// - Throws: `BrokerFailure`: what that one failed with; if none is there, why, of each.
    private func first<Value: Sendable>(
        _ ask: (any BrokerClient) async throws(BrokerFailure) -> Value
    ) async throws(BrokerFailure) -> Value {
        var reasons: [String] = []
        for backEnd in self.backEnds {
            do throws(BrokerFailure) {
                let value = try await ask(backEnd)
                self.note(backEnd)
                return value
            } catch {
                guard case .absent(let reason) = error.kind else {
                    self.note(backEnd)
                    throw error
                }
                reasons.append(reason)
            }
        }
        self.lastName.withLock { $0 = nil }
        throw BrokerFailure(.absent(reason: reasons.isEmpty ? "This system has none." : reasons.joined(separator: " ")))
    }

    private func note(_ backEnd: any BrokerClient) {
        let name = backEnd.name
        self.lastName.withLock { $0 = name }
    }
}
