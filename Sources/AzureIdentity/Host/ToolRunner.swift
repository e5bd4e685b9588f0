// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A program to run: as it is, without a shell.
package struct ToolCommand: Sendable, Hashable {
    /// The program's absolute path.
    package var executable: String
    package var arguments: [String]
    /// All of the program's variables.
    package var environment: [String: String]
    package var workingDirectory: String
    /// How long it may take.
    package var timeout: Duration
    /// How many bytes it may write, to its output and to its errors each.
    package var outputLimit: Int

    package init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        workingDirectory: String = Self.safeDirectory,
        timeout: Duration,
        outputLimit: Int = Self.outputLimit
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.timeout = timeout
        self.outputLimit = outputLimit
    }

    /// A directory in which nobody but the system's administrator leaves files.
    #if os(Windows)
    package static let safeDirectory = #"C:\Windows\System32"#
    #else
    package static let safeDirectory = "/bin"
    #endif
    /// A token with all that is printed around it is a hundredth of this.
    package static let outputLimit = 1 << 20
}

/// What a program came to.
package struct ToolRun: Sendable, Hashable {
    /// The exit status; the negative number of the signal that ended it.
    package var status: Int32
    package var output: [UInt8]
    package var errors: [UInt8]

    package init(status: Int32, output: [UInt8], errors: [UInt8]) {
        self.status = status
        self.output = output
        self.errors = errors
    }
}

/// Why a program came to nothing.
package enum ToolFailure: Error, Sendable, Hashable {
    case notStarted(reason: String)
    case timedOut
    case tooMuchOutput
    /// This process has too many files open to start another.
    case outOfDescriptors
}

/// Tells runners of programs apart, also those that are gone.
package struct ToolRunnerID: Sendable, Hashable {
    private static let last = Locked<UInt64>(0)
    private let number: UInt64

    /// One that no other runner has.
    package init() {
        self.number = Self.last.withLock { last in
            last += 1
            return last
        }
    }
}

/// Runs programs.
package protocol ToolRunner: Sendable {
    /// Its own, as long as it lives.
    var id: ToolRunnerID { get }

    /// Runs a program to its end, with no input. Whoever cancels, or has no more time, ends the program and those that it has started.
    ///
    /// - Throws: `ToolFailure`, `CancellationError`.
    func run(_ command: ToolCommand) async throws -> ToolRun
}

/// Where a program is.
package enum ToolLocation: Sendable, Hashable {
    case found(String)
    /// There is a file of that name, which this process may not run.
    case notExecutable(String)
    case absent
}
