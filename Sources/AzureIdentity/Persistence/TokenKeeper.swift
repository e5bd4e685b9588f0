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

/// Finds a credential's tokens in a vault and keeps them there. A vault that fails costs a token request and a line in the log; unless it
/// is required.
struct TokenKeeper: Sendable {
    /// Whose tokens these are.
    struct Owner: Sendable, Equatable {
        enum Subject: Sendable, Equatable {
            /// A user; `nil` as long as nobody has signed in: nothing is looked up then, and the answer says who it is.
            case user(homeAccountID: String?)
            /// An application; the proof distinguishes those who know its secret from those who know another one.
            case application(proof: String)
        }

        /// The authority's host, then its other names.
        var environments: [String]
        var clientID: String
        var subject: Subject
        var extensionKey: String?
    }

    /// With less left, a kept token isn't given out: its caller wants to do something with it.
    static let margin = Duration.seconds(300)

    /// What was logged already, so that a vault that goes on failing is said once.
    private static let said = Locked<Set<String>>([])
    private static let maximumSaid = 256

    private let vault: any TokenVault
    private let part: @Sendable (AcquisitionRequest) -> VaultPart
    private let owner: @Sendable (AcquisitionRequest) -> Owner
    private let clock: any MachineClock
    private let credential: String
    private let logger: Logger?
    /// Tokens from then or before don't count any more.
    private let forgottenUntil = Locked<Date?>(nil)

    /// - Parameters:
    ///   - vault: Where tokens are kept.
    ///   - part: In which document a request's token is.
    ///   - owner: Whose token a request is for.
    ///   - clock: The clock.
    ///   - credential: The type name of the credential, for errors and logs.
    ///   - logger: The logger; `nil` for the task-local one.
    init(
        vault: any TokenVault,
        part: @escaping @Sendable (AcquisitionRequest) -> VaultPart,
        owner: @escaping @Sendable (AcquisitionRequest) -> Owner,
        clock: any MachineClock,
        credential: String,
        logger: Logger?
    ) {
        self.vault = vault
        self.part = part
        self.owner = owner
        self.clock = clock
        self.credential = credential
        self.logger = logger
    }

    /// A token from a vault that outlives the process; `nil` if none would do. Requests with claims and renewals want a new one.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - isLastResort: Whether a token would do too that is due for renewal or has little time left: when there is no other to be had.
    ///   - date: Tokens that were kept at this time or before don't count.
    /// - Throws: `AuthenticationError` if the vault fails and is required; `CancellationError`.
    func token(for request: AcquisitionRequest, isLastResort: Bool = false, keptAfter date: Date? = nil) async throws
        -> AcquiredToken?
    {
        guard self.vault.isPersistent, request.context.claims == nil, !request.isRenewal,
            let query = self.query(request)
        else { return nil }
        let document: CacheDocument
        do {
            document = try await self.vault.document(self.part(request))
        } catch let error {
            try self.note(error, "The token cache can't be read")
            return nil
        }
        let now = self.clock.date
        let limit = [date, self.forgottenUntil.withLock { $0 }].compactMap(\.self).max()
        guard let entry = Self.entry(query, in: document, at: now), limit.map({ entry.cachedAt > $0 }) ?? true else {
            return nil
        }
        return self.acquired(entry, now: now, minimum: request.context.minimumRemainingLifetime, isLastResort: isLastResort)
    }

    /// Lets tokens that are kept by now not be found again.
    func forget() {
        let date = self.clock.date
        self.forgottenUntil.withLock { $0 = date }
    }

