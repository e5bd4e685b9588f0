// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Whether an authorizer lets a service say which tenant and which scope it wants a token of.
///
/// A service such as Key Vault answers a request without a token with 401 and names both in `WWW-Authenticate`. With discovery on, the
/// first request to a host goes without a token and without its body; what the answer says is remembered for that host.
public struct ChallengeDiscovery: Sendable, Hashable {
    /// Whether anything is discovered.
    let isEnabled: Bool
    /// Whether the resource has to be a domain that the request's host is in.
    let isVerified: Bool

    /// Tokens are asked for as the authorizer was told, and for nothing else.
    public static let none = ChallengeDiscovery(isEnabled: false, isVerified: true)
    /// Tenant and scope are what the service names. The scope must be that of a domain that the request's host is in: for
    /// `contoso.vault.azure.net` it is `https://vault.azure.net/.default` and no other of that domain, so that a server somewhere else can't ask
    /// for a token that is good at a vault. If the authorizer was given scopes, it must also be one of these.
    public static let keyVault = ChallengeDiscovery(isEnabled: true, isVerified: true)
    /// As ``keyVault``, but the scope may be of any domain: for private clouds, and for emulators, whose hosts have other names than their
    /// resources. If the authorizer was given scopes, these are asked for, and only the tenant is discovered.
    ///
    /// > Warning: Without scopes, the host of the request chooses what the token that it gets is good for. Use it for hosts you trust as
    /// > much as the service.
    public static let keyVaultUnverified = ChallengeDiscovery(isEnabled: true, isVerified: false)
}
