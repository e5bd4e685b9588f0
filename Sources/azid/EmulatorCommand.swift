// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `azid emulator`: runs the local Azure identity emulator until it is interrupted, or a program in it.
struct EmulatorCommand: AsyncParsableCommand {
    /// The largest configuration that is read, in bytes.
    private static let configurationLimit = 4 << 20

    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "Runs a local stand-in for Microsoft Entra ID and for the hosts that give tokens without secrets.",
        usage: """
            azid emulator [<options>]
            azid emulator [<options>] -- <command> [<arguments> ...]
            eval "$(azid emulator --background [<options>])"
            """,
        discussion: """
            Standard output holds lines for a shell, and an empty one when there are no more: the variables with which azid talks to \
            the emulator, or with --env those with which any program believes to run on that host. Other Azure Identity \
            libraries may need more: Python's takes REQUESTS_CA_BUNDLE instead of SSL_CERT_FILE, and disable_instance_discovery=True. \
            The certificate authority is made anew at each start. Nothing but this machine can reach the emulator unless --host says so.

            With a command after --, the emulator runs as long as the command, which gets these variables, and ends with its status.

            With --broker it plays the identity broker of Linux too, on a session bus, best one of its own: \
            dbus-run-session -- azid emulator --broker -- azid token --credential broker --scope https://vault.azure.net/.default
            """
    )

    @OptionGroup var address: EmulatorAddress
    @OptionGroup var broker: EmulatedBrokerArguments

    @Option(name: .long, help: "A JSON file with tenants, applications, secrets, certificates and faults; else a sample.")
    var config: String?

    @Option(name: .long, help: "Where to write the certificate of the emulator's authority; else a new temporary folder.")
    var caFile: String?

    @Option(name: .customLong("env"), help: "The host to stand in for; else Microsoft Entra ID alone.")
    var hostArgument: HostArgument?

    @Option(
        name: .long,
        help:
            "The folder for the keys of Azure Arc; else the one of the configuration. Programs insist on /var/opt/azcmagent/tokens."
    )
    var arcKeyDirectory: String?

    @Flag(name: .long, help: "Return when the emulator is ready, and leave it running: AZID_EMULATOR_PID says what to kill.")
    var background = false

    @Flag(name: .long, help: .private)
    var detached = false

    @Argument(parsing: .postTerminator, help: "A command to run in the emulated host, after --.")
    var command: [String] = []

    func validate() throws {
        guard self.command.isEmpty || !(self.background || self.detached) else {
            throw ValidationError("--background and a command exclude each other.")
        }
    }

    private var emulatedHost: EmulatedHost? { self.hostArgument?.host }

    func run() async throws {
        if self.background { throw try await BackgroundEmulator.start() }
        let emulator = EntraEmulator(configuration: try self.readConfiguration())
        let keyFolders =
            self.emulatedHost == .azureArc ? try ArcKeyFolder.prepare(emulator.configuration.hosts.arcKeyDirectory) : []
        defer { ArcKeyFolder.remove(keyFolders) }
        let certificate =
            try self.config == nil && self.emulatedHost == nil ? Self.sampleCertificate(for: emulator) : nil
        defer { if let certificate { TemporaryFolder.remove(folderOf: certificate) } }
        let interruption = Interruption()
        let broker = try await self.broker.start(emulator)
        let server = try await self.address.start(emulator)
        let path = try TemporaryFolder.write(server.certificateAuthorityPEM, name: "emulator-ca.pem", to: self.caFile)
        defer { if self.caFile == nil { TemporaryFolder.remove(folderOf: path) } }
        let variables = try self.variables(server, caFile: path, certificate: certificate)
        let renewal = self.renewFiles(of: server)
        defer { renewal?.cancel() }
        let status: ExitCode
        if self.command.isEmpty {
            try self.announce(server, variables)
            status = ExitCode(128 + (await interruption.wait()))
        } else {
            status = try await HostProgram.run(self.command, variables, signals: interruption.signals)
        }
        await broker?.stop()
        try await server.stop()
        throw status
    }

    private func readConfiguration() throws -> EmulatorConfiguration {
        var configuration = try self.config.map(Self.configuration(file:)) ?? .sample
        if let folder = self.arcKeyDirectory { configuration.hosts.arcKeyDirectory = TemporaryFolder.absolute(folder) }
        return configuration
    }

    private static func configuration(file path: String) throws -> EmulatorConfiguration {
        do {
            return try EmulatorConfiguration(json: try Host.contents(ofFile: path, limit: Self.configurationLimit))
        } catch let problem as FileProblem {
            Console.printNote("The configuration \(HostileText.sanitized(path, limit: 200)) can't be used: \(problem.reason).")
        } catch let error {
            let reason = HostileText.sanitized("\(error)", limit: 400)
            Console.printNote("The configuration \(HostileText.sanitized(path, limit: 200)) can't be used: \(reason)")
        }
        throw ExitCode(4)
    }

    /// The file of a certificate, made for the occasion, that the sample application may authenticate with.
    private static func sampleCertificate(for emulator: EntraEmulator) throws -> String {
        let certificate = try EmulatorClientCertificate.make()
        emulator.update { $0.tenants[0].applications[0].certificates = [.init(der: certificate.der)] }
        return try TemporaryFolder.write(certificate.pem, name: "emulator-client.pem", to: nil, isPrivate: true)
    }

    private func variables(_ server: EmulatorServer, caFile: String, certificate: String?) throws -> EmulatorVariables {
        guard let host = self.emulatedHost else { return .entra(server, caFile: caFile, certificate: certificate) }
        do {
            return try .host(host, server, caFile: caFile)
        } catch let error {
            Console.printNote("The files of \(host.rawValue) can't be written: \(type(of: error))")
            throw ExitCode(4)
        }
    }

    /// Writes the service account token anew every ten minutes, as the cluster does long before one expires.
    private func renewFiles(of server: EmulatorServer) -> Task<Void, Never>? {
        guard let host = self.emulatedHost, [.workloadIdentity, .identityBinding].contains(host) else { return nil }
        return Task {
            while (try? await Task.sleep(for: .seconds(600))) != nil { _ = try? server.environment(for: host) }
        }
    }

    private func announce(_ server: EmulatorServer, _ variables: EmulatorVariables) throws {
        if !self.detached {
            Console.printNote("The emulator listens on \(server.url). Stop it with Ctrl-C. In another terminal:")
        }
        for line in variables.lines { try Console.printResult(line) }
        if self.detached { try Console.printResult("export AZID_EMULATOR_PID=\(ProcessInfo.processInfo.processIdentifier)") }
        try Console.printResult("")
        if self.detached { return BackgroundEmulator.detach() }
        let names = variables.values.map(\.name)
        var credentials: [String] = []
        if let host = self.emulatedHost {
            credentials = [host.credential]
        } else {
            if names.contains("AZURE_CLIENT_SECRET") { credentials.append("client-secret") }
            if names.contains("AZURE_CLIENT_CERTIFICATE_PATH") { credentials.append("client-certificate") }
        }
        if self.config == nil && self.emulatedHost == nil {
            let (user, password) = (EmulatorConfiguration.Sample.userName, EmulatorConfiguration.Sample.password)
            Console.printNote("azid login, as \(user) with the password \(password)")
        }
        if self.broker.isWanted { credentials.append("broker") }
        for name in credentials { Console.printNote("azid token --credential \(name) --scope https://vault.azure.net/.default") }
    }
}

#endif
