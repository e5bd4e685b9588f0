// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

/// `azid token` with certificates and assertions, as a process.
@Suite(.timeLimit(.minutes(5))) struct AzidCertificateTests {
    private static func fixture(_ name: String) -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return folder.appending(path: "Fixtures/certificates/\(name)").path()
    }

    /// A stage whose application may use the certificate of a file.
    private func withStage(_ file: String, password: String?, _ body: (Stage) async throws -> Void) async throws {
        try await Stage.with { stage in
            let certificate = try? ClientCertificate(contentsOf: Self.fixture(file), password: password.map { Secret($0) })
            let leaf = certificate?.current().chain.first?.der
            stage.emulator.update {
                $0.assertionRules = .strict
                $0.tenants[0].applications[0].secrets = []
                $0.tenants[0].applications[0].certificates = leaf.map { [.init(der: $0)] } ?? []
            }
            try await body(stage)
        }
    }

    private func token(_ stage: Stage, _ arguments: [String], _ more: [String: String] = [:]) async throws -> Program.Run {
        var environment = stage.environment
        environment["AZURE_CLIENT_SECRET"] = nil
        environment.merge(more) { $1 }
        return try await Program.azid(environment).run(["token", "--scope", vaultScope, "--output", "value"] + arguments)
    }

    private static let good: [(file: String, password: String?)] = [
        ("pkcs1.pem", nil), ("pkcs8-aes256-sha256.pem", "fixture-password"), ("proc-type-aes256.pem", "fixture-password"),
        ("chain-reversed.pem", nil), ("rsa4096.pem", nil), ("default.pfx", "fixture-password"),
        ("legacy.pfx", "fixture-password"),
        ("no-mac.pfx", "fixture-password"), ("empty-password.pfx", nil),
    ]

    @Test(arguments: good)
    func getsATokenWithEveryKindOfFile(file: String, password: String?) async throws {
        try await self.withStage(file, password: password) { stage in
            let variables = password.map { ["AZURE_CLIENT_CERTIFICATE_PASSWORD": $0] } ?? [:]
            let byFlag = ["--credential", "client-certificate", "--certificate-path", Self.fixture(file)]
            let run = try await self.token(stage, byFlag, variables)
            #expect(run.status == 0 && run.output.hasPrefix("ey"), "\(run.errors)")
            var environment = variables
            environment["AZURE_CLIENT_CERTIFICATE_PATH"] = Self.fixture(file)
            environment["AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"] = "false"
            let implicit = try await self.token(stage, ["--credential", "environment"], environment)
            #expect(implicit.status == 0 && implicit.output.hasPrefix("ey"), "\(implicit.errors)")
        }
    }

    private static let bad: [(file: String, password: String?, expected: String)] = [
        ("default.pfx", "wrong", "the password is wrong"), ("default.pfx", nil, "protected by a password, and none was given"),
        ("no-key.pfx", "fixture-password", "no private key"), ("no-certificate.pfx", "fixture-password", "no certificate"),
        ("iterations-10000000.pfx", "fixture-password", "rounds of key derivation"), ("ec-sec1.pem", nil, "EC"),
        ("mismatch.pem", nil, "no certificate in it belongs to its private key"), ("rsa1024.pem", nil, "1024"),
        ("nowhere.pem", nil, "can't be found"),
    ]

    @Test(arguments: bad)
    func aFileThatCannotBeUsedIsFour(file: String, password: String?, expected: String) async throws {
        try await self.withStage(file, password: password) { stage in
            let variables = password.map { ["AZURE_CLIENT_CERTIFICATE_PASSWORD": $0] } ?? [:]
            let run = try await self.token(
                stage, ["--credential", "client-certificate", "--certificate-path", Self.fixture(file)], variables)
            #expect(run.status == 4 && run.output.isEmpty && run.errors.contains(expected), "\(run)")
            #expect(run.errors.contains("ClientCertificateCredential") || run.errors.contains("certificate file"))
            #expect(!run.errors.contains("fixture-password") && stage.emulator.requestCount == 0)
        }
    }

    @Test func G12_anUnregisteredCertificateIsOne() async throws {
        try await self.withStage("nowhere.pem", password: nil) { stage in
            let run = try await self.token(
                stage, ["--credential", "client-certificate", "--certificate-path", Self.fixture("pkcs8.pem")])
            #expect(run.status == 1 && run.errors.contains("AADSTS700027") && run.errors.contains("Remedy (G12)"), "\(run)")
        }
    }

    @Test func anAssertionComesFromAFile() async throws {
        try await Stage.with { stage in
            let issuer = try EmulatorClientCertificate.make(subject: "issuer")
            let key = try issuer.publicKey()
            stage.emulator.update {
                $0.tenants[0].applications[0].federatedCredentials = [
                    .init(issuer: "https://issuer.example", subject: "job", publicKeys: [key])
                ]
            }
            let assertion = try issuer.assertion(issuer: "https://issuer.example", subject: "job", date: Date())
            let file = FileManager.default.temporaryDirectory.appending(path: "assertion-\(UUID().uuidString)").path()
            try Data("\n\(assertion)\r\n".utf8).write(to: URL(filePath: file))
            defer { try? FileManager.default.removeItem(atPath: file) }
            let arguments = ["--credential", "client-assertion", "--assertion-file", file]
            let run = try await self.token(stage, arguments)
            #expect(run.status == 0 && run.output.hasPrefix("ey"), "\(run.errors)")
            try Data("not-a-token".utf8).write(to: URL(filePath: file))
            let refused = try await self.token(stage, arguments)
            #expect(refused.status == 1 && refused.errors.contains("Remedy (G16)"), "\(refused)")
            let missing = try await self.token(stage, ["--credential", "client-assertion"])
            #expect(missing.status == 4 && missing.errors.contains("--assertion-file"))
        }
    }

    @Test func anIssuerStandsInForAnAuthorityHost() async throws {
        try await Stage.with { stage in
            stage.emulator.update {
                $0.issuers = [.init(path: "/customers/v2.0", tenantID: Sample.tenantID, tokenEndpoint: "/customers/token")]
            }
            let issuer = "\(stage.server.url)/customers/v2.0"
            var environment = stage.environment
            environment["AZURE_AUTHORITY_HOST"] = "https://nowhere.invalid"
            let tool = Program.azid(environment)
            let arguments = ["token", "--scope", "api://app/.default", "--credential", "client-secret", "--openid-issuer"]
            let run = try await tool.run(arguments + [issuer])
            #expect(run.status == 0, "\(run.errors)")
            let other = try await tool.run(arguments + [issuer + "/"])
            #expect(other.status == 4 && other.errors.contains("names the issuer"), "\(other.errors)")
        }
    }
}
#endif
