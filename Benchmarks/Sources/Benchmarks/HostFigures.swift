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

/// What a thousand callers of a managed identity without a token cost its host, over http. The host answers after 50 ms, so that they
/// pile up; hosts throttle who asks more often than they like.
enum HostFigures {
    private static let callerCount = 1000

    @concurrent
    static func measure() async throws {
        let emulator = EntraEmulator()
        emulator.play(FaultScript(.delay(.milliseconds(50))))
        try await withEmulatorServer(emulator) { server in
            let files = try CertificateFiles(server)
            defer { files.remove() }
            for (name, host) in [("App Service", EmulatedHost.appService), ("IMDS", .virtualMachine)] {
                let variables = try server.environment(for: host)
                try await Storm.print("\(name) over http", callers: Self.callerCount) {
                    let credential = ManagedIdentityCredential(options: try files.options(variables))
                    return Storm(emulator: emulator, port: URL(string: server.endpoints.plain)?.port, credential: credential)
                }
            }
        }
    }
}
