// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `azid demo` shows, on an emulator that is already running. Sees none of the machine's variables.
struct DemoStage {
    private static let scope = "https://vault.azure.net/.default"
    private static let issuer = "https://issuer.demo.example"
    private static let subject = "demo"

    let authorityHost: AuthorityHost
    let caFile: String
    let certificate: EmulatorClientCertificate
    let logging: LoggingOptions
    let hosts: [DemoHost]

    private var environment: EnvironmentVariables {
        [
            "AZURE_AUTHORITY_HOST": self.authorityHost.description, "SSL_CERT_FILE": self.caFile,
            "AZURE_TENANT_ID": EmulatorConfiguration.Sample.tenantID, "AZURE_CLIENT_ID": EmulatorConfiguration.Sample.clientID,
            "AZURE_CLIENT_SECRET": EmulatorConfiguration.Sample.clientSecret,
        ]
    }

    /// Options with a cache of their own, so that each part of the demo begins with an empty one.
    private var options: CredentialOptions {
        CredentialOptions(logging: self.logging, tokenCache: .inMemory, environment: self.environment)
    }

    private func secretCredential(_ secret: Secret) -> ClientSecretCredential {
        ClientSecretCredential(
            tenantID: EmulatorConfiguration.Sample.tenantID,
            clientID: EmulatorConfiguration.Sample.clientID,
            clientSecret: secret,
            options: self.options
        )
    }

    /// The credential of whoever reads the emulator's key vault.
    var vaultCredential: ClientSecretCredential { self.secretCredential(Secret(EmulatorConfiguration.Sample.clientSecret)) }

    /// Has the emulator's application trust a certificate, and an issuer that signs with the same key.
    static func register(_ certificate: EmulatorClientCertificate, with emulator: EntraEmulator) throws {
        let key = try certificate.publicKey()
        emulator.update { configuration in
            configuration.tenants[0].applications[0].certificates = [.init(der: certificate.der)]
            configuration.tenants[0].applications[0].federatedCredentials.append(
                .init(issuer: Self.issuer, subject: Self.subject, publicKeys: [key])
            )
        }
    }

    private func certificateCredential() throws -> ClientCertificateCredential {
        ClientCertificateCredential(
            tenantID: EmulatorConfiguration.Sample.tenantID,
            clientID: EmulatorConfiguration.Sample.clientID,
            certificate: try ClientCertificate(Array(self.certificate.pem.utf8)),
            options: self.options
        )
    }

    private func assertionCredential() -> ClientAssertionCredential {
        ClientAssertionCredential(
            tenantID: EmulatorConfiguration.Sample.tenantID,
            clientID: EmulatorConfiguration.Sample.clientID,
            options: self.options
        ) { [certificate] context in
            try certificate.assertion(issuer: Self.issuer, subject: Self.subject, date: context.date)
        }
    }

    /// A token through each credential, and the time of a second call.
    func showTokens() async throws -> Bool {
        let own: [(String, any TokenCredential)] = [
            ("ClientSecretCredential", self.secretCredential(Secret(EmulatorConfiguration.Sample.clientSecret))),
            ("ClientCertificateCredential", try self.certificateCredential()),
            ("ClientAssertionCredential", self.assertionCredential()),
            ("EnvironmentCredential", EnvironmentCredential(options: self.options)),
        ]
        let credentials = own + self.hosts.map { ($0.title, $0.credential(self.options)) }
        var table = TextTable(["credential", "first call", "source", "second call", "source", "expires in"])
        var isComplete = true
        for (name, credential) in credentials {
            do {
                let (first, firstTime) = try await Self.timed { try await credential.token(forScopes: Self.scope) }
                let (second, secondTime) = try await Self.timed { try await credential.token(forScopes: Self.scope) }
                let lifetime = Int((first.expiresOn.timeIntervalSince1970 - Self.now()).rounded())
                table.append([
                    name, TextTable.time(firstTime), first.source.description, TextTable.time(secondTime),
                    second.source.description,
                    "\(lifetime) s",
                ])
            } catch let error {
                isComplete = false
                table.append([name, (error as? AuthenticationError)?.summary ?? "\(type(of: error))", "", "", "", ""])
            }
        }
        try Console.printResult(table.rendered())
        return isComplete
    }

    /// A refusal, with its remedy.
    func showRefusal() async throws -> Bool {
        try Console.printResult("A wrong secret is refused after one request, and the error says what to do:\n")
        do {
            _ = try await self.secretCredential("not-the-secret").token(forScopes: Self.scope)
            return false
        } catch let error as AuthenticationError {
            try Console.printResult(error.description + "\n")
            return error.remedy?.guide == "G09"
        }
    }

    /// A thousand callers, one request.
    func showSharing(_ emulator: EntraEmulator) async throws -> Bool {
        let credential = self.secretCredential(Secret(EmulatorConfiguration.Sample.clientSecret))
        let before = emulator.tokenRequestCount
        let tokens = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<1000 {
                group.addTask { try? await credential.token(forScopes: Self.scope).token }
            }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        let requests = emulator.tokenRequestCount - before
        try Console.printResult("1,000 callers at once on an empty cache: \(requests) request, \(tokens.count) token.")
        return requests == 1 && tokens.count == 1 && !tokens.contains(nil)
    }

    private static func timed<Value>(_ operation: () async throws -> Value) async throws -> (Value, Duration) {
        let clock = SystemClock()
        let start = clock.now
        let value = try await operation()
        return (value, clock.now - start)
    }

    private static func now() -> Double { SystemClock().date.timeIntervalSince1970 }
}
#endif
