// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP
import Logging

/// Authenticates an application, or a user, with what the environment variables say.
///
/// For containers and jobs that are configured by variables. `AZURE_TENANT_ID` and `AZURE_CLIENT_ID` name the application; it proves who
/// it is with the first of these that is set:
///
/// - `AZURE_CLIENT_SECRET`, a client secret;
/// - `AZURE_CLIENT_CERTIFICATE_PATH`, a PEM or PKCS#12 file with a certificate and its key;
///   `AZURE_CLIENT_CERTIFICATE_PASSWORD` is its password, if it needs one. With `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN` the certificate goes along with those above
///   it; `0`, `false`, `no` and `off` mean what they say.
///
/// Without either, `AZURE_USERNAME` and `AZURE_PASSWORD` sign a user in to the application; `AZURE_TENANT_ID` may be left out then. That is
/// deprecated, since it can't do multifactor authentication, and the log says so. Variables that are empty count as not set.
///
/// Reads the variables above when it is made, and those of ``ClientSecretCredential`` or ``UsernamePasswordCredential``. A certificate file
/// that can't be used is looked at again with each call.
/// Keeps tokens in memory until they expire, renewed early.
///
/// Without the trait `Cryptography` a certificate can't be used.
public final class EnvironmentCredential: TokenCredential {
    static let name = "EnvironmentCredential"

    private enum Member: Sendable {
        case ready(any EntraCredential)
        case failed(AuthenticationError)
        case pending(PendingMember)
    }

    private let member: Member

    /// Creates a credential from the environment as it is now.
    ///
    /// - Parameter options: The variables (``CredentialOptions/environment``), the cloud, the tenants, the network, the cache and the log.
    public init(options: CredentialOptions = CredentialOptions()) {
        switch EnvironmentPlan(environment: options.environment) {
        case .clientSecret(let tenantID, let clientID, let secret):
            self.member = .ready(
                ClientSecretCredential(
                    name: Self.name,
                    tenantID: tenantID,
                    clientID: clientID,
                    clientSecret: Secret(secret),
                    options: options
                )
            )
        case .clientCertificate(let plan):
            let pending = PendingMember(path: plan.path) { try Self.certificateCredential(plan, options: options) }
            self.member = (try? pending.credential()).map { .ready($0) } ?? .pending(pending)
        case .usernamePassword(let user):
            self.member = .ready(Self.userCredential(user, options: options))
        case .incomplete(let present, let missing):
            self.member = .failed(Self.incomplete(present: present, missing: missing))
        }
    }

    /// Creates a credential from the given variables.
    ///
    /// - Parameter environment: The variables.
    public convenience init(environment: EnvironmentVariables) {
        self.init(options: CredentialOptions(environment: environment))
    }

    /// Gets a token for a request.
    ///
    /// - Parameter context: The scopes: for an application exactly one, ending in `/.default`.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if the variables make up no set, with those that are missing;
    ///   `.invalidConfiguration` if the certificate's file can't be used; else as ``ClientSecretCredential/token(for:)`` or
    ///   ``UsernamePasswordCredential/token(for:)``. Rethrows `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if case .ready(let credential) = self.member { return try await credential.token(for: context) }
        try Task.checkCancellation()
        try context.validate(for: Self.name)
        return try await self.credential().token(for: context)
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard case .ready(let credential) = self.member else { return nil }
        return try credential.keptToken(for: context)
    }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError``, which ``token(for:)`` would throw too.
    public func validate() throws { try self.credential().validate() }

    /// Drops the kept tokens of this credential and of those that share with it.
    public func removeCachedTokens() { try? self.credential().removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity. Ends at once while the variables make up no
    /// set, or the certificate's file can't be used.
    public var events: TokenEvents { (try? self.credential())?.events ?? TokenEvents(nil) }

    private func credential() throws -> any EntraCredential {
        switch self.member {
        case .ready(let credential): credential
        case .failed(let error): throw error
        case .pending(let pending): try pending.credential()
        }
    }

    private static func userCredential(_ user: EnvironmentPlan.User, options: CredentialOptions) -> any EntraCredential {
        options.logging.currentLogger.warning(
            """
            AZURE_USERNAME and AZURE_PASSWORD are deprecated: a password can't do multifactor authentication. Give the program a service \
            principal or a managed identity
            """,
            metadata: [LogKey.credential: "\(Self.name)"]
        )
        return UsernamePasswordCredential(
            name: Self.name,
            tenantID: user.tenantID,
            clientID: user.clientID,
            username: user.username,
            password: Secret(user.password),
            options: options
        )
    }

    private static func incomplete(present: [String], missing: [String]) -> AuthenticationError {
        let found = present.isEmpty ? "None of them is set." : "Already set: \(present.joined(separator: ", "))."
        var error = AuthenticationError.credentialUnavailable(
            """
            EnvironmentCredential authentication unavailable. Environment variables aren't fully configured. \
            Missing: \(missing.joined(separator: ", ")). \(found)
            """,
            credential: Self.name
        )
        error.remedy = Guide.remedy(.g08, facts: GuideFacts(variables: missing))
        return error
    }
}

extension EnvironmentCredential: KeepingTokenCredential, TokenEventSource {}

extension TokenCredential where Self == EnvironmentCredential {
    /// A credential for an application, or a user, with what the environment variables say.
    public static var environment: EnvironmentCredential { EnvironmentCredential() }
}
