// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Requests to the emulated hosts that are good as they are; each test spoils one thing.
enum HostRequests {
    typealias Sample = EmulatorConfiguration.Sample

    /// Signs with a sum of the bytes: another text has another signature, and no key has to be made.
    struct SumSigner: TokenSigner {
        let algorithm = "RS256"
        func keyID() -> String? { "sum" }
        func sign(_ input: [UInt8]) -> [UInt8] {
            let sum = input.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
            return (0..<8).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
        }
        func publicKeys() -> [EmulatorJSON] { [] }
    }

    static let date = EmulatorTests.date
    static let resource = "https://vault.azure.net"

    static func core(_ change: (inout EmulatorConfiguration) -> Void = { _ in }) -> EmulatorCore {
        var configuration = EmulatorConfiguration.sample
        change(&configuration)
        return EmulatorCore(configuration: configuration, signer: SumSigner())
    }

    /// An emulator on a clock of the test's.
    static func emulator(_ change: (inout EmulatorConfiguration) -> Void = { _ in }) -> EntraEmulator {
        var configuration = EmulatorConfiguration.sample
        change(&configuration)
        return EntraEmulator(configuration: configuration, machineClock: VirtualClock(), signer: SumSigner())
    }

    /// The parts of a good request, as a client would build them from the variables of a host.
    static func good(_ host: EmulatedHost) -> EmulatorRequest {
        func get(_ path: String, _ version: String, _ headers: TransportHeaders, _ listener: EmulatorListener = .plain)
            -> EmulatorRequest
        {
            let query = "api-version=\(version)&resource=https%3A%2F%2Fvault.azure.net"
            return EmulatorRequest(method: "GET", path: path, query: query, headers: headers, listener: listener)
        }
        let metadata = "/metadata/identity/oauth2/token"
        switch host {
        case .appService:
            return get("/msi/token", "2019-08-01", ["X-IDENTITY-HEADER": Sample.identityHeader, "Metadata": "true"])
        case .appService2017: return get("/msi2017/token", "2017-09-01", ["secret": Sample.msiSecret])
        case .azureMachineLearning: return get("/azureml/token", "2017-09-01", ["secret": Sample.msiSecret])
        case .cloudShell:
            return EmulatorRequest(
                method: "POST",
                path: "/cloudshell/oauth2/token",
                headers: ["Metadata": "true", "Content-Type": "application/x-www-form-urlencoded"],
                body: Array("resource=https%3A%2F%2Fvault.azure.net".utf8),
                listener: .plain
            )
        case .azureArc: return get("/arc" + metadata, "2020-06-01", ["Metadata": "true"])
        case .serviceFabric: return get(metadata, "2019-07-01-preview", ["Secret": Sample.identityHeader], .serviceFabric)
        case .virtualMachine: return get(metadata, "2018-02-01", ["Metadata": "true"])
        case .podIdentity: return get("/nmi" + metadata, "2018-02-01", [:])
        case .workloadIdentity, .identityBinding:
            return EmulatorRequest(
                method: "POST",
                path: (host == .identityBinding ? "/binding/" : "/") + "\(Sample.tenantID)/oauth2/v2.0/token",
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                listener: host == .identityBinding ? .identityBinding : .entra
            )
        case .azurePipelines:
            return EmulatorRequest(
                method: "POST",
                path: "/contoso/_apis/oidctoken",
                query: "api-version=7.1&serviceConnectionId=\(Sample.serviceConnectionID)",
                headers: ["Authorization": "Bearer \(Sample.systemAccessToken)", "X-TFS-FedAuthRedirect": "Suppress"]
            )
        case .gitHubActions:
            return EmulatorRequest(
                method: "GET",
                path: "/github/oidctoken",
                query: "api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
                headers: ["Authorization": "Bearer \(Sample.gitHubRequestToken)"]
            )
        }
    }

    static func json(_ response: EmulatorResponse) throws -> EmulatorJSON {
        try JSONDecoder().decode(EmulatorJSON.self, from: Data(response.body))
    }

    /// The claims of a token.
    static func claims(_ token: EmulatorJSON?) throws -> EmulatorJSON {
        let parts = try #require(token?.string).split(separator: ".")
        let bytes = try #require(parts.dropFirst().first.flatMap { Base64URL.decode($0) })
        return try JSONDecoder().decode(EmulatorJSON.self, from: Data(bytes))
    }
}
