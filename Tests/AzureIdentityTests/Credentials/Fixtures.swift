// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

typealias Sample = EmulatorConfiguration.Sample

/// The scope of all tests.
let vaultScope = "https://vault.azure.net/.default"

/// The credentials of this version on an emulator, for checks that run on each of them.
enum Subject: String, CaseIterable, Sendable, CustomStringConvertible {
    case clientSecret = "ClientSecretCredential"
    case environment = "EnvironmentCredential"
    case caching = "CachingTokenCredential"
    case clientCertificate = "ClientCertificateCredential"
    case clientAssertion = "ClientAssertionCredential"
    case managedIdentity = "ManagedIdentityCredential"
    case workloadIdentity = "WorkloadIdentityCredential"
    case azurePipelines = "AzurePipelinesCredential"
    case gitHubActions = "GitHubActionsCredential"
    case azureCLI = "AzureCLICredential"
    case azureDeveloperCLI = "AzureDeveloperCLICredential"
    case azurePowerShell = "AzurePowerShellCredential"
    case onBehalfOf = "OnBehalfOfCredential"
    case usernamePassword = "UsernamePasswordCredential"
    case authorizationCode = "AuthorizationCodeCredential"

    /// Those whose proof is signed need the trait `Cryptography`, as does an emulator that checks it.
    static let allCases: [Subject] = [.clientSecret, .environment, .caching] + Self.signed + Self.hosted + Self.tools

    var description: String { self.rawValue }

    /// The credential, with a secret and options that talk to an emulator; those of people have to be told which.
    func make(
        secret: String = Sample.clientSecret,
        tenantID: String = Sample.tenantID,
        options: CredentialOptions,
        emulator: EntraEmulator? = nil
    ) -> any TokenCredential {
        switch self {
        case .clientSecret:
            return ClientSecretCredential(
                tenantID: tenantID,
                clientID: Sample.clientID,
                clientSecret: Secret(secret),
                options: options
            )
        case .environment:
            var options = options
            options.environment = EnvironmentVariables(
                options.environment.dictionary.merging(
                    ["AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": secret]
                ) { $1 }
            )
            return EnvironmentCredential(options: options)
        case .caching:
            var inner = options
            inner.tokenCache = .inMemory
            let credential = ClientSecretCredential(
                tenantID: tenantID,
                clientID: Sample.clientID,
                clientSecret: Secret(secret),
                options: inner
            )
            return CachingTokenCredential(
                name: "CachingTokenCredential",
                key: "k",
                cache: options.tokenCache,
                host: options.testHost
            ) { context in
                credential.removeCachedTokens()
                return try await credential.token(for: context)
            }
        case .clientCertificate, .clientAssertion: return self.makeSigned(tenantID: tenantID, options: options)
        case .managedIdentity, .workloadIdentity, .azurePipelines, .gitHubActions:
            return self.makeHosted(secret: secret, tenantID: tenantID, options: options)
        case .azureCLI, .azureDeveloperCLI, .azurePowerShell:
            return self.makeTool(secret: secret, tenantID: tenantID, options: options)
        case .onBehalfOf, .usernamePassword, .authorizationCode:
            return self.makePerson(secret: secret, tenantID: tenantID, options: options, emulator: emulator)
        }
    }

    /// Has an emulator's configuration know a secret, whichever the credential's is.
    static func register(secret: String, in configuration: inout EmulatorConfiguration) {
        for index in configuration.tenants.indices where !configuration.tenants[index].applications.isEmpty {
            configuration.tenants[index].applications[0].secrets = [.init(value: secret)]
            configuration.tenants[index].applications[0].certificates = Self.registrations
            for user in configuration.tenants[index].users.indices { configuration.tenants[index].users[user].password = secret }
        }
        configuration.hosts.identityHeader = secret
        configuration.hosts.systemAccessToken = secret
        configuration.hosts.gitHubRequestToken = secret
    }

    /// Has an emulator's configuration know nobody any more.
    static func refuse(in configuration: inout EmulatorConfiguration) {
        configuration.tenants[0].applications[0].secrets = []
        configuration.tenants[0].applications[0].certificates = []
        configuration.tenants[0].applications[0].federatedCredentials = []
        configuration.managedIdentities = []
        for index in configuration.tenants[0].users.indices { configuration.tenants[0].users[index].password = "another" }
    }

    /// An emulator that knows the secret, and the certificate of those that sign.
    static func emulator(secret: String = Sample.clientSecret, clock: VirtualClock = .inTheFixturesTime) -> EntraEmulator {
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        emulator.update {
            $0.assertionRules = .strict
            Self.register(secret: secret, in: &$0)
        }
        return emulator
    }

    /// A fixture for the engine's checks, on an emulator and a clock of its own.
    func fixture(secret: String = Sample.clientSecret) -> EngineFixture {
        let clock = VirtualClock.inTheFixturesTime
        let emulator = Self.emulator(secret: secret, clock: clock)
        let gate = GatedTransport(emulator.transport)
        let transport = IssuerBypass(gate, to: emulator.transport)
        let isTool = Self.tools.contains(self)
        let runner = EmulatedToolRunner(transport: gate, secret: secret, clock: clock)
        var fixture = EngineFixture(
            clock: clock,
            gate: gate,
            scope: vaultScope,
            secret: self.isSigned ? Self.keyExcerpt : secret,
            requestsPerFailure: isTool || self == .usernamePassword ? 1 : 4,
            // A code is good for one cache, with CAE or without.
            supportsClaims: ![.azureCLI, .azurePowerShell, .authorizationCode].contains(self),
            make: { cache in
                let options = emulator.credentialOptions(
                    transport: transport,
                    tokenCache: cache,
                    retry: RetryOptions(baseDelay: .zero)
                )
                return self.make(secret: secret, options: isTool ? options.running(runner) : options, emulator: emulator)
            },
            fail: { requests, status, retryAfter in
                emulator.play(FaultScript(steps: [.init(.status(status, retryAfter: retryAfter), requests: requests)]))
            },
            refuse: {
                emulator.update { Self.refuse(in: &$0) }
            },
            setLifetime: { seconds, refreshIn in
                emulator.update {
                    $0.tokenLifetime = seconds
                    $0.refreshIn = refreshIn
                }
            }
        )
        fixture.sharesAcrossInstances = ![.clientAssertion, .usernamePassword, .authorizationCode].contains(self)
        fixture.requestsPerFailedRenewal = isTool ? 1 : 4
        fixture.limitsPerRequest = self == .usernamePassword || self == .authorizationCode ? 2 : 1
        fixture.knowsRefreshIn = self != .managedIdentity && !isTool
        fixture.knowsRetryAfter = !isTool
        return fixture
    }

    /// Whether it proves who it is by a signature.
    var isSigned: Bool { self == .clientCertificate || self == .clientAssertion }
}

extension VirtualClock {
    /// A clock that shows a time at which the certificates of the fixtures are valid: the beginning of 2030.
    static var inTheFixturesTime: VirtualClock { VirtualClock(date: Date(timeIntervalSince1970: 1_893_456_000)) }
}

extension CredentialOptions {
    /// The machine as these options see it.
    var testHost: Host {
        let host = Host(environment: self.environment, transport: self.transport)
        return self.hostOverride?(host) ?? host
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
