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

/// Who is signed in to a credential, and how a token is got for that account: from the cache, by a refresh token, or by asking a person.
/// Asks one person at a time.
final class UserSession: Sendable {
    private struct State: Sendable {
        var record: AuthenticationRecord?
        /// How often another account than before has signed in, or out.
        var generation = 0
        /// How often somebody has signed in.
        var signIns = 0
        /// Who must sign in, unless a caller asks for somebody else: who the configuration names, or was signed in on purpose.
        var expectedHomeAccountID: String?
        /// Since when access tokens in the cache count; those from before were to be forgotten.
        var forgottenUntil: Date?
    }

    /// What trying without a person came to.
    private enum Silence: Sendable {
        case token(AcquiredToken)
        /// Nothing; with what the service said to a refresh token.
        case nothing(AuthenticationError?)
    }

    let client: UserEngine.Client
    let store: AccountStore
    private let entra: EntraClient
    let authority: Authority
    private let flow: any SignInFlow
    let host: Host
    private let logger: Logger?
    let turns: SignInTurns
    /// Where there is one: the session of a service's user.
    let mark: SessionMark?
    private let state: Locked<State>

    init(
        _ client: UserEngine.Client,
        parts: EntraParts,
        options: CredentialOptions,
        host: Host,
        flow: any SignInFlow
    ) {
        self.client = client
        self.entra = parts.client
        self.authority = parts.authority
        self.flow = flow
        self.host = host
        self.turns = SignInTurns(clock: host.clock)
        self.logger = options.logging.logger
        self.mark = SessionMark(client, tokens: options.tokenCache.store)
        self.state = Locked(State(record: client.record, expectedHomeAccountID: client.record?.homeAccountID))
        self.store = AccountStore(
            credential: client.credential,
            clientID: client.resolvedClientID,
            sessionDigest: client.sessionDigest,
            authority: parts.authority,
            vault: options.tokenCache.vault,
            clock: host.clock,
            logger: options.logging.logger
        )
    }

    /// Who is signed in.
    var record: AuthenticationRecord? { self.state.withLock { $0.record } }

    /// Changes when another account signs in, or the one that is there out.
    var generation: Int { self.state.withLock { $0.generation } }

    /// Whether a person may be asked, whatever the configuration says: in calls that are made for that, and in no other at the same time.
    @TaskLocal static var isPersonAround = false

    /// Lets access tokens that are in the cache now not be found again.
    func forgetAccessTokens() {
        let date = self.host.clock.date
        self.state.withLock { $0.forgottenUntil = date }
    }

    /// Removes the account that is signed in from the cache, and forgets it: if it can't be removed, it is still signed in.
    func signOut() async throws {
        if self.client.sessionDigest != nil {
            try await self.store.removeSession()
        } else if let record = try await self.knownRecord() {
            try await self.store.remove(homeAccountID: record.homeAccountID)
        }
        self.state.withLock { state in
            state.record = nil
            state.generation += 1
        }
    }

    /// A token for a request, silently if that is possible.
    func acquire(_ request: AcquisitionRequest) async throws -> AcquiredToken {
        let (signIns, isNew) = self.state.withLock { ($0.signIns, $0.record == nil) }
        let arrival = self.turns.come()
        defer { self.turns.go() }
        var refusal: AuthenticationError?
        if !isNew || !self.client.beginsAnew {
            let time = TokenAcquirer.flightLimit
            let begun = self.dated(request, time: time)
            let silence = try await leavingBehind(after: time, clock: self.host.clock, onTimeout: { self.givenUp(after: time) }) {
                try await self.silently(begun)
            }
            switch silence {
            case .token(let token): return token
            case .nothing(let error): refusal = error
            }
        }
        try self.checkPerson(request, refusal: refusal)
        // What is waited for the others is none of this sign-in's own time.
        let time = self.client.turnLimit
        return try await self.turns.take(
            since: arrival,
            limit: time,
            onTimeout: { self.overdue(after: time) },
            isForAll: { self.flow.isRefusalForAll($0) },
            operation: { [refusal] in
                let begun = self.dated(request, time: time)
                if self.state.withLock({ $0.signIns }) != signIns {
                    // Somebody has signed in while this request waited for its turn.
                    if case .token(let token) = try await self.silently(begun) { return token }
                }
                return try await self.byPerson(begun, refusal: refusal)
            }
        )
    }

    private func checkPerson(_ request: AcquisitionRequest, refusal: AuthenticationError?) throws {
        // Nobody is asked behind the caller's back, while the old token is good.
        guard !request.isRenewal, self.client.authenticatesAutomatically || Self.isPersonAround else {
            throw self.required(request, refusal: refusal)
        }
    }

