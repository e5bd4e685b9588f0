// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
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
    /// What its files tell of where it is; looked at when somebody asks.
    package var facts: @Sendable () -> HostFacts = { HostFacts.ofThisMachine() }
    /// Whether it is Linux inside of Windows (WSL); looked at when somebody asks.
    package var isWindowsSubsystem: @Sendable () -> Bool = { HostFacts.isWindowsSubsystem() }
    /// Where the agent of Azure Arc puts its key files; `nil` on systems that it doesn't run on.
    package var arcKeyDirectory: String? = HostFacts.arcKeyDirectory
    /// What identifies the machine's run; `nil` where nothing does.
    package var runID: @Sendable () -> String? = { Self.machineRunID() }
    /// Looks which certificate a server shows, without trusting it; `nil` where the caller gave a transport of its own, and where the trait that
    /// brings one is off.
    package var serverCertificate: (@Sendable (URL, Duration) async -> ServerCertificate?)?
    /// What runs programs; `nil` where the trait that brings it is off.
    package var toolRunner: (any ToolRunner)? = Self.defaultToolRunner
    /// Looks for a program by the names that it may have.
    package var findTool: @Sendable (_ names: [String], _ environment: EnvironmentVariables) -> ToolLocation = {
        Self.findTool($0, $1)
    }
    /// How long a program that is to open a page may take to fail; what runs longer is a browser.
    package var browserPatience = Duration.seconds(3)
    /// Finds a password that another program keeps for the user, and asks nobody for it.
    package var savedPassword:
        @Sendable (_ service: String, _ account: String, _ environment: EnvironmentVariables) async -> SavedPassword = {
            await Self.savedPassword(service: $0, account: $1, environment: $2)
        }
    /// What tells whether a file is still the one that it was.
    package var stamp: @Sendable (_ path: String) -> FileStamp? = { Self.stamp(ofFile: $0) }

    package init(
        environment: EnvironmentVariables,
        clock: any MachineClock = SystemClock(),
        transport: (any HTTPTransport)? = nil,
        network: NetworkOptions = NetworkOptions(),
        telemetry: @escaping @Sendable (String) -> Telemetry = { Telemetry(credential: $0) }
    ) {
        self.environment = environment
        self.clock = clock
        self.transport = transport ?? Self.defaultTransport(environment, network: network)
        self.serverCertificate = transport == nil ? Self.defaultServerCertificate(environment, network: network) : nil
        self.telemetry = telemetry
    }
}
