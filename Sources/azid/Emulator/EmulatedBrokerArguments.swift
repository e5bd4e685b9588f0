// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting

/// The flags of the identity broker that the emulator plays.
struct EmulatedBrokerArguments: ParsableArguments {
    private static let variable = "DBUS_SESSION_BUS_ADDRESS"

    @Flag(
        name: .customLong("broker"),
        help: "Play the identity broker of Linux too, on the session bus of DBUS_SESSION_BUS_ADDRESS. dbus-run-session makes one."
    )
    var isWanted = false

    @Option(
        name: .customLong("broker-user"),
        help: "The name of a user who is signed in to the broker; several times for several. Else the first user.")
    var userNames: [String] = []

    func validate() throws {
        guard self.isWanted || self.userNames.isEmpty else { throw ValidationError("--broker-user goes with --broker.") }
    }

    /// Starts the broker, if it is wanted; ends with the status 4 if it can't be.
    func start(_ emulator: EntraEmulator) async throws -> EmulatedBroker? {
        guard self.isWanted else { return nil }
        guard let address = EnvironmentVariables.process[Self.variable] else {
            Console.printNote(
                """
                --broker needs a session bus, and \(Self.variable) is not set. Try:
                    dbus-run-session -- azid emulator --broker
                """
            )
            throw ExitCode(4)
        }
        do throws(EmulatedBrokerError) {
            return try await EmulatedBroker.start(emulator, address: address, signedIn: self.names(emulator.configuration))
        } catch {
            Console.printNote("The broker can't be played: \(HostileText.sanitized(error.message, limit: 400))")
            throw ExitCode(4)
        }
    }

    private func names(_ configuration: EmulatorConfiguration) -> [String] {
        guard self.userNames.isEmpty else { return self.userNames }
        let users = configuration.tenants.lazy.flatMap(\.users)
        return users.first { $0.homeTenantID == nil }.map { [$0.userPrincipalName] } ?? []
    }
}
#endif
