// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Authenticates an application with its client id and a client secret.
///
/// For services and jobs outside Azure that can keep a secret. In Azure a managed identity needs none, and a certificate is safer than
/// a secret everywhere. Concurrent callers share one request, see <doc:GettingStarted>.
///
/// Reads, unless the options say otherwise, `AZURE_AUTHORITY_HOST`, `AZURE_REGIONAL_AUTHORITY_NAME`,
/// `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`; and in any case
/// `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and `AZURE_HTTP_USER_AGENT`.
/// Keeps tokens in memory until they expire, renewed early; shared with credentials of equal configuration unless the options hold
/// another `TokenCache`.
public final class ClientSecretCredential: TokenCredential {
    private let engine: EntraEngine

    /// Creates a credential. Nothing is checked or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the application's tenant (directory).
    ///   - clientID: The application's (client) id.
    ///   - clientSecret: The secret's value, not its id.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    public convenience init(
        tenantID: String,
        clientID: String,
        clientSecret: Secret,
        options: CredentialOptions = CredentialOptions()
    ) {
        self.init(
            name: "ClientSecretCredential",
            tenantID: tenantID,
            clientID: clientID,
            clientSecret: clientSecret,
            options: options
        )
    }

    /// Creates a credential whose errors and tokens carry another credential's name.
    init(name: String, tenantID: String, clientID: String, clientSecret: Secret, options: CredentialOptions) {
        self.engine = EntraEngine(
            .init(
                credential: name,
                tenantID: tenantID,
                clientID: clientID,
                identity: ["secret", clientSecret.revealed],
                proof: .secret
            ),
            options: options,
            check: { try Self.check(clientSecret, credential: name) },
            grant: { _ in .clientCredentials(clientID: clientID, proof: .secret(clientSecret)) }
        )
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: exactly one, ending in `/.default`, as Microsoft Entra ID wants it for applications.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationFailed` if Microsoft Entra ID refuses (after one request: a wrong secret is
    ///   not retried) or can't be reached (after retries), or if the request names a tenant that isn't allowed;
    ///   `.invalidConfiguration` if an argument, a scope or the claims can't be sent; `.timedOut` if the request's own time is up.
    ///   Rethrows `CancellationError`. A renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept tokens of this credential and of those that share with it.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }

    private static func check(_ secret: Secret, credential: String) throws {
        let bytes = Array(secret.revealed.utf8)
        let problem: String? =
            if bytes.isEmpty {
                "is empty"
            } else if bytes.count > 4096 {
                "is longer than 4096 bytes"
            } else if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
                "holds a line break or another control character: was it read from a file with its last newline?"
            } else {
                nil
            }
        guard let problem else { return }
        throw AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: "The client secret \(problem)"
        )
    }
}

extension ClientSecretCredential: EntraCredential, TokenEventSource {}

extension TokenCredential where Self == ClientSecretCredential {
    /// A credential for an application with a client id and a client secret.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the application's tenant (directory).
    ///   - clientID: The application's (client) id.
    ///   - clientSecret: The secret's value, not its id.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    /// - Returns: The credential.
    public static func clientSecret(
        tenantID: String,
        clientID: String,
        clientSecret: Secret,
        options: CredentialOptions = CredentialOptions()
    ) -> ClientSecretCredential {
        ClientSecretCredential(tenantID: tenantID, clientID: clientID, clientSecret: clientSecret, options: options)
    }
}
