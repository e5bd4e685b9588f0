// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// The token endpoint of a host with managed identities: what it wants of a request, and the form of its answers.
///
/// To add a host, conform a type in a file of its own and list it in `EmulatedHost.identityEndpoint`.
protocol IdentityEndpoint: Sendable {
    /// The one method it answers.
    var method: String { get }
    /// The values of `api-version` that it knows. Empty: it takes no such parameter.
    var versions: [String] { get }
    /// The parameters that name a user-assigned identity.
    var selectors: [String: IdentitySelector] { get }
    /// The other parameters it takes, besides `api-version` and `resource`.
    var others: [String] { get }

    /// Checks the headers.
    func authenticate(_ call: IdentityCall) throws(IdentityProblem)
    /// Decides by what is known once the parameters are checked. `nil`: goes on to the token.
    func challenge(_ call: IdentityCall) throws(IdentityProblem) -> HostRefusal?
    /// Whether the identity that a request names is passed over.
    func ignoresIdentity(_ hosts: EmulatorConfiguration.Hosts) -> Bool
    /// The identity of a request that names none.
    func identity(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity
    /// The answer with a token.
    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON
    /// Names a problem in the host's terms.
    func refusal(_ problem: IdentityProblem) -> HostRefusal
    /// The body of a refusal.
    func body(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON
}

/// A request to a host's token endpoint, with what it is decided by.
struct IdentityCall: Sendable {
    var exchange: EmulatorExchange
    var core: EmulatorCore
    /// The identity that is asked for.
    var selected: SelectedIdentity?

    var hosts: EmulatorConfiguration.Hosts { self.core.configuration.hosts }

    /// Checks that a header is there once, with a secret.
    func check(header: String, secret: String) throws(IdentityProblem) {
        let values = self.exchange.request.headers.values(for: header)
        guard !values.isEmpty else { throw .missingHeader(header) }
        guard values == [secret] else { throw .wrongSecret(header: header) }
    }

    /// Checks that the header is there which no browser and no page can be made to send.
    func checkMetadataHeader() throws(IdentityProblem) {
        guard self.exchange.request.headers.values(for: "Metadata").map({ $0.lowercased() }) == ["true"] else {
            throw .missingHeader("Metadata")
        }
    }
}

extension IdentityEndpoint {
    var method: String { "GET" }
    var others: [String] { [] }

    func challenge(_ call: IdentityCall) throws(IdentityProblem) -> HostRefusal? { nil }
    func ignoresIdentity(_ hosts: EmulatorConfiguration.Hosts) -> Bool { false }

    func identity(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        guard let identity = configuration.managedIdentities.first(where: { $0.isSystemAssigned }) else {
            throw .unknownIdentity(isUserAssigned: false)
        }
        return identity
    }

    func refusal(_ problem: IdentityProblem) -> HostRefusal {
        let code =
            switch problem {
            case .wrongResource: "invalid_resource"
            case .wrongSecret: "unauthorized_client"
            case .failure: "server_error"
            default: "invalid_request"
            }
        return HostRefusal(status: problem.status, code: code, message: problem.message)
    }

    /// The form of the metadata service.
    func body(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON {
        .object(["error": .string(refusal.code), "error_description": .string(refusal.message)])
    }

    /// The form of newer hosts.
    func nested(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON {
        .object([
            "error": .object([
                "code": .string(refusal.code), "message": .string(refusal.message),
                "correlationId": .string(exchange.correlationID),
            ])
        ])
    }
}

extension EmulatedHost {
    /// The token endpoint, if the host has managed identities.
    var identityEndpoint: (any IdentityEndpoint)? {
        switch self {
        case .appService: AppServiceEndpoint()
        case .appService2017: AppService2017Endpoint()
        case .azureMachineLearning: MachineLearningEndpoint()
        case .cloudShell: CloudShellEndpoint()
        case .azureArc: AzureArcEndpoint()
        case .serviceFabric: ServiceFabricEndpoint()
        case .virtualMachine: VirtualMachineEndpoint()
        case .podIdentity: PodIdentityEndpoint()
        case .workloadIdentity, .identityBinding, .azurePipelines, .gitHubActions: nil
        }
    }
}
