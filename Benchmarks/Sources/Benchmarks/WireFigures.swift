// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting
import Measuring

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the first token of a credential costs in a warm process, over TLS; the emulator's own work is part of it.
enum WireFigures {
    private static let certificateFile = "pkcs8.pem"

    @concurrent
    static func measure() async throws {
        let pem = try String(contentsOf: URL(filePath: Fixtures.path(Self.certificateFile)), encoding: .utf8)
        var configuration = EmulatorConfiguration.sample
        configuration.tenants[0].applications[0].certificates = [try .init(pem: pem)]
        try await withEmulatorServer(EntraEmulator(configuration: configuration)) { server in
            let files = try CertificateFiles(server)
            defer { files.remove() }
            try await Self.measure("first token in a warm process, over TLS", budget: nil, files: files) { options in
                Scene.credential(options: options)
            }
            let title = "first token, certificate RSA 2048, in a warm process, over TLS"
            try await Self.measure(title, budget: 4, files: files) { options in
                ClientCertificateCredential(
                    tenantID: EmulatorConfiguration.Sample.tenantID,
                    clientID: EmulatorConfiguration.Sample.clientID,
                    certificate: try ClientCertificate(contentsOf: Fixtures.path(Self.certificateFile)),
                    options: options
                )
            }
        }
    }

    /// Prints two rows: over a connection that is open, and with an HTTP client of its own.
    private static func measure(
        _ title: String,
        budget: Double?,
        files: CertificateFiles,
        _ credential: (CredentialOptions) throws -> any TokenCredential
    ) async throws {
        for isNew in [false, true] {
            let values = try await samples {
                let options = try files.options(withNewClient: isNew)
                let start = Machine.nanoseconds
                _ = try await credential(options).token(for: Scene.context)
                return milliseconds(since: start)
            }
            let name = "\(title): \(isNew ? "new client and connection" : "open connection")"
            Machine.print(Figure(name, unit: "ms", budget: budget, samples: values).row)
        }
    }
}
