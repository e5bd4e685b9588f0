// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity

/// The credentials of people that need more than the flags of people: those of an application too.
extension CredentialArguments {
    /// Redeems a code that a page of the application has got. A public client proves nothing.
    func codeCredential(_ options: CredentialOptions) throws -> any TokenCredential {
        let (tenantID, clientID) = try self.application(options.environment)
        guard let path = self.user.authorizationCodeFile else { throw self.missing("Give --authorization-code-file.") }
        guard let redirectURL = self.user.redirectURL else { throw self.missing("Give --redirect-url.") }
        return AuthorizationCodeCredential(
            tenantID: tenantID,
            clientID: clientID,
            authorizationCode: Secret(try SecretFile.token(path)),
            redirectURL: redirectURL,
            authentication: try self.authentication(options.environment),
            codeVerifier: try self.user.codeVerifierFile.map { Secret(try SecretFile.token($0)) },
            options: options
        )
    }

    /// Asks on behalf of a user whose token the application was given.
    func onBehalfOfCredential(_ options: CredentialOptions) throws -> any TokenCredential {
        let (tenantID, clientID) = try self.application(options.environment)
        guard let path = self.user.userAssertionFile else { throw self.missing("Give --user-assertion-file.") }
        guard let authentication = try self.authentication(options.environment) else {
            throw self.missing(
                "Give --client-secret-file, --certificate-path or --assertion-file, or set AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH."
            )
        }
        return OnBehalfOfCredential(
            tenantID: tenantID,
            clientID: clientID,
            authentication: authentication,
            userAssertion: Secret(try SecretFile.token(path)),
            options: options
        )
    }

    /// Signs a user in with a password.
    func passwordCredential(_ options: CredentialOptions) throws -> any TokenCredential {
        UsernamePasswordCredential(
            name: self.credential.typeName,
            tenantID: options.environment["AZURE_TENANT_ID"],
            clientID: options.environment["AZURE_CLIENT_ID"],
            username: try self.need(options.environment, "AZURE_USERNAME", flag: "--username"),
            password: Secret(try self.need(options.environment, "AZURE_PASSWORD", flag: "--password-file")),
            options: options
        )
    }

    /// How the application proves who it is: by the flag that is given, else by the variable that is set; `nil`: not at all.
    private func authentication(_ environment: EnvironmentVariables) throws -> ClientAuthentication? {
        if let path = self.assertionFile { return .assertion { _ in try SecretFile.token(path) } }
        let secret = environment["AZURE_CLIENT_SECRET"].map { ClientAuthentication.secret(Secret($0)) }
        guard let path = environment["AZURE_CLIENT_CERTIFICATE_PATH"], self.certificatePath != nil || secret == nil else {
            return secret
        }
        let password = environment["AZURE_CLIENT_CERTIFICATE_PASSWORD"].map { Secret($0) }
        return .certificate(
            try ClientCertificateCredential.certificate(ofFile: path, password: password),
            sendsCertificateChain: environment.isOn("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN")
        )
    }
}
#endif
