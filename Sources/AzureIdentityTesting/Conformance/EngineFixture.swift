// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials
package import AzureIdentity

/// A credential of this library on a network and a clock that the checks of ``EngineConformance`` control.
package struct EngineFixture: Sendable {
    /// The credential's clock.
    package var clock: VirtualClock
    /// What its requests go through.
    package var gate: GatedTransport
    /// A scope it can get a token for.
    package var scope: String
    /// A secret of its configuration, if it has one.
    package var secret: String?
    /// Makes a credential on the gate and clock, sharing with others through the given cache.
    package var make: @Sendable (TokenCache) -> any TokenCredential
    /// Makes the next requests fail with a status that is worth another try.
    package var fail: @Sendable (_ requests: Int, _ status: Int, _ retryAfter: String?) -> Void
    /// Makes all further requests be refused for good.
    package var refuse: @Sendable () -> Void
    /// Sets the lifetime of further tokens, in seconds, and when they should be renewed.
    package var setLifetime: @Sendable (_ seconds: Int, _ refreshIn: Int?) -> Void
    /// How many requests an acquisition makes that fails with a status worth another try: retries without delay included.
    package var requestsPerFailure: Int
    /// The same for a renewal, which may come by another way: passwords are sent once, refresh tokens aren't.
    package var requestsPerFailedRenewal: Int
    /// Whether the credential passes claims on, and keeps tokens for CAE apart.
    package var supportsClaims: Bool
    /// Whether two credentials of the same configuration are equal; those made with closures aren't.
    package var sharesAcrossInstances = true
    /// Whether the service says when a token should be renewed; hosts of managed identities don't.
    package var knowsRefreshIn = true
    /// Whether the credential hears how long the service wants to be left alone; tools don't pass it on.
    package var knowsRetryAfter = true
    /// How many limits of time a request has that sleep by the clock: that of the whole, and where a person may take part that of the turn.
    package var limitsPerRequest = 1

    package init(
        clock: VirtualClock,
        gate: GatedTransport,
        scope: String,
        secret: String?,
        requestsPerFailure: Int,
        supportsClaims: Bool,
        make: @escaping @Sendable (TokenCache) -> any TokenCredential,
        fail: @escaping @Sendable (Int, Int, String?) -> Void,
        refuse: @escaping @Sendable () -> Void,
        setLifetime: @escaping @Sendable (Int, Int?) -> Void
    ) {
        self.clock = clock
        self.gate = gate
        self.scope = scope
        self.secret = secret
        self.requestsPerFailure = requestsPerFailure
        self.requestsPerFailedRenewal = requestsPerFailure
        self.supportsClaims = supportsClaims
        self.make = make
        self.fail = fail
        self.refuse = refuse
        self.setLifetime = setLifetime
    }

    func token(
        _ credential: any TokenCredential,
        change: (inout TokenRequestContext) -> Void = { _ in }
    ) async -> Outcome<AccessToken> {
        var context = TokenRequestContext(scopes: [self.scope])
        change(&context)
        return await Outcome { try await credential.token(for: context) }
    }

    /// Waits until no request is under way for the cache, so that what the last one brought is stored.
    func settle(_ cache: TokenCache) async {
        while cache.requestCount > 0 { await Task.yield() }
    }

    /// Starts so many callers at once; returns when all are done.
    func tokens(_ credential: any TokenCredential, callers: Int) async -> [Outcome<AccessToken>] {
        await withTaskGroup(of: Outcome<AccessToken>.self) { group in
            for _ in 0..<callers { group.addTask { await self.token(credential) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}
