// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import Testing

@testable import AzureIdentity

/// The proof that who redeems a code is who asked for it.
@Suite struct PKCETests {
    @Test func challengesAreThoseOfTheStandard() {
        // RFC 7636, appendix B.
        let proof = PKCE(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(proof?.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func verifiersAreLongEnoughAndNeverTheSame() {
        let verifiers = (0..<1000).compactMap { _ in PKCE()?.verifier }
        #expect(Set(verifiers).count == 1000)
        #expect(
            verifiers.allSatisfy {
                $0.utf8.count == 43 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
            })
    }
}
#endif
