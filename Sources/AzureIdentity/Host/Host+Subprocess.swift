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
        guard Self.hasDescriptors else { throw ToolFailure.outOfDescriptors }
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

    /// Whether there are as many descriptors as a start takes, and some more: without, the library ends this process (swift-subprocess
    /// 1.0.2).
    private static var hasDescriptors: Bool {
        #if os(Windows)
        return true
        #else
        let descriptors = (0..<24).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
        return descriptors.allSatisfy { $0 >= 0 }
        #endif
    }

    private static func process(_ command: ToolCommand) async throws -> ToolRun {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in command.environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        let group = Locked<Int32?>(nil)
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
            ) { execution in
                group.withLock { $0 = Int32(truncatingIfNeeded: execution.processIdentifier.value) }
            }
            if Task.isCancelled {
                Self.endForGood(group)
                throw CancellationError()
            }
            return ToolRun(
                status: Self.status(result.terminationStatus), output: result.standardOutput, errors: result.standardError)
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
