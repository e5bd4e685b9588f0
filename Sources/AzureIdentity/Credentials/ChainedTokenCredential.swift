// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// Asks credentials in order until one gives a token.
///
/// ```swift
/// let credential = ChainedTokenCredential(ManagedIdentityCredential(), AzureCLICredential())
/// let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// ```
///
/// **Who is asked.** Each call begins with the first member. A member that isn't set up here, or that would need a person, passes the call on to
/// the next; so does one that can't be made as it is configured. One that tried and failed ends the call, so that an outage
/// never leads to another identity. ``ChainOptions`` change both: with ``ChainOptions/keepsWinner``, the member that gave the first token
/// is asked alone from then on, and its errors come out with their own codes; with ``ChainOptions/Passing/anyFailure``, members that failed pass on too.
/// Cancellation, a time that is up and a mistake in the request always end the call.
///
/// A managed identity in a chain is asked whether it is there first, for less than a second (see ``ManagedIdentityCredential``). While a member
/// is asked, those behind it that need a tool look for it; no tool is started before its turn. The request's timeout is the time of all
/// members together.
///
/// ``AuthenticationError/attempts`` of the error, ``AuthenticationError/message`` and ``AuthenticationError/summary`` tell what each
/// member came to, and the likeliest cause; ``selectedCredential`` and the token's ``AccessToken/provenance`` tell who gave it.
///
/// Reads no environment variable. Keeps no tokens: its members do.
public final class ChainedTokenCredential: TokenCredential {
    let chain: CredentialChain
    /// What errors call it.
    var name: String { self.chain.policy.name }

    /// Creates a chain.
    ///
    /// - Parameters:
    ///   - credentials: The members, the preferred one first. Without any, each call fails with `.invalidConfiguration`.
    ///   - options: How the chain goes from one member to the next.
    public convenience init(_ credentials: any TokenCredential..., options: ChainOptions = .init()) {
        self.init(credentials, options: options)
    }

    /// Creates a chain.
    ///
    /// - Parameters:
    ///   - credentials: The members, the preferred one first. Without any, each call fails with `.invalidConfiguration`.
    ///   - options: How the chain goes from one member to the next.
    public convenience init(_ credentials: [any TokenCredential], options: ChainOptions = .init()) {
        self.init(credentials.map { ChainMember($0) }, options: options, clock: SystemClock())
    }

    /// Creates a chain of members, on a test's clock.
    init(_ members: [ChainMember], options: ChainOptions, problem: AuthenticationError? = nil, clock: any MachineClock) {
        let members = members.map { member in
            var member = member
            member.passesOnFailures = options.passesOn == .anyFailure
            return member
        }
        self.chain = CredentialChain(
            .init(
                name: options.name,
                keepsWinner: options.keepsWinner,
                expectedIdentity: options.expectedIdentity,
                logger: options.logging.logger
            ),
            members: members,
            problem: problem,
            clock: clock
        )
    }

    /// Gets a token for a request, from the first member that gives one.
    ///
    /// - Parameter context: The request; passed to the members, with the time that is left.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if no member is set up here (row G06 of the guide), so that a chain around
    ///   this one goes on; else that of the member that ended the call; `.authenticationFailed` if the token is for another identity than
    ///   expected (row G07); `.invalidConfiguration` if the chain has no members. Rethrows `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.chain.keptToken(for: context) { return token }
        return try await self.chain.token(for: context)
    }

    /// A kept token of the member that the credential keeps to, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.chain.keptToken(for: context) }

    /// Checks that the chain has members, without a request. What is wrong with a member is part of ``plan()``.
    ///
    /// - Throws: ``AuthenticationError``, which ``token(for:)`` would throw too.
    public func validate() throws { try self.chain.validate() }

    /// States which members are asked, in order, and what is known to be in a member's way, without asking for a token.
    ///
    /// - Returns: The plan.
    public func plan() -> ChainPlan { self.chain.plan }

    /// The name of the member that gave the last token; `nil`: none did yet.
    public var selectedCredential: String? { self.chain.selected }

    /// What the members came to when they were last asked in order, also if one gave a token. Those behind it aren't listed.
    public var attempts: [AuthenticationError.Attempt] { self.chain.attempts }

    /// Drops the kept tokens of all members, and forgets which one gave the last.
    public func removeCachedTokens() { self.chain.removeCachedTokens() }

    /// What happens to the tokens of the members: renewals, renewals that failed, changes of identity. Each event names its member.
    public var events: TokenEvents { self.chain.events }
}

extension ChainedTokenCredential: KeepingTokenCredential, TokenEventSource {}
