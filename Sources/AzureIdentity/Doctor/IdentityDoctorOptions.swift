// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What an ``IdentityDoctor`` looks at, and for how long.
public struct IdentityDoctorOptions: Sendable {
    /// The default chain that is examined; its ``DefaultAzureCredentialOptions/credentialOptions`` say which variables, network and cloud.
    /// Tokens that are asked for aren't kept, and its cache is left alone; ``AzidCredential`` and ``SharedTokenCacheCredential`` in it use the caches
    /// that they share with other programs all the same.
    public var chain: DefaultAzureCredentialOptions
    /// The scopes for which each credential is asked for a token. Empty: nobody is asked.
    public var scopes: [String]
    /// The tenant that requests name, besides the credential's own. `nil`: none.
    public var requestTenantID: String?
    /// How long everything together may take.
    public var timeout: Duration
    /// Whether the guide's own checks are made too: the metadata service or the app's endpoint is asked for a token as row G27 or G29 does, and
    /// each tool as its row does. Only whether it worked is told.
    public var isDeep: Bool
    /// Whether names of people are shown.
    public var showsAccounts: Bool

    /// Creates options.
    ///
    /// - Parameters:
    ///   - chain: The default chain that is examined.
    ///   - scopes: The scopes for which each credential is asked for a token.
    ///   - requestTenantID: The tenant that requests name.
    ///   - timeout: How long everything together may take.
    ///   - isDeep: Whether the guide's own checks are made too.
    ///   - showsAccounts: Whether names of people are shown.
    public init(
        chain: DefaultAzureCredentialOptions = .init(),
        scopes: [String] = [],
        requestTenantID: String? = nil,
        timeout: Duration = .seconds(5),
        isDeep: Bool = false,
        showsAccounts: Bool = false
    ) {
        self.chain = chain
        self.scopes = scopes
        self.requestTenantID = requestTenantID
        self.timeout = timeout
        self.isDeep = isDeep
        self.showsAccounts = showsAccounts
    }
}
