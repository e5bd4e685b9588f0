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

/// The emulator in a process of its own: `emulator-host CA_FILE`.
///
/// Writes the certificate of its authority to the file, prints its address, then the variables of a program on App Service and an empty
/// line, and runs until its standard input ends.
@main
struct EmulatorHost {
    static func main() async throws {
        guard CommandLine.arguments.count == 2 else {
            Machine.print("usage: emulator-host CA_FILE", to: 2)
            Machine.exit(64)
        }
        let server = try await EmulatorServer.start(EntraEmulator())
        try Data(server.certificateAuthorityPEM.utf8).write(to: URL(filePath: CommandLine.arguments[1]), options: [.atomic])
        Machine.print(server.url)
        let variables = try server.environment(for: .appService).dictionary
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) { Machine.print("\(name)=\(value)") }
        Machine.print("")
        while readLine() != nil {}
        try await server.stop()
    }
}
