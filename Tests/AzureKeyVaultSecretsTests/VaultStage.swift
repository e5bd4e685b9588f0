// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import AzureKeyVaultSecrets
import Logging
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

typealias Sample = EmulatorConfiguration.Sample

/// An emulator in memory, and clients of its vault.
struct VaultStage {
    let emulator: EntraEmulator
    let clock: VirtualClock

    init(_ change: (inout EmulatorConfiguration) -> Void = { _ in }) {
        var configuration = EmulatorConfiguration.sample
        change(&configuration)
        self.clock = VirtualClock()
        self.emulator = EntraEmulator(configuration: configuration, clock: self.clock)
    }

    static func url(_ host: String = "\(Sample.vaultName).vault.azure.net") throws -> URL {
        try #require(URL(string: "https://\(host)"))
    }

    func credential(secret: String = Sample.clientSecret) -> ClientSecretCredential {
        ClientSecretCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            clientSecret: Secret(secret),
            options: self.emulator.credentialOptions()
        )
    }

    func client(
        _ credential: (any TokenCredential)? = nil,
        url: URL? = nil,
        logger: Logger = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() },
        change: (inout SecretClientOptions) -> Void = { _ in }
    ) throws -> SecretClient {
        var options = SecretClientOptions(transport: self.emulator.transport, logging: LoggingOptions(logger: logger))
        options.clock = self.clock
        change(&options)
        return SecretClient(vaultURL: try url ?? Self.url(), credential: credential ?? self.credential(), options: options)
    }

    /// The requests to the vault so far.
    var vaultRequests: [RecordedRequest] { self.emulator.requests.filter { $0.host.hasSuffix(".vault.azure.net") } }
}

/// The error of an operation that must fail with one of this type.
func failure<Failure: Error>(_ type: Failure.Type, _ operation: () async throws -> some Any) async throws -> Failure {
    do {
        _ = try await operation()
    } catch let error as Failure {
        return error
    }
    throw UnexpectedSuccess()
}

/// Something succeeded that must not.
struct UnexpectedSuccess: Error {}
