// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What people do at their browsers, without one: the same code as behind the pages, but no requests and no faults.
extension EmulatorEngine {
    /// What somebody does at the authorize page.
    enum PersonsWish: Sendable {
        case signIn(userName: String, password: String)
        case cancel
    }

    /// Leads somebody through the authorize page.
    func person(at address: String, _ wish: PersonsWish) throws(EmulatedSignInError) -> [String: String] {
        guard let url = URL(string: address), let host = url.host(percentEncoded: true) else {
            throw EmulatedSignInError(message: "The address of the authorize page is none.")
        }
        let (core, date) = self.now()
        let request = EmulatorRequest(
            method: "GET",
            path: url.path(percentEncoded: true),
            query: url.query(percentEncoded: true) ?? "",
            host: url.port.map { $0 == 443 ? host : "\(host):\($0)" } ?? host
        )
        let endpoint = AuthorizeEndpoint(core: core, exchange: EmulatorExchange(request: request, date: date))
        let tenant: String?
        switch EmulatorRoute(path: request.path, configuration: core.configuration) {
        case .authorize(let name): tenant = name
        case .adfsAuthorize: tenant = nil
        default: throw EmulatedSignInError(message: "There is no authorize page at \(request.path).")
        }
        var answers: [String: String] = [:]
        // Password, second factor, consent: no sign-in has more pages.
        for _ in 0..<6 {
            let answer: AuthorizeEndpoint.Answer
            do throws(EmulatorRefusal) {
                answer = try endpoint.answer(tenant: tenant, query: request.query, answers: answers, browser: nil)
            } catch {
                throw EmulatedSignInError(message: endpoint.exchange.description(error))
            }
            switch answer {
            case .redirect(_, let parameters, _):
                return Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
            case .page(let page, _): answers = try page.answers(wish)
            }
        }
        throw EmulatedSignInError(message: "The authorize page asks without end.")
    }

    func approveDeviceCode(_ userCode: String, as userName: String) throws(EmulatedSignInError) {
        let (endpoint, name, code) = try self.device(userCode)
        do throws(EmulatorRefusal) {
            let purpose = try endpoint.purpose(code)
            guard let person = endpoint.core.configuration.person(named: userName, in: purpose.tenant) else {
                throw .unknownUser(purpose.tenant?.id ?? "organizations")
            }
            let conversation = SignInConversation(core: endpoint.core, date: endpoint.exchange.date, purpose: purpose)
            var outcome = conversation.go(on: endpoint.core.people.session(for: person, at: endpoint.exchange.date))
            while true {
                switch outcome {
                case .done(let session, let person):
                    return endpoint.settle(name, .approved(session, tenantID: person.tenant.id))
                case .refused(let refusal): throw refusal
                case .cancelled: throw .declinedDevice
                case .page(let page):
                    // Only steps that come once have a ticket.
                    guard let ticket = page.ticket else { throw page.refusal ?? .declinedDevice }
                    outcome = conversation.next(["action": "continue", "ticket": ticket])
                }
            }
        } catch {
            throw EmulatedSignInError(message: endpoint.exchange.description(error))
        }
    }

    func declineDeviceCode(_ userCode: String) throws(EmulatedSignInError) {
        let (endpoint, name, _) = try self.device(userCode)
        endpoint.settle(name, .declined)
    }

    /// The sign-in that waits for a user code, and the page for it.
    private func device(
        _ userCode: String
    ) throws(EmulatedSignInError) -> (DeviceEndpoint, name: String, PeopleLedger.DeviceCode) {
        let (core, date) = self.now()
        let exchange = EmulatorExchange(request: EmulatorRequest(method: "GET", path: "/device"), date: date)
        let endpoint = DeviceEndpoint(core: core, exchange: exchange)
        guard let (name, code) = endpoint.pending(DeviceEndpoint.normal(userCode)) else {
            throw EmulatedSignInError(message: "No device waits for the code \(userCode.prefix(20)).")
        }
        return (endpoint, name, code)
    }

    func accessToken(
        of userName: String,
        scope: String,
        clientID: String,
        lifetime: Duration?
    ) throws(EmulatedSignInError) -> String {
        let (service, date) = self.now()
        var core = service
        if let lifetime { core.configuration.tokenLifetime = Int(max(1, min(lifetime / .seconds(1), 1e9))) }
        let request = EmulatorRequest(method: "POST", path: "/", host: "login.microsoftonline.com")
        let exchange = EmulatorExchange(request: request, date: date)
        do throws(EmulatorRefusal) {
            guard let person = core.configuration.person(named: userName, in: nil) else { throw .unknownUser("organizations") }
            let grant = EmulatorGrantRequest(
                parameters: [:],
                tenant: person.tenant,
                application: try core.checkApplication(clientID, in: person.tenant),
                authority: EmulatorAuthority(tenant: person.tenant, name: person.tenant.id, exchange: exchange, isExact: false),
                exchange: exchange,
                core: core
            )
            let session = core.people.session(for: person, at: date)
            let issuer = UserTokenIssuer(request: grant, person: person, session: session, scopes: try UserScopes(scope))
            return try issuer.answer(.silent)["access_token"]?.string ?? ""
        } catch {
            throw EmulatedSignInError(message: exchange.description(error))
        }
    }

    func revokeRefreshTokens(of userName: String) {
        let (core, date) = self.now()
        for tenant in core.configuration.tenants {
            guard let person = core.configuration.person(named: userName, in: tenant) else { continue }
            core.people.revokeSessions(of: person, at: date)
        }
    }

    func revokeTokens(ofApplication id: String) {
        let (core, date) = self.now()
        let id = id.lowercased()
        for tenant in core.configuration.tenants {
            for application in tenant.applications
            where [application.clientID, application.objectID].contains(where: { $0.lowercased() == id }) {
                core.people.revokeTokens(ofApplication: application.objectID, tenantID: tenant.id, at: date)
            }
        }
    }
}

extension SignInPage {
    fileprivate var ticket: String? { self.hidden.first { $0.name == "ticket" }?.value }

    /// What somebody with a wish enters.
    fileprivate func answers(_ wish: EmulatorEngine.PersonsWish) throws(EmulatedSignInError) -> [String: String] {
        var answers: [String: String] = [:]
        if let ticket = self.ticket { answers["ticket"] = ticket }
        switch wish {
        case .cancel where self.buttons.contains { $0.action == "cancel" }: answers["action"] = "cancel"
        case .signIn(let userName, let password) where self.problem == nil && self.fields.contains { $0.name == "password" }:
            answers["action"] = "signin"
            answers["username"] = userName
            answers["password"] = password
        case .signIn where self.ticket != nil: answers["action"] = "continue"
        default: throw EmulatedSignInError(message: self.problem ?? self.heading)
        }
        return answers
    }
}
