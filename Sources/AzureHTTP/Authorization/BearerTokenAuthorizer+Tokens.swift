// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension BearerTokenAuthorizer {
    /// A token for what a plan asks for, without claims.
    nonisolated(nonsending) func token(
        for ask: AuthorizationPlan.Ask, at origin: AuthorizedOrigin, context: TokenRequestContext
    ) async throws -> AccessToken {
        do {
            return try await self.credential.token(for: self.context(context, for: ask))
        } catch let error {
            // What was discovered may be what is wrong: the next request finds out anew.
            if self.policy.discovery.isEnabled, let failure = error as? AuthenticationError, !failure.isRetryable,
                failure.code != .timedOut
            {
                self.memory.withLock { $0.forget(origin) }
            }
            throw error
        }
    }

    /// A token that answers a claims challenge.
    ///
    /// Of many requests that are refused at about the same time, those that come while another one is asking share its request, which the
    /// credential sees to, and those that come later get what it got.
    ///
    /// - Parameter refused: The token that the challenge came for.
    nonisolated(nonsending) func answer(
        to ask: AuthorizationPlan.Ask, refused: AccessToken?, at origin: AuthorizedOrigin, context: TokenRequestContext
    ) async throws -> AccessToken {
        let answer = self.memory.withLock { $0.begin(ask, refused: refused, now: self.clock.now, date: self.clock.date) }
        if case .token(let token) = answer { return token }
        do {
            if answer == .isAsked, let token = try await self.replacement(for: refused, ask: ask, context: context) {
                self.memory.withLock { $0.finish(ask, token: nil, now: self.clock.now) }
                return token
            }
            let token = try await self.credential.token(for: self.context(context, for: ask))
            self.memory.withLock { $0.finish(ask, token: token, now: self.clock.now) }
            return token
        } catch let error {
            self.memory.withLock { $0.finish(ask, token: nil, now: self.clock.now) }
            throw error
        }
    }

    /// The token that somebody else's answer to the same challenge has put in the place of the refused one, if that has happened.
    ///
    /// Between the end of his request and the moment he can say what came of it, only the credential knows. A credential that keeps no tokens
    /// gives another one each time, which says nothing.
    private nonisolated(nonsending) func replacement(
        for refused: AccessToken?, ask: AuthorizationPlan.Ask, context: TokenRequestContext
    ) async throws -> AccessToken? {
        var plain = ask
        plain.claims = nil
        let question = self.context(context, for: plain)
        let kept = try await self.credential.token(for: question)
        let known = self.memory.withLock { $0.answer(to: ask, refused: refused, now: self.clock.now, date: self.clock.date) }
        if let known { return known }
        guard kept != refused, kept.provenance == refused?.provenance else { return nil }
        return try await self.credential.token(for: question) == kept ? kept : nil
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
