// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The issuers that the emulator plays, and that its Microsoft Entra ID trusts their assertions.
@Suite struct EmulatorIssuerTests {
    typealias Sample = EmulatorConfiguration.Sample

    private static func response(
        _ host: EmulatedHost,
        _ change: (inout EmulatorRequest) -> Void = { _ in }
    ) -> EmulatorResponse {
        var request = HostRequests.good(host)
        change(&request)
        return HostRequests.core().response(to: request, at: HostRequests.date)
    }

    // MARK: Azure Pipelines

    @Test func pipelinesGiveAssertions() throws {
        let response = Self.response(.azurePipelines)
        #expect(response.status == 200)
        #expect(response.headers["x-vss-e2eid"] != nil && response.headers["x-msedge-ref"] != nil)
        let claims = try HostRequests.claims(HostRequests.json(response)["oidcToken"])
        #expect(claims["iss"]?.string == "https://pipelines.emulator.example/contoso")
        #expect(claims["sub"]?.string == "sc://contoso/sample/connection")
        #expect(claims["aud"]?.string == "api://AzureADTokenExchange")
    }

    static let pipelines: [(String, Int, String)] = [
        ("api-version=7.1&serviceConnectionId=x%26y", 404, "No service connection found with identifier x&y"),
        ("api-version=7.1&serviceConnectionId=", 400, "serviceConnectionId"),
        ("api-version=7.1", 400, "serviceConnectionId"),
        ("api-version=6.0&serviceConnectionId=x", 400, "VssInvalidPreviewVersionException"),
        ("serviceConnectionId=x", 400, "VssVersionNotSpecifiedException"),
        ("api-version=7.1&serviceConnectionId=x&scope=y", 400, "not known"),
        ("api-version=7.1&serviceConnectionId=x&serviceConnectionId=y", 400, "twice"),
    ]

    @Test("Azure Pipelines refuse", arguments: pipelines)
    func pipelinesRefuse(query: String, status: Int, text: String) throws {
        let response = Self.response(.azurePipelines) { $0.query = query }
        #expect(response.status == status)
        #expect(String(decoding: response.body, as: UTF8.self).contains(text))
        #expect(try HostRequests.json(response)["typeKey"]?.string != nil)
        #expect(response.headers["x-vss-e2eid"] != nil && response.headers["x-msedge-ref"] != nil)
    }

    @Test func pipelinesWantTheSecret() throws {
        let refused = Self.response(.azurePipelines) { $0.headers["Authorization"] = "Bearer x" }
        #expect(refused.status == 401)
        #expect(refused.headers["Content-Type"]?.hasPrefix("text/plain") == true)
        #expect(refused.headers["x-vss-e2eid"] != nil && refused.headers["x-msedge-ref"] != nil)
        let redirected = Self.response(.azurePipelines) { $0.headers = [:] }
        #expect(redirected.status == 302)
        #expect(redirected.headers["Location"]?.contains("/_signin") == true)
        #expect(redirected.headers["x-vss-e2eid"] != nil)
        #expect(Self.response(.azurePipelines) { $0.method = "GET" }.status == 405)
    }

    // MARK: GitHub

    @Test func gitHubGivesAssertions() throws {
        let response = Self.response(.gitHubActions)
        #expect(response.status == 200)
        let claims = try HostRequests.claims(HostRequests.json(response)["value"])
        #expect(claims["sub"]?.string == "repo:contoso/sample:ref:refs/heads/main")
        #expect(claims["aud"]?.string == "api://AzureADTokenExchange")
    }

    @Test(
        "GitHub refuses",
        arguments: [
            ("audience=x", 400), ("api-version=2.0&audience=", 400), ("api-version=2.0&audience=x&audience=y", 400),
            ("api-version=2.0&subject=x", 400), ("api-version=2.0?audience=x", 400), ("api-version=2.0", 200),
        ]
    )
    func gitHubRefuses(query: String, status: Int) {
        #expect(Self.response(.gitHubActions) { $0.query = query }.status == status)
    }

    @Test func gitHubWantsTheSecret() {
        #expect(Self.response(.gitHubActions) { $0.headers = [:] }.status == 401)
        #expect(Self.response(.gitHubActions) { $0.headers["Authorization"] = "bearer x" }.status == 401)
        #expect(Self.response(.gitHubActions) { $0.method = "POST" }.status == 405)
    }

