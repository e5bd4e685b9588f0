// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import AzureKeyVaultSecrets

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DemoStage {
    /// A secret of the emulator's key vault, before and after the token was revoked.
    func showVault(_ emulator: EntraEmulator, url: String) async throws -> Bool {
        typealias Sample = EmulatorConfiguration.Sample
        guard let vaultURL = URL(string: url) else { return false }
        let client = SecretClient(
            vaultURL: vaultURL,
            credential: self.vaultCredential,
            options: SecretClientOptions(
                verifiesChallengeResource: false,
                transport: AsyncHTTPClientTransport(network: NetworkOptions(), environment: ["SSL_CERT_FILE": self.caFile]),
                logging: self.logging
            )
        )
        let before = emulator.tokenRequestCount
        let first = try await client.getSecret(Sample.vaultSecretName)
        emulator.revokeTokens(ofApplication: Sample.clientID)
        let second = try await client.getSecret(Sample.vaultSecretName)
        let tokens = emulator.tokenRequestCount - before
        try Console.printResult(
            """
            A secret of the emulator's key vault, read twice, the second time after its token was revoked: \(tokens) tokens, and no error.

            """
        )
        return [first, second].allSatisfy { $0.value.revealed == Sample.vaultSecretValue } && tokens == 2
    }
}
#endif
