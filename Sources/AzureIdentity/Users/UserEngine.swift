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

/// What the credentials of people are made of: a tenant policy, an acquirer, and a session that renews silently and asks a person when it
/// has to.
struct UserEngine: Sendable {
    /// The application that is used where none is given: the one that Microsoft's tools for developers sign in to.
    static let developerClientID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    /// The tenant of who doesn't say: any of a company or school.
    static let anyOrganization = "organizations"

    /// Who signs in, and to what.
    struct Client: Sendable {
        /// The type name of the credential.
        let credential: String
        /// `nil`: the record's, else any organisation's.
        var tenantID: String?
        /// `nil`: the record's, else the developer application.
        var clientID: String?
        /// Who signed in before.
        var record: AuthenticationRecord?
        /// Finds who signed in before, in the cache; asked when somebody asks for a token and nobody has signed in.
        var findRecord: (@Sendable (any TokenVault) async throws -> AuthenticationRecord)?
        var loginHint: String?
        /// Whether a token request may ask a person.
        var authenticatesAutomatically = true
        /// How long a person has to sign in, by each of the ways.
        var timeLimit = Duration.seconds(300)
        /// How many ways there are, one after the other.
        var ways = 1
        /// Proves who a confidential client is; `nil`: it is a public one.
        var proof: (@Sendable (GrantContext) async throws -> ClientProof)?
        /// Whether the first token comes by the flow, whatever is in the cache: what the flow has may be another person's.
        var beginsAnew = false
        /// What else distinguishes the tokens that are kept in memory, secrets included.
        var identity: [Secret] = []
        /// Whose tokens these are, if there is one user alone: a digest of what a service knows them by.
        var sessionDigest: String?
        /// How it proves who it is, for remedies.
        var guideProof = GuideFacts.Proof.person
        /// Where it tells what happens to its tokens; `nil`: at a desk of its own.
        var events: TokenEventDesk?

        /// How long a sign-in may take in all, from when it is its turn.
        var turnLimit: Duration { max(TokenAcquirer.flightLimit, self.timeLimit * self.ways + .seconds(60)) }

        var resolvedTenantID: String { self.tenantID ?? self.record?.tenantID ?? UserEngine.anyOrganization }
        var resolvedClientID: String { self.clientID ?? self.record?.clientID ?? UserEngine.developerClientID }
    }

    /// What a credential with a good configuration has.
    private final class Ready: Sendable {
        let policy: TenantPolicy
        let session: UserSession
        let events: TokenEventDesk
        let makeAcquirer: @Sendable (_ generation: Int, _ epoch: UInt64) -> TokenAcquirer
        /// The acquirer of the account that is signed in; another account gets another one, and so does another epoch of a session.
        let current: Locked<(generation: Int, epoch: UInt64, acquirer: TokenAcquirer)>

        init(
            policy: TenantPolicy,
            session: UserSession,
            events: TokenEventDesk,
            makeAcquirer: @escaping @Sendable (Int, UInt64) -> TokenAcquirer
        ) {
            self.policy = policy
            self.session = session
            self.events = events
            self.makeAcquirer = makeAcquirer
            let epoch = session.mark?.epoch ?? 0
            self.current = Locked((0, epoch, makeAcquirer(0, epoch)))
        }

        var acquirer: TokenAcquirer {
            let (generation, epoch) = (self.session.generation, self.session.mark?.epoch ?? 0)
            let (acquirer, old): (TokenAcquirer, TokenAcquirer?) = self.current.withLock { current in
                guard current.generation < generation || current.epoch < epoch else { return (current.acquirer, nil) }
                let old = current.acquirer
                // What was read before the lock may be older than what another caller has brought meanwhile.
                let newest = (generation: max(current.generation, generation), epoch: max(current.epoch, epoch))
                current = (newest.generation, newest.epoch, self.makeAcquirer(newest.generation, newest.epoch))
                return (current.acquirer, old)
            }
            old?.removeCachedTokens()
            return acquirer
        }
    }

    private let configured: Configured<Ready>

    /// - Parameters:
    ///   - client: Who signs in, and to what.
    ///   - options: The options.
    ///   - check: Throws what is wrong with the rest of the configuration.
    ///   - flow: How a person signs in.
    init(_ client: Client, options: CredentialOptions, check: () throws -> Void = {}, flow: any SignInFlow) {
        let (tenantID, clientID) = (client.resolvedTenantID, client.resolvedClientID)
        self.configured = Configured(client.credential, tenantID: tenantID, clientID: clientID) {
            guard client.timeLimit > .zero, client.timeLimit <= Self.longestSignIn else {
                throw AuthenticationError(
                    .invalidConfiguration,
                    credential: client.credential,
                    message: "The timeout must be more than nothing, and a day (86400 s) at most."
                )
            }
            try check()
            return try Self.ready(client, options: options, flow: flow)
        }
    }

