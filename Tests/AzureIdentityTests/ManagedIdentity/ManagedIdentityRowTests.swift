// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension EntraEmulator {
    /// Options with which a credential believes to be on an emulated host.
    ///
    /// - Parameters:
    ///   - host: The host; `nil` for a machine about which no variable says anything.
    ///   - facts: What the machine's files tell.
    ///   - retry: The retries; without waits by default.
    ///   - change: Changes the variables.
    func options(
        on host: EmulatedHost?,
        facts: HostFacts = HostFacts(),
        retry: RetryOptions = RetryOptions(baseDelay: .zero),
        transport: (any HTTPTransport)? = nil,
        tokenCache: TokenCache = .inMemory,
        change: (inout [String: String]) -> Void = { _ in }
    ) -> CredentialOptions {
        var variables = host.map { self.environment(for: $0).dictionary } ?? [:]
        change(&variables)
        var options = self.credentialOptions(
            transport: transport,
            tokenCache: tokenCache,
            retry: retry,
            environment: EnvironmentVariables(variables)
        )
        let clock = self.clock
        let directory = self.configuration.hosts.arcKeyDirectory
        options.hostOverride = { host in
            var host = host
            host.clock = clock
            host.facts = { facts }
            host.arcKeyDirectory = directory
            return host
        }
        return options
    }
}

/// A directory for key files that is removed in the end.
func withKeyDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/keys-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// The rows of the troubleshooting guide on managed identities, each in its situation, against the emulator.
@Suite struct ManagedIdentityRowTests {
    private func token(
        _ host: EmulatedHost,
        identity: ManagedIdentityID = .systemAssigned,
        emulator: EntraEmulator = EntraEmulator()
    ) async throws -> (token: AccessToken, requests: [RecordedRequest]) {
        let credential = ManagedIdentityCredential(identity: identity, options: emulator.options(on: host))
        return (try await credential.token(forScopes: vaultScope), emulator.requests)
    }

