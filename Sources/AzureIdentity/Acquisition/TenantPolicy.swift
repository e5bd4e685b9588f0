// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Decides which tenant a token is asked from. Pure.
package struct TenantPolicy: Sendable {
    private let configured: String
    private let own: String
    private let allowed: Set<String>
    private let isAnyAllowed: Bool
    private let isSingleTenant: Bool
    private let isMultiTenantDisabled: Bool

    /// - Parameters:
    ///   - configured: The credential's own tenant; empty if it has none.
    ///   - allowed: The tenants allowed besides it.
    ///   - isSingleTenant: Whether there is nothing but the credential's own tenant, whatever else is said.
    ///   - isMultiTenantDisabled: Whether the tenants that requests name are to be ignored (`AZURE_IDENTITY_DISABLE_MULTITENANTAUTH`).
    package init(configured: String, allowed: Set<TenantFilter>, isSingleTenant: Bool = false, isMultiTenantDisabled: Bool) {
        self.configured = configured
        self.own = configured.lowercased()
        self.allowed = Set(allowed.map(\.description))
        self.isAnyAllowed = allowed.contains(.any)
        self.isSingleTenant = isSingleTenant
        self.isMultiTenantDisabled = isMultiTenantDisabled
    }

    /// The tenant to ask, for a request that may name one.
    ///
    /// - Throws: `AuthenticationError`: `.invalidConfiguration` for a name that can't be a tenant's, `.authenticationFailed` (never
    ///   "unavailable", row G48) for a tenant that isn't allowed.
    package func tenant(requested: String?, credential: String) throws -> String {
        guard let requested, requested != self.configured else { return self.configured }
        guard TenantID.isValid(requested) else { throw TenantID.invalid(requested, credential: credential) }
        let wanted = Self.hasCapitals(requested) ? requested.lowercased() : requested
        if wanted == self.own || self.own == "adfs" || self.isMultiTenantDisabled { return self.configured }
        // `adfs` stands for a kind of service, not for a tenant that a request could choose.
        if !self.isSingleTenant, wanted != "adfs" {
            if self.isAnyAllowed || self.own.isEmpty || self.allowed.contains(wanted) { return wanted }
            if self.allowed.isEmpty, self.own == "organizations" { return wanted }
        }
        var error = AuthenticationError(
            .authenticationFailed,
            credential: credential,
            message: """
                The current credential is not configured to acquire tokens for tenant \(requested). To enable acquiring tokens for \
                this tenant add it to additionallyAllowedTenants when creating the credential, or add "*" (.any) to allow acquiring \
                tokens for any tenant.
                """
        )
        error.remedy = Guide.remedy(.g48)
        throw error
    }

    private static func hasCapitals(_ text: String) -> Bool {
        text.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
