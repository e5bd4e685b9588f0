// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureKeyVaultSecrets

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is said about refusals; pure.
@Suite struct SecretRefusalTests {
    static let objectID = "33333333-3333-4333-8333-333333333333"
    static let vaultID =
        "/subscriptions/11111111-1111-4111-8111-111111111111/resourcegroups/my-group/providers/microsoft.keyvault/vaults/v1"

    private func explained(
        _ status: Int,
        _ innerCode: String?,
        message: String = "",
        objectID: String? = Self.objectID,
        operation: SecretOperation = .get
    ) -> AuthenticationError.Remedy? {
        var error = HTTPResponseError(status: status, code: "Forbidden", message: message)
        error.innerCode = innerCode
        error.identity = .init(
            credential: "AzureCLICredential", tenantID: "t", objectID: objectID, userName: "ada@contoso.example")
        let refusal = SecretRefusal(operation: operation, vaultName: "v1", secretName: "s", isChain: false)
        return refusal.explained(error).remedy
    }

    @Test(arguments: [
        (SecretOperation.get, "Key Vault Secrets User", "get"), (.list, "Key Vault Secrets User", "list"),
        (.set, "Key Vault Secrets Officer", "set"), (.update, "Key Vault Secrets Officer", "set"),
        (.delete, "Key Vault Secrets Officer", "delete"),
    ])
    func rightsOfOperations(operation: SecretOperation, role: String, permission: String) {
        #expect(self.explained(403, "ForbiddenByRbac", operation: operation)?.commands.first?.contains(role) == true)
        for code in ["ForbiddenByPolicy", "AccessDenied"] {
            let command = self.explained(403, code, operation: operation)?.commands.first
            #expect(
                command == [
                    "az", "keyvault", "set-policy", "--name", "v1", "--object-id", Self.objectID, "--secret-permissions",
                    permission,
                ]
            )
        }
    }

    @Test func firewallsAreNoMatterOfRoles() {
        let remedy = self.explained(403, "ForbiddenByFirewall")
        #expect(remedy?.commands.first?.contains("network-rule") == true && remedy?.text.contains("role") == false)
    }

    @Test func otherStatusesHaveNoRemedy() {
        for status in [400, 404, 409, 429, 500] { #expect(self.explained(status, nil) == nil) }
    }

    @Test func userNamesAreNotShown() {
        for (status, code) in [(401, nil), (403, "ForbiddenByRbac"), (403, "ForbiddenByPolicy")] as [(Int, String?)] {
            let remedy = self.explained(status, code)
            #expect(remedy?.text.contains("AzureCLICredential") == true && remedy?.text.contains("ada@") == false)
        }
    }

    @Test(arguments: [nil, "", "x; rm -rf /", "33333333-3333-4333-8333-33333333333g", "$(id)"])
    func whatIsNoIdGetsIntoNoCommand(objectID: String?) {
        let command = self.explained(403, "ForbiddenByRbac", objectID: objectID)?.commands.first
        #expect(command?.contains("<object-id>") == true)
    }

    @Test(arguments: [
        ("Action: 'x' Resource: '\(Self.vaultID)/secrets/s' Assignment: (not found)", Self.vaultID),
        ("Resource: '\(Self.vaultID)'", Self.vaultID),
        ("Resource: '/subscriptions/x/resourcegroups/g/providers/microsoft.keyvault/vaults/v1'", nil),
        ("Resource: '\(Self.vaultID.replacing("my-group", with: "a b"))'", nil),
        ("Resource: '\(Self.vaultID.replacing("my-group", with: "$(id)"))'", nil),
        ("Resource: '\(Self.vaultID.replacing("v1", with: "v;1"))'", nil),
        ("Resource: '\(Self.vaultID.replacing("keyvault", with: "storage"))'", nil),
        // A vault that speaks of another one gets nobody a role there.
        ("Resource: '\(Self.vaultID.replacing("vaults/v1", with: "vaults/v2"))'", nil),
        ("", nil), ("Resource: '/subscriptions/", nil),
    ])
    func resourceIDs(message: String, expected: String?) {
        #expect(SecretRefusal.resourceID(in: message, of: "v1") == expected)
        #expect(SecretRefusal.resourceID(in: message, of: "V1") == expected)
        #expect(SecretRefusal.resourceID(in: message, of: nil) == nil)
        let scope = self.explained(403, "ForbiddenByRbac", message: message)?.commands.first?.last
        #expect(
            scope == expected ?? "/subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/v1")
    }

    @Test(arguments: [
        ("https://v1.vault.azure.net", "v1"), ("https://localhost:8443", nil), ("https://10.0.0.1", nil),
        ("https://my_vault.example", nil),
    ])
    func namesOfVaults(address: String, name: String?) throws {
        let url = try #require(URL(string: address))
        #expect(try VaultAddress(url, apiVersion: .v7_6).vaultName == name)
    }
}
