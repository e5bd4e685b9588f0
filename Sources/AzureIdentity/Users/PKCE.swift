// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// The proof that who redeems a code is who asked for it (RFC 7636), by SHA-256. Each is good for one sign-in.
struct PKCE: Sendable {
    /// Sent with the code, and to nobody before.
    let verifier: String
    /// Sent along with the person: the verifier's digest.
    let challenge: String

    /// `nil` in builds without cryptography.
    init?(verifier: String = RandomText.make()) {
        guard let challenge = Self.challenge(for: verifier) else { return nil }
        self.verifier = verifier
        self.challenge = challenge
    }
}

/// Texts that nobody can guess.
enum RandomText {
    /// 32 random bytes in base64url: 43 letters, digits, `-` and `_`.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Compares in a time that doesn't depend on where the texts differ.
    static func isSame(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        return one.count == other.count && zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
