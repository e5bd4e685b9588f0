// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What is known of a secret, or of one version of it, but its value.
public struct SecretProperties: Sendable, Hashable {
    /// The secret's name.
    public var name: String
    /// The version. `nil` in a list of secrets, which is about their latest versions.
    public var version: String?
    /// The vault's id of the secret, an address. To be shown, and for other tools; nothing is ever sent to it.
    public var id: String
    /// What the value is, such as `text/plain`.
    public var contentType: String?
    /// What else is known of it, at most 15 texts by name. Not a place for secrets: whoever may list sees them.
    public var tags: [String: String]
    /// Whether its value can be read.
    public var isEnabled: Bool
    /// Before when the value isn't meant to be used. The vault doesn't enforce it.
    public var notBefore: Date?
    /// From when on the value isn't meant to be used any more. The vault doesn't enforce it.
    public var expiresOn: Date?
    /// When this version was made.
    public var createdOn: Date?
    /// When this version was changed last.
    public var updatedOn: Date?
    /// Whether it can be recovered once it is deleted, in the vault's words, such as `Recoverable+Purgeable`.
    public var recoveryLevel: String?
    /// For how many days it can be recovered.
    public var recoverableDays: Int?

    /// Creates properties.
    ///
    /// - Parameters:
    ///   - name: The secret's name.
    ///   - version: The version.
    ///   - contentType: What the value is.
    ///   - tags: What else is known of it.
    ///   - isEnabled: Whether its value can be read.
    ///   - notBefore: Before when the value isn't meant to be used.
    ///   - expiresOn: From when on the value isn't meant to be used any more.
    public init(
        name: String,
        version: String? = nil,
        contentType: String? = nil,
        tags: [String: String] = [:],
        isEnabled: Bool = true,
        notBefore: Date? = nil,
        expiresOn: Date? = nil
    ) {
        self.name = name
        self.version = version
        self.id = ""
        self.contentType = contentType
        self.tags = tags
        self.isEnabled = isEnabled
        self.notBefore = notBefore
        self.expiresOn = expiresOn
    }
}
