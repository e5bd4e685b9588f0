// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.URL
#else
public import struct Foundation.URL
#endif

/// Puts tokens on requests to a service, and answers the service's challenges.
///
/// One per client of a service. It asks its credential before each request, so that the credential's cache, early renewal and sharing of
/// requests are all there is; a token is sent over https alone, to the host of the request and nowhere else.
///
/// A 401 is answered by one more request if the service asks for *claims* (continuous access evaluation, step-up), and by one more if it
/// names the *tenant and scope* that it wants a token of and ``Options/discovery`` allows it. Each of the two at most once for a
/// request, but claims twice if the first answer was a token that another request had got for other claims; any other 401 is returned.
///
/// ```swift
/// let authorizer = BearerTokenAuthorizer(credential: credential, scopes: "https://graph.microsoft.com/.default")
/// let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
/// let response = try await client.execute(request, authorizedBy: authorizer, timeout: .seconds(30))
/// ```
///
/// Not with `HTTPClient.shared`: it follows redirects.
///
/// For a client of another library, ``authorization(for:hasBody:context:)`` says what to send and whether to send it again.
///
/// Reads no environment variable. It remembers, per host, what discovery has found (64 hosts), the tokens that were refused in answer to
/// requests whose body can't be sent again (16), so that the next request answers the claims, and for two minutes the tokens that answered
/// claims challenges (16), so that many requests that are refused together cause one token request.
public final class BearerTokenAuthorizer: Sendable {
    /// The name that errors of the authorizer itself show.
    static let name = "BearerTokenAuthorizer"
    static let maximumDiscoveries = 64
    static let maximumRefusals = 16

    let credential: any TokenCredential
    let options: Options
    let policy: AuthorizationPlan.Policy
    let clock: any MachineClock
    /// What was discovered at which host.
    let discoveries = Locked(
        RecentValues<AuthorizedOrigin, AuthorizationPlan.Ask>(limit: BearerTokenAuthorizer.maximumDiscoveries))
    /// The claims by which tokens were refused in answer to requests that couldn't be sent again.
    let refusals = Locked(RecentValues<Refusal, String>(limit: BearerTokenAuthorizer.maximumRefusals))
    let answers: ClaimsAnswers

    /// Creates an authorizer.
    ///
    /// - Parameters:
    ///   - credential: Who the requests are made as.
    ///   - scopes: What the tokens are for, such as `https://vault.azure.net/.default`. May be empty if the scope is discovered.
    ///   - options: The tenant, and how challenges are answered.
    public convenience init(credential: any TokenCredential, scopes: [String], options: Options = .init()) {
        self.init(credential: credential, scopes: scopes, options: options, clock: SystemClock())
    }

    /// Creates an authorizer.
    ///
    /// - Parameters:
    ///   - credential: Who the requests are made as.
    ///   - scopes: What the tokens are for, such as `https://vault.azure.net/.default`.
    ///   - options: The tenant, and how challenges are answered.
    public convenience init(credential: any TokenCredential, scopes: String..., options: Options = .init()) {
        self.init(credential: credential, scopes: scopes, options: options, clock: SystemClock())
    }

    package init(credential: any TokenCredential, scopes: [String], options: Options, clock: any MachineClock) {
        self.credential = credential
        self.options = options
        self.policy = AuthorizationPlan.Policy(scopes: scopes, options: options)
        self.clock = clock
        self.answers = ClaimsAnswers(clock: clock)
    }

    /// Begins the authorization of one request, for a client of any library.
    ///
    /// - Parameters:
    ///   - url: Where the request goes. Without user and password, and https.
    ///   - hasBody: Whether it has a body.
    ///   - context: What this request's tokens are asked with: time-out, correlation id, least lifetime, content logging. Its scopes, tenant,
    ///     claims and CAE are the authorizer's.
    /// - Returns: What to send, and whether to send it again.
    /// - Throws: ``TransportError`` of the kind ``TransportError/Kind-swift.struct/refused`` for an URL that no token may be sent to.
    public func authorization(
        for url: URL,
        hasBody: Bool = false,
        context: TokenRequestContext = TokenRequestContext(scopes: [])
    ) throws -> RequestAuthorization {
        let origin = try AuthorizedOrigin(url)
        let known = self.policy.discovery.isEnabled ? self.discoveries.withLock { $0[origin] } : nil
        let plan = AuthorizationPlan(policy: self.policy, origin: origin, hasBody: hasBody, known: known)
        return RequestAuthorization(authorizer: self, plan: plan, context: context)
    }
}

extension BearerTokenAuthorizer {
    /// How an authorizer asks for tokens and answers challenges.
    public struct Options: Sendable {
        /// The tenant to get tokens from, instead of the credential's own. Must be allowed by the credential's options. Where a tenant is
        /// discovered, that one is asked.
        public var tenantID: String?
        /// Whether tokens are asked for with continuous access evaluation (CAE), which has the service refuse them as soon as something
        /// happens to the account, by a claims challenge that the authorizer answers.
        public var isCAEEnabled: Bool
        /// Whether the service may say which tenant and scope it wants a token of.
        public var discovery: ChallengeDiscovery
        /// The tenants that discovery may lead to besides ``tenantID``: ids or domains, or `*` for any. `nil`: any that the credential
        /// allows, whose word counts in any case.
        public var allowedTenants: Set<String>?

        /// Creates options.
        ///
        /// - Parameters:
        ///   - tenantID: The tenant to get tokens from, instead of the credential's own.
        ///   - isCAEEnabled: Whether tokens are asked for with continuous access evaluation.
        ///   - discovery: Whether the service may say which tenant and scope it wants a token of.
        ///   - allowedTenants: The tenants that discovery may lead to.
        public init(
            tenantID: String? = nil,
            isCAEEnabled: Bool = true,
            discovery: ChallengeDiscovery = .none,
            allowedTenants: Set<String>? = nil
        ) {
            self.tenantID = tenantID
            self.isCAEEnabled = isCAEEnabled
            self.discovery = discovery
            self.allowedTenants = allowedTenants
        }
    }
}

extension BearerTokenAuthorizer: CustomReflectable {
    /// Shows nothing: it holds tokens.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .class, ancestorRepresentation: .suppressed)
    }
}
