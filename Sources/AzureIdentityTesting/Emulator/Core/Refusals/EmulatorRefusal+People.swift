// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Users who can't have a token, or not yet.
///
/// The recognisable parts of the messages are the service's, the rest is not. It hides the names of users, and so does this.
extension EmulatorRefusal {
    private static func badGrant(_ code: Int, _ message: String, suberror: String? = nil) -> EmulatorRefusal {
        EmulatorRefusal(error: "invalid_grant", code: code, message: message, suberror: suberror)
    }

    private static func interaction(_ code: Int, _ message: String, claims: String?) -> EmulatorRefusal {
        EmulatorRefusal(error: "interaction_required", code: code, message: message, suberror: "basic_action", claims: claims)
    }

    // MARK: The account

    static func unknownUser(_ tenant: String) -> EmulatorRefusal {
        Self.badGrant(
            50034,
            """
            The user account {EUII Hidden} does not exist in the \(tenant.prefix(200)) directory. To sign into this application, the \
            account must be added to the directory.
            """
        )
    }

    static func userNotInTenant(_ tenant: String) -> EmulatorRefusal {
        Self.badGrant(
            50020,
            """
            User account '{EUII Hidden}' from identity provider of its home does not exist in tenant \(Self.quoted(tenant)) and cannot \
            access the application there. The account needs to be added as an external user in the tenant first.
            """
        )
    }

    static let wrongPassword = badGrant(50126, "Error validating credentials due to invalid username or password.")

    static let lockedUser = badGrant(
        50053,
        "The account is locked, you've tried to sign in too many times with an incorrect user ID or password."
    )

    static let disabledUser = badGrant(50057, "The user account is disabled.")

    static let expiredPassword = badGrant(50055, "The password is expired.", suberror: "user_password_expired")

    // MARK: Interaction

    static func multifactorNeeded(_ resource: String, claims: String?) -> EmulatorRefusal {
        Self.interaction(
            50076,
            """
            Due to a configuration change made by your administrator, or because you moved to a new location, you must use \
            multi-factor authentication to access \(Self.quoted(resource)).
            """,
            claims: claims
        )
    }

    static func multifactorExpired(_ resource: String, claims: String?) -> EmulatorRefusal {
        Self.interaction(
            50078,
            """
            Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh \
            your multi-factor authentication to access \(Self.quoted(resource)).
            """,
            claims: claims
        )
    }

    static func registrationNeeded(_ resource: String, claims: String?) -> EmulatorRefusal {
        Self.interaction(
            50079,
            """
            Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in \
            multi-factor authentication to access \(Self.quoted(resource)).
            """,
            claims: claims
        )
    }

    static func consentNeeded(_ clientID: String, name: String) -> EmulatorRefusal {
        Self.badGrant(
            65001,
            """
            The user or administrator has not consented to use the application with ID \(Self.quoted(clientID)) named \
            \(Self.quoted(name)). Send an interactive authorization request for this user and resource.
            """,
            suberror: "consent_required"
        )
    }

    /// The error is what was seen most; `interaction_required` was seen too.
    static func signInTooOld(issuedAt: Date, lifetime: Int) -> EmulatorRefusal {
        Self.badGrant(
            70043,
            """
            The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued \
            on \(Self.text(issuedAt)) and the maximum allowed lifetime for this request is \(lifetime).
            """,
            suberror: "token_expired"
        )
    }

    static func blockedByPolicy(claims: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_grant",
            code: 53003,
            message: "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
            suberror: "message_only",
            claims: claims
        )
    }

    static let nobodySignedIn = EmulatorRefusal(
        error: "login_required",
        code: 50058,
        message: "A silent sign-in request was sent but no user is signed in."
    )

    static let declinedConsent = EmulatorRefusal(
        error: "access_denied",
        code: 65004,
        message: "User declined to consent to access the app."
    )

    // MARK: Refresh tokens

    static let unknownGrant = badGrant(
        70000,
        "Provided grant is invalid or malformed: the value of 'refresh_token' or 'code' is not one that was issued here."
    )

    static func inactiveGrant(issuedAt: Date, lifetime: Int) -> EmulatorRefusal {
        Self.badGrant(
            700_082,
            """
            The refresh token has expired due to inactivity. The token was issued on \(Self.text(issuedAt)) and was inactive for \
            \(lifetime / 86_400).00:00:00.
            """
        )
    }

    static func revokedGrant(issuedAt: Date, revokedAt: Date) -> EmulatorRefusal {
        Self.badGrant(
            50173,
            """
            The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or \
            reset their password. The grant was issued on '\(Self.text(issuedAt))' and the TokensValidFrom date (before which tokens \
            are not valid) for this user is '\(Self.text(revokedAt))'.
            """,
            suberror: "bad_token"
        )
    }

    /// That the mismatch is said in both places is a guess.
    static var otherClient: EmulatorRefusal {
        var refusal = Self.badGrant(
            700_007, "The grant was issued for a different client id.", suberror: "client_mismatch")
        refusal.additionalInfo = ["client_mismatch"]
        return refusal
    }

    /// A refusal to use a refresh token twice. The service has no such rule, so the code is a guess.
    static let usedRefreshToken = badGrant(70000, "The refresh token was used before, and works once only.")

    static func text(_ date: Date) -> String {
        Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)).ISO8601Format().replacing("Z", with: ".0000000Z")
    }
}
