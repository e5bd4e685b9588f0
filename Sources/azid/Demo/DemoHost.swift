// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting

/// A host of the emulator's, and the credential that gets tokens there without a secret of its own.
struct DemoHost {
    let title: String
    private let host: EmulatedHost
    private let variables: EnvironmentVariables
    private let arcKeyDirectory: String

    /// The hosts that the demo shows.
    ///
    /// - Throws: What keeps their files from being written.
    static func all(of server: EmulatorServer) throws -> [DemoHost] {
        let hosts: [(EmulatedHost, String)] = [
            (.appService, "ManagedIdentityCredential, App Service"),
            (.virtualMachine, "ManagedIdentityCredential, virtual machine"),
            (.azureArc, "ManagedIdentityCredential, Azure Arc"),
            (.serviceFabric, "ManagedIdentityCredential, Service Fabric"),
            (.workloadIdentity, "WorkloadIdentityCredential, AKS"),
            (.azurePipelines, "AzurePipelinesCredential"),
            (.gitHubActions, "GitHubActionsCredential"),
        ]
        return try hosts.map { host, title in
            DemoHost(
                title: title,
                host: host,
                variables: try server.environment(for: host),
                arcKeyDirectory: server.emulator.configuration.hosts.arcKeyDirectory
            )
        }
    }

    /// The credential, on this host and no other: the variables of the process don't count.
    func credential(_ options: CredentialOptions) -> any TokenCredential {
        var options = options
        var values = self.variables.dictionary
        values["SSL_CERT_FILE"] = options.environment["SSL_CERT_FILE"]
        options.environment = EnvironmentVariables(values)
        let directory = self.arcKeyDirectory
        options.hostOverride = { host in
            var host = host
            host.arcKeyDirectory = directory
            return host
        }
        switch self.host {
        case .workloadIdentity: return WorkloadIdentityCredential(options: options)
        case .gitHubActions: return GitHubActionsCredential(options: options)
        case .azurePipelines:
            return AzurePipelinesCredential(
                tenantID: values["AZURE_TENANT_ID"] ?? "",
                clientID: values["AZURE_CLIENT_ID"] ?? "",
                serviceConnectionID: values["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] ?? "",
                systemAccessToken: Secret(values["SYSTEM_ACCESSTOKEN"] ?? ""),
                options: options
            )
        default: return ManagedIdentityCredential(options: options)
        }
    }
}
#endif
