// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The `claims` parameter of a token request. Pure.
enum ClaimsRequest {
    /// The client capability that says: this caller handles claims challenges.
    static let continuousAccessEvaluation = "CP1"

    /// The parameter's value: the challenge as it is, or with the capability merged in as `access_token.xms_cc`.
    ///
    /// - Parameters:
    ///   - claims: The challenge, as JSON text.
    ///   - isCAEEnabled: Whether the caller handles claims challenges.
    ///   - credential: The name of the credential, for the error.
    /// - Returns: The value, or `nil` if there is nothing to send.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if the challenge is not a JSON object.
    static func value(claims: String?, isCAEEnabled: Bool, credential: String) throws -> String? {
        guard claims != nil || isCAEEnabled else { return nil }
        var members = try claims.map { try Self.object($0, credential: credential) } ?? [:]
        guard isCAEEnabled else { return claims }
        var accessToken: [String: JSONValue] = [:]
        if case .object(let present)? = members["access_token"] { accessToken = present }
        accessToken["xms_cc"] = .object(["values": .array([.string(Self.continuousAccessEvaluation)])])
        members["access_token"] = .object(accessToken)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONValue.object(members)), as: UTF8.self)
    }

    private static func object(_ claims: String, credential: String) throws -> [String: JSONValue] {
        guard let members = try? JSONDecoder().decode([String: JSONValue].self, from: Data(claims.utf8)) else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: "The claims of the request are not a JSON object; pass the challenge's claims decoded from base64url."
            )
        }
        return members
    }
}
