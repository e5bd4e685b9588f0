// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting

extension Subject {
    /// Those that run a developer tool.
    static let tools: [Subject] = [.azureCLI, .azureDeveloperCLI, .azurePowerShell]

    /// The credential, with a tool that asks the emulator on the options' transport.
    func makeTool(secret: String, tenantID: String, options: CredentialOptions) -> any TokenCredential {
        var options = options
        if !(options.testHost.toolRunner is EmulatedToolRunner), let transport = options.transport {
            let clock = options.testHost.clock as? VirtualClock
            options = options.running(EmulatedToolRunner(transport: transport, secret: secret, clock: clock))
        }
        switch self {
        case .azureDeveloperCLI:
            return AzureDeveloperCLICredential(tenantID: tenantID, processTimeout: .seconds(280), options: options)
        case .azurePowerShell:
            return AzurePowerShellCredential(tenantID: tenantID, processTimeout: .seconds(280), options: options)
        default: return AzureCLICredential(tenantID: tenantID, processTimeout: .seconds(280), options: options)
        }
    }
}

extension CredentialOptions {
    /// The same options on a machine that has all tools, which this runner plays.
    func running(_ runner: any ToolRunner) -> CredentialOptions {
        var options = self
        options.hostOverride = { [inner = self.hostOverride] host in
            var host = inner?(host) ?? host
            host.toolRunner = runner
            host.findTool = { names, _ in names.first.map { .found("/tools/\($0)") } ?? .absent }
            host.stamp = { _ in FileStamp(size: 1, seconds: 1, nanoseconds: 1, number: 1) }
            return host
        }
        return options
    }
}
