// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// What the doctor says of certificates: rows G08, G12, G13 and G16, each in its situation.
@Suite(.timeLimit(.minutes(5))) struct DoctorCertificateTests {
    private func report(
        _ file: String, tenantID: String = Sample.tenantID, scopes: [String] = [],
        _ change: @Sendable (inout EmulatorConfiguration) -> Void = { _ in }
    ) async throws -> IdentityDoctor.Report {
        let emulator = Subject.emulator()
        emulator.update { $0.hosts.isMetadataServiceThere = false }
        emulator.update(change)
        let variables = [
            "AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": Sample.clientID,
            "AZURE_CLIENT_CERTIFICATE_PATH": SampleCertificate.path(file),
        ]
        return try await DoctorStage.report(emulator, variables: variables) { $0.scopes = scopes }
    }

    private func observation(_ report: IdentityDoctor.Report) -> [IdentityDoctor.Observation] {
        report.observations.filter { $0.area == .files && $0.subject == "AZURE_CLIENT_CERTIFICATE_PATH" }
    }

    @Test func aGoodCertificate() async throws {
        let report = try await self.report("pkcs8.pem", scopes: [vaultScope])
        #expect(report.isHealthy && report.state(of: "EnvironmentCredential") == "token", "\(report.findings)")
        #expect(self.observation(report).contains { $0.state == .good && $0.text.contains("valid until") })
    }

    @Test func G12_notRegistered() async throws {
        let report = try await self.report("pkcs8.pem", scopes: [vaultScope]) { $0.tenants[0].applications[0].certificates = [] }
        #expect(report.guideRows.first == "G12" && report.findings.first?.severity == .problem, "\(report.findings)")
    }

    /// Found without a token, by its dates.
    @Test func G12_expired() async throws {
        let report = try await self.report("expired.pem")
        #expect(report.guideRows.first == "G12", "\(report.findings)")
        #expect(report.findings.first?.area == .files && report.findings.first?.message.contains("expired on 2021-") == true)
        #expect(self.observation(report).contains { $0.state == .bad })
    }

    @Test func G13_applicationNotInTheTenant() async throws {
        let report = try await self.report("pkcs8.pem", tenantID: Sample.emptyTenantID, scopes: [vaultScope])
        #expect(report.guideRows.first == "G13", "\(report.findings)")
    }

    @Test(arguments: ["missing.pem", "key-only.pem"]) func G08_aFileThatCannotBeUsed(file: String) async throws {
        let report = try await self.report(file)
        #expect(report.guideRows.first == "G08", "\(report.findings)")
        #expect(self.observation(report).contains { $0.state == .bad })
    }

    @Test func G16_noToken() async throws {
        let options = Subject.emulator().credentialOptions()
        let credential = ClientAssertionCredential(tenantID: Sample.tenantID, clientID: Sample.clientID, options: options) { _ in
            "MARKED-no-token"
        }
        let report = try await DoctorStage.report(credential, options: options)
        #expect(report.guideRows.first == "G16" && !"\(report)".contains("MARKED"), "\(report.findings)")
    }
}
#endif
