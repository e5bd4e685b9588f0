// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.Date
#else
package import struct Foundation.Date
#endif

/// What a broker gave.
package struct BrokerAnswer: Sendable {
    /// The access token; with a proof, the signed request (without the word `PoP`).
    package var token: Secret
    /// When the token expires, by the broker; `nil`: it didn't say.
    package var expiresOn: Date?
    /// The scopes that were granted; empty: it didn't say.
    package var scopes: [String]
    /// What the ID token says; nobody has checked its signature.
    package var idTokenClaims: UnverifiedClaims?
    /// Whose token it is; `nil`: it didn't say.
    package var account: BrokerAccount?
    /// Who it is where no account is said: JSON in base64url with `uid` and `utid`, as the token service gives it.
    package var clientInfo: String?
    /// Whether the token is a signed request.
    package var isProofOfPossession: Bool

    package init(
        token: Secret,
        expiresOn: Date? = nil,
        scopes: [String] = [],
        idTokenClaims: UnverifiedClaims? = nil,
        account: BrokerAccount? = nil,
        clientInfo: String? = nil,
        isProofOfPossession: Bool = false
    ) {
        self.token = token
        self.expiresOn = expiresOn
        self.scopes = scopes
        self.idTokenClaims = idTokenClaims
        self.account = account
        self.clientInfo = clientInfo
        self.isProofOfPossession = isProofOfPossession
    }
}
