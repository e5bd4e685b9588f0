// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// Connections whose password is the token of a credential, as it is when each one begins.
///
/// Nothing here renews a token: the credential does, behind its callers' backs. A password that is asked for at start-up and kept would be
/// refused as soon as its token has expired.
struct TokenPasswords: Sendable {
    let credential: any TokenCredential
    let context: TokenRequestContext

    /// The token that a connection would get now.
    func token() async throws -> AccessToken { try await self.credential.token(for: self.context) }

    /// A new connection.
    func connect() async throws -> Connection {
        let token = try await self.token()
        let connection = Connection()
        do {
            try await connection.open(password: token.token)
            return connection
        } catch let error as ConnectionError {
            throw RefusedToken(identity: token.provenance, reason: error)
        }
    }
}

/// A connection that wasn't made, and whose token it was tried with: most often the role belongs to somebody else.
struct RefusedToken: Error, CustomStringConvertible {
    let identity: AccessToken.Provenance?
    let reason: ConnectionError

    var description: String {
        "no connection with the token of \(self.identity?.description ?? "somebody unknown"): \(self.reason)"
    }
}
