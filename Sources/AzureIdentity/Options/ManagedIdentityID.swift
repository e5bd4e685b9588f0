// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Which of a host's managed identities is meant.
///
/// A host has at most one identity of its own, the system-assigned one; identities that were made by themselves are assigned to it by a
/// user, and are told apart by one of three ids. Not every host takes every kind of id: see ``ManagedIdentityCredential``.
///
/// ```swift
/// let credential = ManagedIdentityCredential(identity: .userAssigned(clientID: "00000000-0000-0000-0000-000000000000"))
/// ```
public struct ManagedIdentityID: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case systemAssigned
        case clientID(String)
        case objectID(String)
        case resourceID(String)
    }

    package let kind: Kind

    /// The host's own identity; on a host without one, the only user-assigned identity if there is exactly one.
    public static let systemAssigned = ManagedIdentityID(kind: .systemAssigned)

    /// The user-assigned identity with a client (application) id.
    ///
    /// - Parameter clientID: The client id, a GUID.
    /// - Returns: The identity.
    public static func userAssigned(clientID: String) -> ManagedIdentityID { ManagedIdentityID(kind: .clientID(clientID)) }

    /// The user-assigned identity with an object (principal) id.
    ///
    /// - Parameter objectID: The object id of its service principal, a GUID.
    /// - Returns: The identity.
    public static func userAssigned(objectID: String) -> ManagedIdentityID { ManagedIdentityID(kind: .objectID(objectID)) }

    /// The user-assigned identity with a resource id of Azure Resource Manager.
    ///
    /// - Parameter resourceID: The resource id:
    ///   `/subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/…`.
    /// - Returns: The identity.
    public static func userAssigned(resourceID: String) -> ManagedIdentityID { ManagedIdentityID(kind: .resourceID(resourceID)) }
}

extension ManagedIdentityID: CustomStringConvertible {
    /// What is meant, in words: `the user-assigned identity with the client id …`.
    public var description: String {
        switch self.kind {
        case .systemAssigned: "the system-assigned identity"
        case .clientID(let id): "the user-assigned identity with the client id \(Self.shown(id))"
        case .objectID(let id): "the user-assigned identity with the object id \(Self.shown(id))"
        case .resourceID(let id): "the user-assigned identity with the resource id \(Self.shown(id))"
        }
    }

    private static func shown(_ id: String) -> String { HostileText.sanitized(id, limit: 250) }

    /// Throws unless the id can be sent: one word of printable ASCII characters; a resource id may hold blanks.
    package func check(credential: String) throws {
        let (name, id, isResource): (String, String, Bool) =
            switch self.kind {
            case .systemAssigned: ("", "-", false)
            case .clientID(let id): ("client id", id, false)
            case .objectID(let id): ("object id", id, false)
            case .resourceID(let id): ("resource id", id, true)
            }
        let isSendable = id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F || (isResource && $0 == 0x20) }
        guard !id.isEmpty, id.utf8.count <= 1024, isSendable, !isResource || id.hasPrefix("/") else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: "\"\(HostileText.sanitized(id, limit: 100))\" can't be the \(name) of a managed identity."
            )
        }
    }
}
