// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

/// The flags of credentials that a host gives: managed identities, and federated ones.
struct HostArguments: ParsableArguments {
    @Option(
        name: .long,
        help: "managed-identity, default: the object (principal) id of a user-assigned identity. By client id: --client-id.")
    var objectID: String?

    @Option(name: .long, help: "managed-identity, default: the resource id of a user-assigned identity.")
    var resourceID: String?

    @Option(name: .long, help: "workload-identity: the file of the service account's token. Else AZURE_FEDERATED_TOKEN_FILE.")
    var tokenFilePath: String?

    @Flag(
        name: .long,
        help: "workload-identity: use the cluster's token proxy (AKS identity bindings), by AZURE_KUBERNETES_TOKEN_PROXY.")
    var enableAzureProxy = false

    @Option(
        name: .long,
        help: "azure-pipelines: the service connection's id. Else AZURESUBSCRIPTION_SERVICE_CONNECTION_ID.")
    var serviceConnectionID: String?

    @Option(
        name: .long,
        help: "azure-pipelines: a file that holds the system access token. Else SYSTEM_ACCESSTOKEN.")
    var systemAccessTokenFile: String?

    /// The user-assigned identity that flags name; `nil` if none does.
    func identity(clientID: String?, credential: CredentialName) throws -> ManagedIdentityID? {
        let identities =
            [
                clientID.map { ManagedIdentityID.userAssigned(clientID: $0) },
                self.objectID.map { .userAssigned(objectID: $0) },
                self.resourceID.map { .userAssigned(resourceID: $0) },
            ].compactMap { $0 }
        guard identities.count <= 1 else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential.typeName,
                message: "Give one of --client-id, --object-id and --resource-id."
            )
        }
        return identities.first
    }

    /// The credential of a workload; the variables hold what flags say.
    func workloadCredential(_ options: CredentialOptions) -> WorkloadIdentityCredential {
        WorkloadIdentityCredential(isAzureProxyEnabled: self.enableAzureProxy, options: options)
    }

    /// Puts what the flags say in the variables' place.
    func overlay(_ values: inout [String: String]) throws {
        if let path = self.tokenFilePath { values["AZURE_FEDERATED_TOKEN_FILE"] = path }
        if let id = self.serviceConnectionID { values["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = id }
        if let path = self.systemAccessTokenFile { values["SYSTEM_ACCESSTOKEN"] = try SecretFile.secret(path) }
    }
}
#endif
