// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The page on which people enter the code of a device and sign in for it.
struct DeviceEndpoint {
    let core: EmulatorCore
    let exchange: EmulatorExchange

    /// Answers a request of a browser.
    func response() throws(EmulatorRefusal) -> EmulatorResponse {
        if self.exchange.request.method == "GET" {
            guard let query = FormBody(self.exchange.request.query.utf8), query.firstDuplicate == nil,
                query.pairs.allSatisfy({ $0.name == "otc" })
            else { throw .malformed("the query of this page is 'otc' alone, a code") }
            return self.exchange.page(.code(query.values["otc"] ?? ""))
        }
        if !self.exchange.request.query.isEmpty, self.exchange.request.query.prefix(4) != "otc=" {
            throw .malformed("the query of this page is 'otc' alone, a code")
        }
        var answers = try self.exchange.formAnswers(SignInConversation.fields + ["user_code"])
        guard let action = answers["action"] else { throw .missing("action") }
        let userCode = Self.normal(answers.removeValue(forKey: "user_code") ?? "")
        if action == "next" { answers = [:] }
        guard let (deviceCode, code) = self.pending(userCode) else {
            return self.exchange.page(.code("", problem: "That code didn't work. Check the code and try again."))
        }
        let purpose = try self.purpose(code)
        let conversation = SignInConversation(
            core: self.core,
            date: self.exchange.date,
            purpose: purpose,
            browser: self.exchange.browserSession(self.core.people)
        )
        switch conversation.next(answers) {
        case .page(var page):
            page.hidden.append(("user_code", userCode))
            return self.exchange.page(page)
        case .cancelled:
            self.settle(deviceCode, .declined)
            return self.exchange.page(.end("You have cancelled.", "You can close this window."))
        case .refused(let refusal): throw refusal
        case .done(let session, let person):
            self.settle(deviceCode, .approved(session, tenantID: person.tenant.id))
            let text = "You have signed in to \(purpose.application.name) on your device. You can close this window."
            var response = self.exchange.page(.end("Signed in", text))
            self.exchange.remember(session, in: self.core.people, &response)
            return response
        }
    }

    /// A code as it was shown, whatever people make of it.
    static func normal(_ code: String) -> String { code.uppercased().filter { $0.isLetter || $0.isNumber } }

    /// The sign-in that waits for a user code.
    func pending(_ userCode: String) -> (name: String, code: PeopleLedger.DeviceCode)? {
        let found = self.core.people.withState { state in
            state.userCodes[userCode].flatMap { name in state.deviceCodes[name].map { Found(name: name, code: $0) } }
        }
        guard let found, case .pending = found.code.outcome, found.code.expiresAt > self.exchange.date else { return nil }
        return (found.name, found.code)
    }

    private struct Found: Sendable {
        var name: String
        var code: PeopleLedger.DeviceCode
    }

    func settle(_ name: String, _ outcome: PeopleLedger.DeviceCode.Outcome) {
        self.core.people.withState { state in
            if case .pending = state.deviceCodes[name]?.outcome { state.deviceCodes[name]?.outcome = outcome }
        }
    }

    func purpose(_ code: PeopleLedger.DeviceCode) throws(EmulatorRefusal) -> SignInPurpose {
        let isADFS = code.tenantName == EmulatorConfiguration.adfsID
        let tenant = isADFS ? self.core.configuration.adfs : try self.core.configuration.tenant(named: code.tenantName)
        return SignInPurpose(
            tenant: tenant,
            application: try self.core.checkApplication(code.clientID, in: tenant),
            scopes: try UserScopes(code.scope),
            claims: try RequestedClaims(code.claims),
            isForDevice: true,
            id: "device \(code.userCode)"
        )
    }
}
