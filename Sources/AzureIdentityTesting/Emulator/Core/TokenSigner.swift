// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Signs tokens and publishes what they are checked with.
package protocol TokenSigner: Sendable {
    /// The `alg` of the tokens.
    var algorithm: String { get }
    /// The `kid` of the tokens.
    func keyID() throws -> String?
    /// Signs the first two parts of a token.
    func sign(_ input: [UInt8]) throws -> [UInt8]
    /// The public keys as JWKs.
    func publicKeys() throws -> [EmulatorJSON]
}

extension TokenSigner {
    /// Whether a token is one of this signer's. Signatures are the same each time, so that one can be compared with another.
    func hasSigned(_ assertion: ClientAssertion) -> Bool {
        guard assertion.algorithm == self.algorithm, let keyID = try? self.keyID() == assertion.header["kid"]?.string, keyID,
            let signature = try? self.sign(assertion.signingInput)
        else { return false }
        return signature == assertion.signature
    }
}