    private func byPerson(_ request: AcquisitionRequest, refusal: AuthenticationError?) async throws -> AcquiredToken {
        var request = request
        // What the service wants to be proved, the person proves now.
        if request.context.claims == nil, let claims = refusal?.serviceError?.claims,
            (try? ClaimsRequest.value(claims: claims, isCAEEnabled: true, credential: self.client.credential)) != nil
        {
            request.context.claims = claims
        }
        let desk = SignInDesk(
            credential: self.client.credential,
            clientID: self.client.resolvedClientID,
            host: self.host,
            logger: self.logger ?? .current,
            loginHint: self.client.loginHint ?? self.record.flatMap { $0.username.isEmpty ? nil : $0.username },
            entra: self.entra
        )
        let token: AcquiredToken
        do {
            token = try await self.flow.signIn(request, at: desk)
        } catch var error as AuthenticationError where error.code == .authenticationRequired {
            error.context = error.context ?? request.context
            error.serviceError = error.serviceError ?? refusal?.serviceError
            throw error
        }
        // Who was given up, while somebody else signs in perhaps, is nobody's account.
        try Task.checkCancellation()
        if let answer = token.signIn, let account = SignedInAccount(answer) { try self.settle(on: account, request: request) }
        // Whatever becomes of the cache: who has the session's key alone acts for nobody who was there before.
        defer { self.mark?.begin(for: self.record?.homeAccountID) }
        try await self.store.keep(
            token, request: request, record: self.record, accountSource: AccountSource.name(ofGrant: desk.lastGrantType))
        return token
    }

    /// Remembers who signed in.
    ///
    /// - Throws: `AuthenticationError` if it is another person than the record of the configuration names, and nobody asked for that.
    private func settle(on account: SignedInAccount, request: AcquisitionRequest) throws {
        let record = AuthenticationRecord(
            authority: self.authority.environment,
            clientID: self.client.resolvedClientID,
            homeAccountID: account.homeAccountID,
            tenantID: account.tenantID ?? request.tenantID,
            username: account.username
        )
        let isWanted = Self.isPersonAround
        let (isChange, isWrong) = self.state.withLock { state in
            let isChange = state.record.map { $0.homeAccountID != account.homeAccountID } ?? false
            let isWrong = !isWanted && state.expectedHomeAccountID.map { $0 != account.homeAccountID } ?? false
            guard !isWrong else { return (isChange, true) }
            if isChange { state.generation += 1 }
            state.record = record
            state.signIns += 1
            if isWanted, state.expectedHomeAccountID != nil { state.expectedHomeAccountID = account.homeAccountID }
            return (isChange, false)
        }
        if isWrong {
            throw AuthenticationError(
                .authenticationFailed,
                credential: self.client.credential,
                message: """
                    \(self.client.credential): Another account signed in than the one of the authentication record. Sign in with that \
                    one, or call authenticate(for:) to change accounts.
                    """
            )
        }
        if isChange {
            // Whose the new token is, the acquirer says at info.
            (self.logger ?? .current).debug(
                "Another account has signed in; the tokens of the old one are dropped",
                metadata: ["azure.credential": "\(self.client.credential)", "azure.tenant_id": "\(record.tenantID)"]
            )
        }
    }

    private func silently(_ request: AcquisitionRequest) async throws -> Silence {
        guard let record = try await self.knownRecord() else { return .nothing(nil) }
        let forgotten = self.state.withLock { $0.forgottenUntil }
        if let token = try await self.store.accessToken(for: request, record: record, keptAfter: forgotten) {
            return .token(token)
        }
        var refusal: AuthenticationError?
        for entry in await self.store.refreshTokens(for: request, record: record) {
            do {
                let token = try await self.entra.token(for: request) { context in try await self.grant(entry, context: context) }
                try await self.store.keep(token, request: request, record: record, redeeming: entry)
                return .token(token)
            } catch let error as AuthenticationError where Self.isRefusal(error) {
                refusal = refusal ?? error
                if ["bad_token", "token_expired"].contains(error.serviceError?.suberror ?? "") {
                    await self.store.drop(entry, request: request)
                }
            }
        }
        return .nothing(refusal)
    }

    private func knownRecord() async throws -> AuthenticationRecord? {
        // Who has a session's key alone acts for whoever began it last.
        let isSettled = self.client.sessionDigest == nil || self.client.beginsAnew
        if isSettled, let record = self.record { return record }
        let found: AuthenticationRecord?
        if let find = self.client.findRecord {
            found = try await find(self.store.vault)
        } else if self.client.sessionDigest != nil {
            found = try await self.store.onlyRecord()
        } else {
            return nil
        }
        guard let found else { return nil }
        return self.state.withLock { state in
            if !isSettled || state.record == nil { state.record = found }
            return state.record
        }
    }

    private func grant(_ entry: CacheDocument.RefreshEntry, context: GrantContext) async throws -> TokenGrant {
        let secret = entry.secret.revealed
        let proof = try await self.client.proof?(context)
        var grant = TokenGrant(
            parameters: [
                ("grant_type", "refresh_token"), ("client_id", self.client.resolvedClientID), ("client_info", "1"),
                ("refresh_token", secret),
            ] + (proof?.parameters ?? []),
            secrets: FormEncoding.echoes(of: secret) + (proof?.secrets ?? []),
            clientID: self.client.resolvedClientID
        )
        grant.isDated = proof?.isDated ?? false
        grant.renew = proof?.renew
        grant.refusalNote = proof?.refusalNote
        grant.scopes = .withSignInScopes
        return grant
    }
}
