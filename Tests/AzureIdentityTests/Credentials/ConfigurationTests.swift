// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

/// Empty, huge, binary and hostile configuration: an error of the right code, and no request.
@Suite struct ConfigurationTests {
    private static let hostile = [
        "", " ", "\u{0}", "a b", "a\nb", "../..", "ü", "%00", "\u{1B}[31m", String(repeating: "a", count: 100_000),
    ]

    private func expectInvalid(_ make: (CredentialOptions) -> ClientSecretCredential) async throws {
        let emulator = EntraEmulator()
        let credential = make(emulator.credentialOptions())
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && error.credential == "ClientSecretCredential" && error.summary.count <= 400)
        #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 })
        #expect(throws: AuthenticationError.self) { try credential.validate() }
        #expect(emulator.requestCount == 0)
    }

    @Test(arguments: hostile)
    func badTenants(value: String) async throws {
        try await self.expectInvalid {
            ClientSecretCredential(tenantID: value, clientID: Sample.clientID, clientSecret: "s", options: $0)
        }
    }

    @Test(arguments: hostile.filter { $0 != "../.." && $0 != "%00" })
    func badClients(value: String) async throws {
        try await self.expectInvalid {
            ClientSecretCredential(tenantID: Sample.tenantID, clientID: value, clientSecret: "s", options: $0)
        }
    }

    @Test(arguments: ["", "secret\n", "\u{0}", String(repeating: "s", count: 5000)])
    func badSecrets(value: String) async throws {
        try await self.expectInvalid {
            ClientSecretCredential(tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: Secret(value), options: $0)
        }
    }

    @Test(arguments: ["http://login.example", "not a host", "https://u:p@h", String(repeating: "h", count: 10_000), "\u{1B}"])
    func badAuthorityHosts(value: String) async throws {
        try await self.expectInvalid { options in
            var options = options
            options.environment = ["AZURE_AUTHORITY_HOST": value]
            return ClientSecretCredential(
                tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: "s", options: options)
        }
    }

    @Test func variablesThatAreEmptyOrFalseMeanNothing() async throws {
        let emulator = EntraEmulator()
        let environment: EnvironmentVariables = [
            "AZURE_AUTHORITY_HOST": "", "AZURE_IDENTITY_DISABLE_MULTITENANTAUTH": "false",
            "AZURE_ADDITIONALLY_ALLOWED_TENANTS": " ; ;",
        ]
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions(environment: environment))
        let error = try await authenticationError {
            try await credential.token(for: .init(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        }
        #expect(error.remedy?.guide == "G48")
    }

    private static let variableTable: [(environment: EnvironmentVariables, expected: String)] = [
        (["AZURE_IDENTITY_DISABLE_MULTITENANTAUTH": "1"], Sample.tenantID),
        (["AZURE_ADDITIONALLY_ALLOWED_TENANTS": "*"], Sample.otherTenantID),
        (["AZURE_ADDITIONALLY_ALLOWED_TENANTS": "x.example; \(Sample.otherTenantID.uppercased()) "], Sample.otherTenantID),
    ]

    @Test(arguments: variableTable)
    func variablesDecideAboutTenants(environment: EnvironmentVariables, expected: String) async throws {
        for subject in [Subject.clientSecret, .environment] {
            let emulator = EntraEmulator()
            let credential = subject.make(options: emulator.credentialOptions(environment: environment))
            let token = try await credential.token(for: .init(scopes: [vaultScope], tenantID: Sample.otherTenantID))
            #expect(token.provenance?.tenantID == expected)
        }
    }

    @Test(arguments: [("*", "another tenant than the credential's"), ("", "is ignored")])
    func aRequestForAnotherTenantIsLoggedAtInfo(allowed: String, expected: String) async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .info
        let emulator = EntraEmulator()
        let options = emulator.credentialOptions(
            environment: [
                "AZURE_ADDITIONALLY_ALLOWED_TENANTS": allowed,
                "AZURE_IDENTITY_DISABLE_MULTITENANTAUTH": allowed.isEmpty ? "1" : "0",
            ],
            logging: LoggingOptions(logger: logger)
        )
        let credential = Subject.clientSecret.make(options: options)
        _ = try await credential.token(for: .init(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        _ = try await credential.token(for: .init(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        #expect(handler.entries.filter { "\($0.message)".contains(expected) }.count == 1)
    }

    @Test func explicitTenantsOverrideTheVariable() async throws {
        let emulator = EntraEmulator()
        var options = emulator.credentialOptions(environment: ["AZURE_ADDITIONALLY_ALLOWED_TENANTS": "*"])
        options.additionallyAllowedTenants = []
        let credential = Subject.clientSecret.make(options: options)
        let error = try await authenticationError {
            try await credential.token(for: .init(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        }
        #expect(error.remedy?.guide == "G48" && emulator.requestCount == 0)
    }

    @Test func nothingHappensBeforeTheFirstCall() {
        let emulator = EntraEmulator()
        for subject in Subject.allCases { _ = subject.make(options: emulator.credentialOptions()) }
        #expect(emulator.requestCount == 0)
    }

    @Test func theApplicationIDIsSent() async throws {
        let emulator = EntraEmulator()
        var options = emulator.credentialOptions(environment: ["AZURE_HTTP_USER_AGENT": "fleet/7"])
        options.applicationID = "my-app"
        _ = try await Subject.clientSecret.make(options: options).token(forScopes: vaultScope)
        let agent = emulator.requests.first?.headers["user-agent"]
        #expect(agent?.hasPrefix("my-app azsdk-swift-identity/") == true && agent?.hasSuffix("fleet/7") == true)
    }
}