    // MARK: Federation

    /// What Microsoft Entra ID answers to an assertion.
    private static func exchange(
        _ assertion: String,
        by host: EmulatedHost = .workloadIdentity,
        core: EmulatorCore = HostRequests.core()
    ) throws -> EmulatorJSON {
        var request = HostRequests.good(host)
        let type = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        request.body = Array(
            """
            client_id=\(Sample.clientID)&grant_type=client_credentials&scope=https%3A%2F%2Fvault.azure.net%2F.default\
            &client_assertion_type=\(type)&client_assertion=\(assertion)
            """.utf8
        )
        return try HostRequests.json(core.response(to: request, at: HostRequests.date))
    }

    private static func assertion(
        _ subject: String? = nil,
        issuer: String? = nil,
        audience: String = "api://AzureADTokenExchange"
    ) throws -> String {
        let hosts = EmulatorConfiguration.Hosts()
        return try HostRequests.core().assertion(
            issuer: issuer ?? hosts.serviceAccountIssuer,
            subject: subject ?? hosts.serviceAccountSubject,
            audience: audience,
            at: HostRequests.date
        )
    }

    @Test func entraTrustsAllOfThem() throws {
        var assertions = [try Self.assertion()]
        assertions.append(try #require(HostRequests.json(Self.response(.azurePipelines))["oidcToken"]?.string))
        assertions.append(try #require(HostRequests.json(Self.response(.gitHubActions))["value"]?.string))
        for identity in ["", "&client_id=\(Sample.userAssignedClientID)"] {
            let response = Self.response(.virtualMachine) {
                $0.query = "api-version=2018-02-01&resource=api%3A%2F%2FAzureADTokenExchange\(identity)"
            }
            assertions.append(try #require(HostRequests.json(response)["access_token"]?.string))
        }
        for assertion in assertions {
            let json = try Self.exchange(assertion)
            #expect(json["access_token"]?.string != nil, "\(json.text)")
        }
    }

    @Test func entraRefusesOthers() throws {
        func code(_ assertion: String, by host: EmulatedHost = .workloadIdentity) throws -> Int? {
            try Self.exchange(assertion, by: host)["error_codes"]?.elements?.first?.integer
        }
        #expect(try code(Self.assertion(issuer: "https://other.example")) == 700_211)
        #expect(try code(Self.assertion("system:serviceaccount:default:other")) == 700_213)
        #expect(try code(Self.assertion(audience: "api://AKSIdentityBinding")) == 700_212)
        #expect(try code(Self.assertion(audience: "api://other"), by: .identityBinding) == 700_212)
        let good = try Self.assertion()
        #expect(try code(good.split(separator: ".").dropLast().joined(separator: ".") + ".AAAA") == 7_000_272)
    }

    @Test func theProxyOfIdentityBindingTakesItsAudience() throws {
        let json = try Self.exchange(Self.assertion(audience: "api://AKSIdentityBinding"), by: .identityBinding)
        #expect(json["access_token"]?.string != nil, "\(json.text)")
    }

    @Test func theEmulatorsKeyIsTrustedWhereTheCredentialSaysSo() throws {
        let core = HostRequests.core { configuration in
            for index in configuration.tenants[0].applications[0].federatedCredentials.indices {
                configuration.tenants[0].applications[0].federatedCredentials[index].isSignedByEmulator = false
            }
        }
        #expect(try Self.exchange(Self.assertion(), core: core)["error_codes"]?.elements?.first?.integer == 7_000_272)
    }

    /// With the signer of this build: without the trait `Cryptography` assertions are unsigned, and taken all the same.
    @Test func serviceAccountTokensAreTaken() async throws {
        let emulator = EntraEmulator(clock: VirtualClock())
        let token = try emulator.serviceAccountToken()
        let core = EmulatorCore(configuration: .sample, signer: emulator.engine.signer)
        var request = HostRequests.good(.workloadIdentity)
        let type = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        request.body = Array(
            """
            client_id=\(Sample.clientID)&grant_type=client_credentials&scope=x%2F.default&client_assertion_type=\(type)\
            &client_assertion=\(token)
            """.utf8
        )
        let response = core.response(to: request, at: emulator.clock.date)
        #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    }
}
