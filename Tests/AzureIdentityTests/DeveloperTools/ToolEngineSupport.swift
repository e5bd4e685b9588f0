// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A tool whose output is `TOKEN LIFETIME`, or a failure.
struct PlainTool: DeveloperTool {
    let credential = "PlainToolCredential"
    let title = "Plain Tool"
    let executables = ["plain"]
    let variables = ["PLAIN": "1"]
    let date: @Sendable () -> Date

    func stateFiles(_ environment: EnvironmentVariables) -> [String] { ["/state/\(environment["STATE"] ?? "account")"] }
    func validate(tenantID: String?, subscription: String?) throws {
        if subscription == "bad" { throw AuthenticationError(.invalidConfiguration, credential: self.credential, message: "bad") }
    }
    func arguments(_ question: ToolQuestion) throws -> [String] {
        question.scopes + [question.tenantID ?? "-", question.subscription ?? "-", question.claims ?? "-"]
    }
    func token(_ run: ToolRun, question: ToolQuestion) throws -> ToolToken {
        let words = String(decoding: run.output, as: UTF8.self).split(separator: " ")
        guard run.status == 0, words.count == 2, let lifetime = Double(words[1]) else {
            throw AuthenticationError(.authenticationFailed, credential: self.credential, message: "No token.")
        }
        return ToolToken(token: String(words[0]), expiresOn: self.date().addingTimeInterval(lifetime))
    }
    func error(_ failure: ToolFailure, executable: String, timeout: Duration) -> AuthenticationError {
        .credentialUnavailable("\(failure)", credential: self.credential)
    }
    func absence(_ location: ToolLocation) -> AuthenticationError {
        .credentialUnavailable("\(location)", credential: self.credential)
    }
    func expired() -> AuthenticationError {
        AuthenticationError(.authenticationFailed, credential: self.credential, message: "Expired.")
    }
}

/// Runs nothing: answers what a test says, when it says so.
final class ScriptedRunner: ToolRunner {
    private struct State: Sendable {
        var commands: [ToolCommand] = []
        var running = 0
        var mostRunning = 0
        var cancellations = 0
        var isClosed = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let id = ToolRunnerID()
    private let state = Locked(State())
    private let answer: @Sendable (ToolCommand, Int) throws -> ToolRun

    /// - Parameter answer: What to answer; gets the command and how many there were, with it.
    init(_ answer: @escaping @Sendable (ToolCommand, Int) throws -> ToolRun) { self.answer = answer }

    var commands: [ToolCommand] { self.state.withLock { $0.commands } }
    var mostRunning: Int { self.state.withLock { $0.mostRunning } }
    var running: Int { self.state.withLock { $0.running } }
    var cancellations: Int { self.state.withLock { $0.cancellations } }

    func close() { self.state.withLock { $0.isClosed = true } }
    func open() {
        let waiting = self.state.withLock { state in
            state.isClosed = false
            let waiting = state.waiting
            state.waiting = []
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func run(_ command: ToolCommand) async throws -> ToolRun {
        let number = self.state.withLock { state in
            state.commands.append(command)
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
            return state.commands.count
        }
        defer { self.state.withLock { $0.running -= 1 } }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isClosed = self.state.withLock { state in
                    guard state.isClosed, !Task.isCancelled else { return false }
                    state.waiting.append(continuation)
                    return true
                }
                if !isClosed { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.cancellations += 1 }
            self.open()
        }
        try Task.checkCancellation()
        return try self.answer(command, number)
    }

    /// The run of a tool that gives a token.
    static func token(_ text: String, lifetime: Int = 3600) -> ToolRun {
        ToolRun(status: 0, output: Array("\(text) \(lifetime)".utf8), errors: [])
    }

    /// A JWT for an identity, that nobody has signed.
    static func jwt(tenantID: String, objectID: String, number: Int) -> String {
        let payload = #"{"tid":"\#(tenantID)","oid":"\#(objectID)","n":\#(number)}"#
        return ["e30", Base64URL.encode(Array(payload.utf8)), "c2ln"].joined(separator: ".")
    }
}

/// A plain tool on a scripted runner, a virtual clock and files that a test changes.
struct ToolPlace: Sendable {
    let clock = VirtualClock()
    let runner: ScriptedRunner
    let files = Locked<[String: FileStamp]>(["/state/account": FileStamp(size: 1, seconds: 1, nanoseconds: 1, number: 1)])
    /// Its own, so that runs of other tests aren't counted.
    let executable: String
    let location: Locked<ToolLocation>

    init(_ answer: @escaping @Sendable (ToolCommand, Int) throws -> ToolRun = { ScriptedRunner.token("token-\($1)") }) {
        self.runner = ScriptedRunner(answer)
        self.executable = "/tools/\(UUID().uuidString)"
        self.location = Locked(.found(self.executable))
    }

    /// The tool's account changes, now.
    func change(_ path: String = "/state/account", size: Int) {
        self.files.withLock { $0[path] = FileStamp(size: size, seconds: 1, nanoseconds: 1, number: 1) }
        self.clock.advance(by: .milliseconds(1))
    }

    func options(
        cache: TokenCache = .inMemory,
        environment: EnvironmentVariables = ["NAME": "x", "AZURE_CLIENT_SECRET": "s", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "p"]
    ) -> CredentialOptions {
        var options = CredentialOptions(tokenCache: cache, environment: environment)
        options.hostOverride = { [clock, runner, files, location] host in
            var host = host
            host.clock = clock
            host.toolRunner = runner
            host.findTool = { _, _ in location.withLock { $0 } }
            host.stamp = { path in files.withLock { $0[path] } }
            return host
        }
        return options
    }

    func engine(
        tenantID: String? = nil,
        subscription: String? = nil,
        timeout: Duration = .seconds(280),
        keepsTokens: Bool = true,
        options: CredentialOptions? = nil
    ) -> ToolEngine {
        ToolEngine(
            PlainTool(date: { [clock] in clock.date }),
            tenantID: tenantID,
            subscription: subscription,
            processTimeout: timeout,
            keepsTokens: keepsTokens,
            options: options ?? self.options()
        )
    }
}

extension ToolEngine {
    /// As a credential asks.
    func ask(_ scope: String = vaultScope, change: (inout TokenRequestContext) -> Void = { _ in }) async throws -> AccessToken {
        var context = TokenRequestContext(scopes: [scope])
        change(&context)
        if let token = try self.keptToken(for: context) { return token }
        return try await self.token(for: context)
    }
}
