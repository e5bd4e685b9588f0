// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration.Sample {
    /// The name of a key vault of ``tenantID``, `https://contoso-vault.vault.azure.net` in memory.
    ///
    /// The application with the secret and `grace@contoso.example` may do anything with its secrets; the system-assigned managed
    /// identity and `ada@contoso.example` may read them; the user-assigned managed identity may list them.
    public static let vaultName = "contoso-vault"
    /// The name of a secret in ``vaultName``.
    public static let vaultSecretName = "secret1"
    /// The value of ``vaultSecretName``.
    public static let vaultSecretValue = "emulator-sample-value"
}

extension EmulatorConfiguration {
    /// The only key vault of the sample.
    static let sampleVaults = [
        Vault(
            name: Sample.vaultName,
            tenantID: Sample.tenantID,
            secrets: [
                VaultSecret(name: Sample.vaultSecretName, value: Sample.vaultSecretValue, contentType: "text/plain"),
                VaultSecret(name: "disabled-secret", value: "emulator-disabled-value", isEnabled: false),
            ],
            assignments: [
                VaultAssignment(principalID: Sample.clientID, role: .secretsOfficer),
                VaultAssignment(principalID: Sample.systemAssignedObjectID, role: .secretsUser),
                VaultAssignment(principalID: Sample.userAssignedObjectID, role: .reader),
                VaultAssignment(principalID: Sample.userObjectID, role: .secretsUser),
                VaultAssignment(principalID: "b0000000-0000-4000-8000-0000000000b2", role: .secretsOfficer),
            ]
        )
    ]
}
