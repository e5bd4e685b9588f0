// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureIdentityTesting
import ScenarioSupport

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ScenarioRun {
    /// The scenario's credential: arguments go before variables, as with azid.
    func credential() throws -> any TokenCredential {
        let options = self.overlaidOptions
        let variables = options.environment
        switch self.scenario.credential {
        case "default": return self.chain(options)
        case "environment": return EnvironmentCredential(options: options)
        case "client-secret":
            return ClientSecretCredential(
                tenantID: variables["AZURE_TENANT_ID"] ?? "", clientID: variables["AZURE_CLIENT_ID"] ?? "",
                clientSecret: Secret(variables["AZURE_CLIENT_SECRET"] ?? ""), options: options)
        case "client-certificate": return try self.certificateCredential(options)
        case "client-assertion":
            let path = self.scenario.arguments?.assertionFile ?? ""
            return ClientAssertionCredential(
                tenantID: variables["AZURE_TENANT_ID"] ?? "", clientID: variables["AZURE_CLIENT_ID"] ?? "", options: options
            ) { _ in try Self.text(path) }
        case "workload-identity": return WorkloadIdentityCredential(options: options)
        case "managed-identity": return ManagedIdentityCredential(identity: self.identity ?? .systemAssigned, options: options)
        case "azure-pipelines":
            return AzurePipelinesCredential(
                tenantID: variables["AZURE_TENANT_ID"] ?? "", clientID: variables["AZURE_CLIENT_ID"] ?? "",
                serviceConnectionID: variables["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] ?? "",
                systemAccessToken: Secret(variables["SYSTEM_ACCESSTOKEN"] ?? ""), options: options)
        case "github-actions": return GitHubActionsCredential(options: options)
        default: return try self.toolOrPerson(options)
        }
    }

    private func toolOrPerson(_ options: CredentialOptions) throws -> any TokenCredential {
        let (arguments, variables) = (self.scenario.arguments, options.environment)
        switch self.scenario.credential {
        case "azure-cli":
            return AzureCLICredential(tenantID: arguments?.tenantID, subscription: arguments?.subscription, options: options)
        case "azure-developer-cli": return AzureDeveloperCLICredential(tenantID: arguments?.tenantID, options: options)
        case "azure-powershell": return AzurePowerShellCredential(tenantID: arguments?.tenantID, options: options)
        case "username-password":
            return UsernamePasswordCredential(
                name: "UsernamePasswordCredential", tenantID: variables["AZURE_TENANT_ID"],
                clientID: variables["AZURE_CLIENT_ID"],
                username: variables["AZURE_USERNAME"] ?? "", password: Secret(variables["AZURE_PASSWORD"] ?? ""), options: options
            )
        case "on-behalf-of":
            return OnBehalfOfCredential(
                tenantID: variables["AZURE_TENANT_ID"] ?? "", clientID: variables["AZURE_CLIENT_ID"] ?? "",
                authentication: .secret(Secret(variables["AZURE_CLIENT_SECRET"] ?? "")),
                userAssertion: Secret(try Self.text(arguments?.userAssertionFile ?? "")), options: options)
        case "device-code":
            let (emulator, person) = (self.emulator, self.scenario.person)
            return DeviceCodeCredential(
                tenantID: variables["AZURE_TENANT_ID"], clientID: variables["AZURE_CLIENT_ID"],
                options: .init(credentialOptions: options)
            ) { prompt in
                if let user = person?.approvesAs { try? emulator.approveDeviceCode(prompt.userCode, as: user) }
                if person?.declines == true { try? emulator.declineDeviceCode(prompt.userCode) }
            }
        default: throw ScenarioProblem("\(self.scenario.name): there is no credential \(self.scenario.credential).")
        }
    }

    private func chain(_ options: CredentialOptions) -> DefaultAzureCredential {
        var chain = DefaultAzureCredential.Options(credentialOptions: options, managedIdentity: self.identity)
        chain.developerToolTenantID = self.scenario.arguments?.tenantID
        chain.azureCLISubscription = self.scenario.arguments?.subscription
        return DefaultAzureCredential(options: chain)
    }

    private func certificateCredential(_ options: CredentialOptions) throws -> ClientCertificateCredential {
        let certificate = try ClientCertificateCredential.certificate(
            ofFile: options.environment["AZURE_CLIENT_CERTIFICATE_PATH"] ?? "",
            password: options.environment["AZURE_CLIENT_CERTIFICATE_PASSWORD"].map { Secret($0) }
        )
        return ClientCertificateCredential(
            tenantID: options.environment["AZURE_TENANT_ID"] ?? "", clientID: options.environment["AZURE_CLIENT_ID"] ?? "",
            certificate: certificate, options: options)
    }

    /// The user-assigned identity that arguments name.
    private var identity: ManagedIdentityID? {
        let arguments = self.scenario.arguments
        if let id = arguments?.clientID { return .userAssigned(clientID: id) }
        if let id = arguments?.objectID { return .userAssigned(objectID: id) }
        return arguments?.resourceID.map { .userAssigned(resourceID: $0) }
    }

    /// The options, with what arguments say in the variables' place.
    private var overlaidOptions: CredentialOptions {
        var (options, values) = (self.options, self.options.environment.dictionary)
        let arguments = self.scenario.arguments
        for (name, value) in [
            ("AZURE_TENANT_ID", arguments?.tenantID), ("AZURE_CLIENT_ID", arguments?.clientID),
            ("AZURE_CLIENT_CERTIFICATE_PATH", arguments?.certificatePath),
            ("AZURE_FEDERATED_TOKEN_FILE", arguments?.tokenFilePath),
            ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", arguments?.serviceConnectionID),
        ] {
            if let value { values[name] = value }
        }
        options.environment = EnvironmentVariables(values)
        return options
    }

    private static func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else { throw ScenarioProblem("There is no \(path).") }
        return String(decoding: data, as: UTF8.self).trimmingSuffix(while: { $0.isNewline })
    }
}

extension String {
    /// The text without the characters at its end that a condition holds for.
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, condition(last) { text.removeLast() }
        return text
    }
}
#endif
