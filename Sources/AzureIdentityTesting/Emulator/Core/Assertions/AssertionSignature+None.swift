// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
extension AssertionVerifier {
    /// Refuses: signatures are checked with the trait `Cryptography` alone.
    func checkSignature(_ assertion: ClientAssertion) throws(EmulatorRefusal) { throw .assertionsUnsupported }

    /// Refuses: signatures are checked with the trait `Cryptography` alone.
    func checkSignature(
        _ assertion: ClientAssertion,
        keys: [EmulatorConfiguration.FederatedCredential.PublicKey],
        issuer: String
    ) throws(EmulatorRefusal) {
        throw .assertionsUnsupported
    }
}
#endif
