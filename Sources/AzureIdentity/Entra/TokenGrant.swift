// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is sent to the token endpoint to get a token, apart from the scope and claims.
struct TokenGrant: Sendable {
    /// The parameters, in the order they are sent.
    var parameters: [(name: String, value: String)]
    /// The values that must not be shown, should a server send them back.
    var secrets: [String]
    var clientID: String?
    /// Whether the parameters depend on the time, so that a wrong clock is worth another try.
    var isDated = false
    /// Looks for another key or secret; whether there is one.
    var renew: (@Sendable () -> Bool)?
    /// What to add to the error if the client's proof of who it is is refused.
    var refusalNote: String?
    /// Which scopes are sent.
    var scopes = ScopeRule.asGiven
    /// Whether it is sent once, whatever comes of it: each wrong password counts towards the account's being locked.
    var isOnce = false
    /// Sent besides the usual headers.
    var headers: [(name: String, value: String)] = []

    /// Which scopes are sent with a grant.
    enum ScopeRule: Sendable {
        /// Those of the request.
        case asGiven
        /// And those that bring a refresh token and an id token.
        case withSignInScopes
        /// None: an earlier request had them.
        case none

        /// The value of `scope`; `nil`: none is sent.
        func value(_ scopes: [String]) -> String? {
            switch self {
            case .asGiven: scopes.joined(separator: " ")
            case .withSignInScopes:
                // Each once, and in the same order whatever the request's.
                Set(scopes + Self.signInScopes).sorted().joined(separator: " ")
            case .none: nil
            }
        }

        /// What a sign-in asks for besides: a refresh token, and who signed in (OpenID Connect Core 1.0, sections 5.4 and 11).
        static let signInScopes = ["offline_access", "openid", "profile"]
    }

    /// The client credentials grant (RFC 6749, section 4.4) of a client that proves who it is by the given means.
    static func clientCredentials(clientID: String, proof: ClientProof) -> TokenGrant {
        var grant = TokenGrant(
            parameters: [("grant_type", "client_credentials"), ("client_id", clientID)] + proof.parameters,
            secrets: proof.secrets,
            clientID: clientID
        )
        grant.isDated = proof.isDated
        grant.renew = proof.renew
        grant.refusalNote = proof.refusalNote
        return grant
    }
}

/// What a grant is made for.
struct GrantContext: Sendable {
    let request: AcquisitionRequest
    let endpoint: TokenEndpoint
    /// The time by the service's clock, as far as it is known.
    let date: Date
}

/// How a confidential client proves who it is, in parameters that every grant can carry.
struct ClientProof: Sendable {
    var parameters: [(name: String, value: String)]
    var secrets: [String]
    var isDated = false
    var renew: (@Sendable () -> Bool)?
    var refusalNote: String?

    /// The secret, in the body (RFC 6749, section 2.3.1).
    static func secret(_ secret: Secret) -> ClientProof {
        ClientProof(
            parameters: [("client_secret", secret.revealed)],
            secrets: FormEncoding.echoes(of: secret.revealed)
        )
    }

    /// A signed assertion (RFC 7523, section 2.2).
    static func assertion(_ assertion: String) -> ClientProof {
        ClientProof(
            parameters: [
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
            ],
            secrets: FormEncoding.echoes(of: assertion)
        )
    }
}
