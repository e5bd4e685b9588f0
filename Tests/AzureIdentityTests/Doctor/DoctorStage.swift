// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting

@testable import AzureIdentity

/// Machines for the doctor to look at. Nothing of the one that the tests run on is in reach.
enum DoctorStage {
    /// For tests that aren't about time: however slow the machine is, there is enough of it.
    static let patience = Duration.seconds(300)

    /// The report on the default chain of an emulated machine.
    static func report(
        _ emulator: EntraEmulator = ChainRowTests.laptop(),
        on host: EmulatedHost? = nil,
        tools: ToolShelf = ToolShelf(),
        facts: HostFacts = HostFacts(),
        variables: [String: String] = [:],
        change: (inout IdentityDoctor.Options) -> Void = { _ in }
    ) async throws -> IdentityDoctor.Report {
        var credentialOptions = emulator.options(on: host, facts: facts) { $0.merge(variables) { $1 } }
        tools.apply(to: &credentialOptions)
        var options = IdentityDoctor.Options(chain: .init(credentialOptions: credentialOptions), timeout: Self.patience)
        change(&options)
        return try await IdentityDoctor(options: options).examine()
    }

    /// The report on one credential that is asked for a token.
    static func report(
        _ credential: any TokenCredential,
        options: CredentialOptions,
        requestTenantID: String? = nil,
        scopes: [String] = [vaultScope]
    ) async throws -> IdentityDoctor.Report {
        let own = IdentityDoctor.Options(
            chain: .init(credentialOptions: options),
            scopes: scopes,
            requestTenantID: requestTenantID,
            timeout: Self.patience
        )
        return try await IdentityDoctor(credential: credential, options: own).examine()
    }

    /// A shelf with one tool, and what each run of it comes to.
    static func shelf(_ tool: String, _ status: Int32, output: String = "", errors: String = "") -> ToolShelf {
        ToolShelf(
            present: [tool], run: ToolRun(status: status, output: Array(output.utf8), errors: Array(errors.utf8)))
    }
}

extension IdentityDoctor.Report {
    /// What became of a member.
    func state(of credential: String) -> String? { self.members.first { $0.credential == credential }.map { "\($0.state)" } }

    /// How something is.
    func observation(_ subject: String, in area: IdentityDoctor.Area) -> IdentityDoctor.Observation? {
        self.observations.first { $0.subject == subject && $0.area == area }
    }
}
