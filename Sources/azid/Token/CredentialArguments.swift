// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity
import AzureIdentityBroker

/// The flags that choose a credential and configure it; else the variables do.
struct CredentialArguments: ParsableArguments {
    @Option(name: .long, help: "Which credential to use.")
    var credential: CredentialName = .default

    @Option(
        name: .long,
        help: "The tenant's id or domain. Else AZURE_TENANT_ID; for developer tools, else the one they are signed in to.")
    var tenantID: String?

    @Option(name: .long, help: "The application's (client) id. Else AZURE_CLIENT_ID.")
    var clientID: String?

    @Option(name: .long, help: "A file that holds the client secret; its last line break is left out. Else AZURE_CLIENT_SECRET.")
    var clientSecretFile: String?

    @Option(name: .long, help: "A PEM or PKCS#12 file with a certificate and its key. Else AZURE_CLIENT_CERTIFICATE_PATH.")
    var certificatePath: String?

    @Option(name: .long, help: "A file that holds the certificate's password. Else AZURE_CLIENT_CERTIFICATE_PASSWORD.")
    var certificatePasswordFile: String?

    @Flag(
        name: .long,
        help:
            "Send the certificate along with those above it (subject name and issuer). Else AZURE_CLIENT_SEND_CERTIFICATE_CHAIN.")
    var sendCertificateChain = false

    @Option(name: .long, help: "A file that holds a client assertion; read for each token request.")
    var assertionFile: String?

    @OptionGroup var host: HostArguments
    @OptionGroup var tools: ToolArguments
    @OptionGroup var user: UserArguments
    @OptionGroup var broker: BrokerArguments
    @OptionGroup var cloud: CloudArguments

    /// The credential that the flags and variables describe.
    func makeCredential(logging: LoggingOptions, timeout: Double?) async throws -> any TokenCredential {
        try self.makeCredential(try await self.options(logging: logging, timeout: timeout), timeout: timeout)
    }

    /// What credentials have in common, with the variables that hold what flags say.
    func options(logging: LoggingOptions, timeout: Double?) async throws -> CredentialOptions {
        try await self.cloud.options(environment: try self.overlaid(.process), logging: logging, timeout: timeout)
    }

    /// The credential, with options that were made before.
    func makeCredential(_ options: CredentialOptions, timeout: Double?) throws -> any TokenCredential {
        switch self.credential {
        case .default: return try self.chain(options)
        case .environment: return EnvironmentCredential(options: options)
        case .clientSecret:
            let (tenantID, clientID) = try self.application(options.environment)
            let secret = try self.need(options.environment, "AZURE_CLIENT_SECRET", flag: "--client-secret-file")
            return ClientSecretCredential(
                tenantID: tenantID, clientID: clientID, clientSecret: Secret(secret), options: options)
        case .clientCertificate: return try self.certificateCredential(options)
        case .clientAssertion: return try self.assertionCredential(options)
        case .managedIdentity:
            // A client id is a flag alone: AZURE_CLIENT_ID is mostly another application's.
            let identity = try self.host.identity(clientID: self.clientID, credential: self.credential)
            return ManagedIdentityCredential(identity: identity ?? .systemAssigned, options: options)
        case .workloadIdentity: return self.host.workloadCredential(options)
        case .gitHubActions: return GitHubActionsCredential(options: options)
        case .azureCLI: return self.tools.azureCLI(tenantID: self.tenantID, options: options)
        case .azid: return AzidCredential(tenantID: self.tenantID, options: options)
        case .deviceCode: return self.user.deviceCode(options, timeout: timeout)
        case .interactiveBrowser: return self.user.browser(options, timeout: timeout)
        case .authorizationCode: return try self.codeCredential(options)
        case .usernamePassword: return try self.passwordCredential(options)
        case .onBehalfOf: return try self.onBehalfOfCredential(options)
        case .broker:
            return try self.broker.credential(
                tenantID: self.tenantID, clientID: self.clientID, options: options, timeout: timeout)
        case .azureDeveloperCLI: return self.tools.azureDeveloperCLI(tenantID: self.tenantID, options: options)
        case .azurePowerShell: return self.tools.azurePowerShell(tenantID: self.tenantID, options: options)
        case .visualStudioCode:
            return VisualStudioCodeCredential(
                options: .init(tenantID: self.tenantID, broker: .system, credentialOptions: options))
        case .azurePipelines: return try self.pipelinesCredential(options)
        }
    }

