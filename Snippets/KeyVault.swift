// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of the client of a key vault, compiled. The first one runs against the emulator:
// azid emulator --port 0 -- swift run KeyVault

import AzureIdentity
import AzureKeyVaultSecrets

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// snippet.ADDRESS
let address = ProcessInfo.processInfo.environment["VAULT_URL"] ?? "https://contoso-vault.vault.azure.net"
guard let vaultURL = URL(string: address) else { throw SecretClientError(.invalidArgument, message: "VAULT_URL is no address.") }
var options = SecretClientOptions()
options.verifiesChallengeResource = !address.hasPrefix("https://localhost:")  // the emulator's vault
// snippet.end

// snippet.GET
let client = SecretClient(vaultURL: vaultURL, credential: DefaultAzureCredential(), options: options)
do {
    let secret = try await client.getSecret("secret1")
    print("\(secret.name), version \(secret.properties.version ?? "unknown"): \(secret.value)")
} catch let error as AuthenticationError {
    print(error.message)
} catch let error as HTTPResponseError {
    print(error)
}
// snippet.end

// snippet.WRITE
let stored = try await client.setSecret("database-password", to: Secret(newPassword()), tags: ["team": "billing"])
for try await properties in client.listSecretVersions("database-password") where properties.version != stored.properties.version {
    try await client.updateSecret(properties.name, version: properties.version, isEnabled: false)
}
// snippet.end

// snippet.LIST
for try await secret in client.listSecrets() where secret.isEnabled {
    print(secret.name, secret.expiresOn.map { "expires on \($0)" } ?? "never expires")
}
// snippet.end

// snippet.DELETE
let deleted = try await client.deleteSecret("database-password")
print("Can be recovered until \(deleted.scheduledPurgeOn.map { "\($0)" } ?? "nobody knows when")")
// snippet.end

/// Stands for whatever makes passwords.
func newPassword() -> String { UUID().uuidString }
