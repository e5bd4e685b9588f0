// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Subprocess
import AzureCredentials
import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif

extension Host {
    /// Runs programs with swift-subprocess.
    static let defaultToolRunner: (any ToolRunner)? = SubprocessRunner()
}

/// Runs programs in a session of their own, so that all of it can be ended at once.
private final class SubprocessRunner: ToolRunner {
    /// How long to wait for the end of what was killed.
    private static let grace = Duration.milliseconds(200)

    func run(_ command: ToolCommand) async throws -> ToolRun {
        try await withThrowingTaskGroup(of: ToolRun?.self) { group in
            group.addTask { try await Self.process(command) }
            group.addTask {
                try await Task.sleep(for: command.timeout, clock: .continuous)
                return nil
            }
            // The group ends when the program has.
            defer { group.cancelAll() }
            guard let run = try await group.next() ?? nil else { throw ToolFailure.timedOut }
            return run
        }
    }

    private static func process(_ command: ToolCommand) async throws -> ToolRun {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in command.environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        do {
            let result = try await Subprocess.run(
                .path(FilePath(command.executable)),
                arguments: Arguments(command.arguments),
                environment: .custom(variables),
                workingDirectory: FilePath(command.workingDirectory),
                platformOptions: Self.platformOptions,
                input: .none,
                output: .bytes(limit: command.outputLimit),
                error: .bytes(limit: command.outputLimit)
            )
            try Task.checkCancellation()
            return ToolRun(
                status: Self.status(result.terminationStatus), output: result.standardOutput, errors: result.standardError)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            if error.code == .outputLimitExceeded { throw ToolFailure.tooMuchOutput }
            throw ToolFailure.notStarted(reason: HostileText.sanitized(error.description, limit: 300))
        }
    }

    private static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        #if os(Windows)
        // Ends the program alone: there are no groups there.
        #else
        options.createSession = true
        // Killed at once: the sequence ends with the program itself, and would leave those of its children that ignore a gentler signal.
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: Self.grace)]
        #endif
        return options
    }

    private static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): Int32(truncatingIfNeeded: code)
        #if !os(Windows)
        case .signaled(let signal): -Int32(signal)
        #endif
        }
    }
}
#endif
