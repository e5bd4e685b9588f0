// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import CoreMetrics
import Hummingbird
import Logging
import SecretServer
import ServiceLifecycle

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A service that reads secrets with `DefaultAzureCredential`: `SecretService`.
///
/// Reads `VAULT_URL`, such as `https://contoso.vault.azure.net`; `VAULT_IN_AZURE=0` for vaults with names of their own, such as the emulator's;
/// `VAULT_TENANT_ID`, if the vault's tenant isn't the credential's own or the credential may not know its own, such as the Azure CLI's; `PORT`,
/// else 8080; and what `DefaultAzureCredential` reads.
@main
struct SecretService {
    static func main() async throws {
        let variables = EnvironmentVariables.process
        guard let vaultURL = variables["VAULT_URL"].flatMap({ URL(string: $0) }) else {
            print("SecretService: VAULT_URL must be the address of a key vault, such as https://contoso.vault.azure.net")
            exit(64)
        }
        let metrics = TextMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: "secret-service")
        let settings = SecretServer.Settings(
            vaultURL: vaultURL,
            isAzureVault: variables["VAULT_IN_AZURE"] != "0",
            vaultTenantID: variables["VAULT_TENANT_ID"],
            port: variables["PORT"].flatMap(Int.init) ?? 8080,
            credentialOptions: CredentialOptions(logging: LoggingOptions(logger: logger))
        )
        let server = SecretServer(settings, metrics: metrics, logger: logger)
        try await server.application().runService()
    }
}
