// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import AzureKeyVaultSecrets
import Foundation
import Testing

extension RealPart {
    /// Microsoft's client of key vaults for Python, beside azure-identity.
    static let pythonKeyVault = RealPart(
        name: "azure-keyvault-secrets for Python",
        isPresent: {
            let library = URL(filePath: RealPart.pythonPath).deletingLastPathComponent().deletingLastPathComponent().appending(
                path: "lib")
            let versions = (try? FileManager.default.contentsOfDirectory(atPath: library.path())) ?? []
            return versions.contains { version in
                let place = library.appending(path: "\(version)/site-packages/azure/keyvault/secrets")
                return FileManager.default.fileExists(atPath: place.path())
            }
        }()
    )
}

extension Stage {
    /// A client of the stage's vault, over TLS.
    func vaultClient(
        _ credential: (any TokenCredential)? = nil,
        change: (inout SecretClientOptions) -> Void = { _ in }
    ) throws -> SecretClient {
        var options = SecretClientOptions(
            verifiesChallengeResource: false,
            transport: AsyncHTTPClientTransport(network: NetworkOptions(), environment: ["SSL_CERT_FILE": self.caFile]),
            retry: RetryOptions(baseDelay: .milliseconds(1))
        )
        change(&options)
        let url = try #require(URL(string: self.server.url))
        return SecretClient(vaultURL: url, credential: credential ?? self.credential(), options: options)
    }
}
#endif
