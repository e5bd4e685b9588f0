// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a program asks a broker for.
struct BrokerWish: Sendable {
    var clientID: String
    /// `https://`, a host and a tenant.
    var authority: String
    var redirectURL: String
    var scopes: [String]
    /// JSON text.
    var claims: String?
}

/// Somebody who is signed in to the broker.
struct BrokerSession: Sendable {
    var person: Person
    var session: UserSession
}

/// Tokens for who is signed in to a broker, by the rules and from the ledgers of the token endpoint. No request, and not recorded.
extension EmulatorEngine {
    /// Signs somebody in, as at the start of the machine's session.
    func brokerSession(of userName: String) throws(EmulatedSignInError) -> BrokerSession {
        let (core, date) = self.now()
        guard let person = core.configuration.person(named: userName, in: nil) else {
            throw EmulatedSignInError(message: "There is no user of the name \(userName.prefix(200)).")
        }
        return BrokerSession(person: person, session: core.people.session(for: person, at: date))
    }

    /// Signs somebody in at a window: with second factor and consent, as far as they are wanted.
    func brokerSession(of userName: String, for wish: BrokerWish) throws(EmulatorRefusal) -> BrokerSession {
        let (core, date) = self.now()
        guard let person = core.configuration.person(named: userName, in: nil) else { throw .unknownUser("organizations") }
        var session = core.people.session(for: person, at: date)
        session.multifactorAt = date
        session.contexts = try RequestedClaims(wish.claims).contexts
        core.people.enterConsent(of: person, to: wish.clientID)
        return BrokerSession(person: person, session: session)
    }

    /// The answer of the token endpoint for who is signed in, and the date by which it counts.
    func brokerAnswer(
        to wish: BrokerWish,
        for session: UserSession,
        _ kind: Admission.Kind
    ) throws(EmulatorRefusal) -> (answer: EmulatorJSON, person: Person, date: Date) {
        let (core, date) = self.now()
        let request = EmulatorRequest(method: "POST", path: "/", host: Self.host(of: wish.authority))
        let exchange = EmulatorExchange(request: request, date: date)
        let name = wish.authority.split(separator: "/").last.map(String.init) ?? ""
        let named = try core.configuration.tenant(named: name)
        guard let person = core.configuration.person(of: session, in: named) else {
            throw named.map { EmulatorRefusal.userNotInTenant($0.id) } ?? EmulatorRefusal.unknownUser("organizations")
        }
        let application = try core.checkApplication(wish.clientID, in: person.tenant)
        guard application.redirectURLs.contains(where: { RedirectRule.matches(wish.redirectURL, registered: $0) }) else {
            throw .unregisteredRedirect(wish.redirectURL, clientID: wish.clientID)
        }
        var parameters = ["client_info": "1"]
        parameters["claims"] = wish.claims
        let grant = EmulatorGrantRequest(
            parameters: parameters,
            tenant: person.tenant,
            application: application,
            authority: EmulatorAuthority(tenant: person.tenant, name: person.tenant.id, exchange: exchange, isExact: false),
            exchange: exchange,
            core: core
        )
        let scopes = try UserScopes((wish.scopes + ["openid", "profile"]).joined(separator: " "))
        let issuer = UserTokenIssuer(request: grant, person: person, session: session, scopes: scopes)
        return (try issuer.answer(kind), person, date)
    }

    private static func host(of authority: String) -> String {
        URL(string: authority)?.host(percentEncoded: true) ?? "login.microsoftonline.com"
    }

    /// A request bound to a token: what a service takes as proof that the caller has the key.
    func brokerProof(_ token: String, _ parameters: EmulatorJSON) throws(EmulatorRefusal) -> String {
        let (core, date) = self.now()
        return try core.signed(
            .object([
                "at": .string(token),
                "ts": .integer(EmulatorExchange.epoch(date)),
                "m": parameters["httpMethod"],
                "u": parameters["uriHost"],
                "p": parameters["uriPath"],
                "nonce": parameters["nonce"],
            ])
        )
    }

    /// What is said of a refusal, with the ids that it is found by.
    func brokerText(_ refusal: EmulatorRefusal) -> String {
        let request = EmulatorRequest(method: "POST", path: "/", host: "login.microsoftonline.com")
        return EmulatorExchange(request: request, date: self.now().date).description(refusal)
    }
}
