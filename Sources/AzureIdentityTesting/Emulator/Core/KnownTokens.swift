// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// The tokens whose signature was found good, since clients send one and the same with each request. Bounded.
package final class KnownTokens: Sendable {
    private let tokens = Locked(BoundedTable<ClientAssertion>(limit: 1000))

    package init() {}

    /// Takes a token apart. `nil`: it is none that this signer has signed.
    func token(_ text: String, signer: any TokenSigner) -> ClientAssertion? {
        if let known = self.tokens.withLock({ $0[text] }) { return known }
        guard let token = try? ClientAssertion(text, isExact: true, isSigned: signer.algorithm != "none"), signer.hasSigned(token)
        else { return nil }
        self.tokens.withLock { $0[text] = token }
        return token
    }
}
