// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension BearerTokenAuthorizer {
    /// A token that a host has refused, and what it was asked for with.
    struct Refusal: Sendable, Hashable {
        var origin: AuthorizedOrigin
        var ask: AuthorizationPlan.Ask
        var token: String
    }

    /// A token for what a plan asks for; with claims only if the host has refused the one without, in answer to a request that couldn't be
    /// sent again.
    nonisolated(nonsending) func token(
        for ask: AuthorizationPlan.Ask, at origin: AuthorizedOrigin, context: TokenRequestContext
    ) async throws -> AccessToken {
        let start = self.clock.now
        let token = try await self.plainToken(for: ask, at: origin, context: context)
        let refusal = Refusal(origin: origin, ask: ask, token: token.token)
        guard let claims = self.refusals.withLock({ $0[refusal] }) else { return token }
        var answering = ask
        answering.claims = claims
        var rest = context
        rest.timeout = context.timeout.map { max(.zero, $0 - (self.clock.now - start)) }
        return try await self.answer(to: answering, refused: token, sentAt: nil, context: rest).token
    }

    private nonisolated(nonsending) func plainToken(
        for ask: AuthorizationPlan.Ask, at origin: AuthorizedOrigin, context: TokenRequestContext
    ) async throws -> AccessToken {
        do {
            return try await self.credential.token(for: self.context(context, for: ask))
        } catch let error {
            // What was discovered may be what is wrong: the next request finds out anew.
            if self.policy.discovery.isEnabled, let failure = error as? AuthenticationError, !failure.isRetryable,
                failure.code != .timedOut
            {
                self.discoveries.withLock { $0[origin] = nil }
            }
            throw error
        }
    }

    /// A token that answers a claims challenge.
    ///
    /// - Parameters:
    ///   - refused: The token that the challenge came for.
    ///   - sentAt: When it was sent; `nil`: a token that was got for other claims won't do.
    nonisolated(nonsending) func answer(
        to ask: AuthorizationPlan.Ask, refused: AccessToken?, sentAt: MonotonicTime?, context: TokenRequestContext
    ) async throws -> ClaimsAnswers.Outcome {
        let question = ClaimsAnswers.Question(ask: ask, identity: refused?.provenance)
        return try await self.answers.token(for: question, refused: refused, sentAt: sentAt, timeout: context.timeout) {
            try await self.credential.token(for: self.context(context, for: ask))
        }
    }

    /// The caller's context with the authorizer's question in it.
    private func context(_ context: TokenRequestContext, for ask: AuthorizationPlan.Ask) -> TokenRequestContext {
        var context = context
        context.scopes = ask.scopes
        context.tenantID = ask.tenantID
        context.claims = ask.claims
        context.isCAEEnabled = self.options.isCAEEnabled
        return context
    }
}
