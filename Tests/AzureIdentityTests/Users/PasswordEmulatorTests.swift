// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// Users' names and passwords, against the emulator.
@Suite struct PasswordEmulatorTests {
    private func credential(_ emulator: EntraEmulator, _ username: String, password: String = Sample.password)
        -> UsernamePasswordCredential
    {
        UsernamePasswordCredential(
            name: "UsernamePasswordCredential",
            tenantID: Sample.tenantID,
            clientID: Sample.publicClientID,
            username: username,
            password: Secret(password),
            options: emulator.credentialOptions()
        )
    }

    private func error(_ username: String, password: String = Sample.password) async throws -> (
        AuthenticationError, EntraEmulator
    ) {
        let emulator = EntraEmulator()
        let credential = self.credential(emulator, username, password: password)
        return (try await authenticationError { try await credential.token(forScopes: vaultScope) }, emulator)
    }

    @Test func aManagedUserSignsIn() async throws {
        let emulator = EntraEmulator()
        let credential = self.credential(emulator, Sample.userName)
        let token = try await credential.token(forScopes: vaultScope)
        #expect(token.provenance?.objectID == Sample.userObjectID && token.provenance?.tenantID == Sample.tenantID)
        #expect(credential.authenticationRecord?.username == Sample.userName)
        // Another resource's token comes by the refresh token: the password is sent once.
        _ = try await credential.token(forScopes: "https://management.azure.com/.default")
        #expect(emulator.tokenRequestCount == 2)
    }

    @Test(arguments: EmulatorConfiguration.FederationServer.TrustVersion.allCases, [true, false])
    func aFederatedUserSignsIn(version: EmulatorConfiguration.FederationServer.TrustVersion, hasMetadata: Bool) async throws {
        for assertion in EmulatorConfiguration.FederationServer.AssertionVersion.allCases {
            let emulator = EntraEmulator()
            emulator.update {
                $0.federation = .init(trustVersions: [version], assertionVersion: assertion, hasMetadata: hasMetadata)
            }
            let token = try await self.credential(emulator, Sample.federatedUserName).token(forScopes: vaultScope)
            #expect(token.provenance?.tenantID == Sample.tenantID)
        }
    }

    @Test(arguments: [Sample.userName, Sample.federatedUserName])
    func G17_wrongPassword(username: String) async throws {
        let (error, emulator) = try await self.error(username, password: "MARKED-wrong")
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G17", "\(error)")
        #expect(!error.description.contains("MARKED"))
        if username == Sample.userName { #expect(error.serviceError?.codes == [50_126] && emulator.tokenRequestCount == 1) }
        // A federation service says so with the status 500; who tried again would lock the account.
        let questions = emulator.requests.filter { $0.path.hasSuffix("/usernamemixed") }
        #expect(questions.count == (username == Sample.federatedUserName ? 1 : 0))
    }

    @Test(arguments: [
        (Sample.multifactorUserName, 50_076, "G17"), (Sample.registrationUserName, 50_079, "G17"),
        (Sample.expiredPasswordUserName, 50_055, "G04"),
        (Sample.disabledUserName, 50_057, "G04"), (Sample.lockedUserName, 50_053, "G04"), (Sample.consentUserName, 65_001, "G04"),
        ("nobody@contoso.example", 50_034, "G17"),
    ])
    func whatStandsInTheWayIsTold(username: String, code: Int, guide: String) async throws {
        let (error, emulator) = try await self.error(username)
        #expect(error.serviceError?.codes == [code] && error.remedy?.guide == guide, "\(error)")
        #expect(error.remedy?.text.contains("Look the code up") == false && emulator.tokenRequestCount == 1)
    }
}
