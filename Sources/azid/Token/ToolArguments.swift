// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureIdentity

/// The flags of credentials that run a developer tool.
struct ToolArguments: ParsableArguments {
    /// The longest time that a run of a tool may be given, in seconds.
    private static let longestTimeout = 290.0

    @Option(
        name: .long,
        help: "azure-cli, default: the subscription whose account is asked for. With azure-cli, not together with --tenant-id.")
    var subscription: String?

    @Option(
        name: .long,
        help: ArgumentHelp("azure-cli and its like, default: how long a run of a tool may take. Else 13.", valueName: "seconds"))
    var processTimeout: Double?

    func validate() throws {
        guard self.processTimeout.map({ $0 > 0 && $0 <= Self.longestTimeout }) ?? true else {
            throw ValidationError("--process-timeout takes a number of seconds above 0 and up to 290.")
        }
    }

    /// How long a run of a tool may take, if a flag says so.
    var limit: Duration? { self.processTimeout.map { .seconds($0) } }

    func azureCLI(tenantID: String?, options: CredentialOptions) -> AzureCLICredential {
        AzureCLICredential(
            tenantID: tenantID,
            subscription: self.subscription,
            processTimeout: self.limit ?? Self.usualLimit,
            options: options
        )
    }

    func azureDeveloperCLI(tenantID: String?, options: CredentialOptions) -> AzureDeveloperCLICredential {
        AzureDeveloperCLICredential(tenantID: tenantID, processTimeout: self.limit ?? Self.usualLimit, options: options)
    }

    func azurePowerShell(tenantID: String?, options: CredentialOptions) -> AzurePowerShellCredential {
        AzurePowerShellCredential(tenantID: tenantID, processTimeout: self.limit ?? Self.usualLimit, options: options)
    }

    private static let usualLimit = Duration.seconds(13)
}
#endif
