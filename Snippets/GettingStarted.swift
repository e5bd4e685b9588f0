// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of README.md and of the articles, compiled. dev/check-linkage looks at the program this makes.

// snippet.PROGRAM
import AzureIdentity

let credential = DefaultAzureCredential()
let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
print("A token for Key Vault, good until \(token.expiresOn)")
// snippet.end

// snippet.CLIENT_SECRET
let backupJob = ClientSecretCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    clientSecret: Secret(EnvironmentVariables.process["BACKUP_CLIENT_SECRET"] ?? "")
)
try backupJob.validate()
// snippet.end

// snippet.ERRORS
do {
    _ = try await backupJob.token(forScopes: "https://vault.azure.net/.default")
} catch let error as AuthenticationError where error.isUnavailable {
    print("Not set up here: \(error.summary)")
} catch let error as AuthenticationError {
    print(error)
    print("Guide row:", error.remedy?.guide ?? "none", "worth another try later:", error.isRetryable)
}
// snippet.end

// snippet.REQUEST
let request = TokenRequestContext(
    scopes: ["https://vault.azure.net/.default"],
    minimumRemainingLifetime: .seconds(600),
    timeout: .seconds(10)
)
let longLivedToken = try await backupJob.token(for: request)
// snippet.end

// snippet.OTHER_TENANT
let options = CredentialOptions(additionallyAllowedTenants: ["33333333-3333-4333-8333-333333333333"])
let multiTenant = EnvironmentCredential(options: options)
let otherTenant = TokenRequestContext(
    scopes: ["https://vault.azure.net/.default"],
    tenantID: "33333333-3333-4333-8333-333333333333"
)
_ = try await multiTenant.token(for: otherTenant)
// snippet.end

// snippet.LOGGING
var verbose = CredentialOptions()
verbose.logging.isContentLoggingEnabled = true  // The log then holds secrets and tokens.
let talkative = EnvironmentCredential(options: verbose)
// snippet.end

// snippet.ASSERTION
let federated = ClientAssertionCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222"
) { _ in
    try await identityToken(audience: "api://AzureADTokenExchange")
}
// snippet.end

// snippet.CLOUD
let government = ClientSecretCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    clientSecret: Secret(EnvironmentVariables.process["BACKUP_CLIENT_SECRET"] ?? ""),
    options: CredentialOptions(cloud: .usGovernment)
)
let governmentToken = try await government.token(forScopes: "https://vault.usgovcloudapi.net/.default")
// snippet.end

// snippet.METADATA
let stack = try await AzureCloud.described(by: "https://management.local.azurestack.external")
let onStack = EnvironmentCredential(options: CredentialOptions(cloud: stack))
// snippet.end

// snippet.EXTERNAL_ID
let customers = try OpenIDAuthority(
    issuer: "https://11111111-1111-4111-8111-111111111111.ciamlogin.com/11111111-1111-4111-8111-111111111111/v2.0"
)
let policy = try OpenIDAuthority(
    issuer: "https://contoso.b2clogin.com/11111111-1111-4111-8111-111111111111/v2.0/",
    configurationURL: "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_sign_in/v2.0/.well-known/openid-configuration"
)
let forCustomers = EnvironmentCredential(options: CredentialOptions(openIDAuthority: customers))
// snippet.end

// snippet.NETWORK
let network = NetworkOptions(
    trustRoots: .file("/etc/ssl/contoso-authorities.pem"),
    proxy: try ProxyServer("http://proxy.contoso.example:8080")
)
let proxied = EnvironmentCredential(options: CredentialOptions(network: network))
let direct = EnvironmentCredential(options: CredentialOptions(network: NetworkOptions(usesEnvironmentProxies: false)))
// snippet.end

/// Stands for whatever brings a token of an issuer that the application trusts.
@Sendable func identityToken(audience: String) async throws -> String { "" }
