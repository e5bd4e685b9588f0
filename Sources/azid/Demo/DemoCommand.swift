// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting

/// `azid demo`: the main job on the built-in emulator.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Gets tokens from a built-in emulator and shows them in a table.",
        discussion:
            "Needs no Azure account and no network: everything happens on this machine, over TLS on the loopback interface."
    )

    @OptionGroup var log: LogOptions

    func run() async throws {
        let logging = self.log.bootstrap()
        let emulator = EntraEmulator()
        let certificate = try EmulatorClientCertificate.make(subject: "azid demo")
        try DemoStage.register(certificate, with: emulator)
        let succeeded = try await withEmulatorServer(emulator) { server in
            let path = try TemporaryFolder.write(server.certificateAuthorityPEM, name: "emulator-ca.pem", to: nil)
            defer { TemporaryFolder.remove(folderOf: path) }
            let folder = TemporaryFolder.folder(of: path)
            emulator.update { $0.hosts.arcKeyDirectory = folder }
            try Console.printResult("A local Azure identity emulator listens on \(server.url); its tokens come over TLS.\n")
            let stage = DemoStage(
                authorityHost: try AuthorityHost(server.url), caFile: path, certificate: certificate, logging: logging,
                hosts: try DemoHost.all(of: server))
            let chain = DemoChain(
                folder: folder + "/tools", logging: logging, appService: try server.environment(for: .appService))
            let isComplete = try await stage.showTokens()
            let isChained = try await chain.showTokens()
            let isExplained = try await chain.showFailure()
            let isRefused = try await stage.showRefusal()
            let isRead = try await stage.showVault(emulator, url: server.url)
            let isShared = try await stage.showSharing(emulator)
            return isComplete && isChained && isExplained && isRefused && isRead && isShared
        }
        guard succeeded else { throw ExitCode(1) }
    }
}
#endif
