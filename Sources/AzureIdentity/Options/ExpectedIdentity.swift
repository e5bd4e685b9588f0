// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Who a token must be for. What is left out may be anything.
///
/// A guard against the wrong account: a chain takes whoever is signed in. With an expected identity, a token for somebody else is an error
/// before anyone uses it, and the chain stops.
///
/// ```swift
/// var options = DefaultAzureCredential.Options()
/// options.expectedIdentity = ExpectedIdentity(tenantID: "00000000-0000-0000-0000-000000000000")
/// ```
///
/// It goes by what the token says of itself (``AccessToken/Provenance``), which is read without being checked: it tells accounts apart, and
/// proves nothing.
public struct ExpectedIdentity: Sendable, Hashable {
    /// The id of the tenant that gave the token; `nil`: any.
    public var tenantID: String?
    /// The object id of the user, service principal or managed identity; `nil`: any.
    public var objectID: String?
    /// The client id of the application that the token was given to; `nil`: any. For a user, that of the tool they signed in with.
    public var clientID: String?

    /// Creates an expected identity. One without any id is refused by chains with `.invalidConfiguration`: it would guard nothing.
    ///
    /// - Parameters:
    ///   - tenantID: The id of the tenant, a GUID, in any case.
    ///   - objectID: The object id, a GUID, in any case.
    ///   - clientID: The client id, a GUID, in any case.
    public init(tenantID: String? = nil, objectID: String? = nil, clientID: String? = nil) {
        self.tenantID = tenantID
        self.objectID = objectID
        self.clientID = clientID
    }
}

extension ExpectedIdentity {
    static let emptinessText =
        "An expected identity has a tenant id, an object id or a client id; without any, it would let everybody pass."

    /// Whether it expects nothing, which is a mistake: it would guard nothing.
    var isEmpty: Bool { self == ExpectedIdentity() }

    /// How a token's identity differs from the expected one, in a sentence; `nil` if it doesn't. What a token doesn't tell differs.
    ///
    /// - Parameter provenance: What is known of the token.
    func difference(from provenance: AccessToken.Provenance?) -> String? {
        let differences: [String] = [
            ("tenant", self.tenantID, provenance?.tenantID),
            ("object id", self.objectID, provenance?.objectID),
            ("client id", self.clientID, provenance?.clientID),
        ].compactMap { name, expected, found in
            guard let expected, expected.lowercased() != found?.lowercased() else { return nil }
            let shown = found.map { HostileText.sanitized($0, limit: 64) } ?? "unknown"
            return "\(name) \(shown) instead of \(HostileText.sanitized(expected, limit: 64))"
        }
        guard !differences.isEmpty else { return nil }
        return "The token is for another identity than expected: \(differences.joined(separator: ", "))."
    }
}
