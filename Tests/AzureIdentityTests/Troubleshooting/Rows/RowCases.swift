// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
/// How each row of the guide is brought about. A row without a case fails `TroubleshootingTests`.
enum RowCases {
    static let all: [RowCase] = Self.services + Self.applications + Self.hosts + Self.tools + Self.workloads + Self.brokered

    /// Applications that prove who they are.
    private static let applications: [RowCase] = [
        .scenario("G04", "client-secret-unknown-tenant", advice: ["tenant id", "AZURE_AUTHORITY_HOST"]),
        .scenario("G08", "environment-nothing", advice: ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"]),
        .scenario("G08", "environment-without-client-id", advice: ["AZURE_CLIENT_ID"]),
        .scenario("G08", "client-certificate-missing-file", advice: ["AZURE_CLIENT_CERTIFICATE_PATH"]),
        .scenario("G09", "client-secret-wrong", advice: ["new client secret", "value, not its id"]),
        .scenario("G09", "environment-wrong-secret", advice: ["new client secret"]),
        .scenario("G10", "client-secret-expired", advice: ["new client secret"]),
        .scenario("G11", "client-secret-unknown-application", advice: ["client id", "tenant id", "administrator"]),
        .scenario("G12", "client-certificate-not-registered", advice: ["Upload"]),
        .scenario("G13", "client-certificate-unknown-application", advice: ["client id", "tenant id", "administrator"]),
        .scenario("G14", "client-assertion-subject", advice: ["client id"]),
        .scenario("G14", "client-assertion-issuer", advice: ["client id"]),
        .scenario("G15", "client-assertion-audience", advice: ["/oauth2/v2.0/token", "inexact"]),
        .scenario("G16", "client-assertion-no-token", advice: ["JWT"]),
        .scenario("G17", "username-password-wrong", advice: ["deprecated"]),
        .scenario("G48", "client-secret-other-tenant-refused", advice: ["additionallyAllowedTenants", "\"*\""]),
    ]

    /// Hosts with managed identities.
    private static let hosts: [RowCase] = [
        .scenario("G18", "managed-identity-app-service"), .scenario("G18", "managed-identity-app-service-2017"),
        .scenario("G19", "managed-identity-azure-arc"), .scenario("G20", "managed-identity-pod-identity"),
        .scenario("G20", "managed-identity-of-a-workload"), .scenario("G21", "managed-identity-service-fabric"),
        .scenario("G22", "managed-identity-imds"),
        .scenario("G23", "managed-identity-imds-not-assigned", advice: ["assigned"]),
        .scenario("G23", "managed-identity-imds-none", advice: ["turn it on"]),
        .scenario(
            "G24", "managed-identity-imds-gateway", advice: ["proxies and gateways off", "AZURE_POD_IDENTITY_AUTHORITY_HOST"]),
        .scenario("G25", "managed-identity-imds-nothing-there", advice: ["can be reached", "curl"]),
        .scenario("G26", "managed-identity-imds-failing", advice: ["log", "can be reached"]),
        .scenario(
            "G28", "managed-identity-website-site-name-without-header", advice: ["IDENTITY_HEADER", "Turn managed identity on"]),
        .scenario("G28", "managed-identity-container-app-name-without-header", advice: ["IDENTITY_HEADER"]),
        .scenario("G30", "managed-identity-pod-unbound", advice: ["label", "Retry-After"]),
        .scenario("G30", "managed-identity-lonely-endpoint", advice: ["IDENTITY_ENDPOINT"]),
    ]

    /// Developer tools.
    private static let tools: [RowCase] = [
        .scenario("G34", "azure-cli-not-installed", advice: ["Install", "PATH"]),
        .scenario("G35", "azure-cli-signed-out", advice: ["az login", "az account show", "token: don't share it"]),
        .scenario("G35", "azure-cli-expired", advice: ["az login"]),
        .scenario("G36", "azure-developer-cli-not-installed", advice: ["Install", "PATH"]),
        .scenario("G37", "azure-developer-cli-signed-out", advice: ["azd auth login", "azd auth status"]),
        .scenario("G38", "azure-powershell-not-installed", advice: ["Install PowerShell", "PATH"]),
        .scenario("G39", "azure-powershell-without-module", advice: ["Az.Accounts", "Install-Module"]),
        .scenario("G40", "azure-powershell-signed-out", advice: ["Connect-AzAccount", "Get-AzContext"]),
        .scenario("G52", "azure-cli-unsafe-subscription", advice: ["id", "az account show --name"]),
    ]

    /// Workloads with federated identities.
    private static let workloads: [RowCase] = [
        .scenario("G41", "workload-identity-without-client-id", advice: ["AZURE_CLIENT_ID"]),
        .scenario("G41", "workload-identity-without-tenant-id", advice: ["AZURE_TENANT_ID"]),
        .scenario("G41", "workload-identity-without-token-file", advice: ["AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST"]),
        .scenario("G42", "azure-pipelines-wrong-tenant", advice: ["app registration"]),
        .scenario("G43", "azure-pipelines-wrong-connection", advice: ["resourceId"]),
        .scenario("G44", "azure-pipelines-wrong-access-token", advice: ["System.AccessToken"]),
        .scenario("G45", "azure-pipelines-no-token", advice: ["message", "task"]),
        .scenario("G46", "azure-pipelines-elsewhere", advice: ["Azure Pipelines alone"]),
        .scenario("G47", "azure-pipelines-wrong-client", advice: ["client id"]),
        .scenario("G53", "workload-identity-bound-audience", advice: ["isAzureProxyEnabled", "not the default chain"]),
    ]
}
#endif
