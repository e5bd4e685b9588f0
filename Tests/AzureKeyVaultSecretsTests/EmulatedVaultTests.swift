// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import AzureKeyVaultSecrets
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the emulated vault says to whom, apart from what its client needs.
@Suite struct EmulatedVaultTests {
    private func send(
        _ stage: VaultStage,
        _ method: String,
        _ path: String,
        host: String = "\(Sample.vaultName).vault.azure.net",
        query: String = "api-version=7.6",
        token: String? = nil,
        body: String = ""
    ) async throws -> (response: TransportResponse, json: EmulatorJSON?) {
        let url = try #require(URL(string: "https://\(host)\(path)?\(query)"))
        var request = TransportRequest(method: .init(rawValue: method), url: url, body: Array(body.utf8))
        if let token { request.headers["Authorization"] = "Bearer \(token)" }
        let response = try await stage.emulator.transport.send(request)
        return (response, try? JSONDecoder().decode(EmulatorJSON.self, from: Data(response.body)))
    }

    private func token(_ stage: VaultStage, _ scope: String = "https://vault.azure.net/.default") async throws -> String {
        try await stage.credential().token(forScopes: scope).token
    }

    @Test(arguments: [
        ("\(Sample.vaultName).vault.azure.net", "https://login.microsoftonline.com", "https://vault.azure.net"),
        ("\(Sample.vaultName).vault.azure.cn", "https://login.chinacloudapi.cn", "https://vault.azure.cn"),
        ("localhost:8443", "https://localhost:8443", "https://vault.azure.net"),
    ])
    func whoeverHasNoTokenIsToldWhereToGetOne(host: String, authority: String, resource: String) async throws {
        let stage = VaultStage()
        let (response, json) = try await self.send(stage, "GET", "/secrets/secret1", host: host)
        #expect(response.status == 401 && json?["error"]?["code"] == "Unauthorized")
        let expected = "Bearer authorization=\"\(authority)/\(Sample.tenantID)\", resource=\"\(resource)\""
        #expect(response.headers["WWW-Authenticate"] == expected)
    }

    @Test func tokensForOthersAreRefused() async throws {
        let stage = VaultStage()
        let wrong = try await self.token(stage, "https://management.azure.com/.default")
        let (response, json) = try await self.send(stage, "GET", "/secrets", token: wrong)
        #expect(response.status == 401 && json?["error"]?["message"]?.string?.hasPrefix("AKV10022") == true)
        #expect(response.headers["WWW-Authenticate"]?.contains("error=\"invalid_token\"") == true)
        let good = try await self.token(stage)
        for token in [good + "x", "x", "a.b.c", String(good.dropLast(8)) + "AAAAAAAA"] {
            #expect(try await self.send(stage, "GET", "/secrets", token: token).response.status == 401)
        }
        stage.clock.advance(by: .seconds(3600))
        #expect(try await self.send(stage, "GET", "/secrets", token: good).response.status == 401)
    }

    @Test(arguments: [
        ("GET", "/secrets", "", 400), ("GET", "/secrets", "api-version=1.0", 400),
        ("GET", "/secrets", "api-version=7.6&maxresults=26", 400), ("GET", "/secrets", "api-version=7.6&x=1", 400),
        ("GET", "/secrets", "api-version=7.6&$skiptoken=*", 400), ("GET", "/secrets/a_b", "api-version=7.6", 400),
        ("POST", "/secrets", "api-version=7.6", 405), ("GET", "/keys", "api-version=7.6", 404),
        ("GET", "/secrets/none", "api-version=7.6", 404), ("GET", "/secrets/secret1/0123", "api-version=7.6", 404),
        ("PUT", "/secrets/new", "api-version=7.6", 400), ("GET", "/secrets/secret1/", "api-version=7.0", 200),
    ])
    func requestsThatAreWrong(method: String, path: String, query: String, status: Int) async throws {
        let stage = VaultStage()
        let token = try await self.token(stage)
        #expect(try await self.send(stage, method, path, query: query, token: token).response.status == status)
    }

    @Test func deletedSecretsComeBackOrGo() async throws {
        let stage = VaultStage()
        let token = try await self.token(stage)
        func send(_ method: String, _ path: String, _ body: String = "") async throws -> (Int, EmulatorJSON?) {
            let (response, json) = try await self.send(stage, method, path, token: token, body: body)
            return (response.status, json)
        }
        let backup = try await send("POST", "/secrets/secret1/backup").1?["value"]?.string
        #expect(try await send("DELETE", "/secrets/secret1").0 == 200)
        #expect(try await send("GET", "/deletedsecrets/secret1").1?["deletedDate"]?.integer == 1_767_225_600)
        #expect(try await send("GET", "/deletedsecrets").1?["value"]?.elements?.count == 1)
        #expect(try await send("POST", "/deletedsecrets/secret1/recover").0 == 200)
        #expect(try await send("GET", "/secrets/SECRET1").1?["value"]?.string == Sample.vaultSecretValue)
        let restore = #"{"value":"\#(backup ?? "")"}"#
        #expect(try await send("POST", "/secrets/restore", restore).0 == 409)
        #expect(try await send("DELETE", "/secrets/secret1").0 == 200)
        #expect(try await send("DELETE", "/deletedsecrets/secret1").0 == 204)
        #expect(try await send("GET", "/deletedsecrets/secret1").0 == 404)
        #expect(try await send("POST", "/secrets/restore", restore).0 == 200)
        #expect(try await send("GET", "/secrets/secret1").1?["value"]?.string == Sample.vaultSecretValue)
    }

    @Test(arguments: [
        (true, false, "ForbiddenByPolicy"), (false, true, "ForbiddenByFirewall"), (false, false, "ForbiddenByRbac"),
    ])
    func refusalsSayWhy(usesAccessPolicies: Bool, refusesAddresses: Bool, code: String) async throws {
        let stage = VaultStage {
            $0.vaults[0].assignments = []
            $0.vaults[0].usesAccessPolicies = usesAccessPolicies
            $0.vaults[0].refusesAddresses = refusesAddresses
        }
        let (response, json) = try await self.send(stage, "GET", "/secrets/secret1", token: self.token(stage))
        #expect(response.status == 403 && json?["error"]?["innererror"]?["code"] == .string(code))
    }

    @Test func theConfigurationHasAJSONForm() throws {
        var configuration = EmulatorConfiguration.sample
        configuration.vaults[0].pageSize = 3
        configuration.vaults[0].secrets[0].tags = ["a": "b"]
        let json = try JSONEncoder().encode(configuration)
        #expect(try EmulatorConfiguration(json: Array(json)) == configuration)
        for change in [
            { $0.vaults[0].name = "a" }, { $0.vaults[0].pageSize = 0 }, { $0.vaults[0].tenantID = "x" },
            { $0.vaults[0].secrets[0].name = "a/b" }, { $0.vaults[0].assignments[0].principalID = "x" },
            { $0.vaults.append($0.vaults[0]) },
        ] as [(inout EmulatorConfiguration) -> Void] {
            var wrong = configuration
            change(&wrong)
            #expect(throws: EmulatorConfigurationError.self) { try wrong.validate() }
        }
        #expect(!"\(configuration.vaults[0])".contains(Sample.vaultSecretValue))
    }
}
