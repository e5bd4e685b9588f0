// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Rows G12 to G16 of the guide, each in its situation, against the emulator.
@Suite struct AssertionRowTests {
    /// A refusal in the form that row G04 wants.
    private func expect(
        _ error: AuthenticationError,
        credential: String,
        code: Int,
        guide: String,
        emulator: EntraEmulator
    ) throws {
        let service = try #require(error.serviceError, "\(error)")
        #expect(error.code == .authenticationFailed && !error.isRetryable && emulator.tokenRequestCount == 1)
        #expect(error.message.hasPrefix("\(credential): \(service.error): \(code) - AADSTS\(code): "), "\(error.message)")
        #expect(service.codes == [code] && error.remedy?.guide == guide && error.remedy?.text.isEmpty == false)
    }

    private func certificate(_ file: String, tenantID: String = Sample.tenantID, _ emulator: EntraEmulator) throws
        -> ClientCertificateCredential
    {
        ClientCertificateCredential(
            tenantID: tenantID,
            clientID: Sample.clientID,
            certificate: try ClientCertificate(SampleCertificate.contents(file)),
            options: emulator.credentialOptions()
        )
    }

    @Test func G12_certificateNotRegistered() async throws {
        let emulator = Subject.emulator()
        emulator.update { $0.tenants[0].applications[0].certificates = [] }
        let credential = try self.certificate("pkcs8.pem", emulator)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        try self.expect(error, credential: "ClientCertificateCredential", code: 700_027, guide: "G12", emulator: emulator)
        #expect(error.serviceError?.error == "invalid_client")
        #expect(error.remedy?.commands.first?.contains("--cert") == true)
    }

    @Test func G12_throughTheEnvironment() async throws {
        let emulator = Subject.emulator()
        emulator.update { $0.tenants[0].applications[0].certificates = [] }
        let environment: EnvironmentVariables = [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
            "AZURE_CLIENT_CERTIFICATE_PATH": SampleCertificate.path("pkcs8.pem"),
        ]
        let credential = EnvironmentCredential(options: emulator.credentialOptions(environment: environment))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        try self.expect(error, credential: "EnvironmentCredential", code: 700_027, guide: "G12", emulator: emulator)
    }

    @Test func G12_expiredCertificateIsSentAndExplained() async throws {
        let emulator = Subject.emulator()
        let registration = try EmulatorConfiguration.ClientCertificateRegistration(pem: SampleCertificate.text("expired.pem"))
        emulator.update { $0.tenants[0].applications[0].certificates = [registration] }
        let credential = try self.certificate("expired.pem", emulator)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        try self.expect(error, credential: "ClientCertificateCredential", code: 700_027, guide: "G12", emulator: emulator)
        #expect(error.message.contains("expired on 2021-"), "\(error.message)")
    }

    @Test func G13_applicationNotInTheTenant() async throws {
        let emulator = Subject.emulator()
        let credential = try self.certificate("pkcs8.pem", tenantID: Sample.emptyTenantID, emulator)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        try self.expect(error, credential: "ClientCertificateCredential", code: 700_016, guide: "G13", emulator: emulator)
    }

    /// An assertion with a change in its claims, through the credential.
    private func assertion(
        _ emulator: EntraEmulator,
        _ make: @escaping @Sendable (ClientAssertionContext) async throws -> String
    ) async throws -> AuthenticationError {
        let credential = ClientAssertionCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            options: emulator.credentialOptions(),
            assertion: make
        )
        return try await authenticationError { try await credential.token(forScopes: vaultScope) }
    }

    @Test(arguments: ["iss", "sub"])
    func G14_issuerAndSubjectAreNotTheClient(claim: String) async throws {
        let emulator = Subject.emulator()
        let error = try await self.assertion(emulator) { context in
            var claims = SampleCertificate.claims(context)
            claims[claim] = Sample.tenantID
            return try SampleCertificate.assertion(claims: claims)
        }
        try self.expect(error, credential: "ClientAssertionCredential", code: 700_021, guide: "G14", emulator: emulator)
        #expect(error.remedy?.text.contains("client id") == true)
    }

    @Test(arguments: ["https://login.microsoftonline.com/\(Sample.tenantID)/v2", "api://AzureADTokenExchange", ""])
    func G15_audienceIsNotTheTokenEndpoint(audience: String) async throws {
        let emulator = Subject.emulator()
        let error = try await self.assertion(emulator) { context in
            var claims = SampleCertificate.claims(context)
            claims["aud"] = audience
            return try SampleCertificate.assertion(claims: claims)
        }
        try self.expect(error, credential: "ClientAssertionCredential", code: 700_023, guide: "G15", emulator: emulator)
        #expect(error.remedy?.text.contains("oauth2/v2.0/token") == true)
    }

    @Test(arguments: ["no-token", "a.b", "a.b.c", "....", "e30.e30.e30"])
    func G16_notAToken(text: String) async throws {
        let emulator = Subject.emulator()
        let error = try await self.assertion(emulator) { _ in text }
        try self.expect(error, credential: "ClientAssertionCredential", code: 50_027, guide: "G16", emulator: emulator)
    }

    @Test(arguments: ["", " \n", "a b", "a\u{0}b", "ü", String(repeating: "a", count: 65_537)])
    func whatCannotBeSentIsNot(text: String) async throws {
        let emulator = Subject.emulator()
        let error = try await self.assertion(emulator) { _ in text }
        #expect(error.code == .authenticationFailed && error.message.contains("The client assertion "))
        #expect(emulator.requestCount == 0)
    }

    @Test func whatTheClosureThrowsComesOut() async throws {
        struct NoSigner: Error {}
        let emulator = Subject.emulator()
        let error = try await self.assertion(emulator) { _ in throw NoSigner() }
        #expect(error.underlyingError is NoSigner && error.credential == "ClientAssertionCredential")
        let own = try await self.assertion(emulator) { _ in
            throw AuthenticationError.credentialUnavailable("no", credential: "Mine")
        }
        #expect(own.isUnavailable && own.credential == "Mine" && emulator.requestCount == 0)
    }
}
#endif
