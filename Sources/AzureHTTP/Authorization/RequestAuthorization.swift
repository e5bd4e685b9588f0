// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One request's authorization: what to send, and after each answer whether to send it again.
///
/// ```swift
/// var authorization = try authorizer.authorization(for: url)
/// repeat {
///     request.authorization = try await authorization.header()
///     response = try await client.send(request)
/// } while try authorization.continues(afterStatus: response.status, challenges: response.values("WWW-Authenticate"))
/// ```
///
/// It ends by itself: a request is sent at most three times, and once more if another request's answer to a claims challenge was tried. The client must not follow redirects with the header, nor send it anywhere else.
public struct RequestAuthorization: Sendable {
    private let authorizer: BearerTokenAuthorizer
    private var plan: AuthorizationPlan
    private let context: TokenRequestContext
    /// The token that answers the claims challenge, for as long as it lasts.
    private var answer: AccessToken?
    /// When the header was made that was sent last.
    private var sentAt: MonotonicTime?
    /// The token that the last ``header(timeout:)`` was made with; `nil` before the first, and if it was none.
    public private(set) var token: AccessToken?

    init(authorizer: BearerTokenAuthorizer, plan: AuthorizationPlan, context: TokenRequestContext) {
        self.authorizer = authorizer
        self.plan = plan
        self.context = context
    }

    /// Whether to send the request with its body. It is held back where the service is asked first what it wants (``ChallengeDiscovery``).
    public var includesBody: Bool { self.plan.includesBody }

    /// The value of the `Authorization` header.
    ///
    /// Ask for it each time the request is sent, also when the client sends it again by itself after a failure: the token may have expired in
    /// the meantime.
    ///
    /// - Parameter timeout: How long to wait for a token at most; `nil`: as the context says.
    /// - Returns: The word and the token; `nil`: the request is to be sent without the header.
    /// - Throws: What the credential throws, unchanged. `AuthenticationError` for a token that no header can carry.
    public nonisolated(nonsending) mutating func header(timeout: Duration? = nil) async throws -> String? {
        guard let ask = self.plan.ask else {
            self.token = nil
            return nil
        }
        var context = self.context
        context.timeout = [timeout, context.timeout].compactMap { $0 }.min()
        let token: AccessToken
        if ask.claims == nil {
            token = try await self.authorizer.token(for: ask, at: self.plan.origin, context: context)
        } else if let answer = self.answer, answer.expiresOn > self.authorizer.clock.date {
            // Asked again, the credential would get another one.
            token = answer
        } else {
            // A token that was got for other claims is tried once.
            let sentAt = self.plan.hasTriedAnother ? nil : self.sentAt
            let outcome = try await self.authorizer.answer(to: ask, refused: self.token, sentAt: sentAt, context: context)
            if outcome.isForOtherClaims { self.plan.triesAnother() }
            token = outcome.token
            self.answer = token
        }
        let value = try Self.header(for: token)
        self.token = token
        self.sentAt = self.authorizer.clock.now
        return value
    }

    /// Whether to send the request again, with a new ``header(timeout:)``.
    ///
    /// - Parameters:
    ///   - status: The response's status.
    ///   - challenges: The values of all its `WWW-Authenticate` fields, each as it came.
    ///   - canSendBodyAgain: Whether the body can be sent a second time. If not, the claims that are asked for are kept, and the authorizer's
    ///     next request that would send the same token to the same host gets one that answers them.
    /// - Returns: Whether to send it again. If not, the response is the last one.
    /// - Throws: `AuthenticationError` if the service asks for a token that it must not have: for another domain, or of a tenant that isn't
    ///   allowed.
    public mutating func continues(
        afterStatus status: Int,
        challenges: [String],
        canSendBodyAgain: Bool = true
    ) throws -> Bool {
        let read = status == 401 ? AuthenticationChallenge.challenges(in: challenges) : []
        let continues = try self.plan.continues(after: status, challenges: read, canSendBodyAgain: canSendBodyAgain)
        if continues { self.answer = nil }
        if let discovered = self.plan.discovered {
            self.authorizer.discoveries.withLock { $0[self.plan.origin] = discovered }
        }
        if let claims = self.plan.unansweredClaims, let ask = self.plan.ask, let token = self.token {
            let refusal = BearerTokenAuthorizer.Refusal(origin: self.plan.origin, ask: ask, token: token.token)
            self.authorizer.refusals.withLock { $0[refusal] = claims }
        }
        return continues
    }

    /// The header of a token: the word of its type, and itself.
    static func header(for token: AccessToken) throws -> String {
        let isSendable =
            [token.type.rawValue, token.token].allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
        guard isSendable else {
            throw AuthenticationError(
                .authenticationFailed,
                credential: token.provenance?.credential ?? BearerTokenAuthorizer.name,
                message: "The credential's token can't be sent: it is empty, or has characters that no header can carry."
            )
        }
        return "\(token.type.rawValue) \(token.token)"
    }
}

extension RequestAuthorization: CustomReflectable {
    /// Shows nothing: it holds tokens.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
