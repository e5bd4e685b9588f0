// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials
package import AzureHTTP

/// What a broker is asked for.
package struct BrokerRequest: Sendable {
    /// The application's (client) id.
    package var clientID: String
    /// `https://`, the authority host, `/` and the tenant.
    package var authority: String
    /// Without `openid`, `profile` and `offline_access`, which brokers ask for by themselves.
    package var scopes: [String]
    /// Where answers come to, in form alone: brokers open no address.
    package var redirectURL: String
    /// Decoded JSON text: a challenge, what the client can do, or both.
    package var claims: String?
    /// Who is expected; a user name.
    package var loginHint: String?
    /// Whether personal Microsoft accounts may sign in to an application that isn't registered for them.
    package var isMSAPassthroughEnabled = false
    /// The HTTP request that the token is to be bound to.
    package var proofOfPossession: ProofOfPossession?
    /// The old access token where the broker must not answer from its cache.
    package var tokenToRenew: Secret?
    /// A lower-case UUID, which the broker sends as `client-request-id`.
    package var correlationID: String
    /// What a window of the broker belongs to.
    package var window = BrokerWindow.console
    /// When the call has to have ended.
    package var deadline: MonotonicTime
    /// Whether the authority is looked up in the list of those that are known.
    package var validatesAuthority = true

    package init(
        clientID: String,
        authority: String,
        scopes: [String],
        redirectURL: String,
        correlationID: String,
        deadline: MonotonicTime
    ) {
        self.clientID = clientID
        self.authority = authority
        self.scopes = scopes
        self.redirectURL = redirectURL
        self.correlationID = correlationID
        self.deadline = deadline
    }
}
