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

/// `azid emulator`: runs the local Azure identity emulator until it is interrupted.
struct EmulatorCommand: AsyncParsableCommand {
    /// The largest configuration that is read, in bytes.
    private static let configurationLimit = 4 << 20

    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "Runs a local stand-in for Microsoft Entra ID.",
        discussion: """
            Standard output holds lines for a shell: the variables with which azid talks to the emulator. Other Azure Identity \
            libraries may need more: Python's takes REQUESTS_CA_BUNDLE instead of SSL_CERT_FILE, and disable_instance_discovery=True. \
            The certificate authority is made anew at each start. Nothing but this machine can reach the emulator unless --host says so.
            """
    )

    @Option(name: .long, help: "The port; 0 for a free one.")
    var port = 8443

    @Option(name: .long, help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "A JSON file with tenants, applications, secrets, certificates and faults; else a sample.")
    var config: String?

    @Option(name: .long, help: "Where to write the certificate of the emulator's authority; else a new temporary folder.")
    var caFile: String?

    func validate() throws {
        guard (0...65_535).contains(self.port) else { throw ValidationError("--port takes a number from 0 to 65535.") }
    }

    func run() async throws {
        let emulator = EntraEmulator(configuration: try self.readConfiguration())
        let certificate = try self.config == nil ? Self.sampleCertificate(for: emulator) : nil
        defer { if let certificate { TemporaryFolder.remove(folderOf: certificate) } }
        let server: EmulatorServer
        do {
            server = try await EmulatorServer.start(emulator, host: self.host, port: self.port)
        } catch let error {
            Console.printNote("The emulator can't listen on \(self.host) port \(self.port): \(error)")
            throw ExitCode(4)
        }
        let path = try TemporaryFolder.write(server.certificateAuthorityPEM, name: "emulator-ca.pem", to: self.caFile)
        defer { if self.caFile == nil { TemporaryFolder.remove(folderOf: path) } }
        try self.announce(server, emulator: emulator, caFile: path, certificate: certificate)
        let number = await Interruption.wait()
        try await server.stop()
        throw ExitCode(128 + number)
    }

    private func readConfiguration() throws -> EmulatorConfiguration {
        guard let path = self.config else { return .sample }
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
        return try TemporaryFolder.write(certificate.pem, name: "emulator-client.pem", to: nil)
    }

    private func announce(
        _ server: EmulatorServer,
        emulator: EntraEmulator,
        caFile: String,
        certificate: String?
    ) throws {
        Console.printNote("The emulator listens on \(server.url). Stop it with Ctrl-C. In another terminal:")
        try Console.printResult("export AZURE_AUTHORITY_HOST=\(server.url)")
        try Console.printResult("export SSL_CERT_FILE=\(ShellWord.quoted(caFile))")
        guard let tenant = emulator.configuration.tenants.first, let application = tenant.applications.first else { return }
        try Console.printResult("export AZURE_TENANT_ID=\(ShellWord.quoted(tenant.id))")
        try Console.printResult("export AZURE_CLIENT_ID=\(ShellWord.quoted(application.clientID))")
        if let secret = application.secrets.first {
            try Console.printResult("export AZURE_CLIENT_SECRET=\(ShellWord.quoted(secret.value))")
        }
        if let certificate { try Console.printResult("export AZURE_CLIENT_CERTIFICATE_PATH=\(ShellWord.quoted(certificate))") }
        let scope = "--scope https://vault.azure.net/.default"
        if !application.secrets.isEmpty { Console.printNote("azid token --credential client-secret \(scope)") }
        if certificate != nil { Console.printNote("azid token --credential client-certificate \(scope)") }
    }
}
#endif
