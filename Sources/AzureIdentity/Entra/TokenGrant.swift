// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What is sent to the token endpoint to get a token, apart from the scope and claims.
struct TokenGrant: Sendable {
    /// The parameters, in the order they are sent.
    var parameters: [(name: String, value: String)]
    /// The values that must not be shown, should a server send them back.
    var secrets: [String]
    var clientID: String?

    /// The client credentials grant with a secret, in the body (RFC 6749, sections 2.3.1 and 4.4).
    static func clientSecret(clientID: String, secret: Secret) -> TokenGrant {
        TokenGrant(
            parameters: [
                ("grant_type", "client_credentials"), ("client_id", clientID), ("client_secret", secret.revealed),
            ],
            secrets: FormEncoding.echoes(of: secret.revealed),
            clientID: clientID
        )
    }
}
