// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Logging
import ScenarioSupport
import Testing

@testable import AzureIdentity

/// A situation in which a row of the troubleshooting guide is met, and what has to come of it.
struct RowCase: Sendable, CustomTestStringConvertible {
    /// What came of it.
    enum Outcome: Sendable {
        case error(AuthenticationError)
        case response(HTTPResponseError)
        /// It works: the token, and the host's answer to it.
        case token(AccessToken)
        /// What a command that the guide gives comes to: the status and the body of its answer.
        case answer(command: [String], status: Int, body: String)
        /// The lines of a log: quiet, and with contents.
        case log(quiet: [String], loud: [String])
    }

    /// What the error has to be.
    struct Expectation: Sendable {
        var code: AuthenticationError.Code?
        /// Parts of the message: those that the guide names first.
        var contains: [String] = []
        var aadsts: [Int] = []
        /// Parts of what the remedy says: its text, its commands, its variables.
        var advice: [String] = []
        /// The row that the remedy names, where it isn't the case's own: a row of a place, where the reason has a row of its own.
        var remedy: String?
    }

    let row: String
    let situation: String
    var expected = Expectation()
    /// Brings the situation about.
    let produce: @Sendable (RowSetting) async throws -> Outcome

    var testDescription: String { "\(self.row) \(self.situation)" }
    /// How the doctor comes upon it, as data for its tests.
    var discovery: RowDiscovery? { RowDiscovery.all[self.row] }

    /// A case that a scenario brings about. What the scenario says of the error is checked there, too.
    static func scenario(_ row: String, _ name: String, advice: [String] = []) -> RowCase {
        var expected = Expectation(advice: advice)
        if let failure = try? ScenarioLibrary.named(name).scenario(.unfilled).expected.error {
            expected.contains = failure.contains.filter { !$0.contains("{") }
            expected.aadsts = failure.aadsts ?? []
        }
        return RowCase(row: row, situation: name, expected: expected) { setting in
            let run = try ScenarioRun(ScenarioLibrary.named(name), words: setting.words, logging: setting.logging)
            let result = try await run.result()
            setting.note(run.trail.secrets)
            let complaints = run.scenario.complaints(about: result.outcome)
            #expect(complaints.isEmpty, "\(name): \(complaints)")
            if let token = result.token { return .token(token) }
            return .error(try #require(result.error))
        }
    }
}

/// What a case is brought about with: the texts of secrets, and where the log goes. Keeps the secrets that travelled.
final class RowSetting: Sendable {
    let words: ScenarioWords
    let logging: LoggingOptions
    private let seen = Locked<Set<SecretHunt.Secret>>([])

    init(
        words: ScenarioWords = ScenarioWords(),
        logging: LoggingOptions = LoggingOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.words = words
        self.logging = logging
    }

    var secrets: Set<SecretHunt.Secret> { self.seen.withLock { $0 } }

    func note(_ secrets: Set<SecretHunt.Secret>) { self.seen.withLock { $0.formUnion(secrets) } }

    /// An emulator that knows the setting's secret.
    func emulator(_ change: @Sendable (inout EmulatorConfiguration) -> Void = { _ in }) -> EntraEmulator {
        let emulator = EntraEmulator()
        let (secret, header) = (self.words["secret"], self.words["identityHeader"])
        emulator.update {
            $0.tenants[0].applications[0].secrets = [.init(value: secret)]
            $0.hosts.identityHeader = header
            change(&$0)
        }
        return emulator
    }

    /// A client secret's credential on an emulator.
    func credential(_ emulator: EntraEmulator, secret: String? = nil, logging: LoggingOptions? = nil) -> ClientSecretCredential {
        ClientSecretCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            clientSecret: Secret(secret ?? self.words["secret"]),
            options: emulator.credentialOptions(retry: .none, logging: logging ?? self.logging)
        )
    }
}
#endif
