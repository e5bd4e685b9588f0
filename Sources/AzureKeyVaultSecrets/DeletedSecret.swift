// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A secret that was deleted, and how long it can be recovered.
public struct DeletedSecret: Sendable, Hashable {
    /// What is known of it.
    public var properties: SecretProperties
    /// The vault's id of the deleted secret, an address. `nil`: it can't be recovered.
    public var recoveryID: String?
    /// When it was deleted.
    public var deletedOn: Date?
    /// When the vault will forget it.
    public var scheduledPurgeOn: Date?

    /// The secret's name.
    public var name: String { self.properties.name }

    /// Creates a deleted secret.
    ///
    /// - Parameters:
    ///   - properties: What is known of it.
    ///   - recoveryID: The vault's id of the deleted secret.
    ///   - deletedOn: When it was deleted.
    ///   - scheduledPurgeOn: When the vault will forget it.
    public init(properties: SecretProperties, recoveryID: String? = nil, deletedOn: Date? = nil, scheduledPurgeOn: Date? = nil) {
        self.properties = properties
        self.recoveryID = recoveryID
        self.deletedOn = deletedOn
        self.scheduledPurgeOn = scheduledPurgeOn
    }
}
