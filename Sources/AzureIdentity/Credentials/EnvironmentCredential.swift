// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Authenticates an application with what the environment variables say.
///
/// For containers and jobs that are configured by variables. A client secret is used if `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and
/// `AZURE_CLIENT_SECRET` are set. A certificate (`AZURE_CLIENT_CERTIFICATE_PATH`) or a user's name and password (`AZURE_USERNAME`,
/// `AZURE_PASSWORD`) are recognised, but this version can't authenticate with them and says so. Variables that are empty count as not
/// set.
///
/// Reads the variables above when it is made, and those of ``ClientSecretCredential``.
/// Keeps tokens in memory until they expire, renewed early.
public final class EnvironmentCredential: TokenCredential {
    private static let name = "EnvironmentCredential"

    private let member: Result<ClientSecretCredential, AuthenticationError>

    /// Creates a credential from the environment as it is now.
    ///
    /// - Parameter options: The variables (``CredentialOptions/environment``), the cloud, the tenants, the network, the cache and the log.
    public init(options: CredentialOptions = CredentialOptions()) {
        switch EnvironmentPlan(environment: options.environment) {
        case .clientSecret(let tenantID, let clientID, let secret):
            self.member = .success(
                ClientSecretCredential(
                    name: Self.name,
                    tenantID: tenantID,
                    clientID: clientID,
                    clientSecret: Secret(secret),
                    options: options
                )
            )
        case .unsupported(let variable):
            self.member = .failure(Self.unsupported(variable))
        case .incomplete(let present, let missing):
            self.member = .failure(Self.incomplete(present: present, missing: missing))
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
    /// - Parameter context: The scopes: exactly one, ending in `/.default`.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if the variables make up no set, with those that are missing; else
    ///   as ``ClientSecretCredential/token(for:)``. Rethrows `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        try Task.checkCancellation()
        switch self.member {
        case .success(let credential): return try await credential.token(for: context)
        case .failure(let error):
            try context.validate(for: Self.name)
            throw error
        }
    }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError``, which ``token(for:)`` would throw too.
    public func validate() throws { try self.member.get().validate() }

    /// Drops the kept tokens of this credential and of those that share with it.
    public func removeCachedTokens() {
        if case .success(let credential) = self.member { credential.removeCachedTokens() }
    }

    private static func unsupported(_ variable: String) -> AuthenticationError {
        var error = AuthenticationError.credentialUnavailable(
            """
            EnvironmentCredential authentication unavailable. \(variable) is set, but this version can't authenticate with it yet: \
            set AZURE_CLIENT_SECRET instead.
            """,
            credential: Self.name
        )
        error.remedy = Guide.remedy(.g02, facts: GuideFacts(variables: ["AZURE_CLIENT_SECRET"]))
        return error
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

extension TokenCredential where Self == EnvironmentCredential {
    /// A credential for an application with what the environment variables say.
    public static var environment: EnvironmentCredential { EnvironmentCredential() }
}
