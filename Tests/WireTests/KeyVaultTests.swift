// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import AzureKeyVaultSecrets
import Foundation
import Testing

/// The client of a key vault and the emulated vault, over TLS.
@Suite(.timeLimit(.minutes(5))) struct KeyVaultTests {
    @Test func setsReadsListsAndDeletes() async throws {
        try await Stage.with { stage in
            let client = try stage.vaultClient()
            let first = try await client.setSecret("db", to: "one", contentType: "text/plain", tags: ["team": "blue"])
            let second = try await client.setSecret("db", to: "two")
            #expect(try await client.getSecret("db") == second && first.properties.version != second.properties.version)
            #expect(try await client.getSecret("db", version: first.properties.version) == first)
            let before = stage.emulator.requestCount
            var names: [String] = []
            for try await secret in client.listSecrets(pageSize: 1) { names.append(secret.name) }
            #expect(names == ["db", "disabled-secret", Sample.vaultSecretName])
            #expect(stage.emulator.requestCount - before == 3)
            #expect(try await client.listSecretVersions("db").reduce(0) { count, _ in count + 1 } == 2)
            #expect(try await client.deleteSecret("db").recoveryID?.hasSuffix("/deletedsecrets/db") == true)
            #expect(stage.emulator.tokenRequestCount == 1)
        }
    }

    @Test func aRevocationIsAnsweredByOneNewToken() async throws {
        try await Stage.with { stage in
            let client = try stage.vaultClient()
            _ = try await client.getSecret(Sample.vaultSecretName)
            #expect(stage.emulator.tokenRequestCount == 1)
            stage.emulator.revokeTokens(ofApplication: Sample.clientID)
            let values = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 { group.addTask { try await client.getSecret(Sample.vaultSecretName).value.revealed } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(values.count == 50 && Set(values) == [Sample.vaultSecretValue])
            #expect(stage.emulator.tokenRequestCount == 2)
        }
    }

    @Test func whoHasNoRoleIsToldWhichOneIsMissing() async throws {
        var configuration = EmulatorConfiguration.sample
        configuration.vaults[0].assignments = []
        try await Stage.with(configuration) { stage in
            let client = try stage.vaultClient()
            do {
                _ = try await client.getSecret(Sample.vaultSecretName)
                throw UnexpectedSuccess()
            } catch let error as HTTPResponseError {
                #expect(error.status == 403 && error.innerCode == "ForbiddenByRbac" && error.remedy?.guide == "G03", "\(error)")
                #expect(error.remedy?.commands.first?.contains("Key Vault Secrets User") == true, "\(error)")
                #expect(error.requestID != nil && error.clientRequestID != nil, "\(error)")
            }
        }
    }

    @Test func aListThatGoesOnElsewhereTakesNoTokenThere() async throws {
        try await Stage.with { stage in
            try await Stage.with { elsewhere in
                let client = try stage.vaultClient()
                _ = try await client.getSecret(Sample.vaultSecretName)
                let link = "\(elsewhere.server.url)/secrets?api-version=7.6&$skiptoken=x"
                let page = #"{"value":[{"id":"\#(stage.server.url)/secrets/one"}],"nextLink":"\#(link)"}"#
                stage.emulator.play(FaultScript(.response(status: 200, body: page), target: .path("/secrets"), requests: 1))
                do {
                    for try await secret in client.listSecrets() { #expect(secret.name == "one") }
                    throw UnexpectedSuccess()
                } catch let error as SecretClientError {
                    #expect(error.code == .foreignLink, "\(error)")
                }
                #expect(elsewhere.emulator.requestCount == 0)
            }
        }
    }

    @Test func connectionsThatAreResetAreMadeAgain() async throws {
        try await Stage.with { stage in
            let client = try stage.vaultClient()
            _ = try await client.getSecret(Sample.vaultSecretName)
            stage.emulator.play(FaultScript(.reset, target: .path("/secrets"), requests: 2))
            #expect(try await client.getSecret(Sample.vaultSecretName).value.revealed == Sample.vaultSecretValue)
            #expect(stage.emulator.tokenRequestCount == 1)
        }
    }
}
#endif
