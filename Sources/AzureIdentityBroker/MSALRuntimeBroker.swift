// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
package import AzureIdentity

/// The broker of the system by Microsoft's library, which the user has installed.
///
/// Loads and starts it when it is asked for something. One object for each credential; the library is shared by the process.
package final class MSALRuntimeBroker: BrokerClient {
    package let name = "broker library"

    private let clock: any MachineClock
    private let location: MSALRuntimeLocation

    /// - Parameters:
    ///   - host: The machine; only its clock is used.
    ///   - path: The library's absolute path; `nil`: where the system keeps libraries.
    package init(host: Host, path: String? = nil) {
        self.clock = host.clock
        self.location = path.map { MSALRuntimeLocation.path($0) } ?? .installed
    }

    package func accounts(_ request: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount] {
        try await self.call(request) { functions async throws(BrokerFailure) in
            let operation = MSALRuntimeOperation<[BrokerAccount]>(
                functions,
                release: functions.answers.releaseDiscovery,
                read: { result throws(BrokerFailure) in try functions.accounts(result) },
                start: { data, place, _ throws(BrokerFailure) in
                    let clientID = try OSText.characters(request.clientID)
                    let correlationID = try OSText.characters(request.correlationID)
                    let callback = MSALRuntimeCallbacks.callback
                    return functions.operations.discoverAccounts(clientID, correlationID, callback, data, place)
                }
            )
            return try await operation.run()
        }
    }

    package func acquireSilently(
        _ request: BrokerRequest,
        account: BrokerAccount?
    ) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.call(request) { functions async throws(BrokerFailure) in
            guard let account else { return try await functions.signInSilently(request) }
            if let known = try await functions.find(account, request) {
                return try await functions.acquireSilently(request, known)
            }
            // The broker may know more accounts than the library remembers: that one may be the system's own.
            let answer = try await functions.signInSilently(request)
            guard let found = answer.account?.homeAccountID, found.lowercased() == account.homeAccountID.lowercased() else {
                throw BrokerFailure(.accountNotFound, context: "the system's default account is another one")
            }
            return answer
        }
    }

    package func acquireInteractively(
        _ request: BrokerRequest,
        account: BrokerAccount?
    ) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.call(request) { functions async throws(BrokerFailure) in
            if let account, let known = try await functions.find(account, request) {
                return try await functions.acquireInteractively(request, known)
            }
            return try await functions.signInInteractively(request, hint: request.loginHint ?? account?.username ?? "")
        }
    }

    package func signOut(_ account: BrokerAccount, request: BrokerRequest) async throws(BrokerFailure) {
        try await self.call(request) { functions async throws(BrokerFailure) in
            guard let known = try await functions.find(account, request) else {
                throw BrokerFailure(.accountNotFound, context: "the broker library doesn't know the account")
            }
            try await functions.signOut(request, known)
        }
    }

    /// Does something with the library, within the request's time.
    private func call<Value: Sendable>(
        _ request: BrokerRequest,
        _ body: @escaping @Sendable (MSALRuntimeFunctions) async throws(BrokerFailure) -> Value
    ) async throws(BrokerFailure) -> Value {
        let names = try self.location.names()
        if Task.isCancelled { throw BrokerFailure(.cancelled) }
        let remaining = request.deadline - self.clock.now
        guard remaining > .zero else { throw BrokerFailure(.timedOut) }
        do {
            return try await withTimeout(remaining, clock: self.clock, onTimeout: { BrokerFailure(.timedOut) }) {
                try await body(try await MSALRuntimeLibrary.ready(names).functions)
            }
        } catch let failure as BrokerFailure {
            throw failure
        } catch {
            throw BrokerFailure(.cancelled)
        }
    }
}
