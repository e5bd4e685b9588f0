// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Dispatch
import Foundation
import Logging
import Testing

/// The credentials of developer tools, for tests that run on each of them.
enum ToolSubject: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case azureCLI = "AzureCLICredential"
    case azureDeveloperCLI = "AzureDeveloperCLICredential"
    case azurePowerShell = "AzurePowerShellCredential"

    var testDescription: String { self.rawValue }

    var tool: ToolStandIn.Tool {
        switch self {
        case .azureCLI: .azureCLI
        case .azureDeveloperCLI: .azureDeveloperCLI
        case .azurePowerShell: .azurePowerShell
        }
    }

    /// The guide's row for a tool that isn't there.
    var absenceRow: String {
        switch self {
        case .azureCLI: "G34"
        case .azureDeveloperCLI: "G36"
        case .azurePowerShell: "G38"
        }
    }

    /// The guide's row for a tool that nobody has signed in to.
    var signedOutRow: String {
        switch self {
        case .azureCLI: "G35"
        case .azureDeveloperCLI: "G37"
        case .azurePowerShell: "G40"
        }
    }

    /// The credential, seeing these variables alone.
    func credential(
        _ environment: EnvironmentVariables,
        tenantID: String? = nil,
        subscription: String? = nil,
        processTimeout: Duration = .seconds(60),
        keepsTokens: Bool = true,
        cache: TokenCache = .inMemory
    ) -> any TokenCredential {
        let options = CredentialOptions(
            additionallyAllowedTenants: [.any],
            logging: LoggingOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }),
            tokenCache: cache,
            environment: environment
        )
        switch self {
        case .azureCLI:
            return AzureCLICredential(
                tenantID: tenantID,
                subscription: subscription,
                processTimeout: processTimeout,
                keepsTokens: keepsTokens,
                options: options
            )
        case .azureDeveloperCLI:
            return AzureDeveloperCLICredential(
                tenantID: tenantID, processTimeout: processTimeout, keepsTokens: keepsTokens, options: options)
        case .azurePowerShell:
            return AzurePowerShellCredential(
                tenantID: tenantID, processTimeout: processTimeout, keepsTokens: keepsTokens, options: options)
        }
    }

    /// What the tool prints with a token, for answers that are more than that.
    func output(_ token: String, expiry: Int = 4_000_000_000) -> String {
        switch self {
        case .azureCLI: #"{"accessToken":"\#(token)","expires_on":\#(expiry)}"#
        case .azureDeveloperCLI:
            #"{"token":"\#(token)","expiresOn":"\#(Date(timeIntervalSince1970: Double(expiry)).formatted(.iso8601))"}"#
        case .azurePowerShell: "azsdk%\(token)%\(expiry)"
        }
    }
}

/// The suites that run many processes, one test at a time: together they would keep the sockets of other tests waiting.
@Suite(.serialized) enum ToolProcesses {}

/// A folder of a test's own with the stand-in of one tool.
struct ToolPlace: Sendable {
    let subject: ToolSubject
    let tool: ToolStandIn

    /// Makes a place, and removes it afterwards.
    static func with<Result>(
        _ subject: ToolSubject,
        answering answer: ToolStandIn.Answer,
        _ body: (ToolPlace) async throws -> Result
    ) async throws -> Result {
        try await self.withFolder { folder in
            try await body(ToolPlace(subject: subject, tool: ToolStandIn.install(subject.tool, answering: answer, in: folder)))
        }
    }

    /// Makes an empty folder, and removes it afterwards.
    static func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        // Links are followed, so that what programs say of where they are is the same text.
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(
            path: "tools-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.path())
    }

    /// A token of an identity, another one at each access.
    static func token(of objectID: String = "MARKED") -> String {
        let claims = #"{"oid":"\#(objectID)","tid":"\#(Sample.tenantID)","uti":"\#(UUID().uuidString)"}"#
        return [#"{"alg":"none","typ":"JWT"}"#, claims, "MARKED-signature"].map { Base64URL.encode($0.utf8) }.joined(
            separator: ".")
    }

    /// An answer with a token that is good for an hour.
    static func answer(_ token: String, delay: Duration = .zero) -> ToolStandIn.Answer {
        .token(token, expiresOn: Date(timeIntervalSinceNow: 3600), delay: delay)
    }

    /// The text that the stand-in's answer has left in a file, once it is there.
    func text(_ name: String) async throws -> String {
        let path = "\(self.tool.dataFolder)/\(name)"
        try await Patience.wait(for: "the file \(name)") { FileManager.default.fileExists(atPath: path) }
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    /// The process ids that the stand-in's answer has left in the file `pids`.
    func processes() async throws -> [Int32] {
        try await self.text("pids").split(separator: "\n").compactMap { Int32($0) }
    }

    /// Lines for a shell: starts three programs that would take a quarter of an hour, one that nobody owns any more and one that can't be
    /// asked to end among them, leaves their ids and its own in the file `pids`, and waits for them.
    static let family = """
        ids=$STAND_IN/pids.part
        sleep 1000 &
        echo $! >>"$ids"
        (sleep 1000 & echo $! >>"$ids")
        (trap '' TERM; exec sleep 1000) &
        echo $! >>"$ids"
        echo $$ >>"$ids"
        mv "$ids" "$STAND_IN/pids"
        wait

        """
}

/// Waiting for something that other processes do, without an end to the test's own.
enum Patience {
    struct Exhausted: Error { let what: String }

    /// Looks until a condition holds, a hundred times a second, for two minutes at most.
    static func wait(for what: String, _ condition: () throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(120)
        let (ticks, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now(), repeating: .milliseconds(10))
        timer.setEventHandler { continuation.yield() }
        timer.resume()
        defer { timer.cancel() }
        for await _ in ticks {
            if try condition() { return }
            guard ContinuousClock.now < end else { break }
        }
        throw Exhausted(what: what)
    }

    /// Waits until none of some processes runs any more.
    static func waitForEnd(of processes: [Int32]) async throws {
        try await self.wait(for: "the end of \(processes)") { !processes.contains(where: Self.isRunning) }
    }

    /// Whether a process runs: it is there, and it isn't dead and waiting for its parent to notice.
    static func isRunning(_ process: Int32) -> Bool {
        guard kill(process, 0) == 0 else { return false }
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        let state = status.split(separator: ")").last?.first { $0 != " " }
        return state != "Z" && state != "X"
    }
}
#endif
