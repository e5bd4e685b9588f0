// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Subprocess
import SystemPackage

/// A program that a test runs, with an environment of the test's and nothing else.
///
/// With swift-subprocess: Foundation's `Process` loses the end of a child now and then when several run at once on Linux.
struct Program: Sendable {
    var path: String
    var environment: [String: String] = [:]

    /// What a run came to.
    struct Run: Sendable {
        /// The exit status; the negative signal number if a signal ended the program.
        var status: Int32
        var output: String
        var errors: String
    }

    /// The most output that is read.
    private static let outputLimit = 8 << 20

    /// The repository this file was compiled in.
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of the programs that were built along with the tests.
    static let products =
        Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?.deletingLastPathComponent()
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

    /// A port of this machine that nobody listens on, in the place of the metadata service.
    static let noMetadata = ["AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:1"]

    /// The tool `azid`, seeing these variables alone, and one that keeps it away from the metadata service of the machine that the tests run
    /// on.
    static func azid(_ environment: [String: String] = [:]) -> Program {
        Program(
            path: Self.products.appending(path: "azid").path(),
            environment: Self.noMetadata.merging(environment) { $1 }
        )
    }

    /// Runs the program to its end.
    func run(_ arguments: [String]) async throws -> Run {
        let result = try await Subprocess.run(
            .path(FilePath(self.path)),
            arguments: Arguments(arguments),
            environment: self.variables,
            output: .string(limit: Self.outputLimit),
            error: .string(limit: Self.outputLimit)
        )
        return Run(
            status: Self.status(result.terminationStatus),
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    /// Runs the program while a test does something, then ends it if it hasn't ended.
    ///
    /// - Parameters:
    ///   - arguments: The arguments.
    ///   - lines: How many lines of its output to wait for first.
    ///   - signal: The signal that ends it.
    ///   - body: What to do; gets the process's id and the lines.
    /// - Returns: The exit status.
    @discardableResult
    func run(
        _ arguments: [String],
        awaiting lines: Int,
        thenSending signal: Int32 = SIGTERM,
        body: (Int32, [String]) async throws -> Void
    ) async throws -> Int32 {
        let result = try await Subprocess.run(
            .path(FilePath(self.path)),
            arguments: Arguments(arguments),
            environment: self.variables,
            input: .none,
            output: .sequence,
            error: .discarded
        ) { execution in
            let identifier = Int32(execution.processIdentifier.value)
            var found: [String] = []
            var iterator = execution.standardOutput.strings().makeAsyncIterator()
            while found.count < lines, let line = try await iterator.next() { found.append(line) }
            defer { kill(identifier, signal) }
            try await body(identifier, found)
        }
        return Self.status(result.terminationStatus)
    }

    private var variables: Environment {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in self.environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return .custom(variables)
    }

    private static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): -signal
        }
    }
}
#endif
