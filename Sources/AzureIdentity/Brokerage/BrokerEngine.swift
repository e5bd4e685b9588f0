// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials
import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the credentials that ask the system's broker are made of: a tenant policy, an acquirer, and a session that asks the broker silently
/// first, and has it show a window when it has to and may.
package struct BrokerEngine: Sendable {
    /// Who signs in, and to what.
    package struct Client: Sendable {
        /// The type name of the credential.
        package let credential: String
        /// `nil`: the record's, else any organisation's.
        package var tenantID: String?
        /// `nil`: the record's, else the developer application.
        package var clientID: String?
        /// Who signed in before; another person's token is refused.
        package var record: AuthenticationRecord?
        /// A user name; another person's token is refused, unless there is a record.
        package var loginHint: String?
        /// Whether the operating system's default account is the one, where no record and no hint names one.
        package var usesDefaultAccount = false
        package var isMSAPassthroughEnabled = false
        /// Whether a token request may have the broker ask a person.
        package var authenticatesAutomatically = true
        /// Whether no window is ever shown, so that nobody can be told to call `authenticate(for:)`.
        package var isSilent = false
        package var window = BrokerWindow.console
        /// How long a person has to sign in.
        package var timeLimit = Duration.seconds(300)
        /// What is asked where there is no broker; `nil`: nothing is.
        package var fallback: BrokerFallback?

        package init(credential: String) { self.credential = credential }

        var resolvedTenantID: String { self.tenantID ?? self.record?.tenantID ?? UserEngine.anyOrganization }
        var resolvedClientID: String { self.clientID ?? self.record?.clientID ?? UserEngine.developerClientID }
        /// How long a sign-in may take in all, from when it is its turn.
        var turnLimit: Duration { self.timeLimit + Self.margin }
        /// What a back end may need beyond a deadline, to say that it has passed.
        static let margin = Duration.seconds(5)
    }

    /// What a credential with a good configuration has.
    private final class Ready: Sendable {
        let policy: TenantPolicy
        let session: BrokerSession
        let acquirer: TokenAcquirer

        init(policy: TenantPolicy, session: BrokerSession, acquirer: TokenAcquirer) {
            self.policy = policy
            self.session = session
            self.acquirer = acquirer
        }
    }

    private let configured: Configured<Ready>
    /// Whether a request for a token never shows a window.
    let isSilent: Bool

    /// - Parameters:
    ///   - client: Who signs in, and to what.
    ///   - broker: The way to the broker. Nothing is opened or asked yet.
    ///   - options: The cloud, the tenants, the cache, the log and the variables.
    package init(_ client: Client, broker: BrokeredSignIn, options: CredentialOptions) {
        var client = client
        // An empty text, as a form or a variable may have it, names nobody.
        if client.loginHint?.isEmpty == true { client.loginHint = nil }
        self.isSilent = client.isSilent
        self.configured = Configured(
            client.credential, tenantID: client.resolvedTenantID, clientID: client.resolvedClientID
        ) { [client] in
            try Self.check(client, options: options)
            return try Self.ready(client, broker: broker, options: options)
        }
    }

    /// The type name of the credential.
    package var credential: String { self.configured.credential }

    /// Throws what is wrong with the configuration, if anything is.
    package func validate() throws { try self.configured.validate() }

    /// A kept token for the request, if there is one that would do.
    package func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard let ready = self.configured.ready else { return nil }
        let tenantID = try ready.policy.tenant(requested: context.tenantID, credential: self.credential)
        return try ready.acquirer.keptToken(for: context, tenantID: tenantID)
    }

    /// A token for the request: kept, else by the broker without a person, else by one, if that is allowed.
    package func token(for context: TokenRequestContext) async throws -> AccessToken {
        let ready = try self.configured.get()
        let tenantID = try ready.policy.tenant(requested: context.tenantID, credential: self.credential)
        try SignInScopes.check(context.scopes, credential: self.credential)
        // What can't be sent is an error at once, and for each caller.
        _ = try ClaimsRequest.value(claims: context.claims, isCAEEnabled: true, credential: self.credential)
        return try await ready.acquirer.token(for: context, tenantID: tenantID)
    }

    /// Has a person sign in, unless a token is to be had silently; who it was.
    ///
    /// - Parameter context: The request; `nil`: for the resource manager of the authority's cloud.
    package func authenticate(for context: TokenRequestContext?) async throws -> AuthenticationRecord {
        let ready = try self.configured.get()
        let context = try context ?? ready.session.authority.signInContext(credential: self.credential)
        return try await UserSession.$isPersonAround.withValue(true) {
            _ = try await self.token(for: context)
            guard let record = ready.session.record else {
                throw AuthenticationError(
                    .authenticationFailed,
                    credential: self.credential,
                    message: "\(self.credential): The broker didn't say who signed in."
                )
            }
            return record
        }
    }

    /// Who is signed in; `nil`: nobody yet.
    package var authenticationRecord: AuthenticationRecord? { self.configured.ready?.session.record }

    /// Finds out within a while whether there is a broker, without asking it for a token, nor anybody for anything.
    ///
    /// - Parameter patience: How long the broker may take.
    /// - Returns: The error if there is none; `nil`: there is one, or nobody knows, or something is asked in its place.
    func absence(within patience: Duration) async -> AuthenticationError? {
        guard let ready = self.configured.ready else { return nil }
        return await ready.session.absence(within: patience)
    }

    /// What happens to the credential's tokens.
    package var events: TokenEvents { TokenEvents(self.configured.ready?.acquirer.events) }

    /// Drops the kept access tokens, those of the fallback too. The broker has its own. Where nobody is named, the next one may be another.
    package func removeCachedTokens() {
        guard let ready = self.configured.ready else { return }
        ready.acquirer.removeCachedTokens()
        ready.session.forgetFirst()
        ready.session.client.fallback?.removeCachedTokens()
    }

    /// Signs the account out of the application at the broker, and forgets it.
    package func signOut() async throws {
        guard let ready = self.configured.ready else { return }
        // Whatever becomes of it at the broker, nothing is handed out from memory.
        defer { self.removeCachedTokens() }
        try await ready.session.signOut()
    }

    private static func ready(_ client: Client, broker: BrokeredSignIn, options: CredentialOptions) throws -> Ready {
        var options = options
        if options.authorityHost == nil, options.cloud == nil, let record = client.record {
            options.authorityHost = try AuthorityHost(record.authority)
        }
        let host = options.host
        let tenantID = client.resolvedTenantID
        let authority = try Authority(options: options, tenantID: tenantID, environment: host.environment)
        let cache = options.tokenCache
        let logging = options.logging
        // People who sign in to one instance sign in to no other.
        let partition = KeyedDigest.partition(
            [client.credential, tenantID.lowercased(), client.resolvedClientID.lowercased()] + authority.identity
                + ["instance", UUID().uuidString])
        let session = BrokerSession(
            client,
            broker: broker,
            authority: authority,
            validatesAuthority: options.isInstanceDiscoveryEnabled,
            keeping: .init(store: cache.store, partition: partition),
            host: host,
            logger: logging.logger
        )
        let acquirer = TokenAcquirer(
            credential: client.credential,
            partition: partition,
            cache: cache,
            host: host,
            logging: logging,
            facts: GuideFacts(clientID: client.resolvedClientID, proof: .person),
            timeLimit: Self.longestWait,
            provesPossession: true,
            isForPerson: { UserSession.isPersonAround },
            acquire: { request in
                EntraEngine.logTenant(request, configured: tenantID, logger: logging.currentLogger)
                return try await session.acquire(request)
            }
        )
        let policy = EntraEngine.policy(tenantID, options: options, environment: host.environment)
        return Ready(policy: policy, session: session, acquirer: acquirer)
    }

    private static func check(_ client: Client, options: CredentialOptions) throws {
        func refuse(_ message: String) -> AuthenticationError {
            AuthenticationError(.invalidConfiguration, credential: client.credential, message: message)
        }
        guard client.timeLimit > .zero, client.timeLimit <= UserEngine.longestSignIn else {
            throw refuse("The timeout must be more than nothing, and a day (86400 s) at most.")
        }
        guard options.openIDAuthority == nil, !Authority.isADFS(client.resolvedTenantID) else {
            throw refuse("A broker signs in to Microsoft Entra ID alone: not to AD FS, nor to another OpenID issuer.")
        }
        try SignInHint.check(client.loginHint, "login hint", credential: client.credential)
    }

    /// How long a request may wait for its turn and have it. What it does itself is limited by the session.
    private static let longestWait = Duration.seconds(7 * 86_400)
}

extension BrokerEngine: TokenEventSource {}

/// What is asked where there is no broker: the browser, if the program allows it.
package struct BrokerFallback: Sendable {
    package var token: @Sendable (TokenRequestContext) async throws -> AccessToken
    package var record: @Sendable () -> AuthenticationRecord?
    package var removeCachedTokens: @Sendable () -> Void
    package var signOut: @Sendable () async throws -> Void

    package init(
        token: @escaping @Sendable (TokenRequestContext) async throws -> AccessToken,
        record: @escaping @Sendable () -> AuthenticationRecord?,
        removeCachedTokens: @escaping @Sendable () -> Void,
        signOut: @escaping @Sendable () async throws -> Void
    ) {
        self.token = token
        self.record = record
        self.removeCachedTokens = removeCachedTokens
        self.signOut = signOut
    }
}

/// A credential that asks the system's broker, for chains.
package protocol BrokeredTokenCredential: TokenCredential {
    var engine: BrokerEngine { get }
}
