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
