// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a page asks for after the password.
enum SignInStep: Sendable, Equatable {
    case multifactor
    /// A second factor has to be set up.
    case registration
    case consent
    /// Whether it is the user's own device that asks.
    case confirmation
}

/// What somebody signs in for.
struct SignInPurpose: Sendable {
    /// The tenant in the path. `nil`: a name that stands for many.
    var tenant: EmulatorConfiguration.Tenant?
    var application: EmulatorConfiguration.Application
    var scopes: UserScopes
    var claims: RequestedClaims
    var loginHint: String?
    /// What the client wants to be asked: `none`, `login`, `select_account`, `consent`; or nothing.
    var prompts: Set<String> = []
    /// How old a session of the browser may be, in seconds.
    var maximumAge: Int?
    /// Whether the sign-in is for another device.
    var isForDevice = false
    /// What a ticket is good for.
    var id: String
}

/// How a sign-in goes on.
enum SignInOutcome: Sendable {
    case page(SignInPage)
    case done(UserSession, Person)
    /// The user doesn't want to.
    case cancelled
    /// Nothing that a page could help with.
    case refused(EmulatorRefusal)
}

/// One round of a sign-in: from what somebody has entered to what comes next. Keeps nothing itself; what waits for an answer is a
/// ticket in the ledger.
struct SignInConversation {
    /// How long a page waits for its answer, in seconds.
    private static let patience = 900.0

    let core: EmulatorCore
    let date: Date
    let purpose: SignInPurpose
    /// The session of the browser.
    var browser: UserSession?

    /// The fields of the forms.
    static let fields = ["action", "username", "password", "ticket"]

    func next(_ answers: [String: String]) -> SignInOutcome {
        switch answers["action"] {
        case nil: self.begin()
        case "cancel": self.cancel(answers["ticket"])
        case "other": .page(.password(self.purpose, userName: ""))
        case "select": self.known.map { self.go(on: $0.session) } ?? .page(.password(self.purpose, userName: ""))
        case "signin": self.signIn(answers["username"] ?? "", password: answers["password"] ?? "")
        case "continue": self.goOn(answers["ticket"] ?? "")
        case .some: .refused(.malformed("the form has no such button"))
        }
    }

    /// The user whom the browser knows, if that one may come here.
    private var known: (session: UserSession, person: Person)? {
        guard let session = self.browser, let person = self.core.configuration.person(of: session, in: self.purpose.tenant),
            self.core.people.revocation(of: session, person) == nil
        else { return nil }
        return (session, person)
    }

    /// Whether the client lets a session of the browser do.
    private func isGood(_ session: UserSession, _ person: Person) -> Bool {
        let isYoung = self.purpose.maximumAge.map { self.date.timeIntervalSince(session.signedInAt) <= Double($0) } ?? true
        let isMeant = self.purpose.loginHint.map { $0.lowercased() == person.home.userPrincipalName.lowercased() } ?? true
        return isYoung && isMeant
    }

    private func begin() -> SignInOutcome {
        let known = self.known
        if self.purpose.prompts.contains("none") {
            guard let known, self.isGood(known.session, known.person) else { return .refused(.nobodySignedIn) }
            if let obstacle = self.obstacle(known.session, known.person) { return .refused(obstacle.refusal) }
            return .done(known.session, known.person)
        }
        if let known, !self.purpose.prompts.contains("login") {
            if self.purpose.prompts.contains("select_account") || self.purpose.isForDevice {
                return .page(.account(self.purpose, userName: known.person.home.userPrincipalName))
            }
            if self.isGood(known.session, known.person) { return self.go(on: known.session) }
        }
        return .page(.password(self.purpose, userName: self.purpose.loginHint ?? ""))
    }

    private func cancel(_ ticket: String?) -> SignInOutcome {
        if let ticket { self.core.people.withState { $0.tickets[ticket] = nil } }
        return .cancelled
    }

    private func signIn(_ userName: String, password: String) -> SignInOutcome {
        do throws(EmulatorRefusal) {
            let name = userName.filter { $0 != " " }
            guard let person = self.core.configuration.person(named: name, in: self.purpose.tenant) else {
                throw .unknownUser(self.purpose.tenant?.id ?? "organizations")
            }
            try person.check(password: password)
            return self.go(on: self.core.people.session(for: person, at: self.date))
        } catch {
            return .page(.password(self.purpose, userName: userName, error: error))
        }
    }

    /// The answer to a page after the password.
    private func goOn(_ name: String) -> SignInOutcome {
        let ticket = self.core.people.withState { state in
            let ticket = state.tickets[name]
            state.tickets[name] = nil
            return ticket
        }
        guard let ticket, ticket.purpose == self.purpose.id, ticket.expiresAt > self.date,
            let person = self.core.configuration.person(of: ticket.session, in: self.purpose.tenant)
        else { return .page(.password(self.purpose, userName: "")) }
        var session = ticket.session
        switch ticket.step {
        case .multifactor, .registration:
            session.multifactorAt = self.date
            for context in self.purpose.claims.contexts where !session.contexts.contains(context) {
                session.contexts.append(context)
            }
        case .consent: self.core.people.enterConsent(of: person, to: self.purpose.application.clientID)
        case .confirmation: break
        }
        return self.go(on: session, after: ticket.step)
    }

    /// What comes after a password or a step behind it.
    func go(on session: UserSession, after last: SignInStep? = nil) -> SignInOutcome {
        guard let person = self.core.configuration.person(of: session, in: self.purpose.tenant) else {
            return .page(.password(self.purpose, userName: "", error: .userNotInTenant(self.purpose.tenant?.id ?? "")))
        }
        let name = person.home.userPrincipalName
        switch self.obstacle(session, person) {
        case .multifactor: return self.ask(.multifactor, session, name)
        case .registration: return self.ask(.registration, session, name)
        case .consent: return self.ask(.consent, session, name)
        case .signIn(let refusal): return .page(.password(self.purpose, userName: name, error: refusal))
        case .blocked(let refusal): return .refused(refusal)
        case nil: break
        }
        if self.purpose.prompts.contains("consent"), last != .consent { return self.ask(.consent, session, name) }
        if self.purpose.isForDevice, last != .confirmation { return self.ask(.confirmation, session, name) }
        return .done(session, person)
    }

    private func obstacle(_ session: UserSession, _ person: Person) -> Obstacle? {
        let admission = Admission(
            kind: .interactive,
            person: person,
            session: session,
            application: self.purpose.application,
            resource: self.purpose.scopes.resource,
            claims: self.purpose.claims
        )
        return admission.obstacle(self.core, at: self.date)
    }

    private func ask(_ step: SignInStep, _ session: UserSession, _ userName: String) -> SignInOutcome {
        let name = PeopleLedger.randomCode("")
        let expiry = self.date.addingTimeInterval(Self.patience)
        let ticket = PeopleLedger.Ticket(step: step, session: session, purpose: self.purpose.id, expiresAt: expiry)
        self.core.people.withState { $0.tickets[name] = ticket }
        return .page(.step(step, self.purpose, userName: userName, ticket: name))
    }
}
