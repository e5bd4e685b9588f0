// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// A token of another issuer that stands for an application's password. Pure.
enum FederatedToken {
    /// The longest token that is sent, in bytes.
    static let maximumLength = 65_536

    /// Why a text without blanks around it can't be a token, as the end of a sentence; `nil` if it can. Whether it is a good one is for the
    /// service to say.
    static func problem(_ text: String) -> String? {
        if text.isEmpty { return "is empty" }
        if text.utf8.count > Self.maximumLength { return "is longer than \(Self.maximumLength) bytes" }
        if !text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return "holds blanks or characters that no token has" }
        return nil
    }

    /// A token that somebody brought, without blanks around it, if it can be sent.
    ///
    /// - Throws: `AuthenticationError` with `.authenticationFailed`.
    static func checked(_ text: String, name: String = "client assertion", credential: String) throws -> String {
        let assertion = HostileText.trimmed(text)
        guard let problem = Self.problem(assertion) else { return assertion }
        throw AuthenticationError(
            .authenticationFailed,
            credential: credential,
            message: "\(credential): The \(name) \(problem)."
        )
    }
}
