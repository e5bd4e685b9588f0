// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import AzureKeyVaultSecrets
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

/// The rows that take more than a credential and its answer: services, chains, the log, commands.
extension RowCases {
    static let services: [RowCase] = [
        RowCase(
            row: "G01", situation: "a service's client is told that its credential is refused",
            expected: .init(
                code: .authenticationFailed, contains: ["AADSTS7000215"], aadsts: [7_000_215], advice: ["new client secret"],
                remedy: "G09")
        ) { setting in
            let emulator = setting.emulator()
            let client = try Self.client(emulator, setting.credential(emulator, secret: setting.words["wrongSecret"]), setting)
            return .error(try await authenticationError { try await client.getSecret(Sample.vaultSecretName) })
        },
        RowCase(
            row: "G02", situation: "a credential of one's own that isn't set up here",
            expected: .init(code: .credentialUnavailable, contains: ["no vault here"], advice: ["not set up here"])
        ) { _ in
            let credential = CachingTokenCredential(name: "Mine") { _ in
                throw AuthenticationError.credentialUnavailable("no vault here", credential: "Mine")
            }
            let chain = ChainedTokenCredential(credential, ClosureTokenCredential(name: "Next") { _ in .sample("next") })
            #expect(try await chain.token(forScopes: vaultScope).token == "next")
            return .error(try await authenticationError { try await credential.token(forScopes: vaultScope) })
        },
        RowCase(
            row: "G03", situation: "a service answers 403 to a token that is good",
            expected: .init(advice: ["Key Vault Secrets User"])
        ) { setting in
            let emulator = setting.emulator { $0.vaults[0].assignments = [.init(principalID: Sample.clientID, role: .reader)] }
            return try await Self.refusal(try Self.client(emulator, setting.credential(emulator), setting), status: 403)
        },
        RowCase(row: "G05", situation: "somebody turns logging on") { setting in
            let emulator = setting.emulator()
            var lines: [[String]] = []
            for isLoud in [false, true] {
                let handler = InMemoryLogHandler()
                var logger = Logger(label: "test") { _ in handler }
                logger.logLevel = isLoud ? .debug : .info
                let logging = LoggingOptions(logger: logger, isContentLoggingEnabled: isLoud)
                _ = try await setting.credential(emulator, logging: logging).token(forScopes: vaultScope)
                lines.append(handler.entries.map { "\($0.level) \($0.message) \($0.metadata)" })
            }
            return .log(quiet: lines[0], loud: lines[1])
        },
        RowCase(
            row: "G06", situation: "nothing in the default chain is set up",
            expected: .init(
                code: .credentialUnavailable,
                contains: [
                    "DefaultAzureCredential failed to retrieve a token from the included credentials.", "EnvironmentCredential",
                ],
                advice: ["az login"])
        ) { _ in
            let chain = ChainRowTests.credential(ChainRowTests.laptop())
            return .error(try await authenticationError { try await chain.token(forScopes: vaultScope) })
        },
        RowCase(
            row: "G07", situation: "a service refuses the account that a chain has chosen",
            expected: .init(advice: ["gave the token", "AZURE_TOKEN_CREDENTIALS"])
        ) { setting in
            let emulator = setting.emulator { $0.vaults[0].assignments = [] }
            let options = emulator.credentialOptions(
                environment: [
                    "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
                    "AZURE_CLIENT_SECRET": setting.words["secret"], "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
                ], logging: setting.logging)
            let chain = DefaultAzureCredential(options: .init(credentialOptions: options))
            return try await Self.refusal(try Self.client(emulator, chain, setting), status: 403)
        },
        RowCase(row: "G27", situation: "the command that asks the metadata service by hand") { setting in
            let command = try #require(Guide.remedy(.g27).commands.first)
            let header = try #require(command.first { $0.hasPrefix("Metadata:") })
            return try await Self.answer(
                command, url: try #require(command.last),
                headers: ["Metadata": header.split(separator: " ").last.map(String.init) ?? ""],
                setting)
        },
        RowCase(row: "G29", situation: "the command that asks App Service by hand") { setting in
            let command = try #require(Guide.remedy(.g29).commands.first)
            let variables = setting.emulator().environment(for: .appService)
            let parts = try #require(command.last).split(separator: "\"").map(String.init)
            let address = try #require(parts.first { $0.hasPrefix("$IDENTITY_ENDPOINT?") })
            let header = try #require(parts.first { $0.hasSuffix(": %s") })
            return try await Self.answer(
                command, url: address.replacing("$IDENTITY_ENDPOINT", with: variables["IDENTITY_ENDPOINT"] ?? ""),
                headers: [String(header.dropLast(": %s".count)): setting.words["identityHeader"]], setting)
        },
        RowCase(
            row: "G51", situation: "a code that nobody here knows",
            expected: .init(
                code: .authenticationFailed, contains: ["AADSTS98765432", "A word of its own."], aadsts: [98_765_432],
                advice: ["error?code=98765432"], remedy: "G04|G51")
        ) { setting in
            let emulator = setting.emulator()
            let body = #"{"error":"strange","error_description":"AADSTS98765432: A word of its own.","error_codes":[98765432]}"#
            emulator.play(FaultScript(.response(status: 400, headers: ["Content-Type": "application/json"], body: body)))
            let credential = setting.credential(emulator)
            return .error(try await authenticationError { try await credential.token(forScopes: vaultScope) })
        },
    ]

    private static func client(
        _ emulator: EntraEmulator, _ credential: any TokenCredential, _ setting: RowSetting
    ) throws -> SecretClient {
        let options = SecretClientOptions(transport: emulator.transport, logging: setting.logging)
        let url = try #require(URL(string: "https://\(Sample.vaultName).vault.azure.net"))
        return SecretClient(vaultURL: url, credential: credential, options: options)
    }

    /// The error of a service, which is none of authentication.
    private static func refusal(_ client: SecretClient, status: Int) async throws -> RowCase.Outcome {
        do {
            _ = try await client.getSecret(Sample.vaultSecretName)
        } catch let error as HTTPResponseError {
            #expect(error.status == status && error.identity != nil)
            return .response(error)
        }
        throw UnexpectedSuccess()
    }

    /// Does what a command of the guide does, against the emulated host.
    private static func answer(
        _ command: [String], url: String, headers: [String: String], _ setting: RowSetting
    ) async throws -> RowCase.Outcome {
        var request = TransportRequest(url: try #require(URL(string: url)))
        for (name, value) in headers { request.headers[name] = value }
        let response = try await setting.emulator().transport.send(request)
        return .answer(command: command, status: response.status, body: String(decoding: response.body, as: UTF8.self))
    }
}
#endif
