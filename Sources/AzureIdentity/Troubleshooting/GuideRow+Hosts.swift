// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The rows on managed identities and on federated ones; the others are in the enumeration's own file.
extension GuideRow {
    /// What to do where a host of managed identities is concerned (rows G18 to G30); `nil` for other rows.
    var hostText: String? {
        switch self {
        case .g18: "App Service, Functions and Container Apps serve tokens of the app's managed identity."
        case .g19: "An Azure Arc machine serves tokens of its managed identity to who can read the agent's key files."
        case .g20: "In AKS, use workload identity; pod identity (NMI) is retired, and still served."
        case .g21:
            """
            A Service Fabric cluster serves tokens of the application's managed identity. Its certificate is checked first: \
            IDENTITY_SERVER_THUMBPRINT must be the one that the cluster has given this process; trusting another certificate would send \
            the secret to whoever has it.
            """
        case .g22: "A virtual machine or scale set serves tokens of its managed identity by the instance metadata service."
        case .g23:
            """
            User-assigned identity: check its id, and that it is assigned to this resource. System-assigned identity: turn it on for \
            this resource.
            """
        case .g24:
            "Calls by way of a proxy or gateway aren't supported. Turn proxies and gateways off for http://169.254.169.254/."
        case .g25:
            """
            Turn managed identity on for this resource, and check with this command that the endpoint can be reached from here; what it \
            prints holds a token: don't share it. Outside of Azure, use another credential.
            """
        case .g26:
            """
            Look at the last answer in the error and at the log's earlier ones; check with this command that the endpoint can be reached from \
            here. What it prints holds a token: don't share it.
            """
        case .g27:
            "Ask the instance metadata service by hand with this command. What it prints holds a token: don't share it."
        case .g28:
            """
            Turn managed identity on for the app, and check that both variables are there: IDENTITY_ENDPOINT and IDENTITY_HEADER. An \
            app that is running gets them at its next start.
            """
        case .g29:
            """
            Check that both variables are set, then ask the endpoint by hand with this command. What it prints holds a token: don't \
            share it.
            """
        case .g30:
            """
            Check the pod's label (aadpodidbinding), and have NMI set Retry-After in its answers, so that early requests are repeated. \
            Pod identity is retired: move to workload identity.
            """
        default: nil
        }
    }

    /// What to do where a federated identity is concerned (rows G41 to G47, and G53); `nil` for other rows.
    var federationText: String? {
        switch self {
        case .g41:
            """
            Give the client id, the tenant id and the token file, by arguments or by the variables; the Azure workload identity webhook \
            sets them in pods with the label azure.workload.identity/use: "true". In the default chain AZURE_AUTHORITY_HOST is \
            needed too.
            """
        case .g42:
            """
            Use the tenant of the service connection's identity: that of the app registration, or the one in which the managed \
            identity was made.
            """
        case .g43:
            """
            Use the service connection's id: it is the resourceId in the address of the connection's page in Azure Pipelines.
            """
        case .g44: "Map the predefined variable into the task: SYSTEM_ACCESSTOKEN: $(System.AccessToken)."
        case .g45:
            "Read the message of the answer; what to do depends on it. Use the recommended Azure Pipelines task (AzureCLI@2, AzurePowerShell@5)."
        case .g46: "This credential works in Azure Pipelines alone. Elsewhere, use another credential."
        case .g47:
            """
            Use the client id of the service connection's identity: that of the app registration, or that of the managed identity.
            """
        case .g53:
            """
            The cluster uses identity bindings: create WorkloadIdentityCredential itself with isAzureProxyEnabled = true (azid: \
            --enable-azure-proxy), not the default chain. Else check issuer, subject and audience of the federated credential; a new one \
            takes minutes to be known.
            """
        default: nil
        }
    }

    /// A page that says more about a host or a federated identity; `nil` for other rows.
    var hostLink: String? {
        switch self {
        case .g18, .g28, .g29: "https://learn.microsoft.com/azure/app-service/overview-managed-identity"
        case .g19: "https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication"
        case .g20, .g41: "https://learn.microsoft.com/azure/aks/workload-identity-overview"
        case .g30: "https://azure.github.io/aad-pod-identity/docs/"
        case .g21: "https://learn.microsoft.com/azure/service-fabric/concepts-managed-identity"
        case .g22, .g23, .g24, .g25, .g26, .g27:
            "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token"
        case .g42, .g43, .g47: "https://learn.microsoft.com/azure/devops/pipelines/library/service-endpoints"
        case .g44, .g45, .g46: "https://learn.microsoft.com/azure/devops/pipelines/build/variables#systemaccesstoken"
        case .g53: "https://learn.microsoft.com/azure/aks/identity-bindings"
        default: nil
        }
    }
}
