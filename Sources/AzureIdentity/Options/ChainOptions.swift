// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP

/// How a ``ChainedTokenCredential`` goes from one member to the next.
public struct ChainOptions: Sendable {
    /// Which failures lead to the next member. More may be added, so a `switch` needs a `default`.
    public struct Passing: Hashable, Sendable, CustomStringConvertible {
        /// The name, such as `unavailability`.
        public let description: String

        /// Those of a member that isn't set up here or needs a person. One that tried and failed stops the chain, so that an outage never
        /// leads to another identity.
        public static let unavailability = Passing(description: "unavailability")
        /// All but mistakes in the request, and a time that is up.
        public static let anyFailure = Passing(description: "anyFailure")
    }

    /// What the chain calls itself in errors and in the log.
    public var name: String
    /// Whether the member that gave the first token is asked alone from then on.
    public var keepsWinner: Bool
    /// Which failures lead to the next member.
    public var passesOn: Passing
    /// Who the tokens must be for; `nil`: anyone.
    public var expectedIdentity: ExpectedIdentity?
    /// Where the chain says who gave the token.
    public var logging: LoggingOptions

    /// Creates options.
    ///
    /// - Parameters:
    ///   - name: What the chain calls itself.
    ///   - keepsWinner: Whether the member that gave the first token is asked alone from then on.
    ///   - passesOn: Which failures lead to the next member.
    ///   - expectedIdentity: Who the tokens must be for.
    ///   - logging: Where the chain says who gave the token.
    public init(
        name: String = "ChainedTokenCredential",
        keepsWinner: Bool = false,
        passesOn: Passing = .unavailability,
        expectedIdentity: ExpectedIdentity? = nil,
        logging: LoggingOptions = .init()
    ) {
        self.name = name
        self.keepsWinner = keepsWinner
        self.passesOn = passesOn
        self.expectedIdentity = expectedIdentity
        self.logging = logging
    }
}
