// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where Microsoft Entra ID, or what stands in for it, is looked at. Pure.
struct AuthorityPlace: Sendable, Equatable {
    /// A document that is given to everybody, without credentials.
    let url: String
    /// The server's name, with the port where it isn't the usual one.
    let host: String
    /// Whether the host is one of Microsoft's or its partners'.
    let isKnown: Bool
    /// Whether the document is that of the tenant of `AZURE_TENANT_ID`.
    var isOfTenant = false

    /// - Throws: `AuthenticationError` if options or variables name no authority.
    init(_ place: DoctorPlace) throws {
        try self.init(options: place.options, environment: place.host.environment)
    }

    init(options: CredentialOptions, environment: EnvironmentVariables) throws {
        let tenant = environment["AZURE_TENANT_ID"].map { HostileText.trimmed($0) }.flatMap { TenantID.isValid($0) ? $0 : nil }
        let authority = try Authority(options: options, tenantID: tenant ?? "", environment: environment)
        if let openID = authority.openID {
            self.url = openID.configurationURL
            self.isKnown = false
        } else {
            let isADFS = tenant.map { Authority.isADFS($0) } ?? false
            let path = isADFS ? "adfs" : "\(tenant ?? "common")/v2.0"
            self.url = "\(authority.host.description)/\(path)/.well-known/openid-configuration"
            self.isOfTenant = tenant != nil && !isADFS
            self.isKnown = KnownAuthorities.clouds[authority.host.name] != nil
        }
        let parsed = URL(string: self.url)
        self.host = (parsed?.host() ?? "the authority") + (parsed?.port.map { ":\($0)" } ?? "")
    }

    /// The types of the credentials for which it would be a request to the authority.
    static func users(_ subject: DoctorSubject) -> Set<String> {
        let others: Set<String> = [
            "ManagedIdentityCredential", "AzureCLICredential", "AzureDeveloperCLICredential", "AzurePowerShellCredential",
        ]
        return subject.types.subtracting(others)
    }
}
