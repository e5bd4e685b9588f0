// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How an application proves who it is, where it acts for a person: on-behalf-of, an authorization code.
///
/// Shows nothing of a secret in a description or a dump.
public struct ClientAuthentication: Sendable {
    /// What distinguishes it from others, secrets included.
    let identity: [String]
    /// How remedies call it.
    let guideProof: GuideFacts.Proof
    /// Makes the parameters for a request.
    let proof: @Sendable (_ credential: String, _ clientID: String, GrantContext) async throws -> ClientProof

    /// With a client secret.
    ///
    /// - Parameter secret: The secret's value, not its id.
    /// - Returns: The authentication.
    public static func secret(_ secret: Secret) -> ClientAuthentication {
        ClientAuthentication(identity: ["secret", secret.revealed], guideProof: .secret) { _, _, _ in .secret(secret) }
    }

    /// With assertions that a closure brings, for each token request: signed somewhere else, or those of a federated identity.
    ///
    /// - Parameter assertion: Brings an assertion.
    /// - Returns: The authentication. It shares tokens with itself alone, since closures can't be compared.
    public static func assertion(
        _ assertion: @escaping @Sendable (ClientAssertionContext) async throws -> String
    ) -> ClientAuthentication {
        ClientAuthentication(identity: ["assertion", UUID().uuidString], guideProof: .assertion) {
            credential, clientID, context in
            let text = try await assertion(ClientAssertionContext(context, clientID: clientID))
            var proof = ClientProof.assertion(try FederatedToken.checked(text, credential: credential))
            proof.isDated = true
            return proof
        }
    }
}

extension ClientAuthentication: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind of authentication.
    public var description: String { "ClientAuthentication(\(self.identity.first ?? ""))" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows the kind alone.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: ["kind": self.identity.first ?? ""] as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}
