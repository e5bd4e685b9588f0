// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Decides what a request is authorized with, and after each answer whether to send it again. Pure.
///
/// A request is sent at most three times: without a token, to learn what the service wants; with one; and with one that answers a claims
/// challenge. Claims are answered once, and once more if the first answer was another request's; discovery happens once, and a body that can't be sent again never is.
struct AuthorizationPlan: Sendable {
    /// What an authorizer was set up with.
    struct Policy: Sendable {
        var scopes: [String]
        var tenantID: String?
        var discovery: ChallengeDiscovery
        /// In lower case; `nil`: any.
        var allowedTenants: Set<String>?

        init(scopes: [String], options: BearerTokenAuthorizer.Options) {
            self.scopes = scopes
            self.tenantID = options.tenantID
            self.discovery = options.discovery
            let own = options.tenantID.map { [$0] } ?? []
            self.allowedTenants = options.allowedTenants.map {
                Set((Array($0) + own).map { HostileText.trimmed($0).lowercased() })
            }
        }
    }

    /// What the credential is asked for.
    struct Ask: Sendable, Hashable {
        var scopes: [String]
        var tenantID: String?
        var claims: String?
    }

    /// The most times that a request is sent.
    static let maximumSends = 3

    private let policy: Policy
    let origin: AuthorizedOrigin
    private let hasBody: Bool
    /// What to ask the credential for; `nil`: the request goes without a token.
    private(set) var ask: Ask?
    /// Whether the request goes with its body.
    private(set) var includesBody: Bool
    /// What was discovered with the last answer, to be remembered.
    private(set) var discovered: Ask?
    /// The claims that the last answer asked for, though its request can't be sent again: for the next one with that token.
    private(set) var unansweredClaims: String?
    private var isProbing: Bool
    private var mayDiscover: Bool
    private var hasAnsweredClaims = false
    private var wasBodySent = false
    private var sends = 1
    private var maximumSends = AuthorizationPlan.maximumSends
    /// Whether the token that another request has got for other claims was tried.
    private(set) var hasTriedAnother = false

    /// - Parameters:
    ///   - known: What was discovered at this origin before.
    init(policy: Policy, origin: AuthorizedOrigin, hasBody: Bool, known: Ask?) {
        self.policy = policy
        self.origin = origin
        self.hasBody = hasBody
        self.mayDiscover = policy.discovery.isEnabled
        self.isProbing = policy.discovery.isEnabled && known == nil
        self.ask = self.isProbing ? nil : known ?? Ask(scopes: policy.scopes, tenantID: policy.tenantID)
        self.includesBody = !self.isProbing
    }

    /// Whether to send the request again, after an answer.
    ///
    /// - Parameters:
    ///   - status: The answer's status.
    ///   - challenges: What it asks for.
    ///   - canSendBodyAgain: Whether the body can be sent a second time.
    /// - Returns: Whether to send the request again, as the plan now says. If not, ``discovered`` and ``unansweredClaims`` say what the next
    ///   request needs.
    /// - Throws: `AuthenticationError` for a challenge that must not be answered, though it could be.
    mutating func continues(after status: Int, challenges: [AuthenticationChallenge], canSendBodyAgain: Bool) throws -> Bool {
        self.discovered = nil
        self.unansweredClaims = nil
        self.wasBodySent = self.wasBodySent || (self.hasBody && self.includesBody)
        guard !self.hasAnsweredClaims else { return false }
        let canSendAgain = self.sends < self.maximumSends && (!self.wasBodySent || canSendBodyAgain)
        guard status == 401 else {
            guard canSendAgain else { return false }
            return self.repeatsWithBody(after: status)
        }
        let challenge = ServiceChallenge(challenges)
        let claims = self.ask == nil ? nil : self.policy.discovery.isEnabled ? challenge.anyClaims : challenge.claims
        guard canSendAgain else {
            self.takeNote(of: challenge, claims: claims)
            return false
        }
        let found = self.mayDiscover ? try challenge.discovery.map { try self.policy.ask(for: $0, at: self.origin) } : nil
        if let found, found != self.ask {
            self.ask = found
            self.discovered = found
            self.mayDiscover = false
        } else if claims == nil {
            guard self.isProbing, !self.policy.scopes.isEmpty else { return false }
            // The service names nothing that could be understood: what the authorizer was told will have to do.
            self.ask = Ask(scopes: self.policy.scopes, tenantID: self.policy.tenantID)
        }
        if let claims {
            self.ask?.claims = claims
            self.hasAnsweredClaims = true
        }
        self.sendAgain()
        return true
    }

