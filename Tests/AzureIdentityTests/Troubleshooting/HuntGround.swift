// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import InMemoryLogging
import Logging
import ScenarioSupport
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A run with marked secrets: what came out of it, what it logged, and the secrets there were.
struct HuntGround {
    var outputs: [SecretHunt.Output] = []
    var log: [SecretHunt.Output] = []
    /// Those that were configured.
    var configured: Set<SecretHunt.Secret> = []
    /// Those that travelled.
    var travelled: Set<SecretHunt.Secret> = []

    /// All but what the log was asked to hold.
    var findings: Set<SecretHunt.Finding> {
        SecretHunt(self.configured.union(self.travelled).union(Self.keys)).findings(in: self.outputs + self.log)
    }

    /// The lines of the fixtures' private keys; the first and the last ones are short, or alike.
    static let keys: Set<SecretHunt.Secret> = {
        let lines = SampleCertificate.text("pkcs8.pem").split(separator: "\n").map(String.init)
        let begin = lines.firstIndex { $0.contains("BEGIN PRIVATE KEY") } ?? 0
        let end = lines.firstIndex { $0.contains("END PRIVATE KEY") } ?? 0
        return Set(
            lines[min(begin + 1, end)..<end].dropFirst().dropLast().map { .init(kind: "private key", text: $0, isCut: false) })
    }()

    /// A logger that keeps all lines.
    static func logging(isLoud: Bool) -> (options: LoggingOptions, handler: InMemoryLogHandler) {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "hunt") { _ in handler }
        logger.logLevel = .trace
        return (LoggingOptions(logger: logger, isContentLoggingEnabled: isLoud), handler)
    }

    static func lines(_ handler: InMemoryLogHandler) -> [SecretHunt.Output] {
        handler.entries.map { .init("log", "\($0.level) \($0.message) \($0.metadata) \($0.error.map { "\($0)" } ?? "")") }
    }

    /// Everything that an error shows of itself.
    static func shown(_ error: any Error) throws -> [SecretHunt.Output] {
        var outputs = SecretHunt.Output.shown(error, as: "\(type(of: error))")
        guard let error = error as? AuthenticationError else { return outputs }
        outputs.append(.init("JSON", String(decoding: try JSONEncoder().encode(error), as: UTF8.self)))
        outputs += [.init("summary", error.summary), .init("message", error.message)]
        if let remedy = error.remedy { outputs += SecretHunt.Output.shown(remedy, as: "remedy") }
        if let inner = error.underlyingError { outputs += SecretHunt.Output.shown(inner, as: "underlying error") }
        for attempt in error.attempts { outputs += SecretHunt.Output.shown(attempt, as: "attempt") }
        return try outputs + Self.explained(error)
    }

    /// What the guide and a doctor make of an error, and of its text as another program may have printed it.
    private static func explained(_ error: AuthenticationError) throws -> [SecretHunt.Output] {
        let explanations = TroubleshootingGuide.explain(error) + TroubleshootingGuide.explain(error.description)
        let report = IdentityDoctor.report(explaining: error.description)
        return try [
            .init("explanations", "\(explanations)"), .init("explanations as JSON", Self.json(explanations)),
            .init("doctor's explanation", "\(report)"), .init("doctor's explanation as JSON", Self.json(report)),
        ]
    }

    /// What a doctor says of a credential that is asked for a token.
    private static func examined(_ credential: any TokenCredential, _ run: ScenarioRun) async throws -> [SecretHunt.Output] {
        var options = run.options
        options.tokenCache = .inMemory
        // Longer than the waits that are over at once.
        let doctor = IdentityDoctor(
            credential: credential,
            options: .init(chain: .init(credentialOptions: options), scopes: [run.scenario.scope], timeout: .seconds(300))
        )
        let report = try await doctor.examine()
        #expect(report.credential != nil && !(report.members.isEmpty && report.findings.isEmpty))
        return try SecretHunt.Output.shown(report, as: "report") + [.init("report as JSON", Self.json(report))]
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    /// The files below a folder, but for those that are known: what is in them. Others may read none of them.
    static func files(in folder: String, unless isKnown: (String) -> Bool = { _ in false }) throws -> [SecretHunt.Output] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap { name in
            guard !isKnown(name) else { return nil }
            let path = "\(folder)/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o077 == 0, "others may read \(name)")
            guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
            return .init("file \(name)", String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self))
        }
    }
}

extension HuntGround {
    /// A scenario's run. One that is loud is about its log alone, which its options hold.
    init(_ source: ScenarioLibrary.Source, isLoud: Bool) async throws {
        let (logging, handler) = Self.logging(isLoud: isLoud)
        let words = ScenarioWords.marked()
        let run = try ScenarioRun(source, words: words, logging: logging)
        let known = Set(try FileManager.default.subpathsOfDirectory(atPath: run.place.path))
        let result = try await withLogger(logging.logger ?? Logger(label: "hunt")) { _ in try await run.result() }
        if let token = result.token { self.outputs += SecretHunt.Output.shown(token, as: "token") }
        if let error = result.error { self.outputs += try Self.shown(error) }
        if !isLoud {
            if let credential = try? run.credential() {
                self.outputs += try await Self.examined(credential, run)
                self.outputs += SecretHunt.Output.shown(credential, as: "credential")
            }
            self.outputs += SecretHunt.Output.shown(run.options, as: "options")
            self.outputs += SecretHunt.Output.shown(run.emulator.requests, as: "recorded requests")
        }
        self.outputs += run.toolCommands.map { .init("arguments of \($0.executable)", $0.arguments.joined(separator: "\n")) }
        // The agent's own files hold its challenges.
        self.outputs += try Self.files(in: run.place.path) { known.contains($0) || $0.hasPrefix("keys") }
        self.log = Self.lines(handler)
        self.configured = words.secrets
        self.travelled = run.trail.secrets
    }

    /// A case of a row that isn't a scenario's.
    init(_ one: RowCase, isLoud: Bool) async throws {
        let (logging, handler) = Self.logging(isLoud: isLoud)
        let setting = RowSetting(words: .marked(), logging: logging)
        switch try await one.produce(setting) {
        case .error(let error): self.outputs = try Self.shown(error)
        case .response(let error): self.outputs = try Self.shown(error)
        case .token(let token): self.outputs = SecretHunt.Output.shown(token, as: "token")
        case .log(let quiet, _): self.outputs = quiet.map { .init("log", $0) }
        // The answer to a command that the guide gives holds a token, as the guide says.
        case .answer(let command, _, _): self.outputs = [.init("command", command.joined(separator: "\n"))]
        }
        self.log = Self.lines(handler)
        self.configured = setting.words.secrets
        self.travelled = setting.secrets
    }
}
#endif