    private func error(
        _ host: EmulatedHost?,
        identity: ManagedIdentityID = .systemAssigned,
        script: FaultScript = FaultScript(steps: []),
        retry: RetryOptions = RetryOptions(baseDelay: .zero),
        change: @Sendable (inout EmulatorConfiguration) -> Void = { _ in },
        variables: (inout [String: String]) -> Void = { _ in }
    ) async throws -> (error: AuthenticationError, requests: Int) {
        let emulator = EntraEmulator()
        emulator.update(change)
        emulator.play(script)
        let credential = ManagedIdentityCredential(
            identity: identity, options: emulator.options(on: host, retry: retry, change: variables))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.credential == "ManagedIdentityCredential")
        return (error, emulator.requestCount)
    }

    @Test(arguments: [EmulatedHost.appService, .appService2017])
    func G18_appService(host: EmulatedHost) async throws {
        let (token, requests) = try await self.token(host)
        #expect(requests.count == 1 && token.source == .network && token.provenance?.credential == "ManagedIdentityCredential")
        #expect(requests.first?.query["resource"] == "https://vault.azure.net")
    }

    @Test func G19_azureArc() async throws {
        try await withKeyDirectory { directory in
            let emulator = EntraEmulator()
            emulator.update { $0.hosts.arcKeyDirectory = directory }
            let (_, requests) = try await self.token(.azureArc, emulator: emulator)
            #expect(requests.count == 2)
            #expect(requests.first?.headers["Authorization"] == nil && requests.last?.headers["Authorization"] != nil)
        }
    }

    @Test func G20_podIdentity() async throws {
        let (_, requests) = try await self.token(.podIdentity)
        #expect(requests.count == 1)
    }

    @Test func G20_workloadIdentityServesTheManagedIdentity() async throws {
        let emulator = EntraEmulator()
        let folder = try TestFolder()
        let path = try folder.write(try emulator.serviceAccountToken(), "token")
        func credential(_ identity: ManagedIdentityID, clientID: String?) -> ManagedIdentityCredential {
            let options = emulator.options(on: .workloadIdentity) {
                $0["AZURE_FEDERATED_TOKEN_FILE"] = path
                $0["AZURE_CLIENT_ID"] = clientID
            }
            return ManagedIdentityCredential(identity: identity, options: options)
        }
        for (identity, clientID) in [
            (ManagedIdentityID.systemAssigned, Sample.clientID), (.userAssigned(clientID: Sample.clientID), nil),
            (.userAssigned(clientID: Sample.clientID), "another"),
        ] {
            let token = try await credential(identity, clientID: clientID).token(forScopes: vaultScope)
            #expect(token.provenance?.credential == "ManagedIdentityCredential" && token.provenance?.clientID == Sample.clientID)
        }
        #expect(emulator.requests.allSatisfy { $0.path.hasSuffix("/oauth2/v2.0/token") })
        for (identity, clientID) in [
            (ManagedIdentityID.systemAssigned, nil), (.userAssigned(objectID: "o"), Sample.clientID),
            (.userAssigned(resourceID: "/r"), Sample.clientID),
        ] as [(ManagedIdentityID, String?)] {
            let error = try await authenticationError {
                try await credential(identity, clientID: clientID).token(forScopes: vaultScope)
            }
            #expect(error.code == .invalidConfiguration && error.message.lowercased().contains("client id"))
        }
    }

    @Test func G21_serviceFabric() async throws {
        let (_, requests) = try await self.token(.serviceFabric)
        #expect(requests.count == 1 && requests.first?.headers["Secret"] == Sample.identityHeader)
    }

    @Test func G21_theThumbprintIsAnothers() async throws {
        let (error, requests) = try await self.error(
            .serviceFabric,
            variables: { $0["IDENTITY_SERVER_THUMBPRINT"] = String(repeating: "ab", count: 20) })
        #expect(error.code == .authenticationFailed && requests == 0)
    }

    @Test(arguments: [
        (EmulatedHost.serviceFabric, "https://aka.ms/servicefabricmi"), (.cloudShell, "user who is signed in"),
    ])
    func userAssignedIdentitiesThatTheHostDoesNotServe(host: EmulatedHost, reason: String) async throws {
        for identity in [
            ManagedIdentityID.userAssigned(clientID: "c"), .userAssigned(objectID: "o"), .userAssigned(resourceID: "/r"),
        ] {
            let (error, requests) = try await self.error(host, identity: identity)
            #expect(error.code == .invalidConfiguration && requests == 0 && error.message.contains(reason))
        }
    }

    @Test(arguments: [EmulatedHost.appService2017, .azureMachineLearning])
    func identitiesByClientIDAlone(host: EmulatedHost) async throws {
        for identity in [ManagedIdentityID.userAssigned(objectID: "o"), .userAssigned(resourceID: "/r")] {
            let (error, requests) = try await self.error(host, identity: identity)
            #expect(error.code == .invalidConfiguration && requests == 0 && error.message.contains("by client ID only"))
        }
        let (token, _) = try await self.token(host, identity: .userAssigned(clientID: Sample.userAssignedClientID))
        #expect(token.provenance?.clientID == Sample.userAssignedClientID)
    }

    @Test func G22_virtualMachine() async throws {
        let (_, requests) = try await self.token(.virtualMachine)
        #expect(requests.count == 1 && requests.first?.headers["Metadata"] == "true")
        let emulator = EntraEmulator()
        let credential = ManagedIdentityCredential(options: emulator.options(on: nil))
        _ = try await credential.token(forScopes: vaultScope)
        #expect(emulator.requests.first?.host == "169.254.169.254")
    }

    @Test(arguments: [EmulatedHost.virtualMachine, .podIdentity, .appService, .azureArc])
    func userAssignedByAnyID(host: EmulatedHost) async throws {
        try await withKeyDirectory { directory in
            for identity in [
                ManagedIdentityID.userAssigned(clientID: Sample.userAssignedClientID.uppercased()),
                .userAssigned(objectID: Sample.userAssignedObjectID), .userAssigned(resourceID: Sample.userAssignedResourceID),
            ] {
                let emulator = EntraEmulator()
                emulator.update { $0.hosts.arcKeyDirectory = directory }
                let (token, _) = try await self.token(host, identity: identity, emulator: emulator)
                let claims = try #require(Self.claims(token.token))
                #expect(claims.contains(Sample.userAssignedObjectID))
            }
        }
    }

    /// The payload of a token, as text.
    static func claims(_ token: String) -> String? {
        let parts = token.split(separator: ".")
        guard parts.count >= 2 else { return nil }
        return Base64URL.decode(String(parts[1])).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [ManagedIdentityID.systemAssigned, .userAssigned(clientID: "c0000000-0000-4000-8000-0000000000ff")])
    func G23_identityNotAssigned(identity: ManagedIdentityID) async throws {
        let (error, requests) = try await self.error(.virtualMachine, identity: identity, change: { $0.managedIdentities = [] })
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G23" && requests == 1)
        #expect(error.message.contains("The requested identity hasn't been assigned to this resource."))
        #expect(error.message.contains("\(identity)") && error.message.contains("Identity not found"))
        #expect(!error.isRetryable)
    }

    /// The same mistake is the same error on every host, in whichever words the host says so.
    @Test(arguments: [EmulatedHost.appService, .appService2017, .azureMachineLearning, .azureArc, .podIdentity])
    func G23_identityNotAssignedElsewhere(host: EmulatedHost) async throws {
        try await withKeyDirectory { directory in
            let (error, _) = try await self.error(
                host, identity: .userAssigned(clientID: "c0000000-0000-4000-8000-0000000000ff"),
                change: { $0.hosts.arcKeyDirectory = directory })
            #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G23" && !error.isRetryable, "\(error)")
            #expect(error.message.contains("The requested identity hasn't been assigned to this resource."))
        }
    }

    @Test func aLonelyHeaderIsNoticed() async throws {
        let (error, requests) = try await self.error(nil, variables: { $0["IDENTITY_HEADER"] = "h" })
        #expect(error.remedy?.guide == "G28" && requests == 0 && error.message.contains("IDENTITY_ENDPOINT is not"))
    }

    @Test(arguments: [502, 504])
    func G24_gateway(status: Int) async throws {
        let script = FaultScript(.status(status, body: "<html>"))
        let (error, requests) = try await self.error(.virtualMachine, script: script)
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G24" && requests == 4)
        #expect(error.message.contains("The request failed due to a gateway error."))
        // The emulator's address, since that was asked.
        #expect(error.remedy?.variables == ["AZURE_POD_IDENTITY_AUTHORITY_HOST"], "\(error)")
    }

    @Test func G25_nothingAnswers() async throws {
        let (error, _) = try await self.error(nil, change: { $0.hosts.isMetadataServiceThere = false })
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G25" && error.isRetryable)
        #expect(error.message.contains("No response received from the managed identity endpoint."))
    }

    @Test(arguments: [404, 410, 429, 500, 503])
    func G26_retriesUsedUp(status: Int) async throws {
        let (error, requests) = try await self.error(.virtualMachine, script: FaultScript(.status(status)))
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G26" && requests == 4 && error.isRetryable)
        #expect(error.message.contains("Multiple attempts failed to obtain a token from the managed identity endpoint."))
        #expect(error.message.contains("status \(status)"))
    }

    @Test func G27_theCommandThatAsksByHand() throws {
        let command = try #require(Guide.remedy(.g27).commands.first)
        #expect(command.first == "curl" && command.contains("Metadata: true"))
        #expect(command.last?.hasPrefix("http://169.254.169.254/metadata/identity/oauth2/token?") == true)
        #expect(Guide.remedy(.g27).text.contains("don't share it"))
    }

    @Test(arguments: ["WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID", "FUNCTIONS_WORKER_RUNTIME", "CONTAINER_APP_NAME"])
    func G28_appWithoutAnIdentity(sign: String) async throws {
        for (set, missing) in [("IDENTITY_ENDPOINT", "IDENTITY_HEADER"), ("IDENTITY_HEADER", "IDENTITY_ENDPOINT")] {
            let (error, requests) = try await self.error(
                nil,
                variables: {
                    $0[sign] = "x"
                    $0[set] = "http://127.0.0.1:8080/msi/token"
                })
            #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G28" && requests == 0)
            #expect(error.message.contains("ManagedIdentityCredential authentication unavailable."))
            #expect(error.message.contains("\(missing) is not") && error.remedy?.variables.contains(missing) == true)
        }
    }

    @Test func G29_theCommandThatAsksAppServiceByHand() throws {
        let command = try #require(Guide.remedy(.g29).commands.first?.last)
        #expect(command.contains("X-IDENTITY-HEADER") && command.contains("$IDENTITY_ENDPOINT?resource="))
        #expect(command.contains("api-version=2019-08-01") && !command.contains("169.254.169.254"))
    }

    @Test func G30_noEndpoint() async throws {
        let alone = try await self.error(nil, variables: { $0["IDENTITY_ENDPOINT"] = "http://127.0.0.1:8080/msi/token" })
        #expect(alone.error.code == .credentialUnavailable && alone.error.remedy?.guide == "G30" && alone.requests == 0)
        #expect(alone.error.message.contains("No managed identity endpoint found"))
        #expect(alone.error.remedy?.text.contains("IMDS_ENDPOINT") == true)
        let unbound = try await self.error(.podIdentity, script: FaultScript(.status(404)))
        #expect(unbound.error.code == .credentialUnavailable && unbound.error.remedy?.guide == "G30" && unbound.requests == 4)
        #expect(unbound.error.message.contains("No managed identity endpoint found") && unbound.error.isRetryable)
    }

    @Test func G30_aPodThatIsBoundInTime() async throws {
        let emulator = EntraEmulator()
        emulator.play(FaultScript(.status(404), requests: 3))
        let (_, requests) = try await self.token(.podIdentity, emulator: emulator)
        #expect(requests.count == 4)
    }
}
