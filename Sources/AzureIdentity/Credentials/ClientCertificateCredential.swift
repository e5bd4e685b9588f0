// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
public import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Authenticates an application with its client id and a certificate whose public part is registered with it.
///
/// For services and jobs outside Azure; safer than a client secret, since the key never leaves the machine, or the vault that signs for
/// it. Signs with PS256 for Microsoft Entra ID and with RS256 for AD FS (tenant `adfs`). A certificate that comes from a file is read again
/// when the file changes, and once when it is refused (AADSTS700027, AADSTS7000222), so that a rotation needs no restart.
///
/// ```swift
/// let credential = ClientCertificateCredential(
///     tenantID: tenantID,
///     clientID: clientID,
///     certificate: try ClientCertificate(contentsOf: "/run/secrets/client.pem")
/// )
/// ```
///
/// Reads, unless the options say otherwise, `AZURE_AUTHORITY_HOST`, `AZURE_REGIONAL_AUTHORITY_NAME`,
/// `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`; and in any case
/// `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` and `AZURE_HTTP_USER_AGENT`.
/// Keeps tokens in memory until they expire, renewed early; shared with credentials of equal configuration unless the options hold
/// another `TokenCache`. Assertions are signed by the service's time where this machine's clock is wrong.
///
/// Needs the trait `Cryptography`.
public final class ClientCertificateCredential: TokenCredential {
    package static let name = "ClientCertificateCredential"

    private let engine: EntraEngine

    /// Creates a credential. Nothing is requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the application's tenant (directory); `adfs` for AD FS.
    ///   - clientID: The application's (client) id.
    ///   - certificate: The certificate with its key, or with what signs for it.
    ///   - sendsCertificateChain: Whether the certificate goes along with those above it (`x5c`), as applications need that are registered
    ///     with a subject name and issuer.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    public convenience init(
        tenantID: String,
        clientID: String,
        certificate: ClientCertificate,
        sendsCertificateChain: Bool = false,
        options: CredentialOptions = CredentialOptions()
    ) {
        self.init(
            name: Self.name,
            tenantID: tenantID,
            clientID: clientID,
            certificate: certificate,
            sendsCertificateChain: sendsCertificateChain,
            options: options
        )
    }

    /// Creates a credential whose errors and tokens carry another credential's name.
    init(
        name: String,
        tenantID: String,
        clientID: String,
        certificate: ClientCertificate,
        sendsCertificateChain: Bool,
        options: CredentialOptions
    ) {
        self.engine = EntraEngine(
            .init(
                credential: name,
                tenantID: tenantID,
                clientID: clientID,
                identity: ["certificate", sendsCertificateChain ? "chain" : "leaf"] + certificate.identity,
                proof: .certificate
            ),
            options: options,
            check: {},
            grant: { context in
                let proof = try await ClientProof.certificate(
                    certificate,
                    credential: name,
                    clientID: clientID,
                    context: context,
                    sendsChain: sendsCertificateChain
                )
                return .clientCredentials(clientID: clientID, proof: proof)
            }
        )
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: exactly one, ending in `/.default`, as Microsoft Entra ID wants it for applications.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationFailed` if Microsoft Entra ID refuses, can't be reached (after retries), if
    ///   the request names a tenant that isn't allowed, or if signing fails; `.invalidConfiguration` if an argument, a scope or the claims
    ///   can't be sent; `.timedOut` if the request's own time is up. Rethrows `CancellationError`. A renewal that fails while the kept token
    ///   is valid is *not* an error, nor is an expired certificate by itself: it is sent, and a refusal says that it has expired.
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

    /// The certificate of a file, for a credential whose name the error carries, with a remedy.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    package static func certificate(
        ofFile path: String,
        password: Secret?,
        credential: String = ClientCertificateCredential.name
    ) throws -> ClientCertificate {
        do {
            return try ClientCertificate(contentsOf: path, password: password)
        } catch var error as AuthenticationError {
            error.credential = credential
            error.remedy = Guide.certificateFileRemedy
            throw error
        }
    }
}

extension ClientCertificateCredential: EntraCredential, TokenEventSource {}

extension TokenCredential where Self == ClientCertificateCredential {
    /// A credential for an application with a client id and a certificate.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the application's tenant (directory); `adfs` for AD FS.
    ///   - clientID: The application's (client) id.
    ///   - certificate: The certificate with its key, or with what signs for it.
    ///   - sendsCertificateChain: Whether the certificate goes along with those above it.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    /// - Returns: The credential.
    public static func clientCertificate(
        tenantID: String,
        clientID: String,
        certificate: ClientCertificate,
        sendsCertificateChain: Bool = false,
        options: CredentialOptions = CredentialOptions()
    ) -> ClientCertificateCredential {
        ClientCertificateCredential(
            tenantID: tenantID,
            clientID: clientID,
            certificate: certificate,
            sendsCertificateChain: sendsCertificateChain,
            options: options
        )
    }
}
#endif
