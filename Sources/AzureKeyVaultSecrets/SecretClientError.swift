// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// A mistake in the use of a ``SecretClient``, or an answer of the vault's that is none.
///
/// What the vault refuses is an `HTTPResponseError`, what keeps a token from being had an `AuthenticationError`, and what keeps an answer
/// from coming a `TransportError`. It holds no secret and no token.
public struct SecretClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake it is. More may be added, so a `switch` needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code, such as `invalidArgument`.
        public let description: String

        /// An argument can't be right: the vault's address, a name, a version, a size. Nothing was sent.
        public static let invalidArgument = Code(description: "invalidArgument")
        /// The options can't be used: there is no transport.
        public static let invalidConfiguration = Code(description: "invalidConfiguration")
        /// The vault's answer can't be read.
        public static let invalidResponse = Code(description: "invalidResponse")
        /// A list goes on at another place than it began. Nothing was sent there.
        public static let foreignLink = Code(description: "foreignLink")
    }

    /// What kind of mistake it is.
    public var code: Code
    /// What is wrong, in a sentence.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What kind of mistake it is.
    ///   - message: What is wrong. Must not hold a secret.
    public init(_ code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message.
    public var description: String { "\(self.code): \(self.message)" }

    static func argument(_ message: String) -> SecretClientError { SecretClientError(.invalidArgument, message: message) }
    static func response(_ message: String) -> SecretClientError { SecretClientError(.invalidResponse, message: message) }
}
