// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// A secret with its value, which doesn't show in descriptions, dumps and reflections.
public struct KeyVaultSecret: Sendable, Hashable {
    /// The value. Read `revealed` to get it.
    public var value: Secret
    /// What else is known of it.
    public var properties: SecretProperties

    /// The secret's name.
    public var name: String { self.properties.name }

    /// Creates a secret.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - properties: What else is known of it.
    public init(value: Secret, properties: SecretProperties) {
        self.value = value
        self.properties = properties
    }
}
