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

/// `azid token`: gets a token. Its flags, output and exit status are a contract.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Gets a token and prints it.",
        discussion: """
            Secrets are read from variables or files, never from arguments: AZURE_CLIENT_SECRET or --client-secret-file, for one.
            Errors go to standard error, as JSON with --output json, else as text. Exit status: 0 a token, 1 authentication failed, 2 credential unavailable, 3 a person has to sign in, \
            4 invalid configuration, 64 usage, 130 interrupted.
            """
    )

    @Option(name: .long, help: ArgumentHelp("A scope, such as https://vault.azure.net/.default. Repeatable.", valueName: "scope"))
    var scope: [String]

    @OptionGroup var credential: CredentialArguments
    @OptionGroup var request: RequestArguments

    @Option(name: .long, help: "json, value (the token alone), header, or kubectl (an ExecCredential).")
    var output: OutputFormat = .json

    @Flag(name: .long, help: "Print on standard error whom the credential asks, and what came of it after how long.")
    var explain = false

    @OptionGroup var log: LogOptions

    func validate() throws {
        if self.scope.isEmpty { throw ValidationError("At least one --scope is needed.") }
        try self.request.check()
    }

    func run() async throws {
        let logging = self.log.bootstrap()
        let interruption = Interruption()
        let work = Task { try await self.work(logging: logging) }
        let watch = Task {
            let number = await interruption.wait()
            // Whoever insists ends the tool at once.
            for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
            work.cancel()
            return number
        }
        let result = await work.result
        // What a developer tool was asked for, nobody wants any more.
        await ToolRegistry.shared.settle(within: .seconds(2))
        if work.isCancelled { throw ExitCode(128 + (await watch.value)) }
        watch.cancel()
        try result.get()
    }

    private func work(logging: LoggingOptions) async throws {
        do {
            let credential = try await self.credential.makeCredential(logging: logging, timeout: self.request.timeout)
            let context = self.request.context(scopes: self.scope, isContentLoggingEnabled: self.log.logContent)
            for round in 0..<self.request.repeat {
                let explanation = self.explain && round == 0 ? Explanation(credential, name: self.credential.credential) : nil
                for token in try await self.tokens(of: credential, context: context, explanation: explanation) {
                    try Console.printResult(try self.output.rendered(token, scopes: self.scope))
                }
            }
        } catch let status as ExitCode {
            throw status
        } catch let error {
            self.report(error)
            throw ExitStatus.code(for: error)
        }
    }

    private func tokens(
        of credential: any TokenCredential,
        context: TokenRequestContext,
        explanation: Explanation?
    ) async throws -> [AccessToken] {
        var explanation = explanation
        explanation?.printPlan()
        do {
            let tokens = try await self.tokens(of: credential, context: context)
            if let token = tokens.first { explanation?.printSteps(.success(token)) }
            return tokens
        } catch let error {
            explanation?.printSteps(.failure(error))
            throw error
        }
    }

    private func tokens(of credential: any TokenCredential, context: TokenRequestContext) async throws -> [AccessToken] {
        try await withThrowingTaskGroup(of: AccessToken.self) { group in
            for _ in 0..<self.request.concurrency {
                group.addTask { try await credential.token(for: context) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func report(_ error: any Error) {
        guard let error = error as? AuthenticationError else {
            Console.printNote(error is CancellationError ? "Interrupted." : "Unexpected: \(type(of: error))")
            return
        }
        // A chain's error is long, so what matters most comes first.
        let headline = error.attempts.isEmpty ? "" : error.summary + "\n\n"
        Console.printNote(self.output == .json ? ErrorReport.json(error) : headline + error.description)
    }
}
#endif
