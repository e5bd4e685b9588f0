// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A refusal in the terms of Microsoft Entra ID.
///
/// `status` is 400 or above. Codes that are marked as guesses below are not documented for their situation.
package struct EmulatorRefusal: Error, Sendable {
    package var status: Int = 400
    package var error: String
    package var code: Int?
    package var message: String
    /// Sent besides the usual headers.
    package var headers: [(name: String, value: String)] = []

    /// Text from the request as it may be quoted in a message.
    private static func quoted(_ text: String) -> String { "'\(text.prefix(200))'" }

    // MARK: The form of the request

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

    // MARK: Tenant, application, secret

    static func malformedTenant(_ tenant: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_request",
            code: 900023,
            message:
                "Specified tenant identifier \(Self.quoted(tenant)) is neither a valid DNS name, nor a valid external domain."
        )
    }

    static func unknownTenant(_ tenant: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_request",
            code: 90002,
            message: """
                Tenant \(Self.quoted(tenant)) not found. Check to make sure you have the correct tenant ID and are signing into \
                the correct cloud.
                """
        )
    }

    static let noTenant = EmulatorRefusal(
        error: "invalid_request",
        code: 50059,
        message: "No tenant-identifying information found in either the request or implied by any provided credentials."
    )

    static func unknownInstance(_ endpoint: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_instance",
            code: 50049,
            message: "Unknown or invalid instance: the authority of \(Self.quoted(endpoint)) is not known."
        )
    }

    static func unknownApplication(_ clientID: String, tenant: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "unauthorized_client",
            code: 700016,
            message: """
                Application with identifier \(Self.quoted(clientID)) was not found in the directory \(Self.quoted(tenant)). \
                Either it has not been installed there, or the request went to the wrong tenant.
                """
        )
    }

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

    // MARK: The service itself

    /// What a fault of this status says, if it doesn't bring its own text.
    static func unavailable(status: Int) -> EmulatorRefusal {
        EmulatorRefusal(
            status: status,
            error: "temporarily_unavailable",
            code: status == 429 ? 90055 : 90033,
            message: status == 429 ? "The tenant is throttled." : "A transient error has occurred. Please try again."
        )
    }

    static let signingFailed = EmulatorRefusal(
        status: 500,
        error: "server_error",
        code: 90033,
        message: "The emulator could not sign the token."
    )
}
