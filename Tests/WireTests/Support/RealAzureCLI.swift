// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

/// The real Azure CLI on a stage of its own: the emulator is its cloud, and its configuration is in a folder of the test's.
///
/// It can reach nothing else: all but loopback goes to a proxy that isn't there, and a test ends if the cloud can't be registered.
struct RealAzureCLI: Sendable {
    let stage: Stage
    /// The folder of the tool's configuration, which is also its home.
    let folder: URL

    /// Another service principal of the sample's tenant.
    static let otherClientID = "c0000000-0000-4000-8000-000000000002"
    /// The object id of the other service principal.
    static let otherObjectID = "b0000000-0000-4000-8000-000000000012"
    /// The secret of the other service principal.
    static let otherSecret = "emulator-other-secret"
    /// Longer than the slowest machine takes.
    static let patience = Duration.seconds(300)

    /// Runs a test with the tool, which knows the emulator as its cloud and has no account.
    static func with<Result>(_ body: (RealAzureCLI) async throws -> Result) async throws -> Result {
        var configuration = EmulatorConfiguration.sample
        configuration.tenants[0].applications.append(
            .init(
                clientID: Self.otherClientID, objectID: Self.otherObjectID,
                secrets: [.init(value: Self.otherSecret)])
        )
        return try await Stage.with(configuration) { stage in
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "az-\(UUID().uuidString)", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let tool = RealAzureCLI(stage: stage, folder: folder)
            let address = stage.server.url
            try await tool.run([
                "cloud", "register", "--name", "emulator", "--endpoint-active-directory", address,
                "--endpoint-resource-manager",
                address,
                "--endpoint-active-directory-resource-id", "\(address)/",
                "--endpoint-active-directory-graph-resource-id",
                "\(address)/",
            ])
            try await tool.run(["cloud", "set", "--name", "emulator"])
            return try await body(tool)
        }
    }

    /// The variables of the tool, and of credentials that run it.
    var environment: [String: String] {
        let nowhere = "http://127.0.0.1:9"
        return [
            "PATH": URL(filePath: RealPart.azureCLIPath).deletingLastPathComponent().path()
                + ":/usr/bin:/bin",
            "HOME": self.folder.path(), "AZURE_CONFIG_DIR": self.folder.path(), "LANG": "C.UTF-8",
            "AZURE_CORE_COLLECT_TELEMETRY": "no", "AZURE_CORE_INSTANCE_DISCOVERY": "0",
            "REQUESTS_CA_BUNDLE": self.stage.caFile,
            "HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere, "NO_PROXY": "localhost,127.0.0.1",
        ]
    }

    /// Runs the tool.
    @discardableResult
    func run(_ arguments: [String]) async throws -> Program.Run {
        let run = try await Program(path: RealPart.azureCLIPath, environment: self.environment).run(
            arguments)
        try #require(
            run.status == 0, "az \(arguments.prefix(2).joined(separator: " ")): \(run.errors)")
        return run
    }

    /// Signs in as a service principal of the sample's tenant.
    func login(_ clientID: String, secret: String, tenantID: String = Sample.tenantID) async throws {
        try await self.run([
            "login", "--service-principal", "-u", clientID, "-p", secret, "--tenant", tenantID,
            "--output", "none",
        ])
    }

    /// Signs in as the sample's service principal.
    func login() async throws { try await self.login(Sample.clientID, secret: Sample.clientSecret) }

    /// How many times the tool was run for a token so far, by its own log.
    var tokenRuns: Int {
        let logs = try? FileManager.default.contentsOfDirectory(
            atPath: self.folder.appending(path: "commands").path())
        return (logs ?? []).count { $0.contains("account_get-access-token") }
    }

    /// A credential that runs the tool, with a cache of its own.
    func credential(tenantID: String? = nil, subscription: String? = nil) -> AzureCLICredential {
        AzureCLICredential(
            tenantID: tenantID,
            subscription: subscription,
            processTimeout: Self.patience,
            options: CredentialOptions(
                tokenCache: .inMemory, environment: EnvironmentVariables(self.environment))
        )
    }
}

extension RealPart {
    /// The Azure CLI, from `AZID_TEST_AZ` or where `.ci/run` installs it.
    static let azureCLIPath: String = {
        let variables = ProcessInfo.processInfo.environment
        if let path = variables["AZID_TEST_AZ"], !path.isEmpty { return path }
        let cache =
            variables["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
            ?? (variables["HOME"] ?? "/nonexistent") + "/.cache"
        let folder = cache + "/azure-identity-swift-ci"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return
            "\(folder)/\(versions.filter { $0.hasPrefix("azure-cli-") }.max() ?? "azure-cli")/bin/az"
    }()

    /// Microsoft's command line.
    static let azureCLI = RealPart(
        name: "Azure CLI",
        isPresent: FileManager.default.isExecutableFile(atPath: azureCLIPath)
    )
}
#endif
