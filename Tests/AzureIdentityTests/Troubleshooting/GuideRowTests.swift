// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// Each row of the troubleshooting guide that this version's credentials can meet, in its situation, against the emulator.
@Suite struct GuideRowTests {
    private func refusal(
        _ subject: Subject,
        secret: String = Sample.clientSecret,
        tenantID: String = Sample.tenantID
    ) async throws -> (error: AuthenticationError, requests: Int) {
        let emulator = EntraEmulator()
        let credential = subject.make(secret: secret, tenantID: tenantID, options: emulator.credentialOptions())
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        return (error, emulator.tokenRequestCount)
    }

    /// What row G04 wants of every refusal.
    private func expectRefusal(_ error: AuthenticationError, _ subject: Subject, code: Int, guide: String, requests: Int) throws {
        let service = try #require(error.serviceError)
        #expect(error.code == .authenticationFailed && !error.isRetryable && !error.isUnavailable && requests == 1)
        #expect(error.message.hasPrefix("\(subject.rawValue): \(service.error): \(code) - AADSTS\(code): "))
        for detail in [service.traceID, service.correlationID, service.timestamp] {
            let detail = try #require(detail)
            #expect(error.message.contains(detail))
        }
        #expect(service.codes == [code] && error.remedy?.guide == guide && error.remedy?.text.isEmpty == false)
    }

    @Test(arguments: [Subject.clientSecret, .environment])
    func G09_wrongSecret(subject: Subject) async throws {
        let (error, requests) = try await self.refusal(subject, secret: "wrong")
        try self.expectRefusal(error, subject, code: 7_000_215, guide: "G09", requests: requests)
        #expect(error.serviceError?.error == "invalid_client")
        #expect(error.remedy?.commands == [["az", "ad", "app", "credential", "reset", "--append", "--id", Sample.clientID]])
    }

    @Test(arguments: [Subject.clientSecret, .environment])
    func G10_expiredSecret(subject: Subject) async throws {
        let (error, requests) = try await self.refusal(subject, secret: Sample.expiredClientSecret)
        try self.expectRefusal(error, subject, code: 7_000_222, guide: "G10", requests: requests)
    }

    @Test(arguments: [Subject.clientSecret, .environment])
    func G11_applicationNotInTheTenant(subject: Subject) async throws {
        let (error, requests) = try await self.refusal(subject, tenantID: Sample.emptyTenantID)
        try self.expectRefusal(error, subject, code: 700_016, guide: "G11", requests: requests)
        #expect(error.serviceError?.error == "unauthorized_client")
    }

    @Test(arguments: [Subject.clientSecret, .environment])
    func G04_refusalWithAnotherCode(subject: Subject) async throws {
        let (error, requests) = try await self.refusal(subject, tenantID: "nosuch.example")
        try self.expectRefusal(error, subject, code: 90_002, guide: "G04", requests: requests)
        #expect(error.remedy?.link == "https://login.microsoftonline.com/error?code=90002")
    }

    @Test func G08_variablesMissing() async throws {
        let credential = EnvironmentCredential(environment: ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "MARKED"])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.isUnavailable)
        #expect(error.message.contains("Environment variables aren't fully configured"))
        #expect(error.message.contains("Missing: AZURE_CLIENT_ID.") && !error.message.contains("MARKED"))
        #expect(error.remedy?.guide == "G08" && error.remedy?.variables == ["AZURE_CLIENT_ID"])
        #expect(throws: AuthenticationError.self) { try credential.validate() }
    }

    @Test func G08_aUsersVariablesMissing() async throws {
        let environment: EnvironmentVariables = ["AZURE_CLIENT_ID": "c", "AZURE_PASSWORD": "MARKED"]
        let error = try await authenticationError {
            try await EnvironmentCredential(environment: environment).token(forScopes: vaultScope)
        }
        #expect(error.isUnavailable && error.remedy?.guide == "G08" && error.remedy?.variables == ["AZURE_USERNAME"])
        #expect(error.message.contains("Missing: AZURE_USERNAME.") && !error.message.contains("MARKED"))
    }

    @Test func G02_aClosureSaysThatItIsNotSetUp() async throws {
        let credential = CachingTokenCredential(name: "Mine") { _ in
            throw AuthenticationError.credentialUnavailable("no vault here", credential: "Mine")
        }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.isUnavailable && error.remedy?.guide == "G02" && error.description.contains("no vault here"))
    }

    @Test(arguments: [Subject.clientSecret, .environment])
    func G48_tenantNotAllowed(subject: Subject) async throws {
        let emulator = EntraEmulator()
        let credential = subject.make(options: emulator.credentialOptions())
        let error = try await authenticationError {
            try await credential.token(for: .init(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        }
        #expect(error.code == .authenticationFailed && !error.isUnavailable && error.remedy?.guide == "G48")
        #expect(
            error.message.contains(
                "The current credential is not configured to acquire tokens for tenant \(Sample.otherTenantID)"
            )
        )
        #expect(emulator.requestCount == 0)
    }

    @Test(arguments: GuideRow.allCases)
    func everyRowHasARemedy(row: GuideRow) {
        let remedy = Guide.remedy(row)
        #expect(remedy.guide == row.rawValue && !remedy.text.isEmpty && !remedy.text.contains("\n"))
        #expect(remedy.link.map { $0.hasPrefix("https://") } ?? true)
    }

    @Test(arguments: [GuideRow.g24, .g25, .g26, .g27])
    func theMetadataServiceIsNamedByItsAddress(row: GuideRow) throws {
        let fixed = Guide.metadataRemedy(row, host: Guide.metadataHost)
        #expect(fixed == Guide.remedy(row) && fixed.variables.isEmpty)
        let named = Guide.metadataRemedy(row, host: "http://127.0.0.1:8080/nmi")
        #expect(named.variables == ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] && !"\(named)".contains("169.254.169.254"))
        #expect(named.text.contains("http://127.0.0.1:8080/nmi") && named.commands.count == fixed.commands.count)
        if let command = named.commands.first {
            #expect(command.last?.hasPrefix("http://127.0.0.1:8080/nmi/metadata/identity/oauth2/token?") == true)
            #expect(named.text.contains("holds a token"))
        }
        for host in ["http://user:MARKED@h", "http://h;MARKED", "MARKED", "http://h?MARKED"] {
            let other = Guide.metadataRemedy(row, host: host)
            #expect(!"\(other)".contains("MARKED") && !"\(other)".contains("169.254.169.254"))
        }
    }

    @Test func G06_withoutTheAzureCLIThereIsNothingToSignInTo() {
        #expect(Guide.chainRemedy([Guide.remedy(.g08), Guide.remedy(.g35)]) == Guide.remedy(.g06))
        let remedy = Guide.chainRemedy([Guide.remedy(.g08), Guide.remedy(.g34)])
        #expect(remedy.guide == "G06" && remedy.commands.isEmpty && remedy.text.contains("install the Azure CLI"))
    }

    @Test(arguments: ["$(reboot)", "a;b", "", "--help", "c0000000-0000-4000-8000-00000000000g"])
    func commandsHoldOnlyValidatedValues(clientID: String) throws {
        var error = AuthenticationError(.authenticationFailed, credential: "X", message: "")
        error.serviceError = .init(error: "invalid_client", message: "", codes: [7_000_215])
        let remedy = try #require(Guide.remedy(for: error, facts: GuideFacts(clientID: clientID)))
        #expect(remedy.commands.first?.last == "<client-id>")
    }
}
