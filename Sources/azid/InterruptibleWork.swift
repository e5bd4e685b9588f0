// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The work of a command that an interrupt may end, with the exit status of the tool's contract.
enum InterruptibleWork {
    /// Does the work to its end.
    ///
    /// - Parameters:
    ///   - isJSON: Whether an error is printed as JSON.
    ///   - work: The work; cancelled by an interrupt.
    /// - Throws: `ExitCode`.
    static func run(isJSON: Bool, _ work: @escaping @Sendable () async throws -> Void) async throws {
        let interruption = Interruption()
        let task = Task {
            do {
                try await work()
            } catch let status as ExitCode {
                throw status
            } catch let error {
                Self.report(error, isJSON: isJSON)
                throw ExitStatus.code(for: error)
            }
        }
        let watch = Task {
            let number = await interruption.wait()
            // Whoever insists ends the tool at once.
            for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
            task.cancel()
            return number
        }
        let result = await task.result
        // What a developer tool was asked for, nobody wants any more.
        await ToolRegistry.shared.settle(within: .seconds(2))
        if task.isCancelled { throw ExitCode(128 + (await watch.value)) }
        watch.cancel()
        try result.get()
    }

    private static func report(_ error: any Error, isJSON: Bool) {
        guard let error = error as? AuthenticationError else {
            Console.printNote(error is CancellationError ? "Interrupted." : "Unexpected: \(type(of: error))")
            return
        }
        // A chain's error is long, so what matters most comes first.
        let headline = error.attempts.isEmpty ? "" : error.summary + "\n\n"
        Console.printNote(isJSON ? ErrorReport.json(error) : headline + error.description)
    }
}
#endif
