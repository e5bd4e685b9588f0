// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP

/// How a ``SecretClient`` talks to its vault.
public struct SecretClientOptions: Sendable {
    /// A version of the vault's REST API. More may be added.
    public struct APIVersion: RawRepresentable, Hashable, Sendable {
        /// The version as it is sent.
        public let rawValue: String

        /// Creates a version.
        ///
        /// - Parameter rawValue: The version as it is sent.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// 7.4.
        public static let v7_4 = APIVersion(rawValue: "7.4")
        /// 7.5.
        public static let v7_5 = APIVersion(rawValue: "7.5")
        /// 7.6, which this client is made for.
        public static let v7_6 = APIVersion(rawValue: "7.6")
    }

    /// The version of the REST API.
    public var apiVersion: APIVersion

    /// Whether the resource that the vault names for its tokens has to be the domain that the vault is in, so that no server elsewhere gets
    /// a token that is good for vaults. Turn it off for vaults with other names: those of private clouds, and an emulator's. Tokens are
    /// then asked for ``scope``.
    public var verifiesChallengeResource: Bool

    /// What tokens are for where ``verifiesChallengeResource`` is off; otherwise the vault says.
    public var scope: String

    /// The tenants that the vault may name for its tokens: ids or domains. `nil`: those that the credential allows, whose word counts in
    /// any case.
    public var allowedTenants: Set<String>?

    /// How long one operation may take at most, with tokens and retries; of a list, one page.
    public var timeout: Duration

    /// What sends the HTTP requests. `nil`: a process-wide client of `AsyncHTTPClientTransport` that goes by ``network``, the same that
    /// credentials use.
    public var transport: (any HTTPTransport)?

    /// The proxy and the trusted authorities, where ``transport`` is `nil`. By default the process's variables say: `HTTPS_PROXY`,
    /// `NO_PROXY`, `SSL_CERT_FILE`, `SSL_CERT_DIR`.
    public var network: NetworkOptions

    /// How often and how fast requests are sent again.
    public var retry: RetryOptions

    /// What is logged of HTTP exchanges, and where.
    public var logging: LoggingOptions

    /// What the application calls itself in the `User-Agent`: at most 24 characters, without blanks.
    public var applicationID: String?

    /// The clocks, which tests replace.
    package var clock: any MachineClock = SystemClock()

    /// Creates options.
    ///
    /// - Parameters:
    ///   - apiVersion: The version of the REST API.
    ///   - verifiesChallengeResource: Whether the resource that the vault names for its tokens has to be the domain that the vault is in.
    ///   - scope: What tokens are for where that is off.
    ///   - allowedTenants: The tenants that the vault may name for its tokens.
    ///   - timeout: How long one operation may take at most.
    ///   - transport: What sends the HTTP requests.
    ///   - network: The proxy and the trusted authorities.
    ///   - retry: How often and how fast requests are sent again.
    ///   - logging: What is logged of HTTP exchanges, and where.
    ///   - applicationID: What the application calls itself.
    public init(
        apiVersion: APIVersion = .v7_6,
        verifiesChallengeResource: Bool = true,
        scope: String = "https://vault.azure.net/.default",
        allowedTenants: Set<String>? = nil,
        timeout: Duration = .seconds(100),
        transport: (any HTTPTransport)? = nil,
        network: NetworkOptions = NetworkOptions(),
        retry: RetryOptions = .default,
        logging: LoggingOptions = .init(),
        applicationID: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.verifiesChallengeResource = verifiesChallengeResource
        self.scope = scope
        self.allowedTenants = allowedTenants
        self.timeout = timeout
        self.transport = transport
        self.network = network
        self.retry = retry
        self.logging = logging
        self.applicationID = applicationID
    }
}
