// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What a credential's closure is asked for.
struct AcquisitionRequest: Sendable {
    var context: TokenRequestContext
    let tenantID: String
    /// When nobody waits any more.
    var deadline: MonotonicTime
    /// Whether there is a valid token, which is to be renewed early.
    let isRenewal: Bool
    /// To be told of each answer or failure because of which the request is sent again, before the wait: the service may ask to be left
    /// alone, and whose time is up in between wants to know what was in the way.
    let onSetback: @Sendable (AuthenticationError) -> Void
}

/// What a credential's closure brings.
struct AcquiredToken: Sendable {
    var token: String
    /// From `start` on.
    var lifetime: Duration
    /// When the lifetime began; `nil`: when the acquisition did.
    var start: MonotonicTime?
    var refreshIn: Duration?
    var type = AccessToken.TokenType.bearer
    var clientID: String?
    /// Where it came from: the network, or a cache on disk.
    var source = AccessToken.Source.network
    /// What the token service said besides, where a person has signed in.
    var signIn: SignInAnswer?

    init(token: String, lifetime: Duration, refreshIn: Duration? = nil, start: MonotonicTime? = nil) {
        self.token = token
        self.lifetime = lifetime
        self.start = start
        self.refreshIn = refreshIn
    }
}

/// What a token service says beside the token where a person has signed in.
struct SignInAnswer: Sendable {
    var refreshToken: Secret?
    /// As it was sent: a signed JSON Web Token.
    var idToken: Secret?
    /// As it was sent: JSON in base64url with `uid` and `utid`.
    var clientInfo: String?
    /// The family of applications that share refresh tokens (`foci`).
    var familyID: String?
    /// The scopes the token is for, if the service said so.
    var scope: String?
}
