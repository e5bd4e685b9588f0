// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a session keeps in the cache, and finds there: access and refresh tokens, and who they belong to. A cache that fails costs a
/// request, and no more; unless the cache is required.
struct AccountStore: Sendable {
    let credential: String
    let clientID: String
    /// Whose tokens these are, if there is one user alone.
    let sessionDigest: String?
    let authority: Authority
    let vault: any TokenVault
    let clock: any MachineClock
    let logger: Logger?

    /// An access token of the account that is in a cache on disk, if it would do.
    ///
    /// - Parameter date: Tokens that were kept then or before don't count.
    func accessToken(
        for request: AcquisitionRequest,
        record: AuthenticationRecord,
        keptAfter date: Date?
    ) async throws -> AcquiredToken? {
        // Who only knows the key of a session doesn't get what the application's secret would have to be shown for.
        guard self.sessionDigest == nil else { return nil }
        return try await self.keeper(of: record).token(for: request, keptAfter: date)
    }

    /// The account's refresh tokens in the order in which they are tried.
    func refreshTokens(for request: AcquisitionRequest, record: AuthenticationRecord) async -> [CacheDocument.RefreshEntry] {
        guard let document = await self.document(request) else { return [] }
        let environments = self.authority.environments
        return RefreshOrder.candidates(
            document.refreshEntries(homeAccountID: record.homeAccountID, environments: environments),
            clientID: self.clientID,
            application: document.application(clientID: self.clientID, environments: environments)
        )
    }

    /// Keeps what came with a token. After a refresh token was redeemed only if it is still there, so that somebody who signs out meanwhile
    /// is signed out.
    func keep(
        _ token: AcquiredToken,
        request: AcquisitionRequest,
        record: AuthenticationRecord?,
        redeeming redeemed: CacheDocument.RefreshEntry? = nil
    ) async throws {
        try await self.keeper(of: record).keep(token, for: request, redeemed: redeemed)
    }

    /// Removes a refresh token that the service doesn't take any more.
    func drop(_ entry: CacheDocument.RefreshEntry, request: AcquisitionRequest) async {
        do {
            try await self.vault.update(self.part(request.context.isCAEEnabled)) { $0.remove(entry) }
        } catch let error {
            self.note(error, "The token cache can't be written")
        }
    }

    /// Removes all that the cache has of an account, of its family of applications too.
    func remove(homeAccountID: String) async throws {
        let environments = self.authority.environments
        for isCAEEnabled in [false, true] {
            try await self.vault.update(self.part(isCAEEnabled)) {
                $0.removeAccount(homeAccountID: homeAccountID, environments: environments)
            }
        }
    }

    /// Removes all that a part has which has one user alone.
    func removeAll() async throws {
        for isCAEEnabled in [false, true] { try await self.vault.update(self.part(isCAEEnabled)) { $0 = CacheDocument() } }
    }

    /// Who is in a part that has one user alone.
    func onlyRecord() async throws -> AuthenticationRecord? {
        for isCAEEnabled in [false, true] {
            let document = try await self.vault.document(self.part(isCAEEnabled))
            guard let account = document.accounts.first else { continue }
            return AuthenticationRecord(
                authority: self.authority.environment,
                clientID: self.clientID,
                homeAccountID: account.homeAccountID,
                tenantID: account.realm,
                username: account.username
            )
        }
        return nil
    }

    private func part(_ isCAEEnabled: Bool) -> VaultPart {
        VaultPart(
            subject: self.sessionDigest.map { .session(digest: $0) }
                ?? .users(environment: self.authority.environment, clientID: self.clientID.lowercased()),
            isCAEEnabled: isCAEEnabled
        )
    }

    private func document(_ request: AcquisitionRequest) async -> CacheDocument? {
        do {
            return try await self.vault.document(self.part(request.context.isCAEEnabled))
        } catch let error {
            self.note(error, "The token cache can't be read")
            return nil
        }
    }

    private func keeper(of record: AuthenticationRecord?) -> TokenKeeper {
        let owner = TokenKeeper.Owner(
            environments: self.authority.environments,
            clientID: self.clientID,
            subject: .user(homeAccountID: record?.homeAccountID),
            extensionKey: nil
        )
        return TokenKeeper(
            vault: self.vault,
            part: { self.part($0.context.isCAEEnabled) },
            owner: { _ in owner },
            clock: self.clock,
            credential: self.credential,
            logger: self.logger
        )
    }

    private func note(_ error: any Error, _ text: String) {
        let reason = (error as? AuthenticationError)?.summary ?? HostileText.sanitized("\(error)", limit: 300)
        (self.logger ?? .current).warning(
            "\(text)", metadata: ["azure.credential": "\(self.credential)", "error": "\(reason)"])
    }
}
