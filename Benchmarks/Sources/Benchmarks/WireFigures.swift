// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting
import Measuring

/// What the first token of a credential costs in a warm process, over TLS; the emulator's own work is part of it.
enum WireFigures {
    @concurrent
    static func measure() async throws {
        try await withEmulatorServer(EntraEmulator()) { server in
            let files = try CertificateFiles(server)
            defer { files.remove() }
            for isNew in [false, true] {
                let values = try await samples {
                    let options = try files.options(withNewClient: isNew)
                    let start = Machine.nanoseconds
                    _ = try await Scene.credential(options: options).token(for: Scene.context)
                    return milliseconds(since: start)
                }
                let name = "first token in a warm process, over TLS: \(isNew ? "new client and connection" : "open connection")"
                Machine.print(Figure(name, unit: "ms", samples: values).row)
            }
        }
    }
}
