// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration {
    /// How strictly client assertions are read, beyond what the service is known to insist on.
    public struct AssertionRules: Sendable, Hashable {
        /// Whether assertions have to be written exactly as the standards say: no padding of base64url, whole numbers for times,
        /// `nbf` present, and under a regional host the central token endpoint as audience.
        ///
        /// Some libraries pad or write fractions; the service seems to take what they send, and so does the emulator by default.
        public var isExact: Bool
        /// Whether an assertion (its `jti`) works once only. Some libraries use one for several minutes.
        ///
        /// Assertions of federated issuers may always be used again.
        public var refusesReplays: Bool

        /// Creates rules.
        ///
        /// - Parameters:
        ///   - isExact: Whether assertions have to be written exactly as the standards say.
        ///   - refusesReplays: Whether an assertion works once only.
        public init(isExact: Bool = false, refusesReplays: Bool = false) {
            self.isExact = isExact
            self.refusesReplays = refusesReplays
        }

        /// All of it.
        public static let strict = AssertionRules(isExact: true, refusesReplays: true)
    }

    /// What the metadata service of a virtual machine says about the machine. ``Hosts/isMetadataServiceThere`` says whether it is there.
    public struct MetadataService: Sendable, Hashable {
        /// The region it says the machine is in. `nil`: it doesn't know.
        public var region: String?

        /// Creates a metadata service.
        ///
        /// - Parameter region: The region it says the machine is in. `nil`: it doesn't know.
        public init(region: String? = nil) { self.region = region }
    }

    /// An OpenID Connect issuer at a path of its own, such as a user flow of a customer directory.
    ///
    /// It publishes `/<path>/.well-known/openid-configuration` on every host. By ``issuer`` and ``tokenEndpoint`` it can be made to
    /// publish what a client must not believe.
    public struct OpenIDIssuer: Sendable, Hashable {
        /// The path below which it publishes its configuration, such as `/contoso.example/sign-in/v2.0`.
        ///
        /// Paths of issuers win over those of tenants.
        public var path: String
        /// The tenant whose applications it knows.
        public var tenantID: String
        /// The token endpoint: a path on the same host, where it answers, or the address of another, which is only published.
        public var tokenEndpoint: String
        /// What the configuration says is the issuer. `nil`: the address of ``path``, as it should be.
        public var issuer: String?

        /// Creates an issuer.
        ///
        /// - Parameters:
        ///   - path: The path below which it publishes its configuration.
        ///   - tenantID: The tenant whose applications it knows.
        ///   - tokenEndpoint: The token endpoint: a path on the same host, or a whole address.
        ///   - issuer: What the configuration says is the issuer. `nil`: the address of the path.
        public init(path: String, tenantID: String, tokenEndpoint: String, issuer: String? = nil) {
            self.path = path
            self.tenantID = tenantID
            self.tokenEndpoint = tokenEndpoint
            self.issuer = issuer
        }
    }
}

extension EmulatorConfiguration.AssertionRules: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case isExact, refusesReplays }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            isExact: try container.decodeIfPresent(Bool.self, forKey: .isExact) ?? false,
            refusesReplays: try container.decodeIfPresent(Bool.self, forKey: .refusesReplays) ?? false
        )
    }
}

extension EmulatorConfiguration.MetadataService: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case region }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(region: try container.decodeIfPresent(String.self, forKey: .region))
    }
}

extension EmulatorConfiguration.OpenIDIssuer: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case path
        case tenantID = "tenantId"
        case tokenEndpoint, issuer
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            path: try container.decode(String.self, forKey: .path),
            tenantID: try container.decode(String.self, forKey: .tenantID),
            tokenEndpoint: try container.decode(String.self, forKey: .tokenEndpoint),
            issuer: try container.decodeIfPresent(String.self, forKey: .issuer)
        )
    }
}
