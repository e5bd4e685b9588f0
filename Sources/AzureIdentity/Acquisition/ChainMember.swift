// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// A credential as a chain sees it: a name and closures. It asks nobody by itself.
struct ChainMember: Sendable {
    let name: String
    /// The type name of its credential: ``name`` may be the caller's choice.
    var credentialType: String
    /// Whether a request for a token may ask a person, or uses something up.
    var asksPeople = false
    /// Why it is never asked; `nil`: it is.
    var skipped: String?
    /// Whether errors name it: one that this version lacks is only part of the plan, unless somebody asked for it.
    var isShownInErrors = true
    /// Throws if the credential couldn't be made as it is configured, by what is known without a request.
    var validate: @Sendable () throws -> Void = {}
    /// Why it isn't asked after what came of those before it; `nil`: it is.
    var exclusion: (@Sendable ([AuthenticationError.Attempt]) -> String?)?
    /// Finds out whether it can be there at all. May run while members before it are asked.
    var look: (@Sendable () async -> AuthenticationError?)?
    /// Finds out within a while, by a request if need be, whether there is anybody who could give a token; `nil`: ``look`` says all. No part
    /// of a walk.
    var absence: (@Sendable (Duration) async -> AuthenticationError?)?
    /// Whether the chain goes on when it has tried and failed.
    var passesOnFailures = false
    var token: @Sendable (TokenRequestContext) async throws -> AccessToken
    /// A kept token that ``token`` would give, without asking anyone; `nil`: it can't be had that way.
    var keptToken: (@Sendable (TokenRequestContext) throws -> AccessToken?)?
    var removeCachedTokens: @Sendable () -> Void = {}
    /// What tells what happens to its tokens; `nil`: nothing does.
    var eventSource: (any TokenEventSource)?

    init(name: String, token: @escaping @Sendable (TokenRequestContext) async throws -> AccessToken) {
        self.name = name
        self.credentialType = name
        self.token = token
    }

    /// A member that is never asked.
    init(name: String, skipped reason: String) {
        self.name = name
        self.credentialType = name
        self.skipped = reason
        self.token = { _ in throw AuthenticationError.credentialUnavailable("\(name): \(reason).", credential: name) }
    }

    /// What is known of it without a request.
    var plan: ChainPlan.Member {
        if let skipped = self.skipped { return .init(name: self.name, isIncluded: false, reason: skipped) }
        do {
            try self.validate()
            return .init(name: self.name, isIncluded: true)
        } catch let error {
            let reason = (error as? AuthenticationError)?.reason ?? "\(error)"
            return .init(name: self.name, isIncluded: true, reason: HostileText.sanitized(reason, limit: 300))
        }
    }
}
