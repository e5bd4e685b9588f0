// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// The operations, each with its parameters and its kind of result.
extension MSALRuntimeFunctions {
    private static let callback = MSALRuntimeCallbacks.callback

    /// A token for the system's default account.
    func signInSilently(_ request: BrokerRequest) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.token(request, isInteractive: false) { address, id, data, place throws(BrokerFailure) in
            self.operations.signInSilently(address, id, Self.callback, data, place)
        }
    }

    /// A token for an account that the library knows.
    func acquireSilently(_ request: BrokerRequest, _ account: MSALRuntimeHandle) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.token(request, account, isInteractive: false) { address, id, data, place throws(BrokerFailure) in
            try account.use { account throws(BrokerFailure) in
                self.operations.acquireSilently(address, id, account, Self.callback, data, place)
            }
        }
    }

    /// A token for whom the person chooses.
    func signInInteractively(_ request: BrokerRequest, hint: String) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.token(request, isInteractive: true) { address, id, data, place throws(BrokerFailure) in
            let window = MSALRuntimeWindow.number(of: request.window)
            let hint = try OSText.characters(hint)
            return self.operations.signInInteractively(window, address, id, hint, Self.callback, data, place)
        }
    }

    /// A token for an account that the library knows, for which it may ask.
    func acquireInteractively(
        _ request: BrokerRequest,
        _ account: MSALRuntimeHandle
    ) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.token(request, account, isInteractive: true) { address, id, data, place throws(BrokerFailure) in
            let window = MSALRuntimeWindow.number(of: request.window)
            return try account.use { account throws(BrokerFailure) in
                self.operations.acquireInteractively(window, address, id, account, Self.callback, data, place)
            }
        }
    }

    /// Looks for an account by its object id; `nil` if the library doesn't know it.
    func find(_ account: BrokerAccount, _ request: BrokerRequest) async throws(BrokerFailure) -> MSALRuntimeHandle? {
        let home = account.homeAccountID.split(separator: ".").first.map(String.init) ?? ""
        let id = account.localAccountID.isEmpty ? home : account.localAccountID
        let operation = MSALRuntimeOperation<MSALRuntimeHandle?>(
            self,
            release: self.answers.releaseReadAccount,
            read: { result throws(BrokerFailure) in try self.readAccount(result) },
            start: { data, place, _ throws(BrokerFailure) in
                let id = try OSText.characters(id)
                let correlationID = try OSText.characters(request.correlationID)
                return self.operations.readAccount(id, correlationID, Self.callback, data, place)
            }
        )
        return try await operation.run()
    }

    /// Signs an account out of the application.
    func signOut(_ request: BrokerRequest, _ account: MSALRuntimeHandle) async throws(BrokerFailure) {
        let operation = MSALRuntimeOperation<Bool>(
            self,
            release: self.answers.releaseSignOut,
            read: { result throws(BrokerFailure) in
                try self.checkResult(result, self.answers.signOutError)
                return true
            },
            start: { data, place, kept throws(BrokerFailure) in
                let clientID = try OSText.characters(request.clientID)
                let correlationID = try OSText.characters(request.correlationID)
                kept = [account]
                return try account.use { account throws(BrokerFailure) in
                    self.operations.signOut(clientID, correlationID, account, Self.callback, data, place)
                }
            }
        )
        _ = try await operation.run()
    }

    /// An operation that ends with a token. The request's handle and the account's are kept until its callback.
    private func token(
        _ request: BrokerRequest,
        _ account: MSALRuntimeHandle? = nil,
        isInteractive: Bool,
        _ start: @escaping @Sendable (Address, [OSCharacter], Address, Place) throws(BrokerFailure) -> Address?
    ) async throws(BrokerFailure) -> BrokerAnswer {
        let operation = MSALRuntimeOperation<BrokerAnswer>(
            self,
            release: self.answers.release,
            read: { result throws(BrokerFailure) in try self.answer(result) },
            start: { data, place, kept throws(BrokerFailure) in
                let correlationID = try OSText.characters(request.correlationID)
                let parameters = try self.parameters(for: request, isInteractive: isInteractive)
                kept = [parameters] + (account.map { [$0] } ?? [])
                return try parameters.use { address throws(BrokerFailure) in
                    try start(address, correlationID, data, place)
                }
            }
        )
        return try await operation.run()
    }
}
