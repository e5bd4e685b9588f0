// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import Foundation
import Testing

/// A library of the tests' own in the place of Microsoft's: `Tests/Fixtures/broker-library/broker-library.c`, compiled for each test, so that
/// none sees another's handles.
struct MSALRuntimeStandIn: Sendable {
    typealias Set = @convention(c) @Sendable (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Void
    typealias Record = @convention(c) @Sendable (UnsafePointer<CChar>) -> UnsafePointer<CChar>?
    typealias Number = @convention(c) @Sendable () -> Int32
    typealias Await = @convention(c) @Sendable (Int32) -> Void
    typealias Act = @convention(c) @Sendable () -> Void

    /// The library's file.
    let path: String
    private let library: NativeLibrary

    /// For what blocks until the library has come so far.
    private static let queue = BlockingQueue(label: "broker-library-stand-in", limit: .seconds(120))
    private static let source = Program.repository.appending(path: "Tests/Fixtures/broker-library/broker-library.c").path()
    /// A token and an account, unless a test sets something else.
    private static let defaults = [
        "token": "MARKED-token", "granted": "one two", "expires": "4000000000", "tag": "507897694", "code": "-5",
        "context": "AADSTS50011: no such address",
    ]

    /// Runs a test with a library, and looks afterwards whether all handles are released, and each once.
    static func with<Result>(
        _ settings: [String: String] = [:],
        defines: [String] = [],
        _ body: (MSALRuntimeStandIn) async throws -> Result
    ) async throws -> Result {
        try await ToolPlace.withFolder { folder in
            let path = try await self.compiled(in: folder, defines: defines)
            let standIn = MSALRuntimeStandIn(path: path, library: try NativeLibrary(names: [path]))
            for (name, value) in Self.defaults.merging(settings, uniquingKeysWith: { $1 }) { try standIn.set(name, value) }
            let result = try await body(standIn)
            try await Patience.wait(for: "the release of all handles") { try standIn.number("Live") == 0 }
            let faults = try standIn.number("Faults")
            #expect(faults == 0, "handles were released twice, or used after their release")
            return result
        }
    }

    static func compiled(in folder: String, defines: [String] = []) async throws -> String {
        let path = "\(folder)/libmsalruntime.so"
        let arguments = ["-shared", "-fPIC", "-O1", "-pthread"] + defines.map { "-D\($0)" } + ["-o", path, Self.source]
        let variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "TMPDIR": folder]
        let run = try await Program(path: RealPart.compilerPath, environment: variables).run(arguments)
        try #require(run.status == 0, "\(run.errors)")
        return path
    }

    /// What speaks with it, as a program would have it.
    var broker: MSALRuntimeBroker { MSALRuntimeBroker(host: Host(environment: EnvironmentVariables([:])), path: self.path) }

    func set(_ name: String, _ value: String) throws {
        let set: Set = try self.library.function("STANDIN_Set")
        set(name, value)
    }

    /// What it was told, in order.
    func record(_ name: String) throws -> [String] {
        let record: Record = try self.library.function("STANDIN_Record")
        let text = record(name).map { String(cString: $0) } ?? ""
        guard !text.isEmpty else { return [] }
        return text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }

    /// `Live`, `Created`, `Faults` or `Callbacks`.
    func number(_ name: String) throws -> Int {
        let number: Number = try self.library.function("STANDIN_\(name)")
        return Int(number())
    }

    /// Waits until so many callbacks are held.
    func awaitHeld(_ count: Int) async throws {
        let wait: Await = try self.library.function("STANDIN_AwaitHeld")
        let isDone = await Self.queue.run {
            wait(Int32(count))
            return true
        }
        try #require(isDone == true)
    }

    /// Does what blocks: `LetGo` makes the callbacks that were held, `AwaitCancellation` waits until an operation was asked to end,
    /// a minute at most.
    func act(_ name: String) async throws {
        let act: Act = try self.library.function("STANDIN_\(name)")
        let isDone = await Self.queue.run {
            act()
            return true
        }
        try #require(isDone == true)
    }
}

/// Requests and accounts of the tests of the broker library.
enum MSALRuntimeSample {
    static let correlationID = "11111111-2222-4333-8444-555555555555"
    static let redirect = "https://login.microsoftonline.com/common/oauth2/nativeclient"
    static let account = BrokerAccount(homeAccountID: "ada.contoso", localAccountID: "ada", username: "ada@contoso.com")

    static func request(
        within limit: Duration = .seconds(60),
        _ change: (inout BrokerRequest) -> Void = { _ in }
    ) -> BrokerRequest {
        var request = BrokerRequest(
            clientID: "client",
            authority: "https://login.microsoftonline.com/contoso",
            scopes: [vaultScope],
            redirectURL: Self.redirect,
            correlationID: Self.correlationID,
            deadline: SystemClock().now + limit
        )
        change(&request)
        return request
    }

    /// The failure of an operation that must fail.
    static func failure(_ operation: () async throws(BrokerFailure) -> some Any) async throws -> BrokerFailure {
        do throws(BrokerFailure) {
            _ = try await operation()
        } catch {
            return error
        }
        throw UnexpectedSuccess()
    }
}

extension RealPart {
    /// The compiler of the Swift toolchain, or the system's.
    static let compilerPath: String = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/bin"]
        let paths = ["clang", "cc"].flatMap { name in folders.map { "\($0)/\(name)" } }
        return paths.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "/usr/bin/clang"
    }()

    /// A C compiler, for the library that stands in for Microsoft's.
    static let compiler = RealPart(
        name: "C compiler",
        isPresent: FileManager.default.isExecutableFile(atPath: compilerPath)
    )
}
#endif
