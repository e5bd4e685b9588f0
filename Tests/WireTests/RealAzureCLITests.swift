// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

/// The real Azure CLI, signed in to the emulator, as `AzureCLICredential` sees it. One run of it takes a second, on a busy machine
/// several.
@Suite(.serialized, .timeLimit(.minutes(20)), .enabled(if: RealPart.azureCLI.isWanted))
struct RealAzureCLITests {
    private static let vault = TokenRequestContext(scopes: [vaultScope])
    private static let storage = TokenRequestContext(scopes: ["https://storage.azure.com/.default"])

    /// What row G35 says of someone who isn't signed in.
    private func expectSignedOut(_ credential: AzureCLICredential, _ comment: Comment) async throws {
        let error = try await authenticationError { try await credential.token(for: Self.vault) }
        #expect(error.code == .credentialUnavailable, comment)
        #expect(error.remedy?.guide == "G35", comment)
        #expect(error.remedy?.commands.first?.prefix(2) == ["az", "login"], comment)
    }

    @Test func getsTheEmulatorsTokenThroughTheRealTool() async throws {
        try await RealAzureCLI.with { az in
            let credential = az.credential()
            try await self.expectSignedOut(credential, "not signed in")
            #expect(az.stage.emulator.tokenRequestCount == 0)

            try await az.login()
            let runs = az.tokenRuns
            let token = try await credential.token(for: Self.vault)
            #expect(token.source == .network)
            #expect(token.provenance?.credential == "AzureCLICredential")
            #expect(token.provenance?.tenantID == Sample.tenantID)
            #expect(token.provenance?.clientID == Sample.clientID)
            #expect(abs(token.expiresOn.timeIntervalSinceNow - 3599) < 600)
            #expect(az.tokenRuns == runs + 1)

            let requests = az.stage.emulator.tokenRequestCount
            let kept = try await credential.token(for: Self.vault)
            #expect(kept.token == token.token && kept.source == .memory)
            let tokens = try await withThrowingTaskGroup { group in
                for _ in 0..<8 { group.addTask { try await credential.token(for: Self.storage).token } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(tokens.count == 1 && !tokens.contains(token.token))
            #expect(az.tokenRuns == runs + 2, "one run for eight callers, none for a kept token")
            #expect(az.stage.emulator.tokenRequestCount == requests + 1)
        }
    }

    @Test func passesOnTenantsSubscriptionsAndRefusals() async throws {
        try await RealAzureCLI.with { az in
            try await az.login()
            let other = try await az.credential(tenantID: Sample.otherTenantID).token(for: Self.vault)
            #expect(other.provenance?.tenantID == Sample.otherTenantID)
            let named = try await az.credential(subscription: Sample.otherSubscriptionID).token(
                for: Self.vault)
            #expect(named.provenance?.tenantID == Sample.tenantID)

            let missing = try await authenticationError {
                try await az.credential(tenantID: Sample.emptyTenantID).token(for: Self.vault)
            }
            #expect(
                missing.code == .authenticationFailed && missing.message.contains("AADSTS700016"),
                "\(missing)")

            az.stage.emulator.update {
                $0.tenants[0].applications[0].secrets[0].expiresOn = Date(timeIntervalSince1970: 1)
            }
            let expired = try await authenticationError {
                try await az.credential().token(for: Self.storage)
            }
            #expect(
                expired.code == .authenticationFailed && expired.message.contains("AADSTS7000222"),
                "\(expired)")
            #expect(!"\(expired.message)\(expired.debugDescription)".contains(Sample.clientSecret))

            // The service doesn't answer: this is not signed out, whatever the tool prints.
            az.stage.emulator.play(FaultScript(.status(503)))
            let down = try await authenticationError {
                try await az.credential().token(for: Self.storage)
            }
            #expect(down.isRetryable && down.remedy?.guide != "G35", "\(down)")
        }
    }

    @Test func theVeryNextCallIsTheNewAccount() async throws {
        try await RealAzureCLI.with { az in
            let credential = az.credential()
            try await az.login()
            let first = try await credential.token(for: Self.vault)
            #expect(first.provenance?.clientID == Sample.clientID)

            try await az.run(["account", "set", "--subscription", Sample.otherSubscriptionID])
            let runs = az.tokenRuns
            #expect(try await credential.token(for: Self.vault).source == .network)
            #expect(az.tokenRuns == runs + 1, "another subscription drops the tokens")
            #expect(try await credential.token(for: Self.vault).source == .memory)

            try await az.login(RealAzureCLI.otherClientID, secret: RealAzureCLI.otherSecret)
            let second = try await credential.token(for: Self.vault)
            #expect(second.provenance?.clientID == RealAzureCLI.otherClientID)
            #expect(second.token != first.token)

            try await az.run(["logout"])
            try await self.expectSignedOut(credential, "after az logout")
        }
    }

    @Test func signsInWithACertificate() async throws {
        try await RealAzureCLI.with { az in
            let certificate = try EmulatorClientCertificate.make()
            az.stage.emulator.update {
                $0.tenants[0].applications[0].certificates = [.init(der: certificate.der)]
            }
            let file = az.folder.appending(path: "client.pem")
            try Data(certificate.pem.utf8).write(to: file)
            try await az.run([
                "login", "--service-principal", "-u", Sample.clientID, "--certificate", file.path(),
                "--tenant", Sample.tenantID,
                "--output", "none",
            ])
            let token = try await az.credential().token(for: Self.vault)
            #expect(token.provenance?.clientID == Sample.clientID)
        }
    }
}
#endif
