// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A refusal in the terms of Azure Resource Manager.
///
/// `status` is 400 or above. Codes that are marked as guesses were not seen for their situation.
struct ResourceManagerRefusal: Error, Sendable {
    var status: Int
    var code: String
    var message: String
    /// What `WWW-Authenticate` says is wrong with the token. `nil`: there is no such header.
    var challenge: String?
    /// The claims that a new token has to be asked for with, JSON.
    var claims: String?
    /// The methods of the header `Allow`. `nil`: there is no such header.
    var allowed: String?

    /// What a fault of this status says, if it doesn't bring its own text.
    static func unavailable(status: Int) -> ResourceManagerRefusal {
        ResourceManagerRefusal(
            status: status,
            code: status == 429 ? "TooManyRequests" : "ServerTimeout",
            message: "The emulator plays an error."
        )
    }

    /// The code is a guess.
    static let wrongMethod = ResourceManagerRefusal(
        status: 405,
        code: "MethodNotAllowed",
        message: "The method is not allowed; only GET is.",
        allowed: "GET"
    )

    // MARK: The query

    /// The code is a guess; the service passes over parameters that it doesn't know.
    static let malformedQuery = ResourceManagerRefusal(
        status: 400,
        code: "InvalidRequest",
        message: "The query is malformed, or has a parameter twice or one that is not known here."
    )

    static let missingVersion = ResourceManagerRefusal(
        status: 400,
        code: "MissingApiVersionParameter",
        message: "The api-version query parameter (?api-version=) is required for all requests."
    )

    static func wrongVersion(_ version: String, supported: [String]) -> ResourceManagerRefusal {
        ResourceManagerRefusal(
            status: 400,
            code: "InvalidApiVersionParameter",
            message: """
                The api-version '\(version.prefix(50))' is invalid. The supported versions are \
                '\(supported.joined(separator: ","))'.
                """
        )
    }

    // MARK: The token

    static let missingToken = ResourceManagerRefusal(
        status: 401,
        code: "AuthenticationFailed",
        message: "Authentication failed. The 'Authorization' header is missing.",
        challenge: "The authentication failed because of missing 'Authorization' header."
    )

    /// The text is a guess.
    static let wrongScheme = ResourceManagerRefusal(
        status: 401,
        code: "AuthenticationFailed",
        message: "Authentication failed. The 'Authorization' header has to be 'Bearer', one blank and a token.",
        challenge: "The authentication scheme is not supported."
    )

    static let invalidToken = ResourceManagerRefusal(
        status: 401,
        code: "InvalidAuthenticationToken",
        message: "The access token is invalid.",
        challenge: "The access token is invalid."
    )

    /// The service writes the two dates in another form.
    static func expiredToken(_ expiry: Date, now: Date) -> ResourceManagerRefusal {
        ResourceManagerRefusal(
            status: 401,
            code: "ExpiredAuthenticationToken",
            message: """
                The access token expiry UTC time '\(expiry.ISO8601Format())' is earlier than current UTC time \
                '\(now.ISO8601Format())'.
                """,
            challenge: "The access token has expired."
        )
    }

    static func wrongAudience(_ audience: String, allowed: [String]) -> ResourceManagerRefusal {
        let list = allowed.map { "'\($0)'" }.joined(separator: ",")
        return ResourceManagerRefusal(
            status: 401,
            code: "InvalidAuthenticationTokenAudience",
            message: """
                The access token has been obtained for wrong audience or resource '\(audience.prefix(200))'. It should exactly \
                match with one of the allowed audiences \(list).
                """,
            challenge: "The access token has been obtained for wrong audience or resource."
        )
    }

    static func wrongTenant(_ tenant: String, expected: String) -> ResourceManagerRefusal {
        ResourceManagerRefusal(
            status: 401,
            code: "InvalidAuthenticationTokenTenant",
            message: """
                The access token is from the wrong issuer. It is from the tenant '\(tenant)' and must match the tenant \
                '\(expected)' associated with this subscription.
                """,
            challenge: "The access token is from the wrong issuer."
        )
    }

    /// Claims challenges go to clients alone that have said that they can handle them.
    static func insufficientClaims(_ claims: String) -> ResourceManagerRefusal {
        ResourceManagerRefusal(
            status: 401,
            code: "AuthenticationFailed",
            message: "The access token is not enough any more: a new one has to be asked for with the claims of the challenge.",
            challenge: "Continuous access evaluation resulted in challenge.",
            claims: claims
        )
    }

    // MARK: The resource

    static func unknownSubscription(_ id: String) -> ResourceManagerRefusal {
        ResourceManagerRefusal(
            status: 404,
            code: "SubscriptionNotFound",
            message: "The subscription '\(id)' could not be found."
        )
    }
}