    /// The default chain. Its application and its managed identity by client id come by the variables, which hold what flags say; its
    /// developer tools get the flags alone.
    private func chain(_ options: CredentialOptions) throws -> DefaultAzureCredential {
        var chain = DefaultAzureCredential.Options(
            credentialOptions: options,
            managedIdentity: try self.host.identity(clientID: nil, credential: self.credential)
        )
        chain.developerToolTenantID = self.tenantID
        chain.visualStudioCodeTenantID = self.tenantID
        chain.brokerTenantID = self.tenantID
        chain.azureCLISubscription = self.tools.subscription
        chain.processTimeout = self.tools.limit
        chain.broker = .system
        return DefaultAzureCredential(options: chain)
    }

    private func pipelinesCredential(_ options: CredentialOptions) throws -> any TokenCredential {
        let (tenantID, clientID) = try self.application(options.environment)
        let connection = try self.need(
            options.environment, "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", flag: "--service-connection-id")
        let token = try self.need(options.environment, "SYSTEM_ACCESSTOKEN", flag: "--system-access-token-file")
        return AzurePipelinesCredential(
            tenantID: tenantID, clientID: clientID, serviceConnectionID: connection, systemAccessToken: Secret(token),
            options: options)
    }

    private func certificateCredential(_ options: CredentialOptions) throws -> any TokenCredential {
        let (tenantID, clientID) = try self.application(options.environment)
        let path = try self.need(options.environment, "AZURE_CLIENT_CERTIFICATE_PATH", flag: "--certificate-path")
        let password = options.environment["AZURE_CLIENT_CERTIFICATE_PASSWORD"].map { Secret($0) }
        return ClientCertificateCredential(
            tenantID: tenantID,
            clientID: clientID,
            certificate: try ClientCertificateCredential.certificate(ofFile: path, password: password),
            sendsCertificateChain: options.environment.isOn("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"),
            options: options
        )
    }

    private func assertionCredential(_ options: CredentialOptions) throws -> any TokenCredential {
        let (tenantID, clientID) = try self.application(options.environment)
        guard let path = self.assertionFile else { throw self.missing("Give --assertion-file.") }
        return ClientAssertionCredential(tenantID: tenantID, clientID: clientID, options: options) { _ in
            try SecretFile.token(path)
        }
    }

    /// The variables with what the flags say in their place.
    private func overlaid(_ environment: EnvironmentVariables) throws -> EnvironmentVariables {
        var values = environment.dictionary
        if let tenantID = self.tenantID { values["AZURE_TENANT_ID"] = tenantID }
        if let clientID = self.clientID { values["AZURE_CLIENT_ID"] = clientID }
        if let path = self.clientSecretFile { values["AZURE_CLIENT_SECRET"] = try SecretFile.secret(path) }
        if let path = self.certificatePath { values["AZURE_CLIENT_CERTIFICATE_PATH"] = path }
        if let path = self.certificatePasswordFile {
            values["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = try SecretFile.secret(path)
        }
        try self.host.overlay(&values)
        try self.user.overlay(&values)
        if self.sendCertificateChain { values["AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"] = "true" }
        return EnvironmentVariables(values)
    }

    func application(_ environment: EnvironmentVariables) throws -> (tenantID: String, clientID: String) {
        (
            try self.need(environment, "AZURE_TENANT_ID", flag: "--tenant-id"),
            try self.need(environment, "AZURE_CLIENT_ID", flag: "--client-id")
        )
    }

    func need(_ environment: EnvironmentVariables, _ variable: String, flag: String) throws -> String {
        if let value = environment[variable] { return value }
        throw self.missing("Give \(flag), or set \(variable).")
    }

    func missing(_ message: String) -> AuthenticationError {
        return AuthenticationError(.invalidConfiguration, credential: self.credential.typeName, message: message)
    }
}
#endif
