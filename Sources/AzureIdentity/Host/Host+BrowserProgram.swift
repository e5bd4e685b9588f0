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
    /// Starts a program in a session of its own and leaves it be, whoever cancels: a browser stays open when the sign-in is over, and when
    /// this process is. Nothing of what it prints is kept.
    package static let startProgram: ProgramStart = { command in
        guard SubprocessParts.hasDescriptors else { throw ToolFailure.outOfDescriptors }
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
        var options = PlatformOptions()
        #if !os(Windows)
        options.createSession = true
        #endif
        do {
            let result = try await Subprocess.run(
                .path(FilePath(command.executable)),
                arguments: Arguments(command.arguments),
                environment: .custom(SubprocessParts.variables(command)),
                workingDirectory: FilePath(command.workingDirectory),
                platformOptions: options,
                input: .none,
                output: .discarded,
                error: .discarded
            )
            return .success(SubprocessParts.status(result.terminationStatus))
        } catch let error {
            return .failure(.notStarted(reason: HostileText.sanitized("\(error)", limit: 300)))
        }
    }

}
#endif
