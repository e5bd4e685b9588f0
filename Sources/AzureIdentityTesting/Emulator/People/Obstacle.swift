// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What stands between a session and a token. A page helps the user over all but the last; what has no page is refused.
enum Obstacle: Sendable {
    /// A second factor is needed.
    case multifactor(EmulatorRefusal)
    /// A second factor has to be set up.
    case registration(EmulatorRefusal)
    case consent(EmulatorRefusal)
    /// The sign-in is too long ago, or revoked.
    case signIn(EmulatorRefusal)
    case blocked(EmulatorRefusal)

    var refusal: EmulatorRefusal {
        switch self {
        case .multifactor(let refusal), .registration(let refusal), .consent(let refusal), .signIn(let refusal),
            .blocked(let refusal):
            refusal
        }
    }
}

/// A request for a token for a user, as far as it decides whether there is one.
struct Admission: Sendable {
    /// Whose authentication contexts count.
    enum Kind: Sendable {
        /// A page, or what follows one: contexts that the client hasn't asked for are left for later.
        case interactive
        /// A request without a page.
        case silent
    }

    var kind: Kind
    var person: Person
    var session: UserSession
    var application: EmulatorConfiguration.Application
    var resource: String
    var claims: RequestedClaims

    /// The id of the policy that claims name for users whose state it is to need a second factor.
    static let statePolicyID = "d0000000-0000-4000-8000-0000000000ff"

    /// The first obstacle, in the order in which pages lead over them.
    func obstacle(_ core: EmulatorCore, at date: Date) -> Obstacle? {
        if self.person.account.state == .disabled || self.person.home.state == .disabled { return .blocked(.disabledUser) }
        if let revoked = core.people.revocation(of: self.session, self.person) {
            return .signIn(.revokedGrant(issuedAt: self.session.signedInAt, revokedAt: revoked))
        }
        let hasFactor = self.session.multifactorAt != nil
        switch self.person.home.state {
        case .requiresMultifactor where !hasFactor:
            return .multifactor(.multifactorNeeded(self.resource, claims: Self.policyClaims(Self.statePolicyID)))
        case .mustRegisterMultifactor where !hasFactor:
            return .registration(.registrationNeeded(self.resource, claims: Self.policyClaims(Self.statePolicyID)))
        default: break
        }
        for policy in core.configuration.accessPolicies where policy.concerns(self.person, resource: self.resource) {
            if let obstacle = self.obstacle(policy, at: date) { return obstacle }
        }
        if self.claims.namesPolicies, !hasFactor {
            return .multifactor(.multifactorNeeded(self.resource, claims: self.claims.text))
        }
        if let context = self.claims.contexts.first(where: { !self.session.contexts.contains($0) }) {
            return .multifactor(.multifactorNeeded(self.resource, claims: Self.contextClaims(context)))
        }
        if self.person.home.state == .requiresConsent,
            !core.people.hasConsented(self.person, to: self.application.clientID)
        {
            return .consent(.consentNeeded(self.application.clientID, name: self.application.displayName))
        }
        return nil
    }

    private func obstacle(_ policy: EmulatorConfiguration.AccessPolicy, at date: Date) -> Obstacle? {
        let claims = Self.policyClaims(policy.id)
        switch policy.requirement {
        case .multifactor(let maximumAge):
            guard let time = self.session.multifactorAt else {
                return .multifactor(.multifactorNeeded(self.resource, claims: claims))
            }
            guard let maximumAge, date.timeIntervalSince(time) > Double(maximumAge) else { return nil }
            return .multifactor(.multifactorExpired(self.resource, claims: claims))
        case .signInFrequency(let seconds):
            guard date.timeIntervalSince(self.session.signedInAt) > Double(seconds) else { return nil }
            return .signIn(.signInTooOld(issuedAt: self.session.signedInAt, lifetime: seconds))
        case .authenticationContext(let context):
            guard self.kind == .silent, !self.session.contexts.contains(context) else { return nil }
            return .multifactor(.multifactorNeeded(self.resource, claims: Self.contextClaims(context)))
        case .block: return .blocked(.blockedByPolicy(claims: claims))
        }
    }

    private static func policyClaims(_ id: String) -> String {
        Self.demand("capolids", ["essential": true, "values": [.string(id)]])
    }

    /// The claims that ask for a token with an authentication context.
    static func contextClaims(_ context: String) -> String {
        Self.demand("acrs", ["essential": true, "value": .string(context)])
    }

    private static func demand(_ name: String, _ claim: KeyValuePairs<String, EmulatorJSON?>) -> String {
        EmulatorJSON.object(["access_token": .object([.init(name: name, value: .object(claim))])]).text
    }
}

extension EmulatorConfiguration.AccessPolicy {
    /// Whether a user needs this for a resource. A slash at a resource's end makes no difference.
    func concerns(_ person: Person, resource: String) -> Bool {
        func plain(_ resource: String) -> String { resource.hasSuffix("/") ? String(resource.dropLast()) : resource }
        let name = person.home.userPrincipalName.lowercased()
        return (self.userNames.isEmpty || self.userNames.contains { $0.lowercased() == name })
            && (self.resources.isEmpty || self.resources.contains { plain($0) == plain(resource) })
    }
}
