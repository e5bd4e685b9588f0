// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureIdentity

extension EntraEmulator {
    /// The environment variables that point a program at an emulated host.
    ///
    /// The files that they name (a service account token, the authority of identity binding) are not written here; see
    /// ``serviceAccountToken(audience:lifetime:)``.
    ///
    /// - Parameters:
    ///   - host: The host.
    ///   - endpoints: Where the emulator is reached; by default in memory.
    /// - Returns: The variables, and no others.
    public func environment(for host: EmulatedHost, endpoints: EmulatorEndpoints = .inMemory) -> EnvironmentVariables {
        let configuration = self.configuration
        return EnvironmentVariables(endpoints.variables(for: host, configuration).filter { !$0.value.isEmpty })
    }
}

extension EmulatorEndpoints {
    /// The path of the service account token.
    package var tokenFile: String { (self.folder ?? "/var/run/secrets/azure/tokens") + "/azure-identity-token" }
    /// The path of the service account token for identity binding, which has another audience.
    package var boundTokenFile: String { self.tokenFile + "-bound" }
    /// The path of the authority of identity binding, if it is in a file.
    package var authorityFile: String? { self.folder.map { $0 + "/ca.crt" } }

    fileprivate func variables(for host: EmulatedHost, _ configuration: EmulatorConfiguration) -> [String: String] {
        let hosts = configuration.hosts
        switch host {
        case .appService:
            return [
                "IDENTITY_ENDPOINT": self.plain + HostPath.appService, "IDENTITY_HEADER": hosts.identityHeader,
                "WEBSITE_SITE_NAME": "emulated-site",
            ]
        case .appService2017:
            return [
                "MSI_ENDPOINT": self.plain + HostPath.appService2017, "MSI_SECRET": hosts.msiSecret,
                "WEBSITE_SITE_NAME": "emulated-site",
            ]
        case .azureMachineLearning:
            return [
                "MSI_ENDPOINT": self.plain + HostPath.machineLearning, "MSI_SECRET": hosts.msiSecret,
                "DEFAULT_IDENTITY_CLIENT_ID": configuration.defaultIdentity?.clientID ?? "",
            ]
        case .cloudShell: return ["MSI_ENDPOINT": self.plain + HostPath.cloudShell]
        case .azureArc:
            return [
                "IDENTITY_ENDPOINT": self.plain + HostPath.arc + HostPath.metadata, "IMDS_ENDPOINT": self.plain + HostPath.arc,
            ]
        case .serviceFabric:
            return [
                "IDENTITY_ENDPOINT": self.serviceFabric + HostPath.metadata, "IDENTITY_HEADER": hosts.identityHeader,
                "IDENTITY_SERVER_THUMBPRINT": self.serviceFabricThumbprint,
            ]
        case .virtualMachine: return ["AZURE_POD_IDENTITY_AUTHORITY_HOST": self.plain]
        case .podIdentity:
            return [
                "AZURE_POD_IDENTITY_AUTHORITY_HOST": self.plain + HostPath.podIdentity, "KUBERNETES_SERVICE_HOST": "10.0.0.1",
            ]
        case .workloadIdentity, .identityBinding, .azurePipelines, .gitHubActions:
            return self.federation(configuration).merging(self.assertionSource(host, hosts)) { $1 }
        }
    }

    /// Where a program on a host gets its assertions, and how they are exchanged.
    private func assertionSource(_ host: EmulatedHost, _ hosts: EmulatorConfiguration.Hosts) -> [String: String] {
        switch host {
        case .identityBinding:
            var variables = [
                "AZURE_FEDERATED_TOKEN_FILE": self.boundTokenFile,
                "AZURE_KUBERNETES_TOKEN_PROXY": self.identityBinding,
                "AZURE_KUBERNETES_SNI_NAME": self.identityBindingServerName,
            ]
            if let file = self.authorityFile {
                variables["AZURE_KUBERNETES_CA_FILE"] = file
            } else {
                variables["AZURE_KUBERNETES_CA_DATA"] = self.identityBindingCAPEM
            }
            return variables
        case .azurePipelines:
            return [
                "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": hosts.serviceConnections.first?.id ?? "",
                "SYSTEM_OIDCREQUESTURI": self.entra + HostPath.pipelines,
                "SYSTEM_ACCESSTOKEN": hosts.systemAccessToken,
            ]
        case .gitHubActions:
            return [
                "ACTIONS_ID_TOKEN_REQUEST_URL": self.entra + HostPath.gitHub + "?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": hosts.gitHubRequestToken,
            ]
        default: return ["AZURE_FEDERATED_TOKEN_FILE": self.tokenFile]
        }
    }

    /// The tenant and the application for federated assertions: the first ones.
    private func federation(_ configuration: EmulatorConfiguration) -> [String: String] {
        let tenant = configuration.tenants.first { !$0.isADFS }
        return [
            "AZURE_AUTHORITY_HOST": self.entra + "/",
            "AZURE_TENANT_ID": tenant?.id ?? "",
            "AZURE_CLIENT_ID": tenant?.applications.first?.clientID ?? "",
        ]
    }
}

/// The paths of the emulated hosts.
enum HostPath {
    static let metadata = "/metadata/identity/oauth2/token"
    static let compute = "/metadata/instance/compute"
    static let podIdentity = "/nmi"
    static let appService = "/msi/token"
    static let appService2017 = "/msi2017/token"
    static let machineLearning = "/azureml/token"
    static let cloudShell = "/cloudshell/oauth2/token"
    static let arc = "/arc"
    static let identityBinding = "/binding"
    static let pipelines = "/contoso/_apis/oidctoken"
    static let gitHub = "/github/oidctoken"
}

extension EmulatorConfiguration {
    /// The identity of hosts that have one only: the system-assigned one, else the first.
    var defaultIdentity: ManagedIdentity? {
        self.managedIdentities.first { $0.isSystemAssigned } ?? self.managedIdentities.first
    }
}
