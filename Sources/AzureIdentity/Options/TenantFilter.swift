// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// A tenant, or any tenant, that a credential may get tokens from besides its own.
public struct TenantFilter: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The tenant's id or domain in lower case, or `*`.
    public let description: String

    /// Any tenant the application is in.
    public static let any: TenantFilter = "*"

    /// One tenant.
    ///
    /// - Parameter id: The tenant's id or one of its domains; case doesn't matter.
    /// - Returns: The filter.
    public static func tenant(_ id: String) -> TenantFilter { TenantFilter(stringLiteral: id) }

    /// Creates a filter from a tenant's id or domain, or from `*` for any tenant.
    ///
    /// - Parameter value: The id, the domain, or `*`.
    public init(stringLiteral value: String) {
        self.description = HostileText.trimmed(value).lowercased()
    }

    /// The tenants of `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, separated by semicolons.
    static func list(_ text: String?) -> Set<TenantFilter> {
        Set((text ?? "").split(separator: ";").map { TenantFilter(stringLiteral: String($0)) }.filter { !$0.description.isEmpty })
    }
}
