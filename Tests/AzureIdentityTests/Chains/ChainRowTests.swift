// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The rows of the guide on chains: G06 and G07.
@Suite(.timeLimit(.minutes(5))) struct ChainRowTests {
    /// A default chain on an emulated machine.
    static func credential(
        _ emulator: EntraEmulator,
        on host: EmulatedHost? = nil,
        tools: ToolShelf = ToolShelf(),
        facts: HostFacts = HostFacts(),
        variables: [String: String] = [:],
        change: (inout DefaultAzureCredential.Options) -> Void = { _ in }
    ) -> DefaultAzureCredential {
        var credentialOptions = emulator.options(on: host, facts: facts) { $0.merge(variables) { $1 } }
        tools.apply(to: &credentialOptions)
        var options = DefaultAzureCredential.Options(credentialOptions: credentialOptions)
        change(&options)
        return DefaultAzureCredential(options: options)
    }

    /// An emulator of a place where nothing gives tokens.
    static func laptop() -> EntraEmulator {
        let emulator = EntraEmulator()
        emulator.update { $0.hosts.isMetadataServiceThere = false }
        return emulator
    }

    @Test func G06_nothingIsSetUp() async throws {
        let credential = Self.credential(Self.laptop())
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.isUnavailable && error.remedy?.guide == "G06")
        #expect(error.remedy?.text.contains("install the Azure CLI and run az login") == true)
        let lines = error.message.split(separator: "\n").map(String.init)
        #expect(lines.first == "DefaultAzureCredential failed to retrieve a token from the included credentials.")
        #expect(lines[1].hasPrefix("Likeliest cause: No credential is set up here.") && lines[1].contains("az login"))
        #expect(
            lines.dropFirst(2).map { String($0.prefix { $0 != ":" }) } == [
                "EnvironmentCredential", "WorkloadIdentityCredential", "ManagedIdentityCredential", "AzureCLICredential",
                "AzurePowerShellCredential", "AzureDeveloperCLICredential",
            ])
        #expect(lines.dropFirst(2).allSatisfy { $0.contains(": unavailable – ") && $0.count <= 120 })
        #expect(lines.last?.contains("Azure Developer CLI could not be found") == true)
        #expect(error.attempts.map(\.outcome) == Array(repeating: .unavailable, count: 6))
        #expect(error.attempts.map { $0.remedy?.guide } == ["G08", "G41", "G25", "G34", "G38", "G36"])
        #expect(error.summary.count <= 400 && !error.summary.contains("\n") && error.summary.contains("az login"))
        #expect(error.description.components(separatedBy: "AzurePowerShellCredential").count == 2)
    }

    @Test func G06_aToolThatIsSignedOutBeatsWhatIsNotSetUp() async throws {
        let credential = Self.credential(Self.laptop(), tools: ToolShelf(present: ["az", "az.cmd"]))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G35")
        #expect(error.message.contains("Likeliest cause: AzureCLICredential: Please run 'az login' to set up account"))
        #expect(
            error.summary.hasPrefix(
                "DefaultAzureCredential: No token. Likeliest cause: AzureCLICredential: Please run 'az login'"))
        #expect(error.debugDescription.contains("Missing: AZURE_TENANT_ID") && error.debugDescription.contains(" ms"))
    }

    @Test func G06_aDeployedMemberThatFailedEndsTheCall() async throws {
        let tools = ToolShelf(present: ["az", "az.cmd"])
        let emulator = EntraEmulator()
        let credential = Self.credential(
            emulator, tools: tools,
            variables: [
                "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": "wrong",
            ])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.serviceError?.codes == [7_000_215] && error.remedy?.guide == "G09")
        #expect(error.attempts.map(\.outcome) == [.failed] && tools.runs.count == 0 && error.response?.status == 401)
        #expect(
            error.message.hasPrefix("DefaultAzureCredential failed to retrieve a token from the included credentials.\nLikeliest")
        )
    }

    @Test func G06_ofAChainOfOnesOwn() async throws {
        func unavailable(_ name: String) -> ClosureTokenCredential {
            ClosureTokenCredential(name: name) { _ in
                throw AuthenticationError.credentialUnavailable("no \(name) here", credential: name)
            }
        }
        let plain = ChainedTokenCredential(unavailable("vault"), unavailable("card"))
        let error = try await authenticationError { try await plain.token(forScopes: vaultScope) }
        #expect(error.message.hasPrefix("ChainedTokenCredential failed to retrieve a token from the included credentials."))
        #expect(error.message.hasSuffix("vault: unavailable – no vault here\ncard: unavailable – no card here"))
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G06")
        let named = ChainedTokenCredential(unavailable("vault"), options: ChainOptions(name: "MyCredential"))
        let other = try await authenticationError { try await named.token(forScopes: vaultScope) }
        #expect(other.message.hasPrefix("MyCredential failed") && other.credential == "MyCredential")
    }

    @Test func G06_asJSON() async throws {
        struct Shape: Decodable {
            struct Attempt: Decodable {
                let credential: String, outcome: String, code: String?, summary: String, message: String, guide: String?
                let durationMilliseconds: Double
            }
            let code: String, guide: String, attempts: [Attempt]
        }
        let credential = Self.credential(Self.laptop(), variables: ["AZURE_TOKEN_CREDENTIALS": "dev"])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        let shape = try JSONDecoder().decode(Shape.self, from: JSONEncoder().encode(error))
        #expect(shape.code == "credentialUnavailable" && shape.guide == "G06" && shape.attempts.count == 6)
        #expect(shape.attempts.map(\.outcome) == ["skipped", "skipped", "skipped", "unavailable", "unavailable", "unavailable"])
        #expect(shape.attempts[0].summary == "AZURE_TOKEN_CREDENTIALS is dev" && shape.attempts[0].code == nil)
        #expect(shape.attempts[3].guide == "G34" && shape.attempts[3].message.contains("Azure CLI not installed"))
    }

    /// Another account than meant: the log and the token tell whose it is, and an expected identity refuses it.
    @Test func G07_anotherAccountThanMeant() async throws {
        let handler = InMemoryLogHandler()
        let emulator = EntraEmulator()
        let credential = Self.credential(emulator, on: .appService) {
            $0.credentialOptions.logging.logger = Logger(label: "test") { _ in handler }
        }
        let token = try await credential.token(forScopes: vaultScope)
        let lines = handler.entries.filter { $0.level == .info }.map { "\($0.message)" }
        #expect(lines.filter { $0 == "DefaultAzureCredential acquired a token from ManagedIdentityCredential" }.count == 1)
        #expect(token.provenance?.credential == "ManagedIdentityCredential" && token.provenance?.objectID != nil)
        #expect(credential.selectedCredential == "ManagedIdentityCredential")
        let strict = Self.credential(emulator, on: .appService) {
            $0.expectedIdentity = ExpectedIdentity(objectID: "00000000-0000-4000-8000-0000000000ff")
        }
        let error = try await authenticationError { try await strict.token(forScopes: vaultScope) }
        #expect(
            error.code == .authenticationFailed && error.remedy?.guide == "G07" && error.remedy?.commands == [["az", "logout"]])
        #expect(error.message.contains("ManagedIdentityCredential: The token is for another identity than expected: object id"))
    }
}
