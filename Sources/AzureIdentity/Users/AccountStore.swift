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
        return try await self.keeper(of: record.homeAccountID).token(for: request, keptAfter: date)
    }

    /// The account's refresh tokens in the order in which they are tried.
    func refreshTokens(for request: AcquisitionRequest, record: AuthenticationRecord) async -> [CacheDocument.RefreshEntry] {
        guard let document = await self.document(request, of: record.homeAccountID) else { return [] }
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
        redeeming redeemed: CacheDocument.RefreshEntry? = nil,
        accountSource: String? = nil
    ) async throws {
        let home = redeemed?.homeAccountID ?? token.signIn.flatMap { SignedInAccount($0) }?.homeAccountID ?? record?.homeAccountID
        if redeemed == nil { try await self.removeOthers(than: home) }
        // Nobody's tokens are found again by nobody.
        guard let home else { return }
        try await self.keeper(of: home).keep(token, for: request, redeemed: redeemed, accountSource: accountSource)
    }

    /// Removes a refresh token that the service doesn't take any more.
    func drop(_ entry: CacheDocument.RefreshEntry, request: AcquisitionRequest) async {
        do {
            try await self.vault.remove(
                .refreshToken(entry), from: self.part(request.context.isCAEEnabled, of: entry.homeAccountID))
        } catch let error {
            self.note(error, "The token cache can't be written")
        }
    }

    /// Removes all that the cache has of an account, of its family of applications too.
    func remove(homeAccountID: String) async throws {
        let environments = self.authority.environments
        try await self.vault.remove(
            .account(homeAccountID: homeAccountID, environments: environments),
            from: [false, true].map { self.part($0, of: homeAccountID) })
    }

    /// Removes all that a session has.
    func removeSession() async throws {
        guard let digest = self.sessionDigest else { return }
        try await self.vault.remove(.all, from: Self.parts(ofSession: digest))
    }

    /// Removes what a session has of others than who begins it anew, also where nothing is kept of that one.
    private func removeOthers(than homeAccountID: String?) async throws {
        guard let digest = self.sessionDigest else { return }
        for part in Self.parts(ofSession: digest) {
            do {
                for other in try await self.vault.document(part).homeAccountIDs where other != homeAccountID {
                    try await self.vault.remove(.account(homeAccountID: other, environments: nil), from: part)
                }
            } catch let error {
                if error is CancellationError { throw error }
                self.note(error, "What a session has of a former user can't be removed")
            }
        }
    }

    /// Whose session it is.
    func onlyRecord() async throws -> AuthenticationRecord? {
        guard let digest = self.sessionDigest else { return nil }
        for part in Self.parts(ofSession: digest) {
            let document = try await self.vault.document(part)
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

    private static func parts(ofSession digest: String) -> [VaultPart] {
        [false, true].map { VaultPart(subject: .session(digest: digest), isCAEEnabled: $0) }
    }

    private func part(_ isCAEEnabled: Bool, of homeAccountID: String) -> VaultPart {
        let (host, clientID) = (self.authority.environment, self.clientID.lowercased())
        return VaultPart(
            subject: self.sessionDigest.map { .session(digest: $0) }
                ?? .user(environment: host, clientID: clientID, homeAccountID: homeAccountID),
            isCAEEnabled: isCAEEnabled
        )
    }

    private func document(_ request: AcquisitionRequest, of homeAccountID: String) async -> CacheDocument? {
        do {
            return try await self.vault.document(self.part(request.context.isCAEEnabled, of: homeAccountID))
        } catch let error {
            self.note(error, "The token cache can't be read")
            return nil
        }
    }

    private func keeper(of homeAccountID: String) -> TokenKeeper {
        let owner = TokenKeeper.Owner(
            environments: self.authority.environments,
            clientID: self.clientID,
            subject: .user(homeAccountID: homeAccountID),
            extensionKey: nil
        )
        return TokenKeeper(
            vault: self.vault,
            part: { self.part($0.context.isCAEEnabled, of: homeAccountID) },
            owner: { _ in owner },
            clock: self.clock,
            credential: self.credential,
            logger: self.logger
        )
    }

    private func note(_ error: any Error, _ text: String) {
        let reason = (error as? AuthenticationError)?.summary ?? HostileText.sanitized("\(error)", limit: 300)
        (self.logger ?? .current).warning(
            "\(text)", metadata: ["azure.credential": "\(self.credential)", "error.message": "\(reason)"])
    }
}
