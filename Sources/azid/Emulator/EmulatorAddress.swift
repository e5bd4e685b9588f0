// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureIdentityTesting

/// The flags that say where the emulator listens.
struct EmulatorAddress: ParsableArguments {
    @Option(name: .long, help: "The port; 0 for a free one.")
    var port = 8443

    @Option(name: .long, help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "The port of the hosts' endpoints over plain http; 0 for a free one.")
    var plainPort = 0

    @Option(name: .long, help: "The port of Service Fabric's endpoint; 0 for a free one.")
    var serviceFabricPort = 0

    @Option(name: .long, help: "The port of the identity binding proxy; 0 for a free one.")
    var identityBindingPort = 0

    @Flag(name: .long, help: "Give Service Fabric's endpoint a certificate that has expired.")
    var expiredServiceFabricCertificate = false

    func validate() throws {
        let ports = [
            ("--port", self.port), ("--plain-port", self.plainPort), ("--service-fabric-port", self.serviceFabricPort),
            ("--identity-binding-port", self.identityBindingPort),
        ]
        for (name, port) in ports where !(0...65_535).contains(port) {
            throw ValidationError("\(name) takes a number from 0 to 65535.")
        }
    }

    /// Starts the server; ends with the status 4 if it can't listen.
    func start(_ emulator: EntraEmulator) async throws -> EmulatorServer {
        do {
            return try await EmulatorServer.start(
                emulator,
                host: self.host,
                port: self.port,
                hostPorts: .init(
                    plain: self.plainPort,
                    serviceFabric: self.serviceFabricPort,
                    identityBinding: self.identityBindingPort
                ),
                isServiceFabricCertificateExpired: self.expiredServiceFabricCertificate
            )
        } catch let error {
            let given = [self.port, self.plainPort, self.serviceFabricPort, self.identityBindingPort].filter { $0 != 0 }
            let ports = given.isEmpty ? "" : " port " + given.map { "\($0)" }.joined(separator: ", ")
            Console.printNote("The emulator can't listen on \(self.host)\(ports): \(error)")
            throw ExitCode(4)
        }
    }
}
#endif
