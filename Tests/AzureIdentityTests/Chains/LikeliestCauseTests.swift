// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// Which error a chain's begins with.
@Suite struct LikeliestCauseTests {
    private typealias Attempt = AuthenticationError.Attempt

    private static func attempt(
        _ name: DefaultChainMember,
        _ row: GuideRow?,
        outcome: AuthenticationError.Attempt.Outcome = .unavailable,
        code: AuthenticationError.Code = .credentialUnavailable,
        missing: [String] = [],
        message: String? = nil
    ) -> AuthenticationError.Attempt {
        .init(
            credential: name.description,
            outcome: outcome,
            code: code,
            message: message ?? "\(name) says so",
            remedy: row.map { Guide.remedy($0, facts: GuideFacts(variables: missing)) }
        )
    }

    private static let noVariables = attempt(
        .environment, .g08, missing: ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"])
    private static let noWorkload = attempt(.workloadIdentity, .g41, missing: ["AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"])
    private static let noService = attempt(.managedIdentity, .g25)
    private static let noTools = [
        attempt(.azureCLI, .g34, message: "No directory of PATH holds az."),
        attempt(.azurePowerShell, .g38, message: "No directory of PATH holds pwsh."),
        attempt(.azureDeveloperCLI, .g36, message: "No directory of PATH holds azd."),
    ]

    /// A developer's machine on which one thing is otherwise.
    private static func machine(_ changed: AuthenticationError.Attempt) -> [AuthenticationError.Attempt] {
        ([noVariables, noWorkload, noService] + noTools).map { $0.credential == changed.credential ? changed : $0 }
    }

    @Test(
        arguments: [
            attempt(.azureCLI, .g35), attempt(.azureDeveloperCLI, .g37), attempt(.azurePowerShell, .g40),
            attempt(.azurePowerShell, .g39), attempt(.azureCLI, .g02), attempt(.azureCLI, .g34),
            attempt(.environment, .g08, missing: ["AZURE_TENANT_ID"]),
            attempt(.environment, .g08, missing: ["AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"]),
            attempt(.environment, nil, code: .invalidConfiguration),
            attempt(.workloadIdentity, .g41, missing: ["AZURE_CLIENT_ID"]),
            attempt(.managedIdentity, .g23), attempt(.azureCLI, nil, outcome: .failed, code: .authenticationFailed),
        ])
    func whatIsSetUpByHalfBeatsWhatIsNotSetUp(changed: AuthenticationError.Attempt) {
        let attempts = Self.machine(changed)
        let cause = LikeliestCause(attempts, stopped: false, isOnAzure: false)
        #expect(cause.attempt.map { attempts[$0].credential } == changed.credential)
        #expect(cause.text == "\(changed.credential): \(changed.credential) says so")
        #expect(cause.remedy(in: attempts).guide == changed.remedy?.guide ?? "G06")
    }

    /// Each beats those behind it.
    @Test func theOrder() {
        let order = [
            Self.attempt(.azureDeveloperCLI, nil, outcome: .failed, code: .authenticationFailed),
            Self.attempt(.environment, .g08, missing: ["AZURE_TENANT_ID"]), Self.attempt(.managedIdentity, .g23),
            Self.attempt(.azureCLI, .g35), Self.attempt(.azureDeveloperCLI, .g37), Self.attempt(.azurePowerShell, .g40),
            Self.attempt(.azurePowerShell, .g39), Self.attempt(.azureCLI, .g02),
            Self.attempt(.environment, .g08, missing: ["AZURE_CLIENT_SECRET"]), Self.noService,
        ]
        let weights = order.map { LikeliestCause.weight(of: $0, isOnAzure: false) }
        #expect(zip(weights, weights.dropFirst()).allSatisfy { $0 > $1 }, "\(weights)")
    }

    @Test func nothingSetUp() {
        let attempts = [Self.noVariables, Self.noWorkload, Self.noService] + Self.noTools
        let cause = LikeliestCause(attempts, stopped: false, isOnAzure: false)
        #expect(cause.attempt == nil && cause.text.contains("az login") && cause.text.contains("AZURE_CLIENT_SECRET"))
        #expect(cause.remedy(in: attempts).guide == "G06")
        let deployed = LikeliestCause(Array(attempts.prefix(3)), stopped: false, isOnAzure: false)
        #expect(!deployed.text.contains("az login") && deployed.text.contains("managed identity"))
        #expect(LikeliestCause([], stopped: false, isOnAzure: false).text.contains("No credential was asked"))
    }

    @Test func aMachineOfAzureIsExpectedToHaveAnIdentity() {
        let cause = LikeliestCause(
            [Self.noVariables, Self.noService, Self.attempt(.azureCLI, .g35)], stopped: false, isOnAzure: true)
        #expect(cause.attempt == 1)
    }

    @Test func whoStoppedTheChainIsTheCause() {
        let attempts = [
            Self.attempt(.azureCLI, nil, outcome: .failed),
            Self.attempt(.azurePowerShell, .g02, outcome: .failed, code: .timedOut),
        ]
        #expect(LikeliestCause(attempts, stopped: true, isOnAzure: false).attempt == 1)
        #expect(LikeliestCause(attempts, stopped: false, isOnAzure: false).attempt == 0)
    }
}
