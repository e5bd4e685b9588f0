// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Logging
import ScenarioSupport

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A run of a scenario through the library, in memory: an emulator, a folder and a clock of its own, and waits that are over at once.
struct ScenarioRun {
    let scenario: Scenario
    let words: ScenarioWords
    let place: ScenarioPlace
    let emulator: EntraEmulator
    /// The secrets that travelled.
    let trail: SecretTrail
    let options: CredentialOptions
    private let runner: ScenarioToolRunner

    /// The developer tools that were run.
    var toolCommands: [ToolCommand] { self.runner.commands }

    /// Sets the stage.
    ///
    /// - Parameters:
    ///   - source: The scenario.
    ///   - words: Its words; places are added.
    ///   - logging: What is logged, and where; nothing by default.
    init(_ source: ScenarioLibrary.Source, words: ScenarioWords = ScenarioWords(), logging: LoggingOptions? = nil) throws {
        let (place, clock) = (try ScenarioPlace(), VirtualClock.inTheFixturesTime)
        var words = words
        words["folder"] = place.path
        words["entra"] = EmulatorEndpoints.inMemory.entra
        words["plain"] = EmulatorEndpoints.inMemory.plain
        let scenario = try source.scenario(words)
        let emulator = EntraEmulator(configuration: try scenario.configuration(words), clock: clock)
        try place.write(scenario, words, emulator: emulator)
        let trail = SecretTrail(emulator.transport)
        var options = emulator.credentialOptions(
            transport: trail,
            retry: RetryOptions(baseDelay: .zero),
            environment: EnvironmentVariables(try Self.variables(scenario, words, place, emulator)),
            logging: logging
        )
        options.additionallyAllowedTenants = (scenario.arguments?.additionallyAllowedTenants).map {
            Set($0.map { TenantFilter.tenant($0) })
        }
        let runner = ScenarioToolRunner(scenario.tools ?? [:], clock: clock)
        options.hostOverride = { host in
            var host = host
            // Other credentials have limits of time that would be over at once, too.
            let isWaiting = ["client-secret", "device-code"].contains(scenario.credential)
            host.clock = JumpingClock(clock: clock) { isWaiting && $0 <= .seconds(60) }
            host.facts = { HostFacts() }
            host.arcKeyDirectory = place.path + "/keys"
            host.toolRunner = runner
            host.findTool = { names, _ in names.first { runner.tools[$0] != nil }.map { .found("/tools/\($0)") } ?? .absent }
            return host
        }
        (self.scenario, self.words, self.place, self.emulator) = (scenario, words, place, emulator)
        (self.trail, self.options, self.runner) = (trail, options, runner)
    }

    /// What the program sees: what it has in every scenario, what the host adds, and what the scenario says.
    private static func variables(
        _ scenario: Scenario, _ words: ScenarioWords, _ place: ScenarioPlace, _ emulator: EntraEmulator
    ) throws -> [String: String] {
        var variables = place.environment(words)
        if let host = scenario.host {
            variables.merge(emulator.environment(for: host).dictionary) { $1 }
            if variables["AZURE_FEDERATED_TOKEN_FILE"] != nil {
                try place.write(Array(try emulator.serviceAccountToken().utf8), "token-of-the-host")
                variables["AZURE_FEDERATED_TOKEN_FILE"] = place.path + "/token-of-the-host"
            }
        }
        for (name, value) in scenario.environment ?? [:] { variables[name] = value }
        return variables
    }

    /// What came out, as azid would tell it, and as it is.
    struct Result {
        let outcome: ScenarioOutcome
        let token: AccessToken?
        let error: AuthenticationError?
    }

    /// Gets the token that the scenario asks for.
    func result() async throws -> Result {
        let context = TokenRequestContext(
            scopes: [self.scenario.scope], claims: self.scenario.request?.claims, tenantID: self.scenario.request?.tenantID)
        do {
            let token = try await self.credential().token(for: context)
            let outcome = ScenarioOutcome(.init(token.token, credential: token.provenance?.credential))
            return Result(outcome: outcome, token: token, error: nil)
        } catch let error as AuthenticationError {
            let failure = try JSONDecoder().decode(ScenarioOutcome.Failure.self, from: JSONEncoder().encode(error))
            return Result(outcome: ScenarioOutcome(failure), token: nil, error: error)
        }
    }
}
#endif
