// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The machine, as one value that tests replace: nothing else in this module touches variables, clocks, files or the network.
package struct Host: Sendable {
    /// The environment variables.
    package var environment: EnvironmentVariables
    /// The clocks.
    package var clock: any MachineClock
    /// The HTTP transport; `nil` where the trait that brings one is off and the caller gave none.
    package var transport: (any HTTPTransport)?
    /// Makes the counters of a credential, by its type name.
    package var telemetry: @Sendable (String) -> Telemetry

    package init(
        environment: EnvironmentVariables,
        clock: any MachineClock = SystemClock(),
        transport: (any HTTPTransport)? = nil,
        telemetry: @escaping @Sendable (String) -> Telemetry = { Telemetry(credential: $0) }
    ) {
        self.environment = environment
        self.clock = clock
        self.transport = transport ?? Self.defaultTransport(environment)
        self.telemetry = telemetry
    }

    /// Reads a file that may not be larger than some bytes.
    ///
    /// - Throws: ``FileProblem``.
    package static func contents(ofFile path: String, limit: Int) throws -> [UInt8] {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw FileProblem(reason: "it can't be found")
        }
        guard let size = attributes[.size] as? Int ?? (attributes[.size] as? UInt64).map({ Int(clamping: $0) }), size <= limit
        else {
            throw FileProblem(reason: "it is larger than \(limit) bytes")
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw FileProblem(reason: "it can't be read") }
        guard data.count <= limit else { throw FileProblem(reason: "it is larger than \(limit) bytes") }
        return Array(data)
    }
}

/// Why a file couldn't be read.
package struct FileProblem: Error {
    package let reason: String

    package init(reason: String) { self.reason = reason }
}
