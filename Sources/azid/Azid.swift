// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureHTTP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The tool `azid`.
@main
struct Azid: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "azid",
        abstract: "Gets tokens for Azure services, and runs a local Azure identity emulator.",
        version: UserAgent.libraryVersion,
        subcommands: [
            TokenCommand.self, DoctorCommand.self, ExplainCommand.self, InspectCommand.self, LoginCommand.self,
            LogoutCommand.self, AccountsCommand.self,
            CacheCommand.self, EmulatorCommand.self, DemoCommand.self,
        ]
    )

    /// Runs the tool; an interrupt ends it with the status 130.
    static func main() async {
        Console.secureDescriptors()
        signal(SIGINT) { _ in _exit(130) }
        // A reader that has gone away is an error of a write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        await Self.main(nil)
    }
}
#endif
