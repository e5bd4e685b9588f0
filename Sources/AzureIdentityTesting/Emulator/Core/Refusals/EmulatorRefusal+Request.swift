// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the form of a request.
extension EmulatorRefusal {
    static let notFound = EmulatorRefusal(status: 404, error: "not_found", message: "There is nothing at this path.")

    /// The code is Entra's for the token endpoint and a guess for the others.
    static func wrongMethod(_ method: String, allowed: String) -> EmulatorRefusal {
        EmulatorRefusal(
            status: 405,
            error: "invalid_request",
            code: 900561,
            message: "The endpoint only accepts \(allowed) requests. Received a \(method.prefix(20)) request.",
            headers: [("Allow", allowed)]
        )
    }

    /// The code is a guess; Entra cuts such a request off.
    static let bodyTooLarge = EmulatorRefusal(
        status: 413,
        error: "invalid_request",
        code: 9_002_313,
        message: "The request body is too large."
    )

    /// Entra doesn't see the parameters of a body in another format, and misses the first one.
    static let wrongContentType = EmulatorRefusal(
        error: "invalid_request",
        code: 900144,
        message: """
            The request body must contain the following parameter: 'grant_type'. \
            (The Content-Type has to be application/x-www-form-urlencoded.)
            """
    )

    static func missing(_ name: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_request",
            code: 900144,
            message: "The request body must contain the following parameter: \(Self.quoted(name))."
        )
    }

    static func duplicate(_ name: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_request",
            code: 9_000_411,
            message: "The request is not properly formatted. The parameter \(Self.quoted(name)) is duplicated."
        )
    }

    /// Entra documents the code for malformed requests in general. For unknown parameters it is a guess, and the emulator is
    /// stricter on purpose: Entra passes over most of them, and a misspelt name would go unnoticed.
    static func malformed(_ reason: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_request",
            code: 9_002_313,
            message: "Invalid request. Request is malformed or invalid: \(reason)."
        )
    }

    static func unknown(_ name: String) -> EmulatorRefusal {
        .malformed("the parameter \(Self.quoted(name)) does not belong to this grant")
    }

    /// The code is a guess.
    static let badClaims = EmulatorRefusal(
        error: "invalid_request",
        code: 9_000_410,
        message: "Malformed JSON: the parameter 'claims' has to be a JSON object."
    )

    static func unsupportedGrant(_ grant: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "unsupported_grant_type",
            code: 70003,
            message: "The app requested an unsupported grant type \(Self.quoted(grant))."
        )
    }

    static func badScope(_ scope: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_scope",
            code: 70011,
            message:
                "The provided value for the input parameter 'scope' is not valid: \(Self.quoted(scope))."
        )
    }

    static func scopeWithoutDefault(_ scope: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_scope",
            code: 1_002_012,
            message: """
                The provided value for scope \(scope.prefix(200)) is not valid. Client credential flows must have a scope value \
                with /.default suffixed to the resource identifier (application ID URI).
                """
        )
    }
}
