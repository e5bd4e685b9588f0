// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import Subprocess

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(System)
import System
#else
import SystemPackage
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The emulator as another process, which outlives this one: for `eval "$(azid emulator --background)"`.
enum BackgroundEmulator {
    /// Starts it, passes on the lines it writes and ends this process when it is ready.
    ///
    /// - Returns: Its exit status if it couldn't start. Else doesn't return.
    static func start() async throws -> ExitCode {
        let arguments = CommandLine.arguments.dropFirst().map { $0 == "--background" ? "--detached" : $0 }
        var options = PlatformOptions()
        options.createSession = true
        let result = try await Subprocess.run(
            Self.program,
            arguments: Arguments(arguments),
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: .currentStandardError
        ) { execution in
            var lines: [String] = []
            for try await line in execution.standardOutput.strings() {
                let line = line.filter { !$0.isNewline }
                if line.isEmpty {
                    for line in lines { try Console.printResult(line) }
                    _exit(0)
                }
                lines.append(line)
            }
        }
        return ExitCode(result.terminationStatus)
    }

    /// Lets go of the terminal, so that nobody waits for more.
    static func detach() {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0 else { return }
        for descriptor in Int32(1)...2 { dup2(null, descriptor) }
        close(null)
    }

    /// This program.
    private static var program: Executable {
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            return .path(FilePath(path))
        }
        let name = CommandLine.arguments.first ?? "azid"
        return name.contains("/") ? .path(FilePath(name)) : .name(name)
    }
}
#endif
