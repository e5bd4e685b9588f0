// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
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

/// A program that runs in an emulated host: with the tool's own input, output and environment, but for the host's variables.
enum HostProgram {
    /// The program's process, and a signal that came before there was one.
    private struct State: Sendable {
        var identifier: pid_t?
        var pending: Int32?
    }

    /// Runs the program to its end. Signals that end the tool end the program instead; an interrupt of the terminal reaches it anyway.
    ///
    /// - Returns: Its exit status, or what a shell makes of a signal (128 and its number) and of a program that isn't there (127).
    static func run(_ command: [String], _ variables: EmulatorVariables, signals: AsyncStream<Int32>) async throws -> ExitCode {
        let state = Locked(State())
        let forwarding = Task {
            for await number in signals where number != SIGINT {
                let identifier = state.withLock { state in
                    if state.identifier == nil { state.pending = number }
                    return state.identifier
                }
                if let identifier { kill(identifier, number) }
            }
        }
        defer { forwarding.cancel() }
        do {
            let name = command.first ?? ""
            let result = try await Subprocess.run(
                name.contains("/") ? .path(FilePath(name)) : .name(name),
                arguments: Arguments(Array(command.dropFirst())),
                environment: Self.environment(variables),
                input: .currentStandardInput,
                output: .currentStandardOutput,
                error: .currentStandardError
            ) { execution in
                let identifier = execution.processIdentifier.value
                let pending = state.withLock { state in
                    state.identifier = identifier
                    return state.pending
                }
                if let pending { kill(identifier, pending) }
            }
            // The number may be another process's from now on.
            state.withLock { $0.identifier = nil }
            return ExitCode(result.terminationStatus)
        } catch let error as SubprocessError {
            let name = HostileText.sanitized(command.first ?? "", limit: 200)
            Console.printNote("\(name) can't be run: \(HostileText.sanitized(error.description, limit: 400))")
            return ExitCode(error.code == .executableNotFound ? 127 : 126)
        }
    }

    private static func environment(_ variables: EmulatorVariables) -> Environment {
        var changes: [Environment.Key: String?] = [:]
        for name in variables.unwanted {
            if let key = Environment.Key(rawValue: name) { changes.updateValue(nil, forKey: key) }
        }
        for (name, value) in variables.values {
            if let key = Environment.Key(rawValue: name) { changes[key] = value }
        }
        return .inherit.updating(changes)
    }
}

extension ExitCode {
    /// What a shell says of a program that has ended.
    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self.init(Int32(code))
        case .signaled(let signal): self.init(128 + Int32(signal))
        }
    }
}
#endif
