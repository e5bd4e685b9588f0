// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Client assertions that prove nothing.
///
/// The recognisable parts of the messages are the service's, the rest is not.
extension EmulatorRefusal {
    private static func badClient(_ code: Int, _ message: String) -> EmulatorRefusal {
        EmulatorRefusal(status: 401, error: "invalid_client", code: code, message: message)
    }

    // MARK: The form

    /// The code is the service's for assertions that are no JSON Web Tokens. For missing claims, for `crit` and for bad `x5c` it is
    /// a guess.
    static func malformedAssertion(_ reason: String) -> EmulatorRefusal {
        Self.badClient(50027, "JWT token is invalid or malformed: \(reason).")
    }

    static let noThumbprint = badClient(50027, "Invalid JWT token. No certificate thumbprint specified in token header.")

    static let wrongHeaderType = EmulatorRefusal(
        error: "invalid_request",
        code: 5_002_727,
        message: "Invalid JWT header type specified; it must be 'JWT' or 'http://openid.net/specs/jwt/1.0'."
    )

    /// The code was seen for keys that don't fit the algorithm; for algorithms that are not supported it is a guess.
    static func wrongAssertionAlgorithm(_ algorithm: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_request",
            code: 5_002_730,
            message: "Invalid JWT token. Unsupported key for the signing algorithm \(Self.quoted(algorithm))."
        )
    }

    // MARK: Claims

    static func wrongAssertionIssuer(_ clientID: String) -> EmulatorRefusal {
        Self.badClient(
            700021,
            """
            Client assertion application identifier doesn't match 'client_id' parameter: 'iss' and 'sub' both have to be \
            \(Self.quoted(clientID)).
            """
        )
    }

    /// The code is what the troubleshooting guide and users report. The service's list of codes has another meaning for it, a scope
    /// without a resource.
    static let wrongAssertionAudience = badClient(
        700023,
        "Client assertion audience claim does not match Realm issuer: 'aud' has to be the tenant's token endpoint."
    )

    /// The code is a guess for validity that ends too far ahead.
    static func assertionOutsideItsTimes(now: Date, from beginning: Date?, until end: Date) -> EmulatorRefusal {
        func text(_ date: Date) -> String {
            let seconds = date.timeIntervalSince1970
            let whole = seconds.rounded(.down)
            let fraction = String(Int((seconds - whole) * 10_000_000))
            let digits = String(repeating: "0", count: max(0, 7 - fraction.count)) + fraction
            return Date(timeIntervalSince1970: whole).ISO8601Format().replacing("Z", with: ".\(digits)Z")
        }
        return Self.badClient(
            700024,
            """
            Client assertion is not within its valid time range. Current time: \(text(now)), assertion valid from \
            \(text(beginning ?? Date(timeIntervalSince1970: 0))), expiry time of assertion \(text(end)).
            """
        )
    }

    /// The code is a guess: the service was not seen to refuse one.
    static let replayedAssertion = badClient(50027, "JWT token is invalid: its 'jti' was used before.")

    // MARK: Keys

    /// What is wrong with the key of an assertion.
    enum KeyProblem: Sendable {
        case notFound
        case expired(from: Date, until: Date)
        case notYetValid(from: Date, until: Date)
        case wrongSignature
        case wrongFirstCertificate
        case untrustedChain
        case unusable

        fileprivate var reason: String {
            switch self {
            case .notFound: "The key was not found."
            case .expired: "The key used is expired."
            case .notYetValid: "The key used is not yet valid."
            case .wrongSignature: "The provided signature value did not match the expected signature value."
            case .wrongFirstCertificate: "The first certificate of x5c is not the one of the thumbprint."
            case .untrustedChain: "The certificates of x5c, in their order, do not lead to a trusted authority."
            case .unusable: "The key is not an RSA key of 2048 bits or more."
            }
        }

        /// The validity of the key that was found.
        fileprivate var found: String {
            switch self {
            case .expired(let from, let until), .notYetValid(let from, let until):
                ", Found key 'Start=\(from.ISO8601Format()), End=\(until.ISO8601Format())'"
            default: ""
            }
        }
    }

    static func badSignature(_ problem: KeyProblem, thumbprint: String, clientID: String) -> EmulatorRefusal {
        Self.badClient(
            700027,
            """
            Client assertion contains an invalid signature. [Reason - \(problem.reason), Thumbprint of key used by client: \
            '\(thumbprint)'\(problem.found), Please visit the Azure Portal to see configured keys for app Id \
            \(Self.quoted(clientID)).]
            """
        )
    }

    static func untrustedSubject(_ subject: String) -> EmulatorRefusal {
        Self.badClient(
            700030,
            """
            Invalid certificate - subject name in certificate is not authorized. SubjectNames (up to 10) in token certificate are: \
            \(Self.quoted(subject)).
            """
        )
    }

    // MARK: Federated issuers

    private static func unknownFederation(_ code: Int, _ what: String, _ value: String) -> EmulatorRefusal {
        Self.badClient(
            code,
            """
            No matching federated identity record found for presented assertion \(what) \(Self.quoted(value)). Please check your \
            federated identity credential Subject, Audience and Issuer against the presented assertion.
            """
        )
    }

    static func unknownFederatedIssuer(_ issuer: String) -> EmulatorRefusal { Self.unknownFederation(700211, "issuer", issuer) }

    static func unknownFederatedAudience(_ audience: String) -> EmulatorRefusal {
        Self.unknownFederation(700212, "audience", audience)
    }

    static func unknownFederatedSubject(_ subject: String) -> EmulatorRefusal {
        Self.unknownFederation(700213, "subject", subject)
    }

    /// The code was seen for keys that the issuer doesn't publish; for a wrong signature by a known key it is a guess.
    static func unknownFederatedKey(_ keyID: String, issuer: String) -> EmulatorRefusal {
        Self.badClient(
            7_000_272,
            """
            The certificate with identifier \(Self.quoted(keyID)) used to sign the federated credential could not be found in the \
            metadata of identity provider \(Self.quoted(issuer)).
            """
        )
    }

    /// Assertions need the trait `Cryptography`. No answer of the service.
    static let assertionsUnsupported = EmulatorRefusal(
        status: 401,
        error: "invalid_client",
        message: "This build of the emulator can't verify assertions; it lacks the trait Cryptography."
    )
}
