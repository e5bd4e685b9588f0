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

/// A sign-in by a browser on this machine: opens the service's page, waits for the browser to come back with a code, and redeems it.
///
/// The browser's last page is held back until the token is there, so that it says how the sign-in ended. Nothing is left behind: who
/// cancels, or runs out of time, has the port closed.
struct BrowserFlow: SignInFlow {
    /// What the person's credential was made with.
    struct Settings: Sendable {
        var redirect = RedirectAddress.anyPort
        var domainHint: String?
        /// `nil`: the service decides.
        var prompt: String?
        var timeout: Duration
        /// `nil`: the browser of this machine.
        var openURL: (@Sendable (URL) async throws -> Void)?
        var pages = SignInPages()
    }

    let settings: Settings
    /// How to sign in where no browser can be used; `nil`: not at all.
    let fallback: (any SignInFlow)?
    let listen: RedirectListen
    let start: ProgramStart

    init(
        _ settings: Settings,
        fallback: (any SignInFlow)? = nil,
        listen: @escaping RedirectListen = Host.listenForRedirect,
        start: @escaping ProgramStart = Host.startProgram
    ) {
        self.settings = settings
        self.fallback = fallback
        self.listen = listen
        self.start = start
    }

    func signIn(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        do {
            return try await self.signInByBrowser(request, at: desk)
        } catch let problem as BrowserProblem {
            guard let fallback else { throw BrowserErrors(credential: desk.credential).unavailable(problem) }
            desk.logger.notice(
                "No browser can be used to sign in, so a code is",
                metadata: ["azure.credential": "\(desk.credential)", "azure.reason": "\(BrowserErrors.text(problem))"]
            )
            return try await fallback.signIn(request, at: desk)
        }
    }

    private func signInByBrowser(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        let errors = BrowserErrors(credential: desk.credential)
        // Whatever can be known before anybody is asked.
        let entry = SignInEntry()
        let open = try self.opener(desk, entry: entry)
        guard let proof = PKCE() else { throw errors.noCryptography }
        guard let place = try await desk.endpoint(for: request).authorizationURL else { throw errors.noPlace }
        var session = BrowserSession(proof: proof, clientID: desk.clientID)
        let inbox = RedirectInbox()
        let gate = RedirectGate(
            path: self.settings.redirect.path, entry: entry.path, state: session.state, pages: self.settings.pages)
        let listener = try await self.listener(gate, entry: entry, inbox: inbox, errors: errors)
        session.redirectURL = self.settings.redirect.url(port: listener.port)
        do {
            let wishes = try self.wishes(request, at: desk)
            guard let page = session.signInURL(at: place, scopes: request.context.scopes, wishes: wishes),
                let address = self.settings.redirect.url(port: listener.port, path: entry.path)
            else { throw errors.noPlace }
            entry.open(to: page)
            desk.logger.info(
                "Waiting for a person to sign in by the browser",
                metadata: ["azure.credential": "\(desk.credential)", "azure.redirect_port": "\(listener.port)"]
            )
            let parameters = try await self.redirect(from: address, open: open, inbox: inbox, at: desk)
            let token = try await self.token(for: parameters, session: session, request: request, at: desk)
            let user = token.signIn?.idToken.flatMap { TokenIdentity(token: $0.revealed).userName }
            await inbox.answer(SignInPage.success(user: user, pages: self.settings.pages).response())
            await listener.close()
            return token
        } catch let error {
            let known = (error as? AuthenticationError).flatMap { error in
                error.remedy ?? Guide.remedy(for: error, facts: GuideFacts(clientID: desk.clientID, proof: .person))
            }
            await inbox.answer(SignInPage.failure(error, advice: known?.text, pages: self.settings.pages).response())
            await listener.close()
            throw error
        }
    }

    /// What opens the page: the caller's closure, or the browser of this machine.
    private func opener(_ desk: SignInDesk, entry: SignInEntry) throws -> @Sendable (URL) async throws -> Void {
        if let openURL = self.settings.openURL { return openURL }
        let plan = BrowserPlan(platform: .current, environment: desk.host.environment, find: desk.host.findTool)
        let launcher = BrowserLauncher(plan: plan, patience: desk.host.browserPatience, start: self.start)
        try launcher.check()
        return { page in try await launcher.open(page, isOpened: { entry.isUsed }) }
    }

    private func listener(
        _ gate: RedirectGate,
        entry: SignInEntry,
        inbox: RedirectInbox,
        errors: BrowserErrors
    ) async throws -> any RedirectListening {
        let pages = self.settings.pages
        do {
            return try await self.listen(self.settings.redirect.port) { request, reply in
                switch gate.verdict(on: request) {
                case .stray(let response): return response
                case .redirect(let parameters): return inbox.put(parameters, reply: reply)
                case .entry:
                    switch entry.enter() {
                    case .first(let response): return response
                    case .tooEarly: return SignInPage.notice(.nothingHere, pages: pages).response(status: 404)
                    case .again:
                        inbox.fail(errors.enteredTwice)
                        return SignInPage.notice(.enteredTwice, pages: pages).response(status: 410)
                    }
                }
            }
        } catch let problem as RedirectListenerProblem {
            throw BrowserProblem.notListening(problem)
        }
    }

    private func wishes(_ request: AcquisitionRequest, at desk: SignInDesk) throws -> BrowserSession.Wishes {
        BrowserSession.Wishes(
            loginHint: desk.loginHint,
            domainHint: self.settings.domainHint,
            prompt: self.settings.prompt,
            claims: try ClaimsRequest.value(
                claims: request.context.claims,
                isCAEEnabled: request.context.isCAEEnabled,
                credential: desk.credential
            )
        )
    }

    /// Opens a page and waits for the browser to come back. The opening isn't waited for: whoever opens the page may see to the whole
    /// sign-in meanwhile.
    private func redirect(
        from page: URL,
        open: @escaping @Sendable (URL) async throws -> Void,
        inbox: RedirectInbox,
        at desk: SignInDesk
    ) async throws -> RedirectParameters {
        let opening = Task {
            do {
                try await open(page)
            } catch let problem as BrowserProblem {
                inbox.fail(problem)
            } catch let error where !Task.isCancelled {
                inbox.fail(BrowserProblem.notOpened(reason: "\(error)", underlyingError: error))
            } catch {
                // The sign-in is over.
            }
        }
        defer { opening.cancel() }
        let timeout = self.settings.timeout
        let credential = desk.credential
        return try await withTimeout(
            timeout,
            clock: desk.host.clock,
            onTimeout: { BrowserErrors(credential: credential).timedOut(timeout) },
            operation: { try await inbox.parameters() }
        )
    }

    private func token(
        for parameters: RedirectParameters,
        session: BrowserSession,
        request: AcquisitionRequest,
        at desk: SignInDesk
    ) async throws -> AcquiredToken {
        let errors = BrowserErrors(credential: desk.credential)
        guard parameters["error"] == nil, let code = parameters["code"] else {
            throw errors.refusal(parameters, request: request, clientID: desk.clientID)
        }
        let token = try await desk.token(for: request) { _ in session.grant(for: parameters, code: code) }
        if let idToken = token.signIn?.idToken, !session.isIssuedHere(idToken: idToken.revealed) { throw errors.foreignToken }
        return token
    }
}
