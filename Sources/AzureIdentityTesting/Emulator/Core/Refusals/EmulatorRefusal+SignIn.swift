// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Codes, assertions and pages of people that don't fit.
extension EmulatorRefusal {
    private static func badGrant(_ code: Int, _ message: String) -> EmulatorRefusal {
        EmulatorRefusal(error: "invalid_grant", code: code, message: message)
    }

    static func severalResources(_ scope: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_scope",
            code: 28000,
            message: """
                Provided value for the input parameter scope is not valid because it contains more than one resource. Scope \
                \(scope.prefix(200)) is not valid.
                """
        )
    }

    static let publicClientWithProof = EmulatorRefusal(
        status: 401,
        error: "invalid_client",
        code: 700_025,
        message: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."
    )

    /// The code is a guess.
    static let confidentialOnly = EmulatorRefusal(
        error: "unauthorized_client",
        code: 7_000_218,
        message: "The grant is for clients that authenticate; this one is public."
    )

    // MARK: Authorization codes

    static let expiredCode = badGrant(
        70008,
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request."
    )

    static let redeemedCode = badGrant(
        54005,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."
    )

    static let otherTenant = badGrant(
        700_005, "Provided Authorization Code is intended to use against other tenant, thus rejected.")

    /// The error is a guess.
    static func otherRedirect(_ given: String, meant: String) -> EmulatorRefusal {
        Self.badGrant(
            500_112,
            """
            The reply address \(Self.quoted(given)) does not match the reply address \(Self.quoted(meant)) provided when requesting \
            Authorization code.
            """
        )
    }

    static let missingVerifier = badGrant(
        50148, "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.")

    static let wrongVerifier = badGrant(
        501_481, "The Code_Verifier does not match the code_challenge supplied in the authorization request.")

    // MARK: The authorize page

    static func unregisteredRedirect(_ redirect: String, clientID: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_client",
            code: 50011,
            message: """
                The redirect URI \(Self.quoted(redirect)) specified in the request does not match the redirect URIs configured for \
                the application \(Self.quoted(clientID)).
                """
        )
    }

    /// The code is a guess.
    static func unsupportedResponse(_ type: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "unsupported_response_type",
            code: 700_054,
            message: "response_type \(Self.quoted(type)) is not enabled for the application; 'code' is."
        )
    }

    // MARK: Device codes

    static let pendingDevice = EmulatorRefusal(
        error: "authorization_pending",
        code: 70016,
        message: "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
    )

    /// The service was not seen to say so, so there is no code.
    static func impatientDevice(interval: Int) -> EmulatorRefusal {
        EmulatorRefusal(error: "slow_down", message: "The device asks too often; the interval is now \(interval) seconds.")
    }

    /// The code is a guess.
    static let declinedDevice = EmulatorRefusal(
        error: "authorization_declined",
        code: 65004,
        message: "User declined to consent to access the app."
    )

    static let expiredDevice = EmulatorRefusal(
        error: "expired_token",
        code: 70020,
        message: "The provided value for the input parameter 'device_code' is not valid. This device code has expired."
    )

    static let unknownDevice = EmulatorRefusal(
        error: "bad_verification_code",
        code: 70018,
        message: "Invalid verification code. The device code is not one that was issued here, or was used before."
    )

    // MARK: On behalf of

    static func malformedUserAssertion(_ reason: String) -> EmulatorRefusal {
        Self.badGrant(50027, "JWT token is invalid or malformed: \(reason).")
    }

    static let wrongUserAssertion = badGrant(
        50013,
        """
        Assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]
        """
    )

    static func expiredUserAssertion(now: Date, until end: Date) -> EmulatorRefusal {
        Self.badGrant(
            500_133,
            """
            Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user \
            assertion, or request a new token. Current time: \(Self.text(now)), expiry time of assertion \(Self.text(end)).
            """
        )
    }

    static func wrongAssertionReader(_ audience: String, expected: String) -> EmulatorRefusal {
        Self.badGrant(
            500_131,
            """
            Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was \
            \(Self.quoted(audience)) and the expected audience is \(Self.quoted(expected)) or one of the Application Uris of this \
            application.
            """
        )
    }

    static let applicationAssertion = badGrant(
        7_000_114, "Application is not allowed to make application on-behalf-of calls: the assertion is no token of a user.")

    // MARK: Federated users

    /// The code is the service's for assertions in general; which it gives here is not known.
    static let wrongFederatedAssertion = badGrant(
        50008, "SAML assertion is invalid: it is not, byte for byte, one that was issued to this user, or it has expired.")
}
