// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Subprocess
import AzureCredentials
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
    /// Starts a program in a session of its own and leaves it be, whoever cancels: a browser stays open when the sign-in is over, and when
    /// this process is. Nothing of what it prints is kept.
    package static let startProgram: ProgramStart = { command in
        guard BrowserProcess.hasDescriptors else { throw ToolFailure.outOfDescriptors }
        let (ends, continuation) = AsyncStream.makeStream(of: Result<Int32, ToolFailure>.self)
        // Not a child task: it ends with the program, which may be in days.
        Task.detached {
            continuation.yield(await BrowserProcess.end(of: command))
            continuation.finish()
        }
        let end = try await withThrowingTaskGroup(of: Result<Int32, ToolFailure>?.self) { group in
            group.addTask { await ends.first { _ in true } }
            group.addTask {
                try await Task.sleep(for: command.timeout, clock: .continuous)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        try Task.checkCancellation()
        return try end?.get()
    }
}

/// A program that nobody waits for.
private enum BrowserProcess {
    static func end(of command: ToolCommand) async -> Result<Int32, ToolFailure> {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in command.environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        var options = PlatformOptions()
        #if !os(Windows)
        options.createSession = true
        #endif
        do {
            let result = try await Subprocess.run(
                .path(FilePath(command.executable)),
                arguments: Arguments(command.arguments),
                environment: .custom(variables),
                workingDirectory: FilePath(command.workingDirectory),
                platformOptions: options,
                input: .none,
                output: .discarded,
                error: .discarded
            )
            return .success(Self.status(result.terminationStatus))
        } catch let error {
            return .failure(.notStarted(reason: HostileText.sanitized("\(error)", limit: 300)))
        }
    }

    /// Whether there are descriptors to spare: without, swift-subprocess 1.0.2 ends this process.
    static var hasDescriptors: Bool {
        #if os(Windows)
        return true
        #else
        let descriptors = (0..<24).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
        return descriptors.allSatisfy { $0 >= 0 }
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
