// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import Foundation

/// A program that a test runs, with an environment of the test's and nothing else.
struct Program: Sendable {
    var path: String
    var environment: [String: String] = [:]

    /// What a run came to.
    struct Run: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The repository this file was compiled in.
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of the programs that were built along with the tests.
    static let products = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?.deletingLastPathComponent()
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

    /// The tool `azid`, seeing these variables alone.
    static func azid(_ environment: [String: String] = [:]) -> Program {
        Program(path: Self.products.appending(path: "azid").path(), environment: environment)
    }

    /// Runs the program to its end.
    func run(_ arguments: [String]) async throws -> Run {
        let started = try self.start(arguments)
        return try await started.end()
    }

    /// Starts the program.
    func start(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(self, arguments)
    }
}

/// A program under way. Its output is collected as it comes.
final class RunningProgram: Sendable {
    private let process: Locked<Process>
    private let output = Collector()
    private let errors = Collector()
    private let ended = Ending()

    let identifier: Int32

    init(_ program: Program, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program.path)
        process.arguments = arguments
        process.environment = program.environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = self.output.pipe
        process.standardError = self.errors.pipe
        let ended = self.ended
        process.terminationHandler = { ended.finish($0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus) }
        try process.run()
        self.identifier = process.processIdentifier
        self.process = Locked(process)
    }

    /// Waits for the end.
    func end() async throws -> Program.Run {
        let status = await self.ended.status()
        return Program.Run(status: status, output: await self.output.text(), errors: await self.errors.text())
    }

    /// Waits until the standard output holds so many lines, or ends.
    func lines(_ count: Int) async -> [String] { await self.output.lines(count) }

    /// Waits until the standard error holds so many lines, or ends.
    func errorLines(_ count: Int) async -> [String] { await self.errors.lines(count) }

    func interrupt() { kill(self.identifier, SIGINT) }

    func terminate() { kill(self.identifier, SIGTERM) }
}

/// A status that becomes known once.
private final class Ending: Sendable {
    private let state = Locked<(status: Int32?, waiters: [CheckedContinuation<Int32, Never>])>((nil, []))

    func finish(_ status: Int32) {
        let waiters = self.state.withLock { state in
            state.status = status
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }

    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let known = self.state.withLock { state in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}

/// Collects what comes out of a pipe.
private final class Collector: Sendable {
    private struct State: Sendable {
        var bytes: [UInt8] = []
        var hasEnded = false
        var waiters: [(lines: Int, continuation: CheckedContinuation<Void, Never>)] = []

        func isSatisfied(_ lines: Int) -> Bool {
            self.hasEnded || self.bytes.count { $0 == UInt8(ascii: "\n") } >= lines
        }

        mutating func removeSatisfied() -> [CheckedContinuation<Void, Never>] {
            let satisfied = self.waiters.filter { self.isSatisfied($0.lines) }
            self.waiters = self.waiters.filter { !self.isSatisfied($0.lines) }
            return satisfied.map(\.continuation)
        }
    }

    let pipe = Pipe()
    private let state = Locked(State())

    init() {
        let state = self.state
        self.pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            let satisfied = state.withLock { state in
                state.bytes += data
                state.hasEnded = data.isEmpty
                return state.removeSatisfied()
            }
            for waiter in satisfied { waiter.resume() }
        }
    }

    func lines(_ count: Int) async -> [String] {
        await withCheckedContinuation { continuation in
            let isDone = self.state.withLock { state in
                if state.isSatisfied(count) { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
        return String(decoding: self.state.withLock { $0.bytes }, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    func text() async -> String {
        _ = await self.lines(.max)
        return String(decoding: self.state.withLock { $0.bytes }, as: UTF8.self)
    }
}
#endif
