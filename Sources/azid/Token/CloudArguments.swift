// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

/// The flags that say which cloud and which tenants; else the variables do.
struct CloudArguments: ParsableArguments {
    @Option(name: .long, help: "Where Microsoft Entra ID is reached. Else AZURE_AUTHORITY_HOST, else the public cloud.")
    var authorityHost: String?

    @Flag(name: .long, help: "Don't ask an authority host that isn't a known one whether it is one.")
    var disableInstanceDiscovery = false

    @Option(
        name: .long,
        help: ArgumentHelp("A resource manager that says which cloud it belongs to, for Azure Stack Hub.", valueName: "url"))
    var resourceManager: String?

    @Option(
        name: .customLong("openid-issuer"),
        help: ArgumentHelp(
            "An OpenID Connect issuer in place of an authority host, exactly as it names itself.", valueName: "url"))
    var openIDIssuer: String?

    @Option(
        name: .customLong("openid-configuration-url"),
        help: ArgumentHelp(
            "Where the issuer's configuration is, if not below the issuer at /.well-known/openid-configuration.", valueName: "url"
        ))
    var openIDConfigurationURL: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A tenant that a request may name besides the credential's own; * for any. Repeatable.", valueName: "tenant"))
    var additionallyAllowedTenant: [String] = []

    func validate() throws {
        guard self.openIDConfigurationURL == nil || self.openIDIssuer != nil else {
            throw ValidationError("--openid-configuration-url needs --openid-issuer.")
        }
        guard self.openIDIssuer == nil || (self.authorityHost == nil && self.resourceManager == nil) else {
            throw ValidationError("--openid-issuer stands in place of --authority-host and --resource-manager.")
        }
        guard self.resourceManager == nil || self.authorityHost == nil else {
            throw ValidationError("--resource-manager names the authority host, so --authority-host can't be given too.")
        }
    }

    /// The options of a credential.
    func options(environment: EnvironmentVariables, logging: LoggingOptions, timeout: Double?) async throws -> CredentialOptions {
        var options = CredentialOptions(
            authorityHost: try self.authorityHost.map { try AuthorityHost($0) },
            openIDAuthority: try self.openIDIssuer.map {
                try OpenIDAuthority(issuer: $0, configurationURL: self.openIDConfigurationURL)
            },
            isInstanceDiscoveryEnabled: !self.disableInstanceDiscovery,
            additionallyAllowedTenants: self.additionallyAllowedTenant.isEmpty
                ? nil : Set(self.additionallyAllowedTenant.map { TenantFilter.tenant($0) }),
            logging: logging,
            environment: environment
        )
        if let resourceManager = self.resourceManager {
            options.cloud = try await AzureCloud.described(
                by: resourceManager,
                timeout: .seconds(min(timeout ?? 30, 30)),
                options: options
            )
        }
        return options
    }
}
#endif
