// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

/// Where a request leads: the part of the emulator that answers it, and the host it belongs to. Pure.
package struct EmulatorDestination: Sendable {
    /// The part that answers.
    package enum Part: Sendable, Equatable {
        case entra(EmulatorRoute)
        case resourceManager(ResourceManagerRoute)
        case keyVault(KeyVaultRoute)
        /// The token endpoint of a host with managed identities.
        case identity
        /// An issuer of assertions.
        case issuer
        /// What a virtual machine says about itself.
        case compute
        case nothing
    }

    /// The host that the request is for. Requests to Microsoft Entra ID, to the resource manager and to key vaults belong to workload
    /// identity.
    package var host: EmulatedHost
    package var part: Part
    /// The request as the part sees it, without the prefix of a proxy.
    package var request: EmulatorRequest
    /// Whether a token is asked for, be it in the wrong way but for the method.
    package var isTokenRequest: Bool

    package init(_ request: EmulatorRequest, configuration: EmulatorConfiguration) {
        self.request = request
        switch request.listener {
        case .plain: (self.host, self.part) = Self.plain(request)
        case .serviceFabric: (self.host, self.part) = (.serviceFabric, request.path == HostPath.metadata ? .identity : .nothing)
        case .identityBinding:
            self.host = .identityBinding
            self.part = .nothing
            if request.path.hasPrefix(HostPath.identityBinding + "/") {
                self.request.path = String(request.path.dropFirst(HostPath.identityBinding.count))
                self.part = .entra(EmulatorRoute(path: self.request.path, configuration: configuration))
            }
        case .entra where request.path == HostPath.pipelines: (self.host, self.part) = (.azurePipelines, .issuer)
        case .entra where request.path == HostPath.gitHub: (self.host, self.part) = (.gitHubActions, .issuer)
        case .entra:
            self.host = .workloadIdentity
            self.part = Self.entra(request, configuration)
        }
        switch self.part {
        case .entra(let route): self.isTokenRequest = request.method == "POST" && route.isTokenEndpoint
        case .identity: self.isTokenRequest = request.method == self.host.identityEndpoint?.method
        case .resourceManager, .keyVault, .issuer, .compute, .nothing: self.isTokenRequest = false
        }
    }

    /// The addresses of the Arc agent on a real machine.
    package static let arcHosts = ["localhost:40342", "127.0.0.1:40342"]

    /// Microsoft Entra ID and what shares its socket: a host of a key vault has nothing else, and others have paths of their own.
    private static func entra(_ request: EmulatorRequest, _ configuration: EmulatorConfiguration) -> Part {
        if let route = KeyVaultRoute(host: request.host, path: request.path, configuration) { return .keyVault(route) }
        let route = EmulatorRoute(path: request.path, configuration: configuration)
        guard route == .unknown else { return .entra(route) }
        if let route = ResourceManagerRoute(path: request.path) { return .resourceManager(route) }
        if let route = KeyVaultRoute(path: request.path, host: request.host, configuration) { return .keyVault(route) }
        return .entra(.unknown)
    }

    private static func plain(_ request: EmulatorRequest) -> (EmulatedHost, Part) {
        let path = request.path
        let machine = Self.arcHosts.contains(request.host.lowercased()) ? EmulatedHost.azureArc : .virtualMachine
        switch path {
        case HostPath.metadata: return (machine, .identity)
        case HostPath.compute where machine == .virtualMachine: return (machine, .compute)
        case HostPath.arc + HostPath.metadata: return (.azureArc, .identity)
        case HostPath.podIdentity + HostPath.metadata: return (.podIdentity, .identity)
        case HostPath.appService: return (.appService, .identity)
        case HostPath.appService2017: return (.appService2017, .identity)
        case HostPath.machineLearning: return (.azureMachineLearning, .identity)
        case HostPath.cloudShell: return (.cloudShell, .identity)
        case _ where path.hasPrefix(HostPath.arc + "/"): return (.azureArc, .nothing)
        case _ where path.hasPrefix(HostPath.podIdentity + "/"): return (.podIdentity, .nothing)
        default: return (machine, .nothing)
        }
    }
}

extension EmulatorDestination {
    /// What a fault of this status answers, if it doesn't bring its own text.
    func unavailable(status: Int, at date: Date) -> EmulatorResponse {
        let exchange = EmulatorExchange(request: self.request, date: date)
        let refusal = HostRefusal.unavailable(status: status)
        if let endpoint = self.host.identityEndpoint { return EmulatorCore.response(refusal, endpoint, exchange) }
        if case .resourceManager = self.part {
            return ResourceManagerEndpoint.response(.unavailable(status: status), exchange)
        }
        if case .keyVault(let route) = self.part {
            return KeyVaultEndpoint.response(.unavailable(status: status), route, exchange)
        }
        guard self.part == .issuer else { return exchange.response(.unavailable(status: status)) }
        return exchange.response(status: status, EmulatorCore.issuerErrorBody(self.host, message: refusal.message))
    }
}