    /// The claims are answered with a token that another request has got for other ones. If it is refused, they may be answered anew.
    mutating func triesAnother() {
        guard !self.hasTriedAnother else { return }
        self.hasTriedAnother = true
        self.hasAnsweredClaims = false
        self.mayDiscover = false
        self.maximumSends += 1
    }

    /// Keeps what a challenge says for the next request. A discovery goes before claims: it is of another token that they are asked then.
    private mutating func takeNote(of challenge: ServiceChallenge, claims: String?) {
        if self.mayDiscover, let discovery = challenge.discovery {
            // One that must not be followed isn't kept.
            let found = try? self.policy.ask(for: discovery, at: self.origin)
            if let found, found != self.ask {
                self.discovered = found
                return
            }
        }
        self.unansweredClaims = claims
    }

    /// After an answer that isn't 401 to a request whose body was held back: if the answer is about a request without a body, the real one is
    /// still to be sent.
    private mutating func repeatsWithBody(after status: Int) -> Bool {
        guard self.isProbing, self.hasBody, (200..<500).contains(status), status != 408, status != 429 else { return false }
        if !self.policy.scopes.isEmpty { self.ask = Ask(scopes: self.policy.scopes, tenantID: self.policy.tenantID) }
        self.sendAgain()
        return true
    }

    private mutating func sendAgain() {
        self.sends += 1
        self.isProbing = false
        self.includesBody = true
    }
}

extension AuthorizationPlan.Policy {
    /// What to ask for after a discovery.
    ///
    /// - Throws: `AuthenticationError` for a scope of another domain than the host's, one that isn't all of that domain's resource, one that
    ///   the authorizer wasn't given though it was given some, or a tenant that isn't allowed.
    func ask(for discovery: ServiceChallenge.Discovery, at origin: AuthorizedOrigin) throws -> AuthorizationPlan.Ask {
        let scopes = try self.scopes(for: discovery, at: origin)
        if let tenant = discovery.tenantID, let allowed = self.allowedTenants, !allowed.contains("*"), !allowed.contains(tenant) {
            throw Self.refusal(
                """
                The service at \(HostileText.sanitized(origin.host, limit: 253)) asks for a token of the tenant \(tenant), which the \
                authorizer's allowedTenants don't have; none was sent.
                """
            )
        }
        return AuthorizationPlan.Ask(scopes: scopes, tenantID: discovery.tenantID ?? self.tenantID)
    }

    /// The scopes to ask for. Without verification, those that the authorizer was given go before the service's.
    private func scopes(for discovery: ServiceChallenge.Discovery, at origin: AuthorizedOrigin) throws -> [String] {
        guard self.discovery.isVerified else { return self.scopes.isEmpty ? [discovery.scope] : self.scopes }
        let asks = """
            The service at \(HostileText.sanitized(origin.host, limit: 253)) asks for a token for \
            \(HostileText.sanitized(discovery.scope, limit: 200)), which
            """
        guard let domain = discovery.domain, origin.isBelow(domain) else {
            throw Self.refusal(
                """
                \(asks) is of another domain than the service; none was sent. If the service is yours and has a domain of its own, turn the \
                verification of its resource off (ChallengeDiscovery.keyVaultUnverified).
                """
            )
        }
        guard ServiceChallenge.isWholeResource(discovery.scope, of: domain) else {
            throw Self.refusal("\(asks) isn't https://\(domain)/.default, the only one that is discovered; none was sent.")
        }
        guard !self.scopes.isEmpty else { return [discovery.scope] }
        let given = self.scopes.first { ServiceChallenge.isWholeResource($0, of: domain) }
        guard let given else {
            throw Self.refusal("\(asks) isn't among the scopes that the authorizer was given; none was sent.")
        }
        return [given]
    }

    private static func refusal(_ message: String) -> AuthenticationError {
        AuthenticationError(.authenticationFailed, credential: BearerTokenAuthorizer.name, message: message)
    }
}
