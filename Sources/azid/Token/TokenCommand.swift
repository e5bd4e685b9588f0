// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
import AzureIdentity

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
        try await InterruptibleWork.run(isJSON: self.output == .json) { try await self.work(logging: logging) }
    }

    private func work(logging: LoggingOptions) async throws {
        let credential = try await self.credential.makeCredential(logging: logging, timeout: self.request.timeout)
        let context = self.request.context(scopes: self.scope, isContentLoggingEnabled: self.log.logContent)
        for round in 0..<self.request.repeat {
            let explanation = self.explain && round == 0 ? Explanation(credential, name: self.credential.credential) : nil
            for token in try await self.tokens(of: credential, context: context, explanation: explanation) {
                try Console.printResult(try self.output.rendered(token, scopes: self.scope))
            }
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
}
#endif