    /// Throws what is wrong with the configuration, if anything is.
    func validate() throws { try self.configured.validate() }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard let ready = self.configured.ready else { return nil }
        let tenantID = try ready.policy.tenant(requested: context.tenantID, credential: self.configured.credential)
        return try ready.acquirer.keptToken(for: context, tenantID: tenantID)
    }

    /// A token for the request: kept, else by a refresh token, else by a person, if that is allowed.
    func token(for context: TokenRequestContext) async throws -> AccessToken {
        let ready = try self.configured.get()
        let tenantID = try ready.policy.tenant(requested: context.tenantID, credential: self.configured.credential)
        try SignInScopes.check(context.scopes, credential: self.configured.credential)
        return try await ready.acquirer.token(for: context, tenantID: tenantID)
    }

    /// Has a person sign in, unless a token is to be had silently; who it was. No other caller's request is joined, and none joins: who signs
    /// in here may be another person than others expect, and is the credential's from then on.
    ///
    /// - Parameter context: The request; `nil`: for the resource manager of the authority's cloud.
    func authenticate(for context: TokenRequestContext?) async throws -> AuthenticationRecord {
        let ready = try self.configured.get()
        let context = try context ?? ready.session.authority.signInContext(credential: self.configured.credential)
        return try await UserSession.$isPersonAround.withValue(true) {
            _ = try await self.token(for: context)
            guard let record = ready.session.record else {
                throw AuthenticationError(
                    .authenticationFailed,
                    credential: self.configured.credential,
                    message: "\(self.configured.credential): The token service didn't say who signed in."
                )
            }
            return record
        }
    }

    /// How many wait for their turn to sign in.
    var waiterCount: Int { self.configured.ready?.session.turns.waiterCount ?? 0 }

    /// Who is signed in; `nil`: nobody yet.
    var authenticationRecord: AuthenticationRecord? { self.configured.ready?.session.record }

    /// What happens to the credential's tokens, whoever is signed in.
    var events: TokenEvents { TokenEvents(self.configured.ready?.events) }

    /// Drops the kept access tokens.
    func removeCachedTokens() {
        self.configured.ready?.session.forgetAccessTokens()
        self.configured.ready?.acquirer.removeCachedTokens()
    }

    /// Forgets who is signed in, and removes that account's tokens from the cache, those of its family too.
    func signOut() async throws {
        guard let ready = self.configured.ready else { return }
        // Whatever becomes of what is kept elsewhere, nothing is handed out from memory.
        defer {
            ready.session.mark?.end()
            self.removeCachedTokens()
        }
        try await ready.session.signOut()
    }

    private static func ready(_ client: Client, options: CredentialOptions, flow: any SignInFlow) throws -> Ready {
        var options = options
        if options.authorityHost == nil, options.cloud == nil, options.openIDAuthority == nil, let record = client.record {
            options.authorityHost = try AuthorityHost(record.authority)
        }
        let host = options.host
        let tenantID = client.resolvedTenantID
        let parts = try EntraParts(credential: client.credential, tenantID: tenantID, options: options, host: host)
        let session = UserSession(client, parts: parts, options: options, host: host, flow: flow)
        let instance = UUID().uuidString
        let cache = options.tokenCache
        let logging = options.logging
        let identity =
            [client.credential, tenantID.lowercased(), parts.transportName, client.resolvedClientID.lowercased()]
            + parts.authority.identity
        // People who sign in to one instance sign in to no other; a session is whose key one has.
        let who =
            identity + client.identity.map(\.revealed)
            + (client.sessionDigest.map { ["session", $0] } ?? ["instance", instance])
        let events = client.events ?? TokenEventDesk(cache.store.events, topic: KeyedDigest.partition(who))
        let makeAcquirer: @Sendable (Int, UInt64) -> TokenAcquirer = { generation, epoch in
            TokenAcquirer(
                credential: client.credential,
                partition: KeyedDigest.partition(who + ["\(generation)", "\(epoch)"]),
                cache: cache,
                host: host,
                logging: logging,
                events: events,
                facts: GuideFacts(clientID: client.resolvedClientID, proof: client.guideProof),
                timeLimit: Self.longestWait,
                isForPerson: { UserSession.isPersonAround },
                acquire: { request in
                    EntraEngine.logTenant(request, configured: tenantID, logger: logging.currentLogger)
                    return try await session.acquire(request)
                }
            )
        }
        let policy = EntraEngine.policy(tenantID, options: options, environment: host.environment)
        return Ready(policy: policy, session: session, events: events, makeAcquirer: makeAcquirer)
    }

    /// Nobody is given more time to sign in.
    static let longestSignIn = Duration.seconds(86_400)
    /// How long a request may wait for its turn and have it. What it does itself is limited by the session, by and by; what remains is the
    /// line of those who sign in before.
    private static let longestWait = Duration.seconds(7 * 86_400)
}

/// The scopes that a sign-in adds by itself. Pure.
enum SignInScopes {
    /// Throws if a request names nothing but those.
    static func check(_ scopes: [String], credential: String) throws {
        guard !scopes.isEmpty, Set(scopes).isSubset(of: TokenGrant.ScopeRule.signInScopes) else { return }
        throw AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: """
                \(credential): \(scopes.joined(separator: ", ")) \(scopes.count == 1 ? "is" : "are") asked for at each sign-in; a request \
                has to name a scope of a resource, such as https://management.azure.com/.default.
                """
        )
    }
}

/// The texts that a sign-in page begins with. Pure.
enum SignInHint {
    /// Throws if a text can't be one: it is too long, or holds control characters.
    ///
    /// - Parameters:
    ///   - text: The text; `nil`: there is none.
    ///   - name: What it is, for the error.
    ///   - credential: The type name of the credential.
    static func check(_ text: String?, _ name: String, credential: String) throws {
        guard let text, text.utf8.count > 320 || text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { return }
        throw AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: "The \(name) is longer than 320 bytes, or holds a line break or another control character."
        )
    }
}
