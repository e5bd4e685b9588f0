// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
package import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is said to an identity broker on the session bus and what it says, in JSON. Pure.
///
/// Facts: the public descriptions and free implementations of the protocol (siemens/linux-entra-sso, siemens/sso-mib,
/// himmelblau-idm/himmelblau).
package enum DBusMessages {
    /// The broker's name on the bus.
    package static let service = "com.microsoft.identity.broker1"
    /// The first argument of every call.
    package static let protocolVersion = "0.0"

    private static let path = "/com/microsoft/identity/broker1"
    private static let interface = "com.microsoft.identity.Broker1"

    package static let getAccounts = Self.method("getAccounts")
    package static let acquireTokenSilently = Self.method("acquireTokenSilently")
    package static let acquireTokenInteractively = Self.method("acquireTokenInteractively")
    package static let cancelInteractiveFlow = Self.method("cancelInteractiveFlow")
    package static let removeAccount = Self.method("removeAccount")

    private static func method(_ name: String) -> SessionBusMethod {
        SessionBusMethod(destination: Self.service, path: Self.path, interface: Self.interface, name: name)
    }

    // MARK: Requests

    /// How a token is to be acquired, by the protocol's numbers.
    package enum Authorization: Int, Sendable {
        /// By what the broker keeps of the account.
        case silent = 1
        /// By a window.
        case interactive = 6
    }

    /// The request of `getAccounts`.
    package static func accountsRequest(_ request: BrokerRequest) -> String {
        Self.text(ApplicationBody(clientId: request.clientID, redirectUri: request.redirectURL))
    }

    /// The request of `removeAccount`.
    package static func removalRequest(_ account: BrokerAccount, _ request: BrokerRequest) -> String {
        Self.text(
            ApplicationBody(clientId: request.clientID, redirectUri: request.redirectURL, account: Self.json(of: account)))
    }

    /// The request of `cancelInteractiveFlow`; which flow it is, is said by the correlation id beside it.
    package static func cancellationRequest(_ request: BrokerRequest) -> String {
        Self.text(ApplicationBody(clientId: request.clientID))
    }

    /// The request of the methods that acquire tokens.
    ///
    /// The protocol has no place for `isMSAPassthroughEnabled` and `validatesAuthority`.
    package static func tokenRequest(
        _ request: BrokerRequest,
        account: BrokerAccount?,
        _ authorization: Authorization
    ) -> String {
        let account = account.map { (json: Self.json(of: $0), username: $0.username) }
        let username = account?.username ?? request.loginHint
        let isChoice = authorization == .interactive && username == nil
        let parameters = AuthParameters(
            account: account?.json,
            authority: request.authority,
            authorizationType: authorization.rawValue,
            clientId: request.clientID,
            redirectUri: request.redirectURL,
            requestedScopes: request.scopes,
            username: username,
            uxContextHandle: request.window.handle.flatMap { Int64(exactly: $0) } ?? -1,
            decodedClaims: request.claims,
            accessTokenToRenew: request.tokenToRenew?.revealed,
            popParams: request.proofOfPossession.map(ProofParameters.init),
            prompt: isChoice ? "select_account" : nil
        )
        // Some brokers look for the account beside the parameters, some in them.
        return Self.text(TokenBody(account: account?.json, authParameters: parameters))
    }

    private struct ApplicationBody: Encodable {
        var clientId: String
        var redirectUri: String?
        var account: JSONValue?
    }

    private struct TokenBody: Encodable {
        var account: JSONValue?
        var authParameters: AuthParameters
    }

    private struct AuthParameters: Encodable {
        var account: JSONValue?
        var authority: String
        var authorizationType: Int
        var clientId: String
        var redirectUri: String
        var requestedScopes: [String]
        var username: String?
        var uxContextHandle: Int64
        var additionalQueryParametersForAuthorization: [String: String] = [:]
        var decodedClaims: String?
        var accessTokenToRenew: String?
        var popParams: ProofParameters?
        var prompt: String?
    }

    private struct ProofParameters: Encodable {
        var authenticationScheme = "pop"
        var httpMethod: String
        var uriHost: String
        var uriPath: String?
        var nonce: String?

        init(_ proof: ProofOfPossession) {
            self.httpMethod = proof.method
            self.uriHost = proof.hostAndPort ?? ""
            let path = proof.url.path(percentEncoded: true)
            self.uriPath = path.isEmpty ? nil : path
            self.nonce = proof.nonce.isEmpty ? nil : proof.nonce
        }
    }

    /// An account as the broker gave it, or at least what is known of it.
    private static func json(of account: BrokerAccount) -> JSONValue {
        if account.raw != "{}", account.raw.utf8.count <= BrokerAccount.rawLimit,
            let members = try? Self.members(ofObject: account.raw), !members.isEmpty
        {
            return .object(members)
        }
        let texts = [
            "environment": account.environment, "homeAccountId": account.homeAccountID, "localAccountId": account.localAccountID,
            "realm": account.realm, "username": account.username,
        ]
        return .object(texts.filter { !$0.value.isEmpty }.mapValues { .string($0) })
    }

    /// JSON with its members in order. What is encoded here can't fail: it is texts, numbers and what was read from JSON.
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