    /// Keeps what a token service answered. In memory, access tokens have a place of their own, so only what gets others is kept.
    ///
    /// - Parameters:
    ///   - token: The answer.
    ///   - request: What it answers.
    ///   - redeemed: The refresh token that it was got with. If somebody has signed out meanwhile and removed it, nothing is kept.
    ///   - accountSource: The grant that a person signed in by, as caches name it.
    /// - Throws: `AuthenticationError` if the vault fails and is required; `CancellationError`.
    func keep(
        _ token: AcquiredToken,
        for request: AcquisitionRequest,
        redeemed: CacheDocument.RefreshEntry? = nil,
        accountSource: String? = nil
    ) async throws {
        guard token.source == .network, self.vault.isPersistent || token.signIn?.refreshToken != nil else { return }
        let (now, date) = (self.clock.now, self.clock.date)
        var answer = KeptAnswer(
            token: token,
            request: request,
            owner: self.owner(request),
            start: date.addingTimeInterval(-(now - (token.start ?? now)).inSeconds)
        )
        answer.redeemed = redeemed
        answer.accountSource = accountSource
        answer.isPersistent = self.vault.isPersistent
        let part = self.part(request)
        if case .session = part.subject { answer.isSession = true }
        do {
            try await self.vault.update(part) { [answer] in answer.write(to: &$0) }
        } catch let error {
            try self.note(error, "The token cache can't be written")
        }
    }

    /// The token of the query's tenant; for a person also one that was asked for by another name of the home tenant: a sign-in to
    /// `organizations` brings tokens of the tenant that the account is at home in, and a later process asks for that one by its id.
    private static func entry(_ query: CacheDocument.AccessQuery, in document: CacheDocument, at date: Date)
        -> CacheDocument.AccessEntry?
    {
        if let entry = document.accessEntry(matching: query, at: date) { return entry }
        guard let home = query.homeAccountID?.split(separator: ".").last.map({ $0.lowercased() }) else { return nil }
        let anyTenants = ["organizations", "common"]
        var realms: [String] = []
        if query.realm.lowercased() == home { realms = anyTenants }
        if anyTenants.contains(query.realm.lowercased()) { realms = [home] }
        for realm in realms {
            var other = query
            other.realm = realm
            if let entry = document.accessEntry(matching: other, at: date) { return entry }
        }
        return nil
    }

    private func query(_ request: AcquisitionRequest) -> CacheDocument.AccessQuery? {
        let owner = self.owner(request)
        var query = CacheDocument.AccessQuery(
            environments: owner.environments,
            clientID: owner.clientID,
            realm: request.tenantID,
            target: request.context.scopes,
            extensionKey: owner.extensionKey
        )
        switch owner.subject {
        case .user(nil): return nil
        case .user(let homeAccountID): query.homeAccountID = homeAccountID
        case .application(let proof): query.proof = proof
        }
        return query
    }

    private func acquired(
        _ entry: CacheDocument.AccessEntry,
        now: Date,
        minimum: Duration?,
        isLastResort: Bool
    ) -> AcquiredToken? {
        let remaining = Duration.seconds(entry.expiresOn.timeIntervalSince(now))
        let needed = max(minimum ?? .zero, isLastResort ? .zero : Self.margin)
        let token = entry.secret.revealed
        guard remaining > .zero, remaining >= needed, remaining <= TokenResponse.maximumLifetime,
            isLastResort || entry.refreshOn.map({ $0 > now }) ?? true,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        let refreshIn = entry.refreshOn.map { Duration.seconds($0.timeIntervalSince(now)) }
        var acquired = AcquiredToken(token: token, lifetime: remaining, refreshIn: refreshIn, start: self.clock.now)
        acquired.clientID = entry.clientID
        acquired.source = .disk
        return acquired
    }

    /// Throws if the vault is required, else says once what is wrong.
    private func note(_ error: any Error, _ text: String) throws {
        if error is CancellationError { throw error }
        if self.vault.isRequired { throw CacheFailure.error(error, credential: self.credential) }
        let reason = CacheFailure.reason(error)
        let isNew = Self.said.withLock { said in
            if said.count >= Self.maximumSaid { said = [] }
            return said.insert("\(self.credential) \(text) \(reason)").inserted
        }
        guard isNew else { return }
        (self.logger ?? .current).warning(
            "\(text); tokens are asked for as if there were none. Not said again.",
            metadata: ["azure.credential": "\(self.credential)", "error.message": "\(reason)"]
        )
    }
}
