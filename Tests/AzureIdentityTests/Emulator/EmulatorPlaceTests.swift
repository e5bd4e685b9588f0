// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the emulator in memory is reached, what it has to prove, and its faults for one host.
@Suite struct EmulatorPlaceTests {
    typealias Sample = EmulatorConfiguration.Sample

    static let endpoints = EmulatorEndpoints.inMemory

    private static func request(_ url: String, _ proof: ServerProof? = nil, _ headers: TransportHeaders = [:]) throws
        -> TransportRequest
    {
        var request = TransportRequest(url: try #require(URL(string: url)), headers: headers)
        request.serverProof = proof
        return request
    }

    private static let pem = Array(endpoints.identityBindingCAPEM.utf8)

    private static let wrong: [(String, ServerProof?)] = [
        (endpoints.serviceFabric, nil),
        (endpoints.serviceFabric, .thumbprint(String(repeating: "0", count: 40))),
        (endpoints.serviceFabric, .named(serverName: nil, authoritiesPEM: nil)),
        (endpoints.identityBinding, nil),
        (endpoints.identityBinding, .thumbprint(endpoints.serviceFabricThumbprint)),
        (endpoints.identityBinding, .named(serverName: nil, authoritiesPEM: pem)),
        (endpoints.identityBinding, .named(serverName: "other.example", authoritiesPEM: pem)),
        (endpoints.identityBinding, .named(serverName: endpoints.identityBindingServerName, authoritiesPEM: nil)),
        (endpoints.identityBinding, .named(serverName: endpoints.identityBindingServerName, authoritiesPEM: [])),
        (endpoints.entra, .thumbprint(endpoints.serviceFabricThumbprint)),
        (endpoints.entra, .named(serverName: "other.example", authoritiesPEM: nil)),
        (endpoints.entra, .named(serverName: nil, authoritiesPEM: pem)),
        (endpoints.plain, .thumbprint(endpoints.serviceFabricThumbprint)),
    ]

    @Test("sees nothing of a request whose server is the wrong one", arguments: wrong)
    func wrongProof(base: String, proof: ServerProof?) async throws {
        let emulator = HostRequests.emulator()
        let request = try Self.request(base + "/metadata/identity/oauth2/token", proof, ["Secret": Sample.identityHeader])
        let error = try await #require(throws: TransportError.self) { try await emulator.transport.send(request) }
        #expect(error.kind == .tls)
        #expect(emulator.requestCount == 0)
    }

    @Test func goodProofsReachTheirListeners() async throws {
        let emulator = HostRequests.emulator()
        let fabric = Self.endpoints.serviceFabric + "/metadata/identity/oauth2/token?api-version=2020-05-01&resource=x"
        let thumbprint = ServerProof.thumbprint(Self.endpoints.serviceFabricThumbprint)
        let first = try Self.request(fabric, thumbprint, ["secret": Sample.identityHeader])
        #expect(try await emulator.transport.send(first).status == 200)
        let binding = ServerProof.named(
            serverName: Self.endpoints.identityBindingServerName,
            authoritiesPEM: Array("# a comment\n".utf8) + Self.pem
        )
        let keys = "/\(Sample.tenantID)/discovery/v2.0/keys"
        #expect(try await emulator.transport.send(Self.request(Self.endpoints.identityBinding + keys, binding)).status == 200)
        let named = ServerProof.named(serverName: "login.microsoftonline.com", authoritiesPEM: nil)
        #expect(try await emulator.transport.send(Self.request(Self.endpoints.entra + keys, named)).status == 200)
        #expect(emulator.requests.map(\.listener) == [.serviceFabric, .identityBinding, .entra])
        #expect(emulator.requests[1].path == "/binding" + keys)
        #expect(emulator.tokenRequestCount == 1)
    }

    @Test(
        "has variables for each host that lead to it",
        arguments: [
            (.appService, "IDENTITY_ENDPOINT IDENTITY_HEADER"), (.appService2017, "MSI_ENDPOINT MSI_SECRET WEBSITE_SITE_NAME"),
            (.azureMachineLearning, "DEFAULT_IDENTITY_CLIENT_ID MSI_ENDPOINT MSI_SECRET"), (.cloudShell, "MSI_ENDPOINT"),
            (.azureArc, "IDENTITY_ENDPOINT IMDS_ENDPOINT"),
            (.serviceFabric, "IDENTITY_ENDPOINT IDENTITY_HEADER IDENTITY_SERVER_THUMBPRINT"),
            (.virtualMachine, "AZURE_POD_IDENTITY_AUTHORITY_HOST"),
            (.podIdentity, "AZURE_POD_IDENTITY_AUTHORITY_HOST KUBERNETES_SERVICE_HOST"),
            (.workloadIdentity, "AZURE_AUTHORITY_HOST AZURE_CLIENT_ID AZURE_FEDERATED_TOKEN_FILE AZURE_TENANT_ID"),
            (.azurePipelines, "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID SYSTEM_ACCESSTOKEN SYSTEM_OIDCREQUESTURI"),
            (.gitHubActions, "ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL AZURE_TENANT_ID"),
            (.identityBinding, "AZURE_KUBERNETES_CA_DATA AZURE_KUBERNETES_SNI_NAME AZURE_KUBERNETES_TOKEN_PROXY"),
        ] as [(EmulatedHost, String)]
    )
    func variables(host: EmulatedHost, names: String) async throws {
        let emulator = HostRequests.emulator { $0.hosts.arcKeyDirectory = "/nowhere" }
        let variables = emulator.environment(for: host)
        for name in names.split(separator: " ") { #expect(variables[String(name)] != nil, "\(name)") }

        // Where the endpoint leads.
        let endpoint = variables["IDENTITY_ENDPOINT"] ?? variables["MSI_ENDPOINT"]
        guard let endpoint, host != .serviceFabric else { return }
        _ = try await emulator.transport.send(Self.request(endpoint))
        let request = try #require(emulator.requests.first)
        let sent = EmulatorRequest(method: request.method, path: request.path, host: request.host, listener: request.listener)
        #expect(EmulatorDestination(sent, configuration: emulator.configuration).host == host)
        #expect(request.path == HostRequests.good(host).path)
    }

    @Test func filesAreInTheFolderIfThereIsOne() {
        var endpoints = Self.endpoints
        endpoints.folder = "/tmp/x"
        let variables = HostRequests.emulator().environment(for: .identityBinding, endpoints: endpoints)
        #expect(variables["AZURE_FEDERATED_TOKEN_FILE"] == "/tmp/x/azure-identity-token-bound")
        #expect(variables["AZURE_KUBERNETES_CA_FILE"] == "/tmp/x/ca.crt")
        #expect(variables["AZURE_KUBERNETES_CA_DATA"] == nil)
    }

    // MARK: Faults

    private static let imds = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=x"

    @Test func faultsHitTheirTargetAlone() async throws {
        let emulator = HostRequests.emulator()
        emulator.play(FaultScript(.status(404), target: .host(.virtualMachine), requests: 1))
        let entra = try Self.request(Self.endpoints.entra + "/\(Sample.tenantID)/discovery/v2.0/keys")
        #expect(try await emulator.transport.send(entra).status == 200)
        let request = try Self.request(Self.imds, nil, ["Metadata": "true"])
        let refused = try await emulator.transport.send(request)
        #expect(refused.status == 404)
        #expect(String(decoding: refused.body, as: UTF8.self).contains(#""error_description""#))
        #expect(try await emulator.transport.send(request).status == 200)
        #expect(emulator.tokenRequestCount == 2)
    }

    @Test(
        "answers a fault in the form of the service",
        arguments: [
            (.appService, "statusCode"), (.azureMachineLearning, "correlationId"), (.cloudShell, "correlationId"),
            (.virtualMachine, "error_description"), (.azurePipelines, "typeKey"), (.gitHubActions, "message"),
            (.workloadIdentity, "error_codes"), (.azureArc, "error_description"), (.podIdentity, "error_description"),
        ] as [(EmulatedHost, String)]
    )
    func forms(host: EmulatedHost, text: String) {
        let engine = HostRequests.emulator().engine
        engine.play(FaultScript(.status(503, retryAfter: "3"), target: .host(host)))
        let reply = engine.reply(to: HostRequests.good(host))
        #expect(reply.response.status == 503)
        #expect(reply.response.headers["Retry-After"] == "3")
        #expect(String(decoding: reply.response.body, as: UTF8.self).contains(text))
    }

    @Test func targetsAreListenersAndPathsToo() {
        let configuration = EmulatorConfiguration.sample
        func hits(_ target: FaultScript.Target, _ host: EmulatedHost) -> Bool {
            let request = HostRequests.good(host)
            var player = FaultPlayer(FaultScript(.reset, target: target), now: MonotonicTime(nanoseconds: 0))
            let destination = EmulatorDestination(request, configuration: configuration)
            return player.fault(for: destination, path: request.path, now: MonotonicTime(nanoseconds: 0)) == .reset
        }
        #expect(hits(.listener(.plain), .appService) && hits(.listener(.plain), .podIdentity))
        #expect(!hits(.listener(.plain), .serviceFabric) && !hits(.listener(.entra), .identityBinding))
        #expect(hits(.path("/nmi"), .podIdentity) && !hits(.path("/nmi"), .virtualMachine))
        #expect(hits(.path("/binding/"), .identityBinding) && !hits(.path("/binding/"), .workloadIdentity))
        for host in EmulatedHost.allCases {
            #expect(EmulatedHost.allCases.filter { hits(.host($0), host) } == [host])
        }
    }

    @Test func refusedConnectionsCanBeTold() async throws {
        let emulator = HostRequests.emulator()
        emulator.play(FaultScript(.refusal, requests: 1))
        let request = try Self.request(Self.imds, nil, ["Metadata": "true"])
        let error = try await #require(throws: TransportError.self) { try await emulator.transport.send(request) }
        #expect(error.kind == .connection && error.isConnectionRefused)
        #expect(try await emulator.transport.send(request).status == 200)
    }

    @Test func assertionsAreNoTokens() throws {
        let configuration = EmulatorConfiguration.sample
        let counted = EmulatedHost.allCases.filter {
            EmulatorDestination(HostRequests.good($0), configuration: configuration).isTokenRequest
        }
        #expect(counted == EmulatedHost.allCases.filter { $0 != .azurePipelines && $0 != .gitHubActions })
    }

    // MARK: Configuration

    @Test func theConfigurationHasAForm() throws {
        var configuration = EmulatorConfiguration.sample
        configuration.hosts.identityHeader = "other"
        configuration.hosts.machineLearningExpiry = .windowsDate
        configuration.hosts.serviceConnections = [.init(id: "x", subject: "y")]
        configuration.faults = FaultScript(steps: [
            .init(.refusal, target: .host(.azureArc), requests: 1), .init(.reset, target: .path("/nmi")),
            .init(.reset, endpoint: .token, target: .listener(.plain)),
        ])
        let json = try JSONEncoder().encode(configuration)
        #expect(try EmulatorConfiguration(json: json) == configuration)
        #expect(!String(decoding: json, as: UTF8.self).contains("gitHubSubject"))
    }

    private static let invalid: [(String, @Sendable (inout EmulatorConfiguration) -> Void)] = [
        ("two managed identities are system-assigned", { $0.managedIdentities[1].isSystemAssigned = true }),
        ("not a GUID", { $0.managedIdentities[0].clientID = "x" }),
        ("have the id", { $0.managedIdentities[0].objectID = Sample.userAssignedObjectID }),
        ("/subscriptions/", { $0.managedIdentities[0].resourceID = "x" }),
        ("have the resource id", { $0.managedIdentities[0].resourceID = Sample.userAssignedResourceID }),
        ("no tenant", { $0.managedIdentities[0].tenantID = Sample.clientID }),
        ("identity header", { $0.hosts.identityHeader = "" }),
        ("MSI secret", { $0.hosts.msiSecret = "a\nb" }),
        ("issuer of GitHub", { $0.hosts.gitHubIssuer = "x" }),
        ("subject of the service account", { $0.hosts.serviceAccountSubject = "" }),
        ("absolute path", { $0.hosts.arcKeyDirectory = "x" }),
        ("two service connections", { $0.hosts.serviceConnections += $0.hosts.serviceConnections }),
    ]

    @Test("is checked", arguments: invalid)
    func validates(reason: String, change: @Sendable (inout EmulatorConfiguration) -> Void) throws {
        var configuration = EmulatorConfiguration.sample
        #expect(throws: Never.self) { try configuration.validate() }
        change(&configuration)
        let error = try #require(throws: EmulatorConfigurationError.self) { try configuration.validate() }
        #expect(error.message.contains(reason), "\(error.message)")
    }

    @Test(
        "refuses names it doesn't know",
        arguments: [
            #""hosts": {"color": 1}"#, #""managedIdentities": [{"clientId": "x"}]"#, #""hosts": {"machineLearningExpiry": "x"}"#,
            #""faults": {"steps": [{"fault": {"kind": "reset"}, "target": "moon"}]}"#,
        ]
    )
    func strict(member: String) {
        let text = #"{"tenants": [{"id": "\#(Sample.tenantID)"}], \#(member)}"#
        #expect(throws: EmulatorConfigurationError.self) { try EmulatorConfiguration(json: text.utf8) }
    }

    @Test func secretsOfTheHostsDoNotShow() {
        var text = ""
        dump(EmulatorConfiguration.sample, to: &text)
        for secret in [Sample.identityHeader, Sample.msiSecret, Sample.systemAccessToken, Sample.gitHubRequestToken] {
            #expect(!text.contains(secret))
        }
    }
}
