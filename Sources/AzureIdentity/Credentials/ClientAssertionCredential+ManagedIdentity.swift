// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension ClientAssertionCredential {
    /// Creates a credential for an application that trusts a managed identity of this host: the identity's token is the assertion.
    ///
    /// For an application without a secret, also one of another tenant than the identity's. The application needs a federated credential
    /// whose issuer is the identity's tenant (`https://login.microsoftonline.com/<tenant>/v2.0`) and whose subject is the identity's object
    /// id.
    ///
    /// ```swift
    /// let credential = ClientAssertionCredential(
    ///     tenantID: customerTenantID,
    ///     clientID: applicationID,
    ///     managedIdentity: .userAssigned(clientID: identityClientID)
    /// )
    /// ```
    ///
    /// Tokens are shared with credentials of equal configuration. Errors of the managed identity keep their code and remedy. Nothing is
    /// checked or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the application's tenant (directory).
    ///   - clientID: The application's (client) id.
    ///   - managedIdentity: The managed identity.
    ///   - audience: Whom the identity's token is for: `api://AzureADTokenExchangeUSGov` and `api://AzureADTokenExchangeChina` in those
    ///     clouds.
    ///   - options: The variables, the cloud, the tenants, the network, the cache and the log.
    public convenience init(
        tenantID: String,
        clientID: String,
        managedIdentity: ManagedIdentityID = .systemAssigned,
        audience: String = "api://AzureADTokenExchange",
        options: CredentialOptions = CredentialOptions()
    ) {
        let name = "ClientAssertionCredential"
        let identity = ManagedIdentityCredential(identity: managedIdentity, options: options)
        self.init(
            name: name,
            tenantID: tenantID,
            clientID: clientID,
            identity: ["managed identity", audience, "\(identity.identity)"],
            options: options,
            assertion: { context in
                let scope = audience.hasSuffix("/.default") ? audience : "\(audience)/.default"
                do {
                    let request = TokenRequestContext(scopes: [scope], correlationID: context.correlationID)
                    return try await identity.token(for: request).token
                } catch let cause as AuthenticationError {
                    var error = cause
                    error.credential = name
                    error.message = "\(name): No assertion. \(cause.message)"
                    error.underlyingError = cause
                    throw error
                }
            }
        )
    }
}
