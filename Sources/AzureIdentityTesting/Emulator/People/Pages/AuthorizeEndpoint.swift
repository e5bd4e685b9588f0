// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// The page to which a client sends the browser, and which sends it back with a code.
///
/// What is wrong with the client or its address is shown to the user; everything else is sent back. The query stays in the address;
/// forms bring what the user has entered.
struct AuthorizeEndpoint {
    let core: EmulatorCore
    let exchange: EmulatorExchange

    /// What a browser is told.
    enum Answer: Sendable {
        case page(SignInPage, status: Int = 200)
        case redirect(AuthorizeRequest.Target, [(name: String, value: String)], UserSession?)
    }

    /// Answers a request of a browser.
    ///
    /// - Parameter tenant: The tenant's name in the path. `nil`: the AD FS.
    func response(tenant name: String?) throws(EmulatorRefusal) -> EmulatorResponse {
        var answers: [String: String] = [:]
        if self.exchange.request.method == "POST" {
            answers = try self.exchange.formAnswers(SignInConversation.fields)
            guard answers["action"] != nil else { throw .missing("action") }
        }
        let answer = try self.answer(
            tenant: name,
            query: self.exchange.request.query,
            answers: answers,
            browser: self.exchange.browserSession(self.core.people)
        )
        switch answer {
        case .page(let page, let status): return self.exchange.page(page, status: status)
        case .redirect(let target, let parameters, let session):
            var response = self.exchange.redirect(target, parameters)
            if let session { self.exchange.remember(session, in: self.core.people, &response) }
            return response
        }
    }

    /// Decides what a browser is told.
    func answer(
        tenant name: String?,
        query: String,
        answers: [String: String],
        browser: UserSession?
    ) throws(EmulatorRefusal) -> Answer {
        let tenant: EmulatorConfiguration.Tenant?
        if let name {
            tenant = try self.core.configuration.tenant(named: name)
        } else {
            tenant = self.core.configuration.adfs
        }
        let (target, parameters) = try AuthorizeRequest.target(query, tenant: tenant, self.core)
        let request: AuthorizeRequest
        do throws(EmulatorRefusal) {
            request = try AuthorizeRequest(target, parameters, id: "authorize \(name ?? "") \(query)")
        } catch {
            return self.refusal(error, target)
        }
        let conversation = SignInConversation(
            core: self.core,
            date: self.exchange.date,
            purpose: request.purpose,
            browser: browser
        )
        switch conversation.next(answers) {
        case .page(let page): return .page(page)
        case .cancelled: return self.refusal(.declinedConsent, target, subcode: "cancel")
        case .refused(let refusal):
            // A client that wants no page gets to know why there would have to be one; users see the rest.
            if request.purpose.prompts.contains("none") { return self.refusal(refusal, target) }
            return .page(.refusal(self.exchange.description(refusal)), status: 200)
        case .done(let session, let person): return try self.success(request, session, person)
        }
    }

    private func success(
        _ request: AuthorizeRequest,
        _ session: UserSession,
        _ person: Person
    ) throws(EmulatorRefusal) -> Answer {
        let target = request.target
        let clientID = target.application.clientID
        guard person.tenant.applications.contains(where: { $0.clientID.lowercased() == clientID.lowercased() }) else {
            throw .unknownApplication(clientID, tenant: person.tenant.id)
        }
        let code = PeopleLedger.randomCode("1.A")
        let entry = PeopleLedger.AuthorizationCode(
            clientID: clientID,
            redirectURL: target.redirectURL,
            challenge: request.challenge,
            nonce: request.nonce,
            scope: request.scope,
            tenantID: person.tenant.id,
            session: session,
            issuedAt: self.exchange.date
        )
        self.core.people.withState { $0.codes[code] = entry }
        var parameters = [(name: "code", value: code)]
        if request.wantsClientInfo, !person.tenant.isADFS {
            parameters.append(("client_info", Base64URL.encode(person.clientInfo.bytes)))
        }
        if let state = target.state { parameters.append(("state", state)) }
        parameters.append(("session_state", session.id))
        return .redirect(target, parameters, session)
    }

    private func refusal(_ refusal: EmulatorRefusal, _ target: AuthorizeRequest.Target, subcode: String? = nil) -> Answer {
        var parameters = [(name: "error", value: refusal.error)]
        if let subcode { parameters.append(("error_subcode", subcode)) }
        parameters.append(("error_description", self.exchange.description(refusal)))
        if let address = self.exchange.errorAddress(refusal) { parameters.append(("error_uri", address)) }
        if let claims = refusal.claims { parameters.append(("claims", claims)) }
        if let state = target.state { parameters.append(("state", state)) }
        return .redirect(target, parameters, nil)
    }
}

extension EmulatorExchange {
    /// Sends the browser back to a client.
    func redirect(_ target: AuthorizeRequest.Target, _ parameters: [(name: String, value: String)]) -> EmulatorResponse {
        let address: String
        switch target.mode {
        case .formPost: return self.page(.form(parameters, to: target.redirectURL))
        case .fragment: address = "\(target.redirectURL)#\(FormBody.encoded(parameters))"
        case .query:
            address = target.redirectURL + (target.redirectURL.contains("?") ? "&" : "?") + FormBody.encoded(parameters)
        }
        var response = self.page(.end("Working...", "The browser goes back to the application."), status: 302)
        response.headers["Location"] = address
        return response
    }

    /// What a form of a page brings.
    ///
    /// - Parameter names: The names it may have.
    func formAnswers(_ names: [String]) throws(EmulatorRefusal) -> [String: String] {
        guard EmulatorCore.isForm(self.request.headers) else { throw .wrongContentType }
        guard let form = FormBody(self.request.body) else { throw .malformed("the body is not form-encoded UTF-8") }
        if let duplicate = form.firstDuplicate { throw .duplicate(duplicate) }
        for pair in form.pairs where !names.contains(pair.name) {
            throw .malformed("the form has no field '\(pair.name.prefix(200))'")
        }
        return form.values
    }
}
