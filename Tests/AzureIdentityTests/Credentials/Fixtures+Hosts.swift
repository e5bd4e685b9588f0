// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Subject {
    /// Those to which a host gives what they prove themselves with.
    static let hosted: [Subject] = [.managedIdentity, .workloadIdentity, .azurePipelines, .gitHubActions]

    private var host: EmulatedHost {
        switch self {
        case .workloadIdentity: .workloadIdentity
        case .azurePipelines: .azurePipelines
        case .gitHubActions: .gitHubActions
        default: .appService
        }
    }

    /// The credential on its emulated host.
    func makeHosted(secret: String, tenantID: String, options: CredentialOptions) -> any TokenCredential {
        var options = options
        var values = EntraEmulator().environment(for: self.host).dictionary
        values.merge(options.environment.dictionary) { $1 }
        values["AZURE_TENANT_ID"] = tenantID
        values["IDENTITY_HEADER"] = self == .managedIdentity ? secret : nil
        values["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = self == .gitHubActions ? secret : nil
        options.environment = EnvironmentVariables(values)
        switch self {
        case .workloadIdentity: return WorkloadIdentityCredential(tokenFilePath: Self.tokenFile, options: options)
        case .gitHubActions: return GitHubActionsCredential(options: options)
        case .azurePipelines:
            return AzurePipelinesCredential(
                tenantID: tenantID,
                clientID: Sample.clientID,
                serviceConnectionID: Sample.serviceConnectionID,
                systemAccessToken: Secret(secret),
                options: options
            )
        default: return ManagedIdentityCredential(options: options)
        }
    }

    /// A service account's token that is good for the first day of the fixtures' time: the checks let clocks go on for hours.
    private static let tokenFile: String = {
        let path = FileManager.default.temporaryDirectory.appending(path: "azure-identity-tests-\(UUID().uuidString)").path
        let emulator = EntraEmulator(clock: .inTheFixturesTime)
        let token = (try? emulator.serviceAccountToken(lifetime: .seconds(86_400))) ?? ""
        try? Data(token.utf8).write(to: URL(filePath: path))
        atexit { Subject.removeTokenFile() }
        return path
    }()

    private static func removeTokenFile() { try? FileManager.default.removeItem(atPath: Self.tokenFile) }
}

/// A transport that lets requests to issuers of assertions and for users' realms by: an acquisition makes one, besides the one that checks
/// are about.
final class IssuerBypass: HTTPTransport {
    private let gate: any HTTPTransport
    private let issuers: any HTTPTransport

    init(_ gate: any HTTPTransport, to issuers: any HTTPTransport) {
        self.gate = gate
        self.issuers = issuers
    }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let path = request.url.path()
        return try await (path.hasSuffix("/oidctoken") || path.contains("/userrealm/") ? self.issuers : self.gate).send(request)
    }
}
