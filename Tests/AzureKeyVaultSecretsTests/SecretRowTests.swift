// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import AzureKeyVaultSecrets
import Testing

/// The rows of the troubleshooting guide about clients of services.
@Suite struct SecretRowTests {
    @Test("G01: an error of authentication comes through the service's call, and is no error of the service")
    func g01() async throws {
        let stage = VaultStage()
        let client = try stage.client(stage.credential(secret: "wrong"))
        let error = try await failure(AuthenticationError.self) { try await client.getSecret(Sample.vaultSecretName) }
        #expect(error.code == .authenticationFailed && error.credential == "ClientSecretCredential", "\(error)")
        #expect(error.serviceError?.codes == [7_000_215] && error.remedy?.guide == "G09", "\(error)")
        // The vault was asked what it wants, and nothing more.
        #expect(stage.vaultRequests.count == 1 && stage.vaultRequests.allSatisfy { $0.headers["Authorization"] == nil })
    }

    @Test("G03: a vault's 403 is an HTTP response error that says who was refused, and which role it takes")
    func g03() async throws {
        let stage = VaultStage { $0.vaults[0].assignments = [.init(principalID: Sample.clientID, role: .reader)] }
        let client = try stage.client()
        let error = try await failure(HTTPResponseError.self) { try await client.getSecret(Sample.vaultSecretName) }
        #expect(error.status == 403 && error.code == "Forbidden" && error.innerCode == "ForbiddenByRbac", "\(error)")
        #expect(error.identity?.tenantID == Sample.tenantID && error.identity?.credential == "ClientSecretCredential")
        let remedy = try #require(error.remedy)
        #expect(remedy.guide == "G03")
        for part in ["ClientSecretCredential", Sample.tenantID, "b0000000-0000-4000-8000-000000000001", "Key Vault Secrets User"]
        {
            #expect(remedy.text.contains(part), "\(remedy.text)")
        }
        let scope =
            "/subscriptions/\(Sample.subscriptionID)/resourcegroups/sample/providers/microsoft.keyvault/vaults/\(Sample.vaultName)"
        #expect(
            remedy.commands == [
                [
                    "az", "role", "assignment", "create", "--role", "Key Vault Secrets User", "--assignee-object-id",
                    "b0000000-0000-4000-8000-000000000001", "--scope", scope,
                ]
            ]
        )
        // Listing takes less, and the reader may do it.
        #expect(try await client.listSecrets().reduce(0) { count, _ in count + 1 } == 2)
        let refused = try await failure(HTTPResponseError.self) { try await client.deleteSecret(Sample.vaultSecretName) }
        #expect(refused.remedy?.commands.first?.contains("Key Vault Secrets Officer") == true, "\(refused)")
    }

    @Test("G03: a vault's 401 says whose token it didn't take")
    func g03Token() async throws {
        let stage = VaultStage()
        var options = stage.emulator.credentialOptions()
        options.additionallyAllowedTenants = [.any]
        let other = ClientSecretCredential(
            tenantID: Sample.otherTenantID,
            clientID: Sample.clientID,
            clientSecret: Secret(Sample.clientSecret),
            options: options
        )
        // A credential that never hears of the tenant that the vault names.
        let deaf = ClosureTokenCredential(name: "Deaf") { try await other.token(forScopes: $0.scopes) }
        let client = try stage.client(deaf)
        let error = try await failure(HTTPResponseError.self) { try await client.getSecret(Sample.vaultSecretName) }
        #expect(error.status == 401 && error.message.contains("AKV10032") && error.remedy?.guide == "G03", "\(error)")
        #expect(error.remedy?.text.contains(Sample.otherTenantID) == true, "\(error)")
        #expect(stage.vaultRequests.count == 2)
        // With the vault's word, the same credential gets the right token.
        #expect(try await stage.client(other).getSecret(Sample.vaultSecretName).value == Secret(Sample.vaultSecretValue))
    }

    @Test("G07: where a chain chose the account, the error says whose token it was and how to choose another")
    func g07() async throws {
        let stage = VaultStage { $0.vaults[0].assignments = [] }
        let options = stage.emulator.credentialOptions(environment: [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
            "AZURE_CLIENT_SECRET": Sample.clientSecret, "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
        ])
        let client = try stage.client(DefaultAzureCredential(options: .init(credentialOptions: options)))
        let error = try await failure(HTTPResponseError.self) { try await client.getSecret(Sample.vaultSecretName) }
        let remedy = try #require(error.remedy)
        let credential = try #require(error.identity?.credential)
        #expect(error.status == 403 && remedy.guide == "G07" && remedy.variables == ["AZURE_TOKEN_CREDENTIALS"], "\(error)")
        #expect(credential != "DefaultAzureCredential" && remedy.text.contains("\(credential) gave the token"), "\(error)")
    }
}
