// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `azid doctor`: says what keeps credentials from getting a token, the likeliest cause first. Its JSON and exit status are a contract.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks at this machine and says why there is no token, and what to do.",
        discussion: """
            Looks at the host, variables, files, developer tools, the proxy, TLS, the clock, the metadata service and each credential, and changes nothing. \
            With --scope, asks each credential for a token and says whom it is for. Prints no token, secret or header, and no names of people \
            without --show-account: fit to be pasted into an issue. Exit status: 0 nothing is wrong, 1 something is, 4 a file of --error can't be \
            read, 64 usage, 130 interrupted.
            """
    )

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask for tokens with this scope, such as https://vault.azure.net/.default. Repeatable.", valueName: "scope"))
    var scope: [String] = []

    @OptionGroup var credential: CredentialArguments

    @Option(name: .long, help: "Ask this tenant instead of the credential's own.")
    var requestTenantID: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Explain an error met elsewhere, as text or JSON; - for standard input. Nothing else is looked at.", valueName: "path"
        ))
    var error: String?

    @Flag(
        name: .long,
        help: "Also do the guide's own checks: get a token from the host and from each tool, and say whether it came.")
    var deep = false

    @Flag(name: .long, help: "Show names of people.")
    var showAccount = false

    @Flag(name: .long, help: "Print JSON; its schema is Schemas/identity-doctor.schema.json.")
    var json = false

    @Option(name: .long, help: ArgumentHelp("How long everything together may take.", valueName: "seconds"))
    var timeout = 5.0

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard self.timeout >= 0.5, self.timeout <= 600 else {
            throw ValidationError("--timeout takes a number of seconds from 0.5 to 600.")
        }
        guard self.error == nil || (self.scope.isEmpty && !self.deep) else {
            throw ValidationError("--error explains an error alone: --scope and --deep can't be given too.")
        }
        guard self.requestTenantID == nil || !self.scope.isEmpty else {
            throw ValidationError("--request-tenant-id needs --scope.")
        }
    }

    func run() async throws {
        let logging = self.log.bootstrap()
        if let path = self.error { return try self.explain(path) }
        try await InterruptibleWork.run(isJSON: self.json) {
            let report = try await self.report(logging: logging)
            try self.print(report)
            if !report.isHealthy { throw ExitCode(1) }
        }
    }

    /// Nothing is there to be tidied up, so an interrupt ends this as it ends any program, while it waits for its input too.
    private func explain(_ path: String) throws {
        try ErrorInput.reporting(isJSON: self.json) {
            let report = IdentityDoctor.report(explaining: try ErrorInput.text(path))
            try self.print(report)
            if !report.isHealthy { throw ExitCode(1) }
        }
    }

    private func report(logging: LoggingOptions) async throws -> IdentityDoctor.Report {
        let doctor = await self.doctor(logging: logging)
        let progress = DoctorProgress()
        defer { progress.clear() }
        return try await doctor.examine { progress.show($0) }
    }

    /// A doctor for the credential that the flags describe. One that can't be made is what there is to be told.
    private func doctor(logging: LoggingOptions) async -> IdentityDoctor {
        var arguments = self.credential
        var common = CredentialOptions(logging: logging)
        let clock = SystemClock()
        let end = clock.now + Duration.seconds(self.timeout)
        var limit: Duration { max(end - clock.now, .milliseconds(500)) }
        func options() -> IdentityDoctor.Options {
            IdentityDoctor.Options(
                chain: .init(credentialOptions: common),
                scopes: self.scope,
                requestTenantID: self.requestTenantID,
                timeout: limit,
                isDeep: self.deep,
                showsAccounts: self.showAccount
            )
        }
        let name = arguments.credential.typeName
        do {
            // A resource manager that has to be asked which cloud it is has half of the time; the examination has what is left.
            common = try await arguments.options(logging: logging, timeout: self.timeout / 2)
            if arguments.tools.processTimeout == nil {
                arguments.tools.processTimeout = IdentityDoctor.processTimeout(within: limit).inSeconds
            }
            common.tokenCache = .inMemory
            common.retry = IdentityDoctor.retry
            let credential = try arguments.makeCredential(common, timeout: self.timeout)
            return IdentityDoctor(credential: credential, name: name, options: options())
        } catch let error {
            let failure =
                error as? AuthenticationError
                ?? AuthenticationError(.invalidConfiguration, credential: name, message: "The credential can't be made.")
            return IdentityDoctor(failure: failure, name: name, options: options())
        }
    }

    private func print(_ report: IdentityDoctor.Report) throws {
        if self.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try Console.printResult(String(decoding: try encoder.encode(report), as: UTF8.self))
        }
        let environment = EnvironmentVariables.process
        let screen = DoctorScreen(
            width: DoctorScreen.width(environment, terminal: Host.terminalWidth(ofDescriptor: 1)),
            hasColours: DoctorScreen.hasColours(environment, isTerminal: Host.isTerminal(1))
        )
        try Console.printResult(screen.rendered(report))
    }
}

/// A line on standard error that says how far it has come, where somebody looks at it.
final class DoctorProgress: Sendable {
    private let isShown = Host.isTerminal(2)
    private let isDone = Locked(false)

    func show(_ progress: IdentityDoctor.Progress) {
        guard self.isShown else { return }
        self.isDone.withLock { isDone in
            guard !isDone else { return }
            Console.printPart(
                "\r\u{1B}[K\(progress.finished) of \(progress.total): \(HostileText.sanitized(progress.last, limit: 50))")
        }
    }

    /// Takes the line away, and lets no other come.
    func clear() {
        guard self.isShown else { return }
        self.isDone.withLock { isDone in
            isDone = true
            Console.printPart("\r\u{1B}[K")
        }
    }
}
#endif
