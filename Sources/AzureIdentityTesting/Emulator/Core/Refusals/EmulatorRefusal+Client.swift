// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Clients that do not prove who they are.
extension EmulatorRefusal {
    static let missingClientAuthentication = EmulatorRefusal(
        status: 401,
        error: "invalid_client",
        code: 7_000_218,
        message: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
    )

    static func wrongSecret(_ clientID: String) -> EmulatorRefusal {
        EmulatorRefusal(
            status: 401,
            error: "invalid_client",
            code: 7_000_215,
            message: """
                Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, \
                not the client secret ID, for a secret added to app \(Self.quoted(clientID)).
                """
        )
    }

    static func expiredSecret(_ clientID: String) -> EmulatorRefusal {
        EmulatorRefusal(
            status: 401,
            error: "invalid_client",
            code: 7_000_222,
            message: "The provided client secret keys for app \(Self.quoted(clientID)) are expired. Create new keys for the app."
        )
    }

    /// The code is a guess.
    static let twoClientAuthentications = EmulatorRefusal.malformed("it has both a client secret and a client assertion")

    /// The code is a guess.
    static func wrongAssertionType(_ type: String) -> EmulatorRefusal {
        .malformed("the parameter 'client_assertion_type' is \(Self.quoted(type)), not the one for assertions that are JWTs")
    }
}
