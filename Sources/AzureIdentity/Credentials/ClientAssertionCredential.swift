// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Authenticates an application with its client id and an assertion that a closure brings: a token signed by the application itself, or by
/// an issuer that it trusts (workload identity federation).
///
/// ```swift
/// let credential = ClientAssertionCredential(tenantID: tenantID, clientID: clientID) { context in
///     try await signer.assertion(audience: context.tokenEndpoint, issuer: context.clientID)
/// }
/// ```
///
/// The closure is called for each token request, not for tokens that are kept, and not again when a request is repeated; callers who ask
/// for the same token at once share one call. It is called once more if the service finds the assertion out of its time and this machine's
/// clock has turned out to be wrong.
///
/// Reads, unless the options say otherwise, `AZURE_AUTHORITY_HOST`, `AZURE_REGIONAL_AUTHORITY_NAME`,
/// `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`; and in any case
/// `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and `AZURE_HTTP_USER_AGENT`.
/// Keeps tokens in memory until they expire, renewed early; never shared with another credential, since nobody can tell whether two
/// closures bring the same. With a managed identity in the closure's place they are, if the configuration is equal.
public final class ClientAssertionCredential: TokenCredential {
    private let engine: EntraEngine

    /// Creates a credential. Nothing is checked or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the application's tenant (directory).
    ///   - clientID: The application's (client) id.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    ///   - assertion: Brings an assertion. Blanks and line breaks around it are left out. What it throws comes out of ``token(for:)``,
    ///     wrapped in an ``AuthenticationError`` unless it is one.
    public convenience init(
        tenantID: String,
        clientID: String,
        options: CredentialOptions = CredentialOptions(),
        assertion: @escaping @Sendable (ClientAssertionContext) async throws -> String
    ) {
        self.init(
            name: "ClientAssertionCredential",
            tenantID: tenantID,
            clientID: clientID,
            options: options,
            assertion: assertion
        )
    }

    /// Creates a credential whose errors and tokens carry another credential's name, and which shares tokens with those of its identity.
    init(
        name: String,
        tenantID: String,
        clientID: String,
        identity: [String] = ["assertion", UUID().uuidString],
        options: CredentialOptions,
        assertion: @escaping @Sendable (ClientAssertionContext) async throws -> String
    ) {
        self.engine = EntraEngine(
            .init(
                credential: name,
                tenantID: tenantID,
                clientID: clientID,
                identity: identity,
                proof: .assertion,
                isKnownElsewhere: identity.first != "assertion"
            ),
            options: options,
            check: {},
            grant: { context in
                let text = try await assertion(ClientAssertionContext(context, clientID: clientID))
                var proof = ClientProof.assertion(try FederatedToken.checked(text, credential: name))
                proof.isDated = true
                return .clientCredentials(clientID: clientID, proof: proof)
            }
        )
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: exactly one, ending in `/.default`, as Microsoft Entra ID wants it for applications.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationFailed` if Microsoft Entra ID refuses, can't be reached (after retries), if
    ///   the request names a tenant that isn't allowed, or if the closure fails or brings nothing that can be sent;
    ///   `.invalidConfiguration` if an argument, a scope or the claims can't be sent; `.timedOut` if the request's own time is up. Rethrows
    ///   `CancellationError`. A renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        return try await self.engine.token(for: context)
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Checks the configuration, without a request and without calling the closure: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the kept tokens of this credential.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }
}

extension ClientAssertionCredential: TokenEventSource {}

extension TokenCredential where Self == ClientAssertionCredential {
    /// A credential for an application with a client id and an assertion that a closure brings.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the application's tenant (directory).
    ///   - clientID: The application's (client) id.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    ///   - assertion: Brings an assertion.
    /// - Returns: The credential.
    public static func clientAssertion(
        tenantID: String,
        clientID: String,
        options: CredentialOptions = CredentialOptions(),
        assertion: @escaping @Sendable (ClientAssertionContext) async throws -> String
    ) -> ClientAssertionCredential {
        ClientAssertionCredential(tenantID: tenantID, clientID: clientID, options: options, assertion: assertion)
    }
}
