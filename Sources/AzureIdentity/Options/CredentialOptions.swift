// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP

/// What all credentials have in common: the cloud, the tenants, the network, the cache, the log.
public struct CredentialOptions: Sendable {
    /// Where Microsoft Entra ID is reached. `nil`: what `AZURE_AUTHORITY_HOST` says, else the public cloud.
    public var authorityHost: AuthorityHost?

    /// The cloud: its authority host, unless ``authorityHost`` is set, and the resources it gives tokens for. `nil`: the one that the
    /// authority host belongs to, if it is a known one.
    public var cloud: AzureCloud?

    /// An issuer that is reached by OpenID Connect discovery in place of an authority host and a tenant. `nil`: none.
    public var openIDAuthority: OpenIDAuthority?

    /// The region whose token service is used. `nil`: what `AZURE_REGIONAL_AUTHORITY_NAME` says, else the central one.
    public var regionalAuthority: RegionalAuthority?

    /// Whether an authority host that isn't one of Microsoft's known ones is asked, before the first token, whether it knows itself to be
    /// one; an answer `invalid_instance` ends the request. The host itself is asked, or that of ``cloud``: no other cloud hears of it.
    /// Turn it off for a host that is trusted and doesn't answer.
    public var isInstanceDiscoveryEnabled: Bool

    /// The tenants, besides its own, that the credential may get tokens from when a request names one.
    ///
    /// `nil`: those of `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, separated by semicolons; `*` there means any. An
    /// empty set allows none, whatever the variable says.
    public var additionallyAllowedTenants: Set<TenantFilter>?

    /// What sends the HTTP requests. `nil`: a process-wide client of `AsyncHTTPClientTransport` that goes by ``network``.
    public var transport: (any HTTPTransport)?

    /// The proxy and the trusted authorities, where ``transport`` is `nil`. By default the variables say: `HTTPS_PROXY`, `NO_PROXY`,
    /// `SSL_CERT_FILE`, `SSL_CERT_DIR`.
    public var network: NetworkOptions

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
    ///   - cloud: The cloud.
    ///   - openIDAuthority: An issuer in place of an authority host and a tenant.
    ///   - regionalAuthority: The region whose token service is used.
    ///   - isInstanceDiscoveryEnabled: Whether an unknown authority host is asked whether it is one.
    ///   - additionallyAllowedTenants: The tenants, besides its own, that the credential may get tokens from.
    ///   - transport: What sends the HTTP requests.
    ///   - network: The proxy and the trusted authorities.
    ///   - retry: How often and how fast requests are sent again.
    ///   - logging: What is logged of HTTP exchanges, and where.
    ///   - tokenCache: Where tokens are kept.
    ///   - applicationID: What the application calls itself.
    ///   - environment: The environment variables.
    public init(
        authorityHost: AuthorityHost? = nil,
        cloud: AzureCloud? = nil,
        openIDAuthority: OpenIDAuthority? = nil,
        regionalAuthority: RegionalAuthority? = nil,
        isInstanceDiscoveryEnabled: Bool = true,
        additionallyAllowedTenants: Set<TenantFilter>? = nil,
        transport: (any HTTPTransport)? = nil,
        network: NetworkOptions = NetworkOptions(),
        retry: RetryOptions = .default,
        logging: LoggingOptions = .init(),
        tokenCache: TokenCache = .shared,
        applicationID: String? = nil,
        environment: EnvironmentVariables = .process
    ) {
        self.authorityHost = authorityHost
        self.cloud = cloud
        self.openIDAuthority = openIDAuthority
        self.regionalAuthority = regionalAuthority
        self.isInstanceDiscoveryEnabled = isInstanceDiscoveryEnabled
        self.additionallyAllowedTenants = additionallyAllowedTenants
        self.transport = transport
        self.network = network
        self.retry = retry
        self.logging = logging
        self.tokenCache = tokenCache
        self.applicationID = applicationID
        self.environment = environment
    }

    /// The machine as these options see it.
    var host: Host {
        let host = Host(environment: self.environment, transport: self.transport, network: self.network)
        return self.hostOverride?(host) ?? host
    }
}
