// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP

/// What all credentials have in common: the cloud, the tenants, the network, the cache, the log.
public struct CredentialOptions: Sendable {
    /// Where Microsoft Entra ID is reached. `nil`: what `AZURE_AUTHORITY_HOST` says, else the public cloud.
    public var authorityHost: AuthorityHost?

    /// The tenants, besides its own, that the credential may get tokens from when a request names one.
    ///
    /// `nil`: those of `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, separated by semicolons; `*` there means any. An
    /// empty set allows none, whatever the variable says.
    public var additionallyAllowedTenants: Set<TenantFilter>?

    /// What sends the HTTP requests. `nil`: the process-wide client of `AsyncHTTPClientTransport`, which trusts what `SSL_CERT_FILE`
    /// and `SSL_CERT_DIR` say, else the system's authorities.
    public var transport: (any HTTPTransport)?

    /// How often and how fast requests are sent again.
    public var retry: RetryOptions

    /// What is logged of HTTP exchanges, and where.
    public var logging: LoggingOptions

    /// Where tokens are kept.
    public var tokenCache: TokenCache

    /// What the application calls itself in the `User-Agent`: at most 24 characters, without blanks.
    public var applicationID: String?

    /// The environment variables. Read when a credential is made, so set them before.
    public var environment: EnvironmentVariables

    /// How the machine is replaced in tests.
    package var hostOverride: (@Sendable (Host) -> Host)?

    /// Creates options.
    ///
    /// - Parameters:
    ///   - authorityHost: Where Microsoft Entra ID is reached.
    ///   - additionallyAllowedTenants: The tenants, besides its own, that the credential may get tokens from.
    ///   - transport: What sends the HTTP requests.
    ///   - retry: How often and how fast requests are sent again.
    ///   - logging: What is logged of HTTP exchanges, and where.
    ///   - tokenCache: Where tokens are kept.
    ///   - applicationID: What the application calls itself.
    ///   - environment: The environment variables.
    public init(
        authorityHost: AuthorityHost? = nil,
        additionallyAllowedTenants: Set<TenantFilter>? = nil,
        transport: (any HTTPTransport)? = nil,
        retry: RetryOptions = .default,
        logging: LoggingOptions = .init(),
        tokenCache: TokenCache = .shared,
        applicationID: String? = nil,
        environment: EnvironmentVariables = .process
    ) {
        self.authorityHost = authorityHost
        self.additionallyAllowedTenants = additionallyAllowedTenants
        self.transport = transport
        self.retry = retry
        self.logging = logging
        self.tokenCache = tokenCache
        self.applicationID = applicationID
        self.environment = environment
    }

    /// The machine as these options see it.
    var host: Host {
        let host = Host(environment: self.environment, transport: self.transport)
        return self.hostOverride?(host) ?? host
    }
}
