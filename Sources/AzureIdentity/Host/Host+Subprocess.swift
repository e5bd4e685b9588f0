// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Subprocess
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

extension Host {
    /// Runs programs with swift-subprocess.
    static let defaultToolRunner: (any ToolRunner)? = SubprocessRunner()
}

/// Runs programs in a session of their own, so that all of it can be ended at once.
private struct SubprocessRunner: ToolRunner {
    /// How long a program may tidy up that is asked to end.
    private static let grace = Duration.milliseconds(200)

    let id = ToolRunnerID()

    func run(_ command: ToolCommand) async throws -> ToolRun {
        guard SubprocessParts.hasDescriptors else { throw ToolFailure.outOfDescriptors }
        return try await withThrowingTaskGroup(of: ToolRun?.self) { group in
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
        let group = Locked<Int32?>(nil)
        do {
            let result = try await Subprocess.run(
                .path(FilePath(command.executable)),
                arguments: Arguments(command.arguments),
                environment: .custom(SubprocessParts.variables(command)),
                workingDirectory: FilePath(command.workingDirectory),
                platformOptions: Self.platformOptions,
                input: .none,
                output: .bytes(limit: command.outputLimit),
                error: .bytes(limit: command.outputLimit)
            ) { execution in
                group.withLock { $0 = Int32(truncatingIfNeeded: execution.processIdentifier.value) }
            }
            if Task.isCancelled {
                Self.endForGood(group)
                throw CancellationError()
            }
            return ToolRun(
                status: SubprocessParts.status(result.terminationStatus), output: result.standardOutput,
                errors: result.standardError)
        } catch let error as SubprocessError {
            Self.endForGood(group)
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
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: Self.grace)
        ]
        #endif
        return options
    }

    /// Ends what is left of a program's session: the library's own sequence is over with the program itself, and leaves those of its
    /// children that ignore a gentle signal.
    private static func endForGood(_ group: Locked<Int32?>) {
        #if !os(Windows)
        if let group = group.withLock({ $0 }), group > 1 { kill(-group, SIGKILL) }
        #endif
    }
}
#endif
