// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The emulator's sample application.
enum Scene {
    static let context = TokenRequestContext(scopes: ["https://vault.azure.net/.default"])

    static func credential(options: CredentialOptions) -> ClientSecretCredential {
        ClientSecretCredential(
            tenantID: EmulatorConfiguration.Sample.tenantID,
            clientID: EmulatorConfiguration.Sample.clientID,
            clientSecret: Secret(EmulatorConfiguration.Sample.clientSecret),
            options: options
        )
    }
}

/// Copies of a server's certificate authority. The library has one HTTP client for each file, so a new file means a new client.
struct CertificateFiles: Sendable {
    private let folder: URL
    private let pem: String
    private let url: String

    init(_ server: EmulatorServer) throws {
        self.folder = FileManager.default.temporaryDirectory.appending(path: "benchmarks-\(UUID().uuidString)")
        self.pem = server.certificateAuthorityPEM
        self.url = server.url
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: false)
    }

    /// Options with an empty cache, for the server.
    ///
    /// - Parameter withNewClient: Whether the HTTP client is a new one, so that it has no connection.
    func options(withNewClient: Bool) throws -> CredentialOptions {
        CredentialOptions(
            authorityHost: try AuthorityHost(self.url),
            // Microsoft Entra ID's own hosts aren't asked either.
            isInstanceDiscoveryEnabled: false,
            tokenCache: .inMemory,
            environment: ["SSL_CERT_FILE": try self.path(forNewClient: withNewClient)]
        )
    }

    /// Options with an empty cache and a new HTTP client, for a program with these variables.
    func options(_ variables: EnvironmentVariables) throws -> CredentialOptions {
        var variables = variables.dictionary
        variables["SSL_CERT_FILE"] = try self.path(forNewClient: true)
        return CredentialOptions(tokenCache: .inMemory, environment: EnvironmentVariables(variables))
    }

    private func path(forNewClient isNew: Bool) throws -> String {
        let file = self.folder.appending(path: isNew ? "\(UUID().uuidString).pem" : "authority.pem")
        try Data(self.pem.utf8).write(to: file)
        return file.path()
    }

    func remove() { try? FileManager.default.removeItem(at: self.folder) }
}
