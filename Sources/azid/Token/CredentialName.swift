// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser

/// The credentials that `--credential` names. More come with later versions.
enum CredentialName: String, CaseIterable, ExpressibleByArgument {
    case `default`
    case environment
    case clientSecret = "client-secret"
    case clientCertificate = "client-certificate"
    case clientAssertion = "client-assertion"
    case managedIdentity = "managed-identity"
    case workloadIdentity = "workload-identity"
    case azurePipelines = "azure-pipelines"
    case gitHubActions = "github-actions"
    case azureCLI = "azure-cli"
    case azureDeveloperCLI = "azure-developer-cli"
    case azurePowerShell = "azure-powershell"
    case visualStudioCode = "visual-studio-code"
    case azid
    case deviceCode = "device-code"
    case interactiveBrowser = "interactive-browser"
    case authorizationCode = "authorization-code"
    case usernamePassword = "username-password"
    case onBehalfOf = "on-behalf-of"
    case broker

    /// The credential's type, for errors.
    var typeName: String {
        switch self {
        case .default: "DefaultAzureCredential"
        case .environment: "EnvironmentCredential"
        case .clientSecret: "ClientSecretCredential"
        case .clientCertificate: "ClientCertificateCredential"
        case .clientAssertion: "ClientAssertionCredential"
        case .managedIdentity: "ManagedIdentityCredential"
        case .workloadIdentity: "WorkloadIdentityCredential"
        case .azurePipelines: "AzurePipelinesCredential"
        case .gitHubActions: "GitHubActionsCredential"
        case .azureCLI: "AzureCLICredential"
        case .azureDeveloperCLI: "AzureDeveloperCLICredential"
        case .azurePowerShell: "AzurePowerShellCredential"
        case .visualStudioCode: "VisualStudioCodeCredential"
        case .azid: "AzidCredential"
        case .deviceCode: "DeviceCodeCredential"
        case .interactiveBrowser: "InteractiveBrowserCredential"
        case .authorizationCode: "AuthorizationCodeCredential"
        case .usernamePassword: "UsernamePasswordCredential"
        case .onBehalfOf: "OnBehalfOfCredential"
        case .broker: "BrokerCredential"
        }
    }
}
#endif
