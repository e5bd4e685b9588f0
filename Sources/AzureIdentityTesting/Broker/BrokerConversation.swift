// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A request to the broker, read as strictly as is good for who writes one.
struct BrokerQuestion: Sendable {
    /// What is wrong with a request, by the broker's number.
    struct Problem: Error {
        var status: Int
        var context: String

        static func malformed(_ what: String) -> Problem { Problem(status: 6, context: "ApiContractViolation: \(what)") }
    }

    /// How deep requests may be nested.
    private static let depthLimit = 32

    let root: EmulatorJSON
    let correlationID: String

    init(_ text: String, correlationID: String) throws(Problem) {
        guard JSONDepth.isAtMost(Self.depthLimit, in: text.utf8),
            let root = try? JSONDecoder().decode(EmulatorJSON.self, from: Data(text.utf8)), case .object = root
        else { throw .malformed("the request is no JSON object") }
        self.root = root
        self.correlationID = correlationID
    }

    var parameters: EmulatorJSON? { self.root["authParameters"] }
    var account: EmulatorJSON? { self.parameters?["account"] ?? self.root["account"] }
    var clientID: String? { (self.parameters?["clientId"] ?? self.root["clientId"])?.string }
    var userName: String? { Self.text(self.account?["username"]) ?? Self.text(self.parameters?["username"]) }
    /// The account's id.
    var accountID: String? { Self.text(self.account?["homeAccountId"]) }
    var scopes: [String] { (self.parameters?["requestedScopes"]?.elements ?? []).compactMap(\.string) }

    /// A text; `nil` for an empty one, which Microsoft's client library sends for none.
    private static func text(_ value: EmulatorJSON?) -> String? {
        guard let text = value?.string, !text.isEmpty else { return nil }
        return text
    }

    /// What the methods that acquire tokens are asked for.
    ///
    /// - Parameter type: The `authorizationType` of the method.
    func wish(type: Int) throws(Problem) -> BrokerWish {
        guard let parameters else { throw .malformed("there are no authParameters") }
        guard parameters["authorizationType"]?.integer == type else { throw .malformed("the authorizationType is not \(type)") }
        guard let clientID = parameters["clientId"]?.string, let authority = parameters["authority"]?.string,
            let redirectURL = parameters["redirectUri"]?.string
        else { throw .malformed("clientId, authority and redirectUri have to be there") }
        let scopes = self.scopes
        guard !scopes.isEmpty, Set(scopes).isDisjoint(with: ["openid", "profile", "offline_access"]) else {
            throw .malformed("requestedScopes has to name scopes of a resource alone")
        }
        return BrokerWish(
            clientID: clientID,
            authority: authority,
            redirectURL: redirectURL,
            scopes: scopes,
            claims: Self.text(parameters["decodedClaims"])
        )
    }
}

/// What the broker says, from the emulator's people.
struct BrokerConversation: Sendable {
    /// The `authorizationType` of a request without a window.
    static let silentType = 1
    /// The `authorizationType` of a request that opens one.
    static let interactiveType = 6

    let engine: EmulatorEngine

    /// An account as brokers write it.
    static func account(_ person: Person) -> EmulatorJSON {
        .object([
            "clientInfo": .string(Base64URL.encode(person.clientInfo.bytes)),
            "environment": "login.windows.net",
            "givenName": .string(person.account.displayName),
            "homeAccountId": .string("\(person.home.objectID).\(person.homeTenant.id)"),
            "localAccountId": .string(person.account.objectID),
            "name": .string(person.account.displayName),
            "passwordExpiry": 0,
            "realm": .string(person.tenant.id),
            "username": .string(person.home.userPrincipalName),
        ])
    }

    /// An error object. All members are always there: Microsoft's client library reads none that lacks one.
    static func error(status: Int, context: String, errorCode: Int? = nil, tag: Int? = nil) -> EmulatorJSON {
        .object([
            "context": .string(context), "status": .integer(status), "errorCode": .integer(errorCode ?? 0),
            "tag": .integer(tag ?? 0),
        ])
    }

    /// The answer to a request for a token: with the token, or with an error inside.
    func token(
        _ question: BrokerQuestion,
        type: Int,
        for signedIn: (BrokerWish) throws(EmulatorRefusal) -> BrokerSession?
    ) -> EmulatorJSON {
        do throws(BrokerQuestion.Problem) {
            return .object(["brokerTokenResponse": try self.outcome(question, type: type, for: signedIn)])
        } catch {
            let error = Self.error(status: error.status, context: error.context)
            return .object(["brokerTokenResponse": .object(["error": error])])
        }
    }

    private func outcome(
        _ question: BrokerQuestion,
        type: Int,
        for signedIn: (BrokerWish) throws(EmulatorRefusal) -> BrokerSession?
    ) throws(BrokerQuestion.Problem) -> EmulatorJSON {
        let wish = try question.wish(type: type)
        do throws(EmulatorRefusal) {
            if let session = try signedIn(wish) {
                return try self.token(question, wish, session, type == Self.silentType ? .silent : .interactive)
            }
        } catch {
            throw BrokerQuestion.Problem(status: Self.status(of: error), context: self.engine.brokerText(error))
        }
        throw BrokerQuestion.Problem(status: 16, context: "AccountNotFound: no such account is signed in")
    }

    private func token(
        _ question: BrokerQuestion,
        _ wish: BrokerWish,
        _ signedIn: BrokerSession,
        _ kind: Admission.Kind
    ) throws(EmulatorRefusal) -> EmulatorJSON {
        let (answer, person, date) = try self.engine.brokerAnswer(to: wish, for: signedIn.session, kind)
        let bearer = answer["access_token"]?.string ?? ""
        let proof = question.parameters?["popParams"]
        let token = if let proof { try self.engine.brokerProof(bearer, proof) } else { bearer }
        let seconds = EmulatorExchange.epoch(date).addingReportingOverflow(answer["expires_in"]?.integer ?? 0).partialValue
        let expiry = EmulatorJSON.integer(seconds.multipliedReportingOverflow(by: 1000).partialValue)
        return .object([
            "accessToken": .string(token),
            "accessTokenType": proof == nil ? 0 : 1,
            "account": Self.account(person),
            "clientInfo": answer["client_info"],
            "expiresOn": expiry,
            "extendedExpiresOn": expiry,
            "grantedScopes": answer["scope"],
            "idToken": answer["id_token"],
        ])
    }

    /// The broker's number for a refusal of the token endpoint.
    private static func status(of refusal: EmulatorRefusal) -> Int {
        switch refusal.error {
        case "invalid_grant", "interaction_required", "login_required", "consent_required": 2
        case "temporarily_unavailable", "server_error": 5
        case "access_denied": 7
        default: 9
        }
    }
}
