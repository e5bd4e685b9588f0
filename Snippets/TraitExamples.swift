// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples that need traits, compiled: certificates (Cryptography) and the emulator on sockets (Tools, which switches it on).

#if Tools
import AzureIdentity
import AzureIdentityTesting

// snippet.CERTIFICATE
let certificate = try ClientCertificate(contentsOf: "/run/secrets/client.pem")
let credential = ClientCertificateCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    certificate: certificate
)
let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
// snippet.end

// snippet.PASSWORD
let protected = try ClientCertificate(
    contentsOf: "/run/secrets/client.pfx",
    password: Secret(EnvironmentVariables.process["CLIENT_PFX_PASSWORD"] ?? "")
)
// snippet.end

// snippet.CHAIN
let bySubjectName = ClientCertificateCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    certificate: protected,
    sendsCertificateChain: true
)
// snippet.end

let vault = Vault()

// snippet.SIGNER
let kept = try ClientCertificate(certificates: [try await vault.certificate(named: "client")]) { input, algorithm in
    try await vault.sign(input, algorithm: algorithm.rawValue, key: "client")
}
// snippet.end

// snippet.ADFS
let onPremises = ClientCertificateCredential(
    tenantID: "adfs",
    clientID: "22222222-2222-4222-8222-222222222222",
    certificate: certificate,
    options: CredentialOptions(authorityHost: try AuthorityHost("adfs.contoso.example"))
)
// snippet.end

// snippet.EMULATOR
let emulator = EntraEmulator()
let made = try EmulatorClientCertificate.make(subject: "Backup job")
emulator.update { configuration in
    configuration.tenants[0].applications[0].certificates = [.init(der: made.der)]
    configuration.assertionRules = .strict
}
let underTest = ClientCertificateCredential(
    tenantID: EmulatorConfiguration.Sample.tenantID,
    clientID: EmulatorConfiguration.Sample.clientID,
    certificate: try ClientCertificate(Array(made.pem.utf8)),
    options: emulator.credentialOptions()
)
_ = try await underTest.token(forScopes: "https://vault.azure.net/.default")
// snippet.end

// snippet.PROXY
try await withEmulatorProxy { proxy in
    let network = NetworkOptions(proxy: try ProxyServer(proxy.url))
    let credential = EnvironmentCredential(options: CredentialOptions(network: network))
    _ = try? await credential.token(forScopes: "https://vault.azure.net/.default")
    print(proxy.targets)  // ["login.microsoftonline.com:443"]
}
// snippet.end

/// Stands for a vault or a hardware module that keeps a key.
struct Vault {
    /// A certificate in DER.
    func certificate(named name: String) async throws -> [UInt8] { [] }

    /// A signature by a key.
    func sign(_ input: [UInt8], algorithm: String, key: String) async throws -> [UInt8] { [] }
}
#endif
