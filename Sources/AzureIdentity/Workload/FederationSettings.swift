// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Takes each value of a federated credential from its argument, else from its variable, and keeps track of those that are missing. Pure.
struct FederationSettings {
    /// A value that is neither given nor set.
    struct Missing: Equatable {
        let what: String
        let variable: String
    }

    private let environment: EnvironmentVariables
    private(set) var missing: [Missing] = []

    init(environment: EnvironmentVariables) { self.environment = environment }

    /// The value; empty if it is missing. An empty argument counts as none.
    mutating func value(_ argument: String?, _ what: String, variable: String) -> String {
        if let argument, !argument.isEmpty { return argument }
        if let value = self.environment[variable] { return value }
        self.missing.append(Missing(what: what, variable: variable))
        return ""
    }

    /// The missing values with their variables, for a sentence.
    var missingList: String { self.missing.map { "\($0.what) (\($0.variable))" }.joined(separator: ", ") }
}

/// What a workload identity is made of. Pure.
struct WorkloadIdentityPlan: Equatable {
    let tenantID: String
    let clientID: String
    let tokenFilePath: String

    /// - Parameters:
    ///   - tenantID: The tenant, if it is given.
    ///   - clientID: The application, if it is given.
    ///   - tokenFilePath: The token file, if it is given.
    ///   - environment: The variables that stand in for what isn't.
    ///   - credential: The type name of the credential.
    /// - Throws: `AuthenticationError` with `.credentialUnavailable` that names what is missing (row G41).
    init(
        tenantID: String?,
        clientID: String?,
        tokenFilePath: String?,
        environment: EnvironmentVariables,
        credential: String
    ) throws {
        var settings = FederationSettings(environment: environment)
        self.tenantID = settings.value(tenantID, "tenant ID", variable: "AZURE_TENANT_ID")
        self.clientID = settings.value(clientID, "client ID", variable: "AZURE_CLIENT_ID")
        self.tokenFilePath = settings.value(tokenFilePath, "token file", variable: "AZURE_FEDERATED_TOKEN_FILE")
        guard !settings.missing.isEmpty else { return }
        var message = """
            WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured. \
            Missing: \(settings.missingList).
            """
        if self.tokenFilePath.isEmpty, environment["KUBERNETES_SERVICE_HOST"] != nil {
            message += """
                 This is a pod of Kubernetes that the Azure workload identity webhook did not mutate: the pod needs the label \
                azure.workload.identity/use: "true", and its service account the annotation azure.workload.identity/client-id; then \
                create the pod anew.
                """
        }
        var error = AuthenticationError.credentialUnavailable(message, credential: credential)
        error.remedy = Guide.remedy(.g41, facts: GuideFacts(variables: settings.missing.map(\.variable)))
        throw error
    }
}
