// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Logging

typealias Sample = EmulatorConfiguration.Sample

/// The scope of all tests.
let vaultScope = "https://vault.azure.net/.default"

/// An emulator on a TLS socket, with its authority's certificate in a file.
struct Stage: Sendable {
    let emulator: EntraEmulator
    let server: EmulatorServer
    let caFile: String

    /// Runs a test on a stage of its own.
    static func with<Result>(
        _ configuration: EmulatorConfiguration = .sample,
        _ body: (Stage) async throws -> Result
    ) async throws -> Result {
        let emulator = EntraEmulator(configuration: configuration)
        return try await withEmulatorServer(emulator) { server in
            let file = FileManager.default.temporaryDirectory.appending(path: "ca-\(UUID().uuidString).pem")
            try Data(server.certificateAuthorityPEM.utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            return try await body(Stage(emulator: emulator, server: server, caFile: file.path()))
        }
    }

    /// The variables of a process that talks to this stage and to nothing else.
    var environment: [String: String] {
        [
            "AZURE_AUTHORITY_HOST": self.server.url, "SSL_CERT_FILE": self.caFile, "HOME": "/nonexistent", "PATH": "/nonexistent",
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": Sample.clientSecret,
        ]
    }

    /// A credential on this stage.
    func credential(
        secret: String = Sample.clientSecret,
        change: (inout CredentialOptions) -> Void = { _ in }
    ) -> ClientSecretCredential {
        var options = CredentialOptions(
            retry: .none,
            logging: LoggingOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }),
            tokenCache: .inMemory,
            environment: EnvironmentVariables(self.environment)
        )
        // Scripts of faults and counts of requests are about token requests here.
        options.isInstanceDiscoveryEnabled = false
        change(&options)
        return ClientSecretCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            clientSecret: Secret(secret),
            options: options
        )
    }
}

/// The error of an operation that must fail with an `AuthenticationError`.
func authenticationError(_ operation: () async throws -> some Any) async throws -> AuthenticationError {
    do {
        _ = try await operation()
    } catch let error as AuthenticationError {
        return error
    }
    throw UnexpectedSuccess()
}

/// Something succeeded that must not.
struct UnexpectedSuccess: Error {}
#endif
